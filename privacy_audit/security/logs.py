"""Logs say what happened and where, never to whom: one JSON object a line, scrubbed of tokens and addresses.

Code never logs a name or an address on purpose. The scrubbing is for what arrives by accident: in a path, in the
message of a library, in an exception. An exception is therefore told by its type and its lines of code alone.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from types import TracebackType
from typing import Any

from django.http import HttpRequest, HttpResponse

LONGEST = 2000
MOST_FRAMES = 12

_NEVER_SHOWN = (
    "code|state|token|access_token|refresh_token|id_token|client_secret|code_verifier|assertion|password|secret|key"
    "|sessionid|notes|notes_form|desk|desk_form|csrfmiddlewaretoken|login_hint|authorization"
)
_SCRUBS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+"), r"\1 [hidden]"),
    (re.compile(rf"(?i)\b({_NEVER_SHOWN})(=|%3D)[^\s&\"',;}}]+"), r"\1\2[hidden]"),
    (re.compile(rf"(?i)([\"'])({_NEVER_SHOWN})\1(\s*:\s*)([\"']).*?\4"), r"\1\2\1\3\4[hidden]\4"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?"), "[token]"),
    (re.compile(r"\bya29\.[\w.-]+|\b1//[\w-]{8,}|\b4/[\w-]{8,}|\bGOCSPX-[\w-]+"), "[token]"),
    (re.compile(r"(?i)[\w.+'-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}"), "[address]"),
    (re.compile(r"(/desk/in/)[\w-]+"), r"\1[hidden]"),  # an invitation: whoever reads it could come in
    (re.compile(r"[A-Za-z0-9_-]{40,}"), "[hidden]"),
)


def scrub(text: str) -> str:
    for pattern, instead in _SCRUBS:
        text = pattern.sub(instead, text[: 4 * LONGEST])
    return text[:LONGEST]


class JsonLines(logging.Formatter):
    """One record, one line of JSON. `extra={"event": {...}}` adds fields; their values are scrubbed too."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": scrub(record.getMessage()),
        }
        for name, value in getattr(record, "event", {}).items():
            line[name] = value if isinstance(value, int | float) else scrub(str(value))
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = exception_without_words(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def exception_without_words(error: BaseException) -> list[dict[str, Any]]:
    """The chain of exceptions: type and place. Their messages may hold anything, so they stay out."""
    chain: list[dict[str, Any]] = []
    current: BaseException | None = error
    while current is not None and len(chain) < 5:
        chain.append({"type": type(current).__name__, "where": _frames(current.__traceback__)})
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return chain


def _frames(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-MOST_FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


_access = logging.getLogger("privacy_audit.access")


class AccessLog:
    """Middleware: which route was asked, the answer, and how long it took. No path, no query, no address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = monotonic()
        response = self.get_response(request)
        route = request.resolver_match.view_name if request.resolver_match else "none"
        event = {
            "route": route,
            "method": request.method or "",
            "status": response.status_code,
            "ms": round((monotonic() - began) * 1000),
        }
        _access.info("request", extra={"event": event})
        return response


def logging_settings(level: str) -> dict[str, Any]:
    """For Django's LOGGING. Libraries that would print whole requests stay at WARNING whatever the level."""
    talkative = ("fido2", "googleapiclient", "google", "google_auth_httplib2", "requests", "httplib2", "amqp", "kombu")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "privacy_audit.security.logs.JsonLines"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            **{name: {"level": "WARNING"} for name in talkative},
            "urllib3": {"level": "ERROR"},  # its warnings hold whole addresses, and ours carry names in their queries
            # Its own handlers mail admins and colour the console: ours is enough.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True, "level": "WARNING"},
            "django.db.backends": {"level": "WARNING"},
        },
    }
