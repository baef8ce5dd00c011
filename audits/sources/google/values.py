"""Single values out of a record from outside: the type it should have, or Unreadable. Nothing is guessed.

Names are hostile. They stay data (pages escape them), but what hides or turns round other text is taken out: control
characters, and the signs that override the direction of writing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from audits.sources.google.errors import Unreadable

LONGEST_NAME = 300
LONGEST_ADDRESS = 320
LONGEST_ID = 256
LONGEST_LINK = 2_000

Record = Mapping[str, Any]
_SPACES = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_HIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_HALVES = re.compile(r"[\ud800-\udfff]")
_IDENTITY = re.compile(r"[!-~]{1,256}")  # printable ASCII without spaces


def record(found: object) -> Record:
    if not isinstance(found, dict):
        raise Unreadable("record is no object")
    return found


def records(page: Record, key: str) -> list[Any]:
    found = page.get(key)
    if not isinstance(found, list):
        raise Unreadable(f"{key} is no list")
    return found


def tidy(text: str, longest: int) -> str:
    """Without what cannot be shown or stored, and cut. Half characters (lone surrogates) become U+FFFD."""
    whole = _HALVES.sub("\ufffd", text[: longest * 4])
    return _HIDDEN.sub("", _SPACES.sub(" ", whole)).strip()[:longest]


def name(found: Record, key: str) -> str:
    value = found.get(key)
    if not isinstance(value, str):
        raise Unreadable(f"{key} is no text")
    return tidy(value, LONGEST_NAME)


def identity(found: Record, key: str) -> str:
    """A stable id: kept exactly, so one that would need tidying is not believed."""
    value = found.get(key)
    if not isinstance(value, str) or not _IDENTITY.fullmatch(value):
        raise Unreadable(f"{key} is no id")
    return value


def word(found: Record, key: str, known: frozenset[str]) -> str:
    """One of the words that the API has for this. A new one of Google's is not guessed at."""
    value = found.get(key)
    if not isinstance(value, str) or value not in known:
        raise Unreadable(f"{key} is no known word")
    return value


def address(found: Record, key: str) -> str:
    """An e-mail address or domain in lower case; "" when Google did not say."""
    value = found.get(key, "")
    if not isinstance(value, str):
        raise Unreadable(f"{key} is no text")
    if len(value) > LONGEST_ADDRESS:
        raise Unreadable(f"{key} is too long")
    return tidy(value, LONGEST_ADDRESS).lower()


def link(found: Record, key: str) -> str:
    """An address on a Google host by https; anything else is "" and not a fault, for pages only lose a link."""
    value = found.get(key)
    if not isinstance(value, str) or len(value) > LONGEST_LINK or not re.fullmatch(r"[!-~]+", value):
        return ""
    try:
        url = urlsplit(value)
        host, plain = url.hostname or "", "@" not in url.netloc and "\\" not in value and url.port in (None, 443)
    except ValueError:
        return ""
    google = host == "google.com" or host.endswith(".google.com")
    return value if url.scheme == "https" and google and plain else ""


def true_or_false(found: Record, key: str) -> bool:
    """Only a real boolean. "false", 0 and nothing at all are not a no."""
    value = found.get(key)
    if not isinstance(value, bool):
        raise Unreadable(f"{key} is no boolean")
    return value


def true_or_false_if_said(found: Record, key: str) -> bool | None:
    return None if found.get(key) is None else true_or_false(found, key)


def text_if_said(found: Record, key: str) -> str:
    value = found.get(key)
    return "" if value is None else name(found, key)


def whole_number(found: Record, key: str) -> int:
    """A count: int64 comes as digits in a string."""
    value = found.get(key)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 19:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63:
        return value
    raise Unreadable(f"{key} is no number")


def moment(found: Record, key: str) -> datetime | None:
    """RFC 3339, aware UTC. None when Google did not say."""
    value = found.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > 40:
        raise Unreadable(f"{key} is no time")
    try:
        parsed = datetime.fromisoformat(value)
        return parsed.astimezone(UTC) if parsed.tzinfo else _naive(key)
    except (ValueError, OverflowError):
        raise Unreadable(f"{key} is no time") from None


def _naive(key: str) -> datetime:
    raise Unreadable(f"{key} names no time zone")


def epoch(found: Record, key: str) -> datetime | None:
    """Seconds or milliseconds since 1970, as the Directory writes them. None for 0 or nothing: never."""
    if found.get(key) is None:
        return None
    number = whole_number(found, key)
    seconds = number / 1000 if number > 100_000_000_000 else number
    try:
        return datetime.fromtimestamp(seconds, UTC) if number else None
    except (ValueError, OverflowError, OSError):
        raise Unreadable(f"{key} is no time") from None
