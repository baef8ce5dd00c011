"""All the parts together: brought up, watched, taken down."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

from privacy_audit import environment
from privacy_audit.environment import ConfigurationError
from privacy_audit.launch.output import Output
from privacy_audit.launch.processes import GRACE_SECONDS, GaveUp, Part, Running, Warden
from privacy_audit.launch.signals import Signals

START_SECONDS = 90.0
QUICK_LOOK_SECONDS = 0.03
CALM_LOOK_SECONDS = 1.0


class Crew:
    def __init__(self, output: Output, warden: Warden, signals: Signals) -> None:
        self._output = output
        self._warden = warden
        self._signals = signals
        self._running: list[Running] = []
        output.wake_on(signals.wake)

    def start(self, part: Part) -> None:
        self._running.append(Running(part, self._output, self._warden))

    def wait_until_all_answer(self) -> None:
        """Raises GaveUp when a part stays silent, StopAsked when somebody loses patience first."""
        waiting = [running.part for running in self._running]
        until = time.monotonic() + START_SECONDS
        while waiting := [part for part in waiting if not part.answers()]:
            if time.monotonic() > until:
                log = self._output.log.path
                raise GaveUp(f"The {waiting[0].name} does not answer, so everything was stopped. Details are in {log}")
            self._look(QUICK_LOOK_SECONDS)

    def finish(self, name: str, command: Sequence[str], values: Mapping[str, str]) -> None:
        """Run a preparing step to its end. What it prints on stdout is the sentence to refuse with."""
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            cwd=environment.BASE_DIR,
            env=environment.for_child(values),
        )
        self._warden.tell("group", process.pid)
        if process.stderr:
            self._output.follow(name, process.stderr)
        try:
            self._look_while(lambda: process.poll() is None)
        finally:
            process.kill()
            sentence = process.stdout.read().decode(errors="replace").strip() if process.stdout else ""
            process.wait()
            self._warden.tell("forget", process.pid)
        if process.returncode:
            raise ConfigurationError(sentence or f"The {name} failed. Details are in {self._output.log.path}")

    def watch(self) -> None:
        """Until a stop is asked (StopAsked) or a part cannot be kept running (GaveUp)."""
        self._look_while(lambda: True, CALM_LOOK_SECONDS)

    def _look_while(self, condition: Callable[[], bool], seconds: float = QUICK_LOOK_SECONDS) -> None:
        while condition():
            self._look(seconds)

    def _look(self, seconds: float) -> None:
        self._signals.require_go_on()
        self._output.pump(seconds)
        self._warden.look_after()
        for running in self._running:
            running.look_after()

    def stop(self) -> None:
        """Everybody at once, those that others need last; who does not listen in time is ended."""
        for needed in (False, True):
            wave = [running for running in self._running if running.part.needed_by_others is needed]
            for running in wave:
                running.ask_to_end()
            until = time.monotonic() + GRACE_SECONDS
            while time.monotonic() < until and not all(running.has_ended() for running in wave):
                self._output.pump(QUICK_LOOK_SECONDS)
            for running in wave:
                running.end()
