"""What people allowed, kept in a file between two runs: without it every connection would be dead after a restart.

Only grants and refresh tokens of made-up people. A file that cannot be read is begun anew.
"""

import json
import logging
import os
from pathlib import Path

from .oauth.ledger import Ledger

_log = logging.getLogger("google_sandbox")


def load(path: Path, ledger: Ledger) -> None:
    try:
        ledger.remember(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError) as trouble:
        _log.warning("what was allowed before is forgotten: %s", type(trouble).__name__)


def save(path: Path, ledger: Ledger) -> None:
    """Whole or not at all, readable by its owner only."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(ledger.kept()), encoding="utf-8")
        draft.replace(path)
    except OSError as trouble:
        _log.warning("what was allowed is not kept: %s", type(trouble).__name__)
