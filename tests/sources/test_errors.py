"""An answer that is no success becomes the fault it stands for, by Google's reason words and not its sentences."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from audits.facts import Why
from audits.sources.google import errors


def body(reason: str = "", status: str = "", info: str = "") -> bytes:
    error: dict[str, Any] = {"code": 403, "message": "A sentence that may change"}
    if reason:
        error["errors"] = [{"domain": "global", "reason": reason, "message": "x"}]
    if status:
        error["status"] = status
    if info:
        error["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": info}]
    return json.dumps({"error": error}).encode()


@pytest.mark.parametrize(
    ("status", "said", "why", "retriable"),
    [
        (400, body("invalid"), Why.OUR_FAULT, False),
        (401, body("authError"), Why.NEEDS_RECONNECTING, False),
        (403, body("insufficientPermissions"), Why.UNTICKED, False),
        (403, body(info="ACCESS_TOKEN_SCOPE_INSUFFICIENT", status="PERMISSION_DENIED"), Why.UNTICKED, False),
        (403, body("rateLimitExceeded"), Why.BUSY, True),
        (403, body("userRateLimitExceeded"), Why.BUSY, True),
        (403, body("dailyLimitExceeded"), Why.BUSY, False),
        (403, body("forbidden"), Why.FORBIDDEN, False),
        (403, body("accessNotConfigured"), Why.FORBIDDEN, False),
        (403, body("domainPolicy"), Why.FORBIDDEN, False),
        (403, b"<html>sorry</html>", Why.FORBIDDEN, False),
        (403, b"", Why.FORBIDDEN, False),
        (404, body("notFound"), Why.NOT_FOUND, False),
        (408, b"", Why.UNREACHABLE, True),
        (429, body("rateLimitExceeded"), Why.BUSY, True),
        (429, b"", Why.BUSY, True),
        (500, body("internalError"), Why.GOOGLE_ERROR, True),
        (502, b"bad gateway", Why.GOOGLE_ERROR, True),
        (503, b"", Why.GOOGLE_ERROR, True),
        (504, b"", Why.GOOGLE_ERROR, True),
        (501, b"", Why.GOOGLE_ERROR, False),
        (418, b"", Why.GOOGLE_ERROR, False),
        (204, b"", Why.UNREADABLE, False),
        (302, b"", Why.UNREADABLE, False),
    ],
)
def test_every_status_has_its_fault(status: int, said: bytes, why: Why, *, retriable: bool) -> None:
    fault = errors.of_answer(status, {}, said)
    assert (fault.why, fault.retriable) == (why, retriable)


@pytest.mark.parametrize(
    "said",
    [
        *[b"[]", b'"text"', b"5", b"null", b'{"error": 5}', b'{"error": "invalid_grant"}'],
        *[b'{"error": {"errors": "x"}}', b'{"error": {"errors": [5]}}', b'{"error": {"errors": [{"reason": ["x"]}]}}'],
        *[b"\xff\xfe", b"[" * 100_000],
    ],
)
def test_any_error_body_is_survived(said: bytes) -> None:
    assert errors.reason_words(said) == ()


def test_the_detail_holds_a_reason_word_and_nothing_else_of_google() -> None:
    assert errors.of_answer(403, {}, body("insufficientPermissions")).detail == "403 insufficientPermissions"
    assert errors.of_answer(403, {}, body("alice@gmail.test said so")).detail == "403"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0", 0.0), ("2.5", 2.5), ("", None), ("soon", None), ("-3", None), ("9" * 40, None)],
)
def test_retry_after_in_seconds(header: str, seconds: float | None) -> None:
    assert errors.seconds_to_wait(header) == seconds


def test_retry_after_as_a_date() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    found = errors.seconds_to_wait(soon)
    assert found is not None
    assert 80 < found <= 90
    assert errors.seconds_to_wait("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    assert errors.seconds_to_wait("Mon, 01 Jan 0001 00:00:00 +2359") in (None, 0.0)
