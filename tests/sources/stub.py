"""A server that says exactly the bytes a test wants, for what the sandbox Google is too well-behaved to do."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Got:
    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> Mapping[str, str]:
        return {name: found[0] for name, found in parse_qs(self.body.decode()).items()}


Answering = Callable[[Got], bytes | Iterable[bytes] | None]


def reply(
    body: bytes | str | Mapping[str, Any] | list[Any] = b"", status: int = 200, headers: Mapping[str, str] | None = None
) -> bytes:
    if isinstance(body, Mapping | list):
        body = json.dumps(body)
    raw = body.encode() if isinstance(body, str) else body
    sent = {"Content-Type": "application/json; charset=UTF-8", "Content-Length": str(len(raw)), **(headers or {})}
    head = f"HTTP/1.1 {status} Said\r\n" + "".join(f"{k}: {v}\r\n" for k, v in sent.items())
    return head.encode() + b"\r\n" + raw


@dataclass
class Stub:
    """`answer` gives the bytes of an answer, pieces of them, or None to close the connection without a word."""

    answer: Answering
    got: list[Got] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for one in [self._listener, *self._open]:
            one.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def paths(self) -> list[str]:
        return [got.path for got in self.got]

    @property
    def connections(self) -> int:
        """How many there have been."""
        return len(self._open)

    def hang_up(self) -> None:
        """Close every connection, as a server does with those on which nobody has spoken for a while."""
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def wait_for_the_end(self, seconds: float) -> None:
        """For answers that never come: waits until the test is over."""
        self._ended.wait(seconds)

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rb") as stream:
                while (got := _read(stream)) is not None:
                    self.got.append(got)
                    said = self.answer(got)
                    if said is None:
                        return
                    for piece in [said] if isinstance(said, bytes) else said:
                        connection.sendall(piece)
        except OSError:
            return  # the other side went away, as some tests mean it to


def _read(stream: Any) -> Got | None:
    line = stream.readline()
    if not line:
        return None
    method, target, _ = line.decode().split(" ", 2)
    headers = {}
    while (raw := stream.readline()).strip():
        name, _, value = raw.decode().partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", 0)))
    url = urlsplit(target)
    return Got(method, url.path, parse_qs(url.query), headers, body)
