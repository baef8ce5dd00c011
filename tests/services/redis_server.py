"""A private Redis on a unix socket for one pytest process."""

from __future__ import annotations

import subprocess
from pathlib import Path

from privacy_audit.environment import ConfigurationError
from privacy_audit.launch import redis_server
from tests.services import debian, processes

MISSING = redis_server.HOW_TO_INSTALL


def can_be_had() -> bool:
    try:
        redis_server.find()
    except ConfigurationError:
        return False
    return True


def find_or_fetch() -> bool:
    return can_be_had() or (debian.fetch("redis-server") and can_be_had())


class RedisServer:
    """`kill` and `start` again under the same address: it comes back empty, as after a power cut."""

    def __init__(self, folder: Path) -> None:
        self.url = redis_server.url(folder)
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = redis_server.command(redis_server.find(), self._folder)
        self._process = processes.start(command, self._folder / "redis.log")
        processes.wait_for(lambda: redis_server.answers(self.url), "Redis to answer")

    def kill(self) -> None:
        if self._process:
            processes.kill(self._process)
            self._process = None

    def is_up(self) -> bool:
        return self._process is not None and self._process.poll() is None
