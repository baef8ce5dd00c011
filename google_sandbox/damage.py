"""Answers as they should not be: what each kind of fault does to one."""

import json
from collections.abc import Callable
from typing import Any

from .errors import (
    GoogleError,
    api_error,
    bad_credentials,
    not_found,
    oauth_error,
    scope_missing,
)
from .faults import Rule
from .quota import rate_limit
from .reply import Reply

Json = dict[str, Any]

LOOP = "~sandbox-loop"
LIMITS = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded", "quotaExceeded"})
WORDS = {
    400: ("Bad Request", "badRequest"),
    404: ("Not Found", "notFound"),
    500: ("Internal Error", "internalError"),
    502: ("Bad Gateway", "backendError"),
    503: ("The service is currently unavailable.", "backendError"),
    504: ("Deadline exceeded", "backendError"),
}
SENTENCES = {
    "domainPolicy": "The domain administrators have disabled Drive apps.",
    "accessNotConfigured": "Drive API has not been used in project 0 before or it is disabled.",
    "forbidden": "Not Authorized to access this resource/api",
}


def refusal(rule: Rule, *, service: str, method: str, oauth: bool) -> GoogleError:
    error = _oauth(rule) if oauth else _api(rule, service, method)
    if rule.retry_after is not None:
        error.headers["Retry-After"] = str(rule.retry_after)
    return error


def _oauth(rule: Rule) -> GoogleError:
    error = rule.reason or {401: "invalid_client", 400: "invalid_grant"}.get(rule.status, "internal_failure")
    words = "Token has been expired or revoked." if error == "invalid_grant" else "Practice fault"
    return oauth_error(rule.status, error, words)


def _api(rule: Rule, service: str, method: str) -> GoogleError:
    if rule.status == 401:
        return bad_credentials()
    if rule.status == 429 or rule.reason in LIMITS:
        return rate_limit(rule.status, rule.reason or "rateLimitExceeded", service)
    if rule.status == 403 and rule.reason in ("", "insufficientPermissions"):
        return scope_missing(service, method, [])
    message, reason = WORDS.get(rule.status, ("Practice fault", "backendError"))
    if rule.status == 404 and not rule.reason:
        return not_found(message)
    return api_error(rule.status, SENTENCES.get(rule.reason, message), rule.reason or reason)


def spoil(reply: Reply, kind: str, page: str) -> Reply:
    """Changes a good answer; a refusal is handed on as it is. `page` is the token asked with.

    Kinds that change what JSON says leave everything alone that is not JSON.
    """
    if reply.status_code != 200:
        return reply
    body = reply.get_data()
    if kind == "truncated":
        reply.set_data(body[: max(1, len(body) // 2)])
    elif kind == "cut":
        reply.transport = "cut"
    elif reply.mimetype == "application/json":
        reply.set_data(json.dumps(SPOILERS[kind](json.loads(body), page)))
    return reply


def _wrong_types(body: Any) -> Any:
    """An object still, its `kind` untouched, but nothing in it has the type it should have."""
    return {name: value if name == "kind" else _wrong(value) for name, value in body.items()}


def _wrong(value: Any) -> Any:
    if isinstance(value, bool):
        return [value]
    if isinstance(value, str):
        return 17
    if isinstance(value, (int, float)):
        return {"value": value}
    if isinstance(value, list):
        return "a string" if not value else [_wrong(item) for item in value]
    return list(value) if isinstance(value, dict) else {}


def _looping(body: Any, page: str) -> Any:
    looped = {name: value for name, value in body.items() if name != "newStartPageToken"}
    return looped | {"nextPageToken": page}


SPOILERS: dict[str, Callable[[Any, str], Any]] = {
    "list": lambda body, page: [body],
    "string": lambda body, page: "Service temporarily out of shape",
    "no_kind": lambda body, page: {name: value for name, value in body.items() if name != "kind"},
    "wrong_types": lambda body, page: _wrong_types(body),
    "incomplete": lambda body, page: body | {"incompleteSearch": True},
    "loop": _looping,
}
