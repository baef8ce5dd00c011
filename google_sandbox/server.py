"""Sockets: HTTP/1.1 with connections kept alive, on loopback only."""

import ipaddress
import socket
import struct
import sys
from collections.abc import Callable
from http import HTTPStatus
from http.client import responses
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from socketserver import TCPServer, ThreadingMixIn
from threading import Lock, Thread
from typing import Any
from urllib.parse import unquote_to_bytes

from werkzeug.wrappers import Request

from .reply import Reply

Answer = Callable[[Request], Reply]

LARGEST_BODY = 8 * 1024 * 1024
IDLE_SECONDS = 120


def refuse_unless_loopback(host: str) -> None:
    """ValueError for every address another machine could reach."""
    if not all(address.is_loopback for address in _addresses(host)):
        raise ValueError(f"The sandbox listens on this machine only. {host} is not a loopback address.")


def _addresses(host: str) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    try:
        return [ipaddress.ip_address(host)]
    except ValueError:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    return [ipaddress.ip_address(str(info[4][0])) for info in found]


class Handler(BaseHTTPRequestHandler):
    """`server.answer` gives the reply; here it meets the wire."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS
    server: "Server"

    def serve(self) -> None:
        body = self._body()
        if body is not None:
            self._send(self.server.answer(Request(self._environ(body))))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = serve

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdigit():
            self.send_error(HTTPStatus.LENGTH_REQUIRED)
            return None
        if int(length) > LARGEST_BODY:
            self.close_connection = True
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return None
        return self.rfile.read(int(length)) if int(length) else b""

    def _environ(self, body: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": str(self.server.server_address[0]),
            "SERVER_PORT": str(self.server.server_address[1]),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": str(self.client_address[0]),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
        }
        for name, value in self.headers.items():
            key = "HTTP_" + name.upper().replace("-", "_")
            if key not in ("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH"):
                environ[key] = f"{environ[key]},{value}" if key in environ else value
        return environ

    def _send(self, reply: Reply) -> None:
        if reply.transport == "reset":
            self.server.tear(self.connection)
            self.close_connection = True
            return
        body = reply.get_data()
        head = self._head(reply, len(body))
        if self.command == "HEAD":
            body = b""
        elif reply.transport == "cut":
            body = body[: len(body) // 2]
            self.close_connection = True
        self.wfile.write(head + body)

    def _head(self, reply: Reply, length: int) -> bytes:
        code = reply.status_code
        lines = [f"{self.protocol_version} {code} {responses.get(code, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in reply.headers.items() if name != "Content-Length"]
        if code != HTTPStatus.NO_CONTENT:
            lines.append(f"Content-Length: {length}")
        lines += [f"Date: {self.date_time_string()}", "Server: google-sandbox"]
        if self.close_connection:
            lines.append("Connection: close")
        return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"

    def log_message(self, format: str, *args: Any) -> None:
        """The application writes its own lines, without addresses or secrets."""


class Server(ThreadingMixIn, TCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, host: str, port: int, answer: Answer) -> None:
        refuse_unless_loopback(host)
        if ":" in host:
            self.address_family = socket.AF_INET6
        self.answer = answer
        self._lock = Lock()
        self._open: dict[socket.socket, Thread] = {}
        self._torn: set[socket.socket] = set()
        super().__init__((host, port), Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        thread.name = "google-sandbox-connection"
        with self._lock:
            self._open[request] = thread
        thread.start()

    def tear(self, connection: socket.socket) -> None:
        """The connection will end with a reset instead of a goodbye."""
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with self._lock:
            self._torn.add(connection)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.pop(request, None)
            torn = request in self._torn
            self._torn.discard(request)
        if torn:
            request.close()
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is nobody's fault; anything else is shown."""

        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)

    def stop(self) -> None:
        """Ends listening, then every open connection, and waits for their threads."""
        self.shutdown()
        self.server_close()
        with self._lock:
            open_now = dict(self._open)
        for connection in open_now:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it was gone already
        for thread in open_now.values():
            thread.join(timeout=2)
