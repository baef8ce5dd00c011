"""The single clauses of a query: `trashed = false`, `'me' in owners`, `createdTime > '…'` and their like."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from .asked import Answer, Asked, BadQueryError, Json, Test

TIMES = frozenset({"modifiedTime", "createdTime", "viewedByMeTime", "sharedWithMeTime"})
ROLES = {
    "owners": frozenset({"owner"}),
    "writers": frozenset({"writer", "organizer", "fileOrganizer"}),
    "readers": frozenset({"reader", "commenter"}),
}
VISIBILITIES = frozenset({"anyoneCanFind", "anyoneWithLink", "domainCanFind", "domainWithLink", "limited"})
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "!=": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}
TEXTS: dict[str, tuple[str, ...]] = {
    "name": ("contains", "=", "!="),
    "mimeType": ("contains", "=", "!="),
    "fullText": ("contains",),
    "shortcutDetails.targetId": ("=", "!="),
}


def membership(value: str, field: str) -> Test:
    if field == "parents":
        return lambda asked: value in asked.file.get("parents", ())
    roles = ROLES.get(field)
    if roles is None:
        raise BadQueryError(field)

    def test(asked: Asked) -> Answer:
        address = asked.me if value.lower() == "me" else value.lower()
        return any(
            permission["role"] in roles and permission.get("emailAddress", "").lower() == address
            for permission in asked.permissions
        )

    return test


def comparison(field: str, operator: str, value: str, *, quoted: bool) -> Test:
    """`quoted`: the value stood in quotes. BadQueryError where Drive would answer 400."""
    if field in TIMES and quoted:
        return _time(field, operator, value)
    if field == "visibility" and quoted:
        return _visibility(operator, value)
    if field in TEXTS and quoted:
        return _text(field, operator, value)
    if field in ("trashed", "starred") and not quoted:
        return _flag(field, operator, _boolean(value))
    if field == "sharedWithMe" and not quoted:
        return shared_with_me(operator, _boolean(value))
    raise BadQueryError(field)


def property_is(field: str, key: str, value: str) -> Test:
    """`properties has { key='mass' and value='1.3kg' }`"""
    if field not in ("properties", "appProperties"):
        raise BadQueryError(field)
    return lambda asked: bool(asked.file.get(field, {}).get(key) == value)


def _time(field: str, operator: str, value: str) -> Test:
    compare = COMPARE.get(operator)
    if compare is None:
        raise BadQueryError(operator)
    wanted = moment(value)

    def test(asked: Asked) -> Answer:
        if field in asked.open:
            return None
        there = asked.file.get(field)
        return compare(moment(there), wanted) if there else operator == "!="

    return test


def moment(text: str) -> float:
    """RFC 3339, the zone UTC when none is written. BadQueryError when it is no time."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise BadQueryError(text) from None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def _flag(field: str, operator: str, value: bool) -> Test:
    if operator not in ("=", "!="):
        raise BadQueryError(operator)
    wanted = value == (operator == "=")
    return lambda asked: bool(asked.file.get(field, False)) == wanted


def _boolean(word: str) -> bool:
    if word.lower() not in ("true", "false"):
        raise BadQueryError(word)
    return word.lower() == "true"


def shared_with_me(operator: str, wanted: bool) -> Test:
    """Drive refuses `sharedWithMe = false`; `not sharedWithMe` is the way to say it."""
    if operator != "=" or not wanted:
        raise BadQueryError("sharedWithMe")
    return lambda asked: "sharedWithMeTime" in asked.file


def _visibility(operator: str, value: str) -> Test:
    if operator not in ("=", "!=") or value not in VISIBILITIES:
        raise BadQueryError("visibility")
    same = operator == "="
    return lambda asked: (visibility(asked.permissions) == value) == same


def visibility(permissions: tuple[Json, ...]) -> str:
    """The widest of: anyoneCanFind, anyoneWithLink, domainCanFind, domainWithLink, limited."""
    for kind in ("anyone", "domain"):
        found = [p.get("allowFileDiscovery", False) for p in permissions if p["type"] == kind]
        if found:
            return f"{kind}CanFind" if any(found) else f"{kind}WithLink"
    return "limited"


def _text(field: str, operator: str, wanted: str) -> Test:
    if operator not in TEXTS[field]:
        raise BadQueryError(operator)
    if operator != "contains":
        return _text_equals(field, operator == "=", wanted)
    matches = _within(wanted) if field == "mimeType" else _word_begins(wanted)
    shown = "name" if field == "fullText" else field

    def test(asked: Asked) -> Answer:
        return None if shown in asked.open else matches(asked.file.get(shown, ""))

    return test


def _text_equals(field: str, same: bool, wanted: str) -> Test:
    def test(asked: Asked) -> Answer:
        if field in asked.open:
            return None
        if field == "shortcutDetails.targetId":
            there = asked.file.get("shortcutDetails", {}).get("targetId")
        else:
            there = asked.file.get(field)
        return bool(there == wanted) == same

    return test


def _within(wanted: str) -> Callable[[str], bool]:
    return lambda text: wanted.lower() in text.lower()


def _word_begins(wanted: str) -> Callable[[str], bool]:
    """`contains` on a name matches the beginning of a word only: 'Hello', not 'World', in HelloWorld."""
    pattern = re.compile(r"(?:^|[^\w])" + re.escape(wanted), re.IGNORECASE)
    return lambda text: bool(pattern.search(text))
