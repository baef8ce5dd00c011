"""Batches: several calls in one multipart/mixed body, and their answers in another."""

import secrets
from collections.abc import Callable
from email import message_from_bytes
from email.message import Message
from http.client import responses
from io import BytesIO
from urllib.parse import unquote_to_bytes

from werkzeug.wrappers import Request

from .api import registry
from .api.base import Api
from .errors import api_error
from .reply import Reply

Answer = Callable[[Request], Reply]


def api_of(path: str) -> Api | None:
    """The API a batch path belongs to alone; None for the shared `/batch` and for unknown paths."""
    return next((api for api in registry.APIS if api.document.batch_path == path != "/batch"), None)


def is_batch(verb: str, path: str) -> bool:
    return verb == "POST" and (path == "/batch" or api_of(path) is not None)


def answer(request: Request, one: Answer) -> Reply:
    """GoogleError 400 for a body that is no batch, too many calls, or calls to several APIs."""
    parts = _parts(request)
    inner = [_inner_request(part, request) for part in parts]
    _check(inner, api_of(request.path))
    replies = []
    for part in inner:
        reply = one(part)
        if reply.transport:
            return reply
        replies.append(reply)
    return _multipart(parts, replies)


def _parts(request: Request) -> list[Message]:
    head = f"Content-Type: {request.headers.get('Content-Type', '')}\r\n\r\n".encode()
    message = message_from_bytes(head + request.get_data())
    payload = message.get_payload()
    if message.get_content_type() != "multipart/mixed" or not isinstance(payload, list):
        raise api_error(400, "Failed to parse batch request, error: no multipart/mixed body.", "badRequest")
    return [part for part in payload if isinstance(part, Message)]


def _inner_request(part: Message, outer: Request) -> Request:
    raw = part.get_payload(decode=True)
    first, _, rest = (raw if isinstance(raw, bytes) else b"").lstrip().replace(b"\r\n", b"\n").partition(b"\n")
    words = first.decode("latin-1").split(" ")
    if part.get_content_type() != "application/http" or len(words) < 2:
        raise api_error(400, "Failed to parse batch request, error: a part is no HTTP request.", "badRequest")
    head, _, body = rest.partition(b"\n\n")
    path, _, query = words[1].partition("?")
    environ = {
        "REQUEST_METHOD": words[0],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": outer.environ["SERVER_NAME"],
        "SERVER_PORT": outer.environ["SERVER_PORT"],
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": outer.host,
    }
    _add_headers(environ, head, outer)
    return Request(environ)


def _add_headers(environ: dict[str, object], head: bytes, outer: Request) -> None:
    """The part's own Authorization goes before the batch's."""
    if "Authorization" in outer.headers:
        environ["HTTP_AUTHORIZATION"] = outer.headers["Authorization"]
    for name, value in message_from_bytes(head + b"\n\n").items():
        key = name.upper().replace("-", "_")
        if key == "CONTENT_TYPE":
            environ[key] = value
        elif key != "CONTENT_LENGTH":
            environ[f"HTTP_{key}"] = value


def _check(inner: list[Request], own: Api | None) -> None:
    routes = [registry.find(part.method, part.path) for part in inner]
    apis = {id(route.api): route.api for route in routes if route}
    if own:
        apis[id(own)] = own
    if len(apis) > 1:
        raise api_error(400, "All requests in a batch must go to the same API.", "badRequest")
    most = min((api.batch_calls for api in apis.values()), default=100)
    if not inner:
        raise api_error(400, "The batch request has no parts.", "badRequest")
    if len(inner) > most:
        raise api_error(400, f"The batch request must not contain more than {most} calls.", "badRequest")


def _multipart(parts: list[Message], replies: list[Reply]) -> Reply:
    boundary = "batch_" + secrets.token_urlsafe(18)
    pieces = []
    for part, reply in zip(parts, replies, strict=True):
        pieces.append(f"--{boundary}\r\nContent-Type: application/http\r\n{_content_id(part)}\r\n".encode())
        pieces.append(_http(reply))
    pieces.append(f"--{boundary}--\r\n".encode())
    return Reply(b"".join(pieces), content_type=f"multipart/mixed; boundary={boundary}")


def _content_id(part: Message) -> str:
    given = str(part.get("Content-ID", "")).replace("\r", "").replace("\n", "").strip()
    return f"Content-ID: <response-{given.strip('<>')}>\r\n" if given else ""


def _http(reply: Reply) -> bytes:
    body = reply.get_data()
    lines = [f"HTTP/1.1 {reply.status_code} {responses.get(reply.status_code, 'Unknown')}"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items() if name != "Content-Length"]
    lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body + b"\r\n"
