"""What must stand before the product's settings are read: a folder, ports, keys and quick timings for this process.

Every pytest process (with pytest-xdist there are several) has its own, so that nothing is shared between them.
"""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import socket
import sys
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet

FOLDER = Path(tempfile.mkdtemp(prefix="privacy-audit-tests-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
_HELD: list[socket.socket] = []


def hold_port() -> int:
    """A port nobody else is given: bound here, never listening, so that on Linux a server may still have it."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    if sys.platform == "linux":
        _HELD.append(held)
    return int(held.getsockname()[1])


def spare_port() -> int:
    """A port that was free a moment ago, for a program that will not share it with a holder."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


LIVE_PORT = spare_port()  # Django's live server does not share a port
SANDBOX_PORT = hold_port()

ENVIRONMENT = {
    "PRIVACY_AUDIT_MODE": "demo",
    "PRIVACY_AUDIT_STATE": str(FOLDER),
    "PRIVACY_AUDIT_DEBUG": "",
    "BASE_URL": "",
    "HOST": "127.0.0.1",
    "PORT": str(LIVE_PORT),
    "SANDBOX_PORT": str(SANDBOX_PORT),
    "SECRET_KEY": secrets.token_urlsafe(64),
    "DATA_KEYS": Fernet.generate_key().decode(),
    "LOOKUP_KEY": secrets.token_urlsafe(48),
    "REDIS_URL": f"unix://{FOLDER / 'redis.sock'}",
    "GOOGLE_TIMEOUT_SECONDS": "3",
    "GOOGLE_BACKOFF_SECONDS": "0.01",
    "GOOGLE_BACKOFF_MAX_SECONDS": "0.05",
    "GOOGLE_QUOTAS": "off",  # tests of the quota set their own
    # In this process no thread of an audit may write beside the test's own transaction; worker.py says otherwise.
    "AUDIT_HEARTBEAT_SECONDS": "60",
    "AUDIT_STALE_SECONDS": "2",
    "AUDIT_SWEEP_SECONDS": "0.3",
    "EXPORT_POLL_SECONDS": "0.3",
    "WORKER_THREADS": "2",
    "LOG_LEVEL": "WARNING",
    "DJANGO_LIVE_TEST_SERVER_ADDRESS": f"localhost:{LIVE_PORT}",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright runs an event loop in the test's thread
}


def lay() -> None:
    (FOLDER / "static_built").mkdir()
    os.environ.update(ENVIRONMENT)
