"""A wire between one browser and the server, on which every byte that arrives is kept, with the moment it came."""

from __future__ import annotations

import html
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

_PIECE = 65536
_PACKING = re.compile(rb"(?i)(\r\naccept-encoding: )[^\r\n]*")
_PACKED = re.compile(rb"(?i)\r\ncontent-encoding:")


@dataclass
class Stream:
    """All that came on one connection, and up to which byte at which moment."""

    data: bytearray = field(default_factory=bytearray)
    arrived: list[tuple[int, float]] = field(default_factory=list)

    def add(self, piece: bytes) -> None:
        self.data += piece
        self.arrived.append((len(self.data), time.monotonic()))

    def moments_of(self, words: bytes) -> Iterator[float]:
        """When each appearance of these words was complete."""
        found = self.data.find(words)
        while found != -1:
            end = found + len(words)
            yield next(moment for upto, moment in self.arrived if upto >= end)
            found = self.data.find(words, found + 1)


class Wire:
    """`address`: where the browser goes instead of to the server. It asks for nothing packed, which hides words."""

    def __init__(self, server: str) -> None:
        there = urlsplit(server)
        self._server = (there.hostname or "localhost", there.port or 80)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://{there.hostname}:{self._door.getsockname()[1]}"
        self._streams: list[Stream] = []
        self._ends: list[socket.socket] = [self._door]
        threading.Thread(target=self._let_in, daemon=True).start()

    def moments_of(self, words: str) -> list[float]:
        """When these words arrived, in whatever way they can be written in a page, in JSON or in an address."""
        ways = {words, html.escape(words), json.dumps(words)[1:-1], quote(words), quote(words, safe="")}
        return sorted(
            moment for stream in list(self._streams) for way in ways for moment in stream.moments_of(way.encode())
        )

    @property
    def is_readable(self) -> bool:
        """Something came, and nothing of it was packed."""
        return bool(self._streams) and not any(_PACKED.search(stream.data) for stream in list(self._streams))

    def cut(self) -> None:
        for one in list(self._ends):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _let_in(self) -> None:
        with suppress(OSError):
            while True:
                browser, _ = self._door.accept()
                server = socket.create_connection(self._server)
                self._ends += [browser, server]
                stream = Stream()
                self._streams.append(stream)
                threading.Thread(target=_ask, args=(browser, server), daemon=True).start()
                threading.Thread(target=_answer, args=(server, browser, stream), daemon=True).start()


def _ask(browser: socket.socket, server: socket.socket) -> None:
    with suppress(OSError):
        while piece := browser.recv(_PIECE):
            server.sendall(_PACKING.sub(rb"\1identity", piece))
        server.shutdown(socket.SHUT_WR)


def _answer(server: socket.socket, browser: socket.socket, stream: Stream) -> None:
    with suppress(OSError):
        while piece := server.recv(_PIECE):
            stream.add(piece)
            browser.sendall(piece)
        browser.shutdown(socket.SHUT_WR)


@contextmanager
def wire_to(server: str) -> Iterator[Wire]:
    wire = Wire(server)
    try:
        yield wire
    finally:
        wire.cut()
