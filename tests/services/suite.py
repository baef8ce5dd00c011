"""`make test`: the suite on each database, with what it needs fetched, started, and gone again afterwards.

    python -m tests.services.suite sqlite postgres [-- PYTEST ARGUMENTS]

pytest has the last word: its closing line is the last one printed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import NoReturn

from tests.services import absence, chromium, postgres, processes, redis_server

AT_ONCE = "2"  # pytest processes side by side, each with its own database, Redis and sandbox
PATIENCE_SECONDS = 20
# How pages look, what their scripts do and who is let in is the same whatever database their data comes from. Whole
# journeys are walked on each.
LOOKS = (
    "tests/browser/test_account_pages.py",
    "tests/browser/test_every_page.py",
    "tests/browser/test_exit.py",
    "tests/browser/test_keyboard.py",
    "tests/browser/test_pages.py",
    "tests/browser/test_together.py",
    "tests/security/test_matrix.py",
)
NO_DATABASE = ("tests/checks", "tests/google_sandbox", "tests/launch", "tests/sources")  # on one database is enough


class Told(KeyboardInterrupt):
    """Asked to stop by a signal that only we got. Ctrl-C reaches pytest without us."""


def tell(number: int, frame: FrameType | None) -> NoReturn:
    raise Told


def main(arguments: Sequence[str]) -> int:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # started in the background, it would be ignored
    signal.signal(signal.SIGTERM, tell)
    signal.signal(signal.SIGHUP, tell)
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    for part in (chromium, redis_server):
        if not part.find_or_fetch():
            print(part.MISSING, flush=True)  # each test that needs it is skipped with this sentence, or fails in CI
    try:
        return run_all(arguments[:cut], arguments[cut + 1 :])
    except KeyboardInterrupt:
        return 130
    finally:
        processes.warden().dismiss()


def run_all(databases: Sequence[str], wanted: Sequence[str]) -> int:
    """Up to the first pass that fails, so that the last line always tells how it went."""
    passes = {"sqlite": on_sqlite, "postgres": on_postgres}
    for position, name in enumerate(databases):
        begun = time.monotonic()
        once = [f"--ignore={folder}" for folder in (*NO_DATABASE, *LOOKS)] if position else []
        code = passes[name]([*once, *wanted])
        if code or position == len(databases) - 1:
            return code
        print(f"That took {time.monotonic() - begun:.0f} s.\n", flush=True)
    return 0


def on_sqlite(wanted: Sequence[str]) -> int:
    return one_pass("SQLite", wanted, {"DATABASE_URL": ""})


def on_postgres(wanted: Sequence[str]) -> int:
    binaries = postgres.find_or_fetch()
    if not binaries:
        print(postgres.MISSING, flush=True)
        return 1 if absence.in_ci() else 0
    with postgres.running(binaries) as url:
        return one_pass("PostgreSQL", wanted, {"DATABASE_URL": url})


def one_pass(database: str, wanted: Sequence[str], values: Mapping[str, str]) -> int:
    print(f"The suite on {database}, with Redis.", flush=True)
    command = [sys.executable, "-m", "pytest", "--numprocesses", AT_ONCE, *wanted]
    return patiently(subprocess.Popen(command, env={**os.environ, **values}))


def patiently(process: subprocess.Popen[bytes]) -> int:
    """Asked to stop, let pytest end what it started before we take the database away."""
    try:
        return process.wait()
    except KeyboardInterrupt as stopped:
        if isinstance(stopped, Told):
            process.send_signal(signal.SIGINT)
        process.wait(PATIENCE_SECONDS)
        raise
    finally:
        process.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
