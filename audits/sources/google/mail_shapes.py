"""What may be told of a mail's headers: Google's own numbers and sentences, and whether the rest is as expected."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from audits.sources.google import gmail_trust
from audits.sources.google.gmail_kinds import in_plain_letters
from audits.sources.google.known_words import HEADERS, SUBJECTS

_TYPE = re.compile(r"(\d{1,6})(-RECOVERY)?(-anexp#.*)?", re.DOTALL)
_FEEDBACK = re.compile(r"(\d{1,6})(-[A-Z]{1,12})?:account-notifier")
_ONE_ADDRESS = re.compile(r"[^,;]*<?[^@\s,;<>]+@[^@\s,;<>]+>?")
_FOR_AN_ADDRESS = re.compile(r"(security alert for (?:your linked google account )?)\S+@\S+")


def is_header(found: Mapping[str, Any]) -> bool:
    name, value = found.get("name"), found.get("value")
    return isinstance(name, str) and isinstance(value, str) and name.lower() in HEADERS


def told_of(name: str, value: str) -> str:
    """`name` is one of HEADERS. The answer holds nothing of the value but what stands in our own lists."""
    teller = _TELLERS.get(name.lower())
    return teller(value.strip()) if teller else "text"


def mail_in_one(headers: Sequence[Mapping[str, Any]]) -> str:
    """Number and subject of one mail together: by that the kinds of mail are told apart."""
    found = {one["name"].lower(): told_of(one["name"], one["value"]) for one in headers}
    wanted = ("x-account-notification-type", "feedback-id", "subject")
    return "mail: " + ", ".join(f"{name} {found.get(name, 'not there')}" for name in wanted)


def _number(value: str) -> str:
    found = _TYPE.fullmatch(value)
    return f"{found[1]}{found[2] or ''}{'-anexp' if found[3] else ''}" if found else "in another form"


def _feedback(value: str) -> str:
    found = _FEEDBACK.fullmatch(value)
    return f"{found[1]}:account-notifier" if found else "in another form"


def _subject(value: str) -> str:
    said = in_plain_letters(value).lower()
    if said in SUBJECTS:
        return said
    found = _FOR_AN_ADDRESS.fullmatch(said)
    return f"{found[1]}(an address)" if found else "another"


def _sender(value: str) -> str:
    return gmail_trust.SENDER if value.rpartition("<")[2].rstrip(">").lower() == gmail_trust.SENDER else "another"


def _receivers(value: str) -> str:
    return "one address" if _ONE_ADDRESS.fullmatch(value) else "none or several"


def _results(value: str) -> str:
    return "passed as we expect" if gmail_trust.passed(value) else "not as we expect"


_TELLERS = {
    "x-account-notification-type": _number,
    "feedback-id": _feedback,
    "subject": _subject,
    "from": _sender,
    "to": _receivers,
    "authentication-results": _results,
}
