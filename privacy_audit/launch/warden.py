"""Cleans up when the supervisor is gone, however it went. Started by path: only the standard library, a few MB.

Reads lines from stdin: `group N` (a process group to end), `forget N`, `remove PATH`. The end of the input means that
nobody writes any more: the supervisor stopped, or was killed. Then every group still known gets SIGTERM, a little
later SIGKILL, and every path is removed. It keeps the lock file open that it inherited, so that the next run waits.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time

GRACE_SECONDS = 3.0


def main() -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    groups: set[int] = set()
    paths: list[str] = []
    for line in sys.stdin:
        word, _, value = line.rstrip("\n").partition(" ")
        if word == "group":
            groups.add(int(value))
        elif word == "forget":
            groups.discard(int(value))
        elif word == "remove":
            paths.append(value)
    end(groups)
    for path in paths:
        remove(path)


def end(groups: set[int]) -> None:
    until = time.monotonic() + GRACE_SECONDS
    left = {group for group in groups if tell(group, signal.SIGTERM)}
    while left and time.monotonic() < until:
        time.sleep(0.05)
        left = {group for group in left if tell(group, 0)}
    for group in groups:
        tell(group, signal.SIGKILL)


def tell(group: int, number: int) -> bool:
    """False when nobody of the group is left."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def remove(path: str) -> None:
    if os.path.isdir(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


if __name__ == "__main__":
    main()
