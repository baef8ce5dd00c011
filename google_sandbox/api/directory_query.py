"""The `query` of users.list: clauses with a space between them, all of which must hold."""

import re
from collections.abc import Callable
from typing import Any

from google_sandbox.errors import api_error

Json = dict[str, Any]
Test = Callable[[Json], bool]

CLAUSE = re.compile(r"\s*([A-Za-z0-9]+)(:|=)('(?:[^'\\]|\\.)*'|\"[^\"]*\"|[^\s]+)")
FLAGS = {"isAdmin": "isAdmin", "isDelegatedAdmin": "isDelegatedAdmin", "isSuspended": "suspended"} | {
    name: name for name in ("isEnrolledIn2Sv", "isEnforcedIn2Sv", "isArchived")
}


def user_test(query: str) -> Test:
    """GoogleError 400 for what cannot be read."""
    tests, at = [], 0
    while query[at:].strip():
        found = CLAUSE.match(query, at)
        if not found:
            raise _refusal()
        tests.append(_clause(found[1], found[2], found[3].strip("'\"")))
        at = found.end()
    return lambda user: all(test(user) for test in tests)


def _refusal() -> Exception:
    return api_error(400, "Invalid Input: Bad request for ", "invalid")


def _clause(field: str, operator: str, value: str) -> Test:
    if field in FLAGS and operator == "=" and value.lower() in ("true", "false"):
        return lambda user: bool(user.get(FLAGS[field])) == (value.lower() == "true")
    if field == "orgUnitPath" and operator == "=":
        return lambda user: user["orgUnitPath"] == value
    if field not in ("email", "name", "givenName", "familyName"):
        raise _refusal()
    return lambda user: _text_matches(_text(user, field), operator, value)


def _text(user: Json, field: str) -> str:
    if field == "email":
        return str(user["primaryEmail"])
    return str(user["name"]["fullName" if field == "name" else field])


def _text_matches(text: str, operator: str, value: str) -> bool:
    """`:` finds words, `value*` beginnings, `=` the whole."""
    text, value = text.lower(), value.lower()
    if value.endswith("*"):
        return text.startswith(value[:-1])
    return value in re.split(r"[\s@.]+", text) or value == text if operator == ":" else value == text
