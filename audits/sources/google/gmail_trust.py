"""Which mails are believed to be Google's own, and about this account.

A mail that Google really sent to somebody else can be sent on again and keeps its signature (DKIM replay). So three
things must hold together: what Gmail itself noted on arrival (the topmost Authentication-Results, RFC 8601), a To that
names the Person's own address and no other, and a type that is no copy about another account. A header that stands
twice is never believed: a signature covers only one of them. https://www.rfc-editor.org/rfc/rfc8601
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from audits.sources.google import values
from audits.sources.google.errors import Unreadable

HEADERS = ("From", "To", "Subject", "Authentication-Results", "X-Account-Notification-Type")
SENDER = "no-reply@accounts.google.com"
_SIGNED_BY = "accounts.google.com"
_RECEIVER = "mx.google.com"
_LONGEST = 20_000  # characters of one header
_TYPE = re.compile(r"(?P<number>\d{1,6})(?P<copy>-RECOVERY)?(-anexp#.*)?", re.DOTALL)
_ADDRESS = r"([^<>\s,;:\"()@]+@[^<>\s,;:\"()@]+)"
_MAILBOX = re.compile(rf"(?:\"(?:[^\"\\]|\\.)*\"\s*|[^\"<>,;:@()]*)<{_ADDRESS}>|{_ADDRESS}")
_LONGEST_MAILBOX = 1_000
_PIECE = re.compile(r"\"(?:[^\"\\]|\\.)*\"|[^\s;\"]+|;")


class Trust(StrEnum):
    OWN = "own"  # Google's, about this account
    COPY = "copy"  # Google's, about another account that names this one as its recovery address
    NOT_BELIEVED = "not_believed"


Headers = Mapping[str, Sequence[str]]  # by name in small letters, the topmost first


def headers_of(message: values.Record) -> Headers:
    """One that is too long counts as empty. Raises Unreadable when there is no list of headers."""
    found: dict[str, list[str]] = {}
    for one in values.records(values.record(message.get("payload")), "headers"):
        header = values.record(one)
        name, value = header.get("name"), header.get("value")
        if not isinstance(name, str) or not isinstance(value, str):
            raise Unreadable("header is no text")
        found.setdefault(name.lower(), []).append(value if len(value) <= _LONGEST else "")
    return found


def trust_of(headers: Headers, own_address: str) -> Trust:
    noted = headers.get("authentication-results") or [""]
    if not passed(noted[0]) or _only_address(headers, "from") != SENDER:
        return Trust.NOT_BELIEVED
    if not own_address or _only_address(headers, "to") != own_address.lower():
        return Trust.NOT_BELIEVED
    if len(headers.get("subject", ())) > 1 or len(headers.get("x-account-notification-type", ())) > 1:
        return Trust.NOT_BELIEVED
    kind = _TYPE.fullmatch(_type(headers))
    return Trust.COPY if kind and kind["copy"] else _without_a_copy_mark(headers)


def _without_a_copy_mark(headers: Headers) -> Trust:
    """A type that we cannot read and that still speaks of recovery is not taken for one about this account."""
    return Trust.NOT_BELIEVED if "recovery" in _type(headers).lower() else Trust.OWN


def number_of(headers: Headers) -> int | None:
    """Google's own number for the kind of mail; None when it gives none, or one that we cannot read."""
    kind = _TYPE.fullmatch(_type(headers))
    return int(kind["number"]) if kind else None


def _type(headers: Headers) -> str:
    return "".join(headers.get("x-account-notification-type", ())[:1]).strip()


def _only_address(headers: Headers, name: str) -> str:
    """The one address in the one header of this name, in small letters; "" when something stands beside it.

    Nothing is folded: neither dots nor a plus. Google writes the account's own address, letter for letter.
    """
    lines = [line.strip() for line in headers.get(name, ())]
    if len(lines) != 1 or len(lines[0]) > _LONGEST_MAILBOX:
        return ""
    found = _MAILBOX.fullmatch(lines[0])
    return (found[1] or found[2]).lower() if found else ""


# --------------------------------------------------------------------------- Authentication-Results


def passed(header: str) -> bool:
    """True when Gmail's own servers noted a good DKIM signature of accounts.google.com and a DMARC pass for it."""
    results = _results(header)
    if results is None:
        return False
    receiver, *noted = results
    dkim = [one for one in noted if one[:1] == ["dkim=pass"] and f"header.i=@{_SIGNED_BY}" in one]
    dmarc = [one for one in noted if one[:1] and one[0].startswith("dmarc=")]
    return (
        receiver == [_RECEIVER]
        and bool(dkim)
        and len(dmarc) == 1
        and dmarc[0][0] == "dmarc=pass"
        and f"header.from={_SIGNED_BY}" in dmarc[0]
    )


def _results(header: str) -> list[list[str]] | None:
    """The words of each part between semicolons, in small letters, without comments. None for what is not well formed.

    Senders choose some of these words (a mail address may hold quotes, brackets and semicolons), so quotes and
    comments are read, never searched in.
    """
    bare = _without_comments(header)
    if bare is None or _PIECE.sub("", bare).strip():
        return None
    parts: list[list[str]] = [[]]
    for piece in _PIECE.findall(bare):
        if piece == ";":
            parts.append([])
        else:
            parts[-1].append(piece.lower())
    return parts


def _without_comments(header: str) -> str | None:
    """None when a bracket or a quote stays open."""
    depth, quoted, kept = 0, False, []
    for character in _plain(header):
        if character == '"' and depth == 0:
            quoted = not quoted
        if not quoted and character in "()":
            depth += 1 if character == "(" else -1
            if depth < 0:
                return None
            kept.append(" ")
        elif depth == 0:
            kept.append(character)
    return None if depth or quoted else "".join(kept)


def _plain(header: str) -> Iterable[str]:
    """Escaped characters could hide a bracket or a quote from us; Gmail writes none in what we read."""
    return re.sub(r"\\.?", "_", header, flags=re.DOTALL)
