"""A bare socket, to see what really goes over it."""

import socket
from dataclasses import dataclass

from google_sandbox import Controls


@dataclass(frozen=True)
class Answer:
    """`ended` is how the connection ended: "kept", "closed" or "reset". `body` is what had come by then."""

    status: int | None
    headers: dict[str, str]
    body: bytes
    ended: str

    @property
    def whole(self) -> bool:
        return len(self.body) == int(self.headers.get("content-length", "0"))


def request(
    path: str, token: str = "", *, verb: str = "GET", headers: tuple[str, ...] = (), body: bytes = b""
) -> bytes:
    lines = [f"{verb} {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    lines += [f"Authorization: Bearer {token}"] if token else []
    lines += [f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def open_connection(google: Controls, timeout: float = 10) -> socket.socket:
    return socket.create_connection(("127.0.0.1", google.port), timeout=timeout)


def exchange(connection: socket.socket, raw: bytes) -> Answer:
    """Sends and reads one answer: up to its Content-Length, or to the end of the connection."""
    connection.sendall(raw)
    data, ended = b"", "kept"
    while not _complete(data):
        try:
            piece = connection.recv(65_536)
        except ConnectionResetError:
            ended = "reset"
            break
        if not piece:
            ended = "closed"
            break
        data += piece
    return _read(data, ended)


def once(google: Controls, raw: bytes) -> Answer:
    with open_connection(google) as connection:
        return exchange(connection, raw)


def _split(data: bytes) -> tuple[str, dict[str, str], bytes] | None:
    head, found, body = data.partition(b"\r\n\r\n")
    if not found:
        return None
    first, *rest = head.decode("latin-1").split("\r\n")
    return first, {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in rest)}, body


def _complete(data: bytes) -> bool:
    parts = _split(data)
    return parts is not None and len(parts[2]) >= int(parts[1].get("content-length", "0"))


def _read(data: bytes, ended: str) -> Answer:
    parts = _split(data)
    if parts is None:
        return Answer(None, {}, data, ended)
    first, headers, body = parts
    return Answer(int(first.split(" ")[1]), headers, body, ended)
