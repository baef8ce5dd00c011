"""What the parts print goes to one capped log file; people get calm single lines."""

from __future__ import annotations

import contextlib
import os
import re
import selectors
import sys
import time
from pathlib import Path
from typing import IO

LARGEST_FILE = 1_000_000
LONGEST_LINE = 2_000
QUIET_SECONDS = 60.0
TROUBLE = re.compile(rb'\b(ERROR|CRITICAL)\b|"level": "(error|critical)"|^Traceback ')


def say(sentence: str) -> None:
    with contextlib.suppress(OSError):  # nobody listens any more
        print(sentence, flush=True)


def note(sentence: str) -> None:
    with contextlib.suppress(OSError):
        print(sentence, file=sys.stderr, flush=True)


class CappedLog:
    """A file and its predecessor, each at most LARGEST_FILE bytes. A full disk is said once and stops nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._complained = False

    def write(self, name: str, line: bytes) -> None:
        try:
            self._make_room()
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with open(handle, "ab") as file:
                file.write(name.encode() + b": " + line[:LONGEST_LINE] + b"\n")
        except OSError as error:
            if not self._complained:
                note(f"The log {self.path} cannot be written: {error.strerror}. Everything else goes on.")
            self._complained = True

    def _make_room(self) -> None:
        if self.path.exists() and self.path.stat().st_size > LARGEST_FILE:
            self.path.replace(self.path.with_suffix(".log.1"))


class Output:
    """Reads what every part prints, line by line, without ever waiting longer than asked."""

    def __init__(self, log: CappedLog) -> None:
        self.log = log
        self._selector = selectors.DefaultSelector()
        self._unfinished: dict[int, bytes] = {}
        self._said: dict[str, float] = {}

    def follow(self, name: str, stream: IO[bytes]) -> None:
        os.set_blocking(stream.fileno(), False)
        self._selector.register(stream, selectors.EVENT_READ, name)

    def wake_on(self, stream: int) -> None:
        """End a wait early when this descriptor has something to say (a signal)."""
        os.set_blocking(stream, False)
        self._selector.register(stream, selectors.EVENT_READ, None)

    def pump(self, seconds: float) -> None:
        """Hand on what has been printed; return as soon as something came, or after this time."""
        for key, _ in self._selector.select(seconds):
            found = os.read(key.fd, 65536)
            if key.data is None:
                continue
            if not found:
                self._selector.unregister(key.fileobj)
            self._take(key.fd, key.data, found)

    def _take(self, stream: int, name: str, found: bytes) -> None:
        *lines, rest = (self._unfinished.pop(stream, b"") + found).split(b"\n")
        if rest and (not found or len(rest) > LONGEST_LINE):
            lines, rest = [*lines, rest], b""
        if rest:
            self._unfinished[stream] = rest
        for line in lines:
            self.log.write(name, line)
            if TROUBLE.search(line):
                self.trouble(name, f"The {name} reported a problem. Everything goes on; details are in {self.log.path}")

    def trouble(self, name: str, sentence: str) -> None:
        """Say it, but not again and again."""
        now = time.monotonic()
        if now - self._said.get(name, -QUIET_SECONDS) >= QUIET_SECONDS:
            self._said[name] = now
            note(sentence)
