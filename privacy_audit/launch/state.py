"""The state folder: who holds it, what stands in it while `make run` is up."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from privacy_audit import environment, modes
from privacy_audit.environment import ConfigurationError

# Redis cuts longer socket paths off in silence and listens elsewhere.
LONGEST_SOCKET_PATH = 100
CLEANING_UP_SECONDS = 8.0


def open_folder() -> Path:
    """The state folder, made if need be, private to its owner and writable."""
    folder = environment.state_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / "log").mkdir(exist_ok=True, mode=0o700)
        tempfile.TemporaryFile(dir=folder).close()
        close_to_others(folder / "keys.json")
    except OSError as error:
        raise ConfigurationError(
            f"The state folder {folder} cannot be used: {error.strerror}. PRIVACY_AUDIT_STATE may name another."
        ) from None
    return folder


def close_to_others(keys: Path) -> None:
    if keys.exists() and keys.stat().st_mode & 0o077:
        keys.chmod(0o600)


@contextmanager
def held(folder: Path) -> Iterator[int]:
    """Hold the folder: one `make run` at a time. Yields the open lock file, which goes with whoever has it open."""
    path = folder / "run.lock"
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        wait_for_lock(handle, folder)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield handle
    finally:
        os.close(handle)


def wait_for_lock(handle: int, folder: Path) -> None:
    """A holder that was killed leaves a warden, which lets go as soon as it has cleaned up: that is worth waiting."""
    until = time.monotonic() + CLEANING_UP_SECONDS
    while not locked(handle):
        holder = os.pread(handle, 20, 0).decode(errors="replace").strip()
        if is_alive(holder) or time.monotonic() > until:
            raise ConfigurationError(
                f"Privacy Audit is already running with {folder} (process {holder or 'unknown'}). "
                "Stop it first, or name another folder in PRIVACY_AUDIT_STATE."
            )
        time.sleep(0.1)


def locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_alive(process_id: str) -> bool:
    try:
        os.kill(int(process_id), 0)
    except PermissionError:
        return True
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    return True


def forget_last_run(folder: Path) -> None:
    """run.json of a run that ended without cleaning up names a Redis that is gone."""
    with contextlib.suppress(FileNotFoundError):
        (folder / "run.json").unlink()


def remember_run(folder: Path, redis_url: str) -> Path:
    """manage.py commands find the private Redis here while it runs."""
    path = folder / "run.json"
    modes.write_private(path, json.dumps({"REDIS_URL": redis_url}))
    return path


def short_folder() -> Path:
    """A new private folder whose path leaves room for a socket's name."""
    folder = Path(tempfile.mkdtemp(prefix="privacy-audit-"))
    if len(str(folder / "redis.sock")) > LONGEST_SOCKET_PATH:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="privacy-audit-", dir="/tmp"))
    return folder
