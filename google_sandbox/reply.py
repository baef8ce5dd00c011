"""An answer, and what should happen to the connection it goes out on."""

import json
from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response


class Reply(Response):
    """`transport`: None, "reset" (the connection is torn) or "cut" (the body stops half way)."""

    transport: str | None = None


def json_reply(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    text = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    reply = Reply(text, status=status, content_type="application/json; charset=UTF-8")
    reply.headers["Cache-Control"] = "no-cache, no-store, max-age=0, must-revalidate"
    reply.headers["X-Content-Type-Options"] = "nosniff"
    for name, value in (headers or {}).items():
        reply.headers[name] = value
    return reply


def torn() -> Reply:
    reply = Reply(b"")
    reply.transport = "reset"
    return reply


def see_other(address: str) -> Reply:
    reply = Reply(b"", status=303)
    reply.headers["Location"] = address
    reply.headers["Referrer-Policy"] = "no-referrer"
    reply.headers["Cache-Control"] = "no-store"
    return reply
