"""Processes the suite starts: each in a group of its own, and gone when pytest is gone, however it went."""

from __future__ import annotations

import contextlib
import os
import pwd
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from time import monotonic
from time import sleep as wait_a_little

from privacy_audit import environment
from privacy_audit.launch.processes import Warden

OFFLINE = Path(__file__).parent / "offline"


@cache
def warden() -> Warden:
    return Warden()


def start(
    command: Sequence[str], log: Path, values: Mapping[str, str] | None = None, *, user: str | None = None
) -> subprocess.Popen[bytes]:
    """What it prints goes to `log`. A Python process cannot reach beyond this machine (offline/sitecustomize.py)."""
    account = pwd.getpwnam(user) if user else None
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=None if user else environment.BASE_DIR,
            env={**os.environ, "PYTHONPATH": str(OFFLINE), **(values or {})},
            user=account and account.pw_uid,
            group=account and account.pw_gid,
            extra_groups=[] if account else None,
        )
    warden().tell("group", process.pid)
    return process


def end(process: subprocess.Popen[bytes], *, number: int = signal.SIGTERM, seconds: float = 5) -> None:
    """Ask it to go, then make it go, with all that it started."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()  # also where it leads no group: then the wait would be for ever
    process.wait()
    warden().tell("forget", process.pid)


def wait_for(condition: Callable[[], object], what: str, seconds: float = 20) -> None:
    """Poll until it is true; AssertionError that names `what` when it never is."""
    until = monotonic() + seconds
    while not condition():
        assert monotonic() < until, f"waited {seconds} s in vain for {what}"
        wait_a_little(0.02)
