"""Being asked to stop: Ctrl-C, SIGTERM, a closed terminal, or the end of the process we belong to."""

from __future__ import annotations

import os
import select
import signal
import sys
from types import FrameType


class StopAsked(Exception):
    """Somebody wants everything to stop. Not a fault."""


class Signals:
    """Remembers that a stop was asked. `wake` becomes readable at every signal, also when a child ends."""

    def __init__(self, owner: int | None) -> None:
        self.stop_asked = False
        self._owner = owner
        self._terminal = select.poll()
        self.wake, write_end = os.pipe()
        os.set_blocking(write_end, False)
        signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, self._noted)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # nohup says that a closed terminal does not matter. A shell says the same of Ctrl-C for what it starts in
            # the background; but whoever sends that signal to us by number means us.
            if number == signal.SIGINT or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._stop)
                self._watch_terminal(number)

    def _watch_terminal(self, number: int) -> None:
        """A terminal that closes tells only the first process in it, which may be make; but anybody can see it."""
        if number == signal.SIGHUP and sys.stdin and sys.stdin.isatty():
            self._terminal.register(sys.stdin, 0)  # nothing but the hang-up

    def require_go_on(self) -> None:
        """Raises StopAsked. The owner (make) may have been killed without a word to us."""
        if self.stop_asked or self._terminal.poll(0) or (self._owner and os.getppid() != self._owner):
            raise StopAsked

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stop_asked = True

    def _noted(self, number: int, frame: FrameType | None) -> None:
        """A child ended: the wake-up is all that is needed."""
