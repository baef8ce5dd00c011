"""Start the real launcher on spare ports and a folder of its own, and see what it leaves behind."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from privacy_audit.environment import BASE_DIR
from tests.services import absence, ground, processes

SUITE_ONLY = {*ground.ENVIRONMENT, "DJANGO_SETTINGS_MODULE", "DATABASE_URL"}


class House:
    """One `python -m privacy_audit.launch`: its folder, ports, words, and the processes that belong to it."""

    def __init__(self, **values: str) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="house-"))  # short: a socket's path must fit
        self.state = self.root / "state"
        self.temporary = self.root / "tmp"
        self.temporary.mkdir()
        self.port, self.sandbox_port = ground.spare_port(), ground.spare_port()
        self.values = {
            "PRIVACY_AUDIT_STATE": str(self.state),
            "PORT": str(self.port),
            "SANDBOX_PORT": str(self.sandbox_port),
            "TMPDIR": str(self.temporary),
            "PYTHONPATH": str(processes.OFFLINE),
            **values,
        }
        self.process: subprocess.Popen[str] | None = None

    def environment(self, **values: str) -> dict[str, str]:
        """As a person's shell would have it: nothing of the suite's own settings."""
        left = {name: value for name, value in os.environ.items() if name not in SUITE_ONLY}
        return {**left, **self.values, **values}

    def start(self, *arguments: str, **values: str) -> str:
        """Returns the line that says where it is."""
        command = [sys.executable, "-m", "privacy_audit.launch", *arguments]
        self.process = subprocess.Popen(
            command, env=self.environment(**values), cwd=BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, start_new_session=True,
        )  # fmt: skip
        processes.warden().tell("group", self.process.pid)
        line = self.process.stdout.readline() if self.process.stdout else ""
        assert line, self.process.communicate()[1] + self.log()
        return line

    def refusal(self, **values: str) -> str:
        """Start what must not start: the one sentence it says on stderr, with a failing exit code."""
        command = [sys.executable, "-m", "privacy_audit.launch"]
        done = subprocess.run(
            command,
            env=self.environment(**values),
            cwd=BASE_DIR,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode != 0
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
        return done.stderr.strip()

    def ask_to_stop(self, number: int = signal.SIGTERM) -> tuple[str, str]:
        """What it still said, on stdout and stderr."""
        assert self.process
        self.process.send_signal(number)
        return self.process.communicate(timeout=15)

    def end(self) -> None:
        if self.process:
            processes.kill(self.process)  # type: ignore[arg-type]
            processes.wait_for(lambda: not self.alive(), "the warden to clean up")
        shutil.rmtree(self.root, ignore_errors=True)

    def get(self, path: str, port: int | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=5)
        try:
            connection.request("GET", path, headers={"Host": f"localhost:{self.port}"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except OSError:
            return 0, ""
        finally:
            connection.close()

    def is_ready(self) -> bool:
        return self.get("/readyz")[0] == 200

    def redis_url(self) -> str:
        return str(json.loads((self.state / "run.json").read_text(encoding="utf-8"))["REDIS_URL"])

    def log(self) -> str:
        path = self.state / "log" / "run.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def alive(self, word: str = "") -> dict[int, str]:
        """Processes of this house that still run (zombies do not), by number, with their command lines."""
        mark = f"PRIVACY_AUDIT_STATE={self.state}".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if mark in (folder / "environ").read_bytes() and word in command and not is_zombie(folder):
                    found[int(folder.name)] = command
            except OSError:
                continue  # it ended while we looked
        return found


def is_zombie(folder: Path) -> bool:
    return (folder / "stat").read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.fixture(scope="module", autouse=True)
def processes_can_be_seen(redis_url: str) -> None:
    if not Path("/proc/self/environ").exists():
        absence.give_up("These tests look at processes through /proc, which this system does not have.")


@pytest.fixture
def make_house() -> Iterator[Callable[..., House]]:
    houses: list[House] = []

    def make(**values: str) -> House:
        houses.append(House(**values))
        return houses[-1]

    yield make
    for house in houses:
        house.end()


@pytest.fixture
def house(make_house: Callable[..., House]) -> House:
    return make_house()
