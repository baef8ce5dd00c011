"""Real Celery workers for tests: the product's own command line, on the test database and the suite's Redis."""

from __future__ import annotations

import itertools
import signal
from collections.abc import Mapping
from typing import Any

from django.db import connection

from privacy_audit.celery import app
from privacy_audit.launch import parts
from tests.services import ground, processes

OWN_SETTINGS = {"DJANGO_SETTINGS_MODULE": "privacy_audit.settings", "AUDIT_HEARTBEAT_SECONDS": "0.2"}

_numbers = itertools.count(1)


def database_url() -> str:
    """The test database, for a process of our own. pytest-django has put its name into the settings."""
    database: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    return f"postgres://{database['USER']}@/{database['HOST']}/{database['NAME']}"


class Worker:
    """One worker process with its beat. `values` are environment variables on top of the suite's."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self.name = f"worker{next(_numbers)}@tests"
        self.log = ground.FOLDER / f"{self.name}.log"
        part = parts.worker(ground.FOLDER, ground.ENVIRONMENT["REDIS_URL"])
        schedule = f"--schedule={ground.FOLDER / self.name}.schedule"
        command = [*part.command, f"--hostname={self.name}", schedule]
        known = {**OWN_SETTINGS, "DATABASE_URL": database_url(), **(values or {})}
        self._process = processes.start(command, self.log, known)
        self.pid = self._process.pid
        processes.wait_for(self.answers, f"{self.name} to answer; its log:\n{self.log}", seconds=30)

    def answers(self) -> bool:
        assert self._process.poll() is None, self.log.read_text(encoding="utf-8")[-3000:]
        return self._tell("ping", timeout=0.3) != []

    def rest(self) -> None:
        """Take no more work, and finish what is at hand: between tests it does not touch the database."""
        self._tell("cancel_consumer", {"queue": "celery"})
        processes.wait_for(self.is_idle, f"{self.name} to finish its work")

    def go_on(self) -> None:
        app.control.purge()
        processes.wait_for(self._takes_work, f"{self.name} to take work again")

    def _takes_work(self) -> bool:
        """On a busy machine the answer may be late; asking twice does no harm."""
        return self._tell("add_consumer", {"queue": "celery"}) != []

    def is_idle(self) -> bool:
        inspect = app.control.inspect([self.name], timeout=2)
        busy = [inspect.active() or {}, inspect.reserved() or {}]
        return not any(tasks for found in busy for tasks in found.values())

    def kill(self) -> None:
        """kill -9, with all it started."""
        processes.kill(self._process)

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def is_running(self) -> bool:
        return self._process.poll() is None

    def _tell(self, command: str, arguments: Mapping[str, str] | None = None, timeout: float = 5) -> list[Any]:
        # A connection of its own: a pooled one may lead to a Redis that a test has killed.
        with app.connection_for_write() as own:
            return app.control.broadcast(
                command,
                arguments=arguments,
                destination=[self.name],
                reply=True,
                timeout=timeout,
                limit=1,
                connection=own,
            )
