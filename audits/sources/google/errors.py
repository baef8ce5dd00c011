"""What can go wrong between us and Google: one small vocabulary, and how an answer is put into it.

Google's reason words decide, never its sentences: `403` alone may mean a look that was not ticked, a limit that ends
by itself, or a role that is missing. https://developers.google.com/workspace/drive/api/guides/handle-errors
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar

from audits.facts import Why


class GoogleFault(Exception):
    """Something kept us from an answer.

    `detail` is for operators: a status and a reason word, never a name or a token. `retry_after` is in seconds.
    """

    why: ClassVar[Why] = Why.OUR_FAULT
    retriable: ClassVar[bool] = False

    def __init__(
        self,
        detail: str = "",
        *,
        reason: str = "",
        retry_after: float | None = None,
        reasons: tuple[str, ...] = (),
    ) -> None:
        super().__init__(detail)
        self.detail = detail[:80]
        self.reason = reason
        self.reasons = reasons  # all of Google's words, the most telling first
        self.retry_after = retry_after


class BadQuestion(GoogleFault):
    """Google did not understand our request."""


class NeedsReconnecting(GoogleFault):
    """Google no longer accepts the token, and refreshing it did not help."""

    why = Why.NEEDS_RECONNECTING


class ScopeMissing(GoogleFault):
    why = Why.UNTICKED


class Forbidden(GoogleFault):
    why = Why.FORBIDDEN


class NotAdministrator(GoogleFault):
    why = Why.NOT_ADMINISTRATOR


class NotFound(GoogleFault):
    why = Why.NOT_FOUND


class LimitReached(GoogleFault):
    """A limit that waiting a minute does not lift."""

    why = Why.BUSY


class Busy(LimitReached):
    retriable = True


class GoogleRefused(GoogleFault):
    """An error of Google's own that comes back when asked again."""

    why = Why.GOOGLE_ERROR


class GoogleBroke(GoogleRefused):
    retriable = True


class Unreachable(GoogleFault):
    why = Why.UNREACHABLE
    retriable = True


class Unreadable(GoogleFault):
    """An answer came that is not what the API promises. Asking again would bring the same."""

    why = Why.UNREADABLE


class CutShort(Unreadable):
    """The bytes are no JSON at all: nothing, or an end that is missing. That happens on the way, and heals."""

    retriable = True


class TooMany(GoogleFault):
    why = Why.TOO_MANY


class IncompleteList(GoogleFault):
    """Google says that its own list is not whole."""

    why = Why.INCOMPLETE_LIST


class NoService(GoogleFault):
    """This account does not use that part of Google."""

    why = Why.NO_SERVICE


class NobodyNamed(GoogleFault):
    why = Why.NOBODY_NAMED


class Stopped(GoogleFault):
    why = Why.STOPPED


_SLOW_DOWN = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
_NOT_TODAY = frozenset({"dailyLimitExceeded", "quotaExceeded", "dailyLimitExceededUnreg"})
_ONCE = frozenset({"RESOURCE_EXHAUSTED_ONE_TIME", "RESOURCE_EXHAUSTED_TIME_BASED"})  # of Data Portability
_SCOPE = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"})
_BY_STATUS: Mapping[int, type[GoogleFault]] = {
    400: BadQuestion,
    401: NeedsReconnecting,
    404: NotFound,
    408: Unreachable,
    410: NotFound,
    429: Busy,
    500: GoogleBroke,
    502: GoogleBroke,
    503: GoogleBroke,
    504: GoogleBroke,
}


def of_answer(status: int, headers: Mapping[str, str], body: bytes) -> GoogleFault:
    """The fault that an answer other than a plain success stands for."""
    reasons = reason_words(body)
    first = reasons[0] if reasons else ""
    kind = _of_403(frozenset(reasons)) if status == 403 else _of_status(status, frozenset(reasons))
    wait = seconds_to_wait(headers.get("retry-after", ""))
    return kind(f"{status} {first}".strip(), reason=first, retry_after=wait, reasons=reasons)


def _of_403(reasons: frozenset[str]) -> type[GoogleFault]:
    if reasons & _NOT_TODAY:  # first: Google writes RATE_LIMIT_EXCEEDED beside it
        return LimitReached
    if reasons & _SLOW_DOWN:
        return Busy
    return ScopeMissing if reasons & _SCOPE else Forbidden


def _of_status(status: int, reasons: frozenset[str]) -> type[GoogleFault]:
    if status == 429 and reasons & _ONCE:
        return LimitReached
    return _BY_STATUS.get(status) or (Unreadable if status < 400 else GoogleRefused)


def reason_words(body: bytes) -> tuple[str, ...]:
    """Google's reason words in an error body, the most telling first. Any bytes at all may be given."""
    try:
        error = json.loads(body)["error"]
        found = [*_reasons(error, "errors"), *_reasons(error, "details"), error.get("status")]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ()
    return tuple(word for word in found if isinstance(word, str) and re.fullmatch(r"[A-Za-z_]{1,60}", word))


def _reasons(error: Any, key: str) -> list[Any]:
    listed = error.get(key)
    return [one.get("reason") for one in listed[:20] if isinstance(one, dict)] if isinstance(listed, list) else []


def seconds_to_wait(header: str) -> float | None:
    """Retry-After in seconds: written as a number, or as a date."""
    if re.fullmatch(r"\d{1,9}(\.\d{1,6})?", header.strip()):
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max((moment - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
