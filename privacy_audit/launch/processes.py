"""The parts as processes: started, looked after, started again when they die, and ended with all they started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from privacy_audit import environment
from privacy_audit.launch.output import Output

MOST_DEATHS = 5
WITHIN_SECONDS = 60.0
FIRST_WAIT_SECONDS = 0.3
GRACE_SECONDS = 3.0
ASK_EVERY_SECONDS = 10.0
MOST_SILENCES = 3


class GaveUp(Exception):
    """A part cannot be kept running. The message is one plain sentence."""


@dataclass(frozen=True)
class Part:
    """`name` stands in the log and in sentences; `needed_by_others` ends after the rest.

    `answers` tells when it is up. `is_silent` is asked now and then afterwards: a process may be there and yet do
    nothing any more.
    """

    name: str
    command: list[str]
    answers: Callable[[], bool]
    is_silent: Callable[[], bool] = lambda: False
    values: Mapping[str, str] = field(default_factory=dict)
    needed_by_others: bool = False


class Warden:
    """Our end of warden.py, the process that cleans up should we be killed."""

    def __init__(self, lock: int | None = None) -> None:
        self._inherited = () if lock is None else (lock,)
        self._told: list[str] = []
        self._start()

    def _start(self) -> None:
        command = [sys.executable, "-I", str(Path(__file__).with_name("warden.py"))]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, text=True, start_new_session=True, pass_fds=self._inherited
        )

    def tell(self, word: str, value: object) -> None:
        self._told.append(f"{word} {value}\n")
        self._send(self._told[-1])

    def look_after(self) -> None:
        if self._process.poll() is not None:
            self._start()
            self._send("".join(self._told))

    def _send(self, text: str) -> None:
        with contextlib.suppress(BrokenPipeError):  # it died this instant: look_after starts another and tells it all
            if self._process.stdin:
                self._process.stdin.write(text)
                self._process.stdin.flush()

    def dismiss(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._process.communicate(timeout=3 * GRACE_SECONDS)


class Running:
    """One part's current process."""

    def __init__(self, part: Part, output: Output, warden: Warden) -> None:
        self.part = part
        self._output = output
        self._warden = warden
        self._deaths: deque[float] = deque(maxlen=MOST_DEATHS)
        self._start_at = 0.0
        self._ask_at = 0.0
        self._silences = 0
        self._process: subprocess.Popen[bytes] | None = None
        self.look_after()

    def look_after(self) -> None:
        """Start the process when it is not there and its time has come. Raises GaveUp."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._start_at:
                self._process = spawn(self.part, self._output, self._warden)
                self._ask_at, self._silences = now + ASK_EVERY_SECONDS, 0
        elif self.has_ended() or self._has_fallen_silent(now):
            self.end()
            self._plan_next_start(now)

    def _has_fallen_silent(self, now: float) -> bool:
        """Several silences in a row: one may be a machine that slept."""
        if now >= self._ask_at:
            self._ask_at = now + ASK_EVERY_SECONDS
            self._silences = self._silences + 1 if self.part.is_silent() else 0
        return self._silences >= MOST_SILENCES

    def _plan_next_start(self, now: float) -> None:
        log = self._output.log.path
        self._deaths.append(now)
        recent = sum(now - death < WITHIN_SECONDS for death in self._deaths)
        if recent == MOST_DEATHS:
            raise GaveUp(f"The {self.part.name} keeps stopping, so everything was stopped. Details are in {log}")
        self._start_at = now + FIRST_WAIT_SECONDS * 2 ** (recent - 1)
        sentence = f"The {self.part.name} stopped and is being started again. Details are in {log}"
        self._output.trouble(f"end of {self.part.name}", sentence)

    def ask_to_end(self) -> None:
        if self._process and not self.has_ended():
            self._process.terminate()

    def has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def end(self) -> None:
        """Now, with all that it started."""
        if self._process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._warden.tell("forget", self._process.pid)
            self._process = None


def spawn(part: Part, output: Output, warden: Warden) -> subprocess.Popen[bytes]:
    """In a session of its own: Ctrl-C reaches only us, and one signal reaches all that it starts."""
    process = subprocess.Popen(
        part.command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        cwd=environment.BASE_DIR,
        env=environment.for_child(part.values),
    )
    warden.tell("group", process.pid)
    if process.stdout:
        output.follow(part.name, process.stdout)
    return process
