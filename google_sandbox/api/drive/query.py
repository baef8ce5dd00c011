"""The `q` language of Drive's files.list: read, then asked of one file at a time.

An answer may be None: "it depends on a value this description of many files leaves open".
`and` and `or` weigh the same and are read from left to right, as Google's guide says.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

Json = dict[str, Any]
Answer = bool | None


class BadQueryError(ValueError):
    """The text is not a query Drive would take."""


class Values(Protocol):
    """Enough of a mapping to look a value up."""

    def get(self, name: str, default: Any = None, /) -> Any: ...

    def __contains__(self, name: object, /) -> bool: ...


@dataclass(frozen=True)
class Asked:
    """One file as a query sees it. `open` names the values that are left open."""

    file: Values
    permissions: tuple[Json, ...]
    me: str
    open: frozenset[str]


Test = Callable[[Asked], Answer]

TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<sign><=|>=|!=|=|<|>|\(|\)|\{|\})"""
    r"""|(?P<word>[A-Za-z][A-Za-z0-9_.]*))"""
)
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
DEEPEST = 40


@dataclass(frozen=True)
class Token:
    kind: str
    text: str


def tokens(query: str) -> list[Token]:
    found, at = [], 0
    while query[at:].strip():
        match = TOKEN.match(query, at)
        if not match or match.lastgroup is None:
            raise BadQueryError(query)
        text = match[match.lastgroup]
        if match.lastgroup == "text":
            text = re.sub(r"\\(.)", r"\1", text[1:-1])
        found.append(Token(match.lastgroup, text))
        at = match.end()
    return found


def parse(query: str) -> Test:
    """BadQueryError for anything Drive does not take: unknown field, unknown operator, wrong type."""
    reader = _Reader(tokens(query))
    test = reader.expression(0)
    if reader.left():
        raise BadQueryError(query)
    return test


class _Reader:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0

    def left(self) -> bool:
        return self._at < len(self._tokens)

    def expression(self, depth: int) -> Test:
        test = self._factor(depth)
        while self._peek_word() in ("and", "or"):
            joint = self._next().text.lower()
            test = (_both if joint == "and" else _either)(test, self._factor(depth))
        return test

    def _factor(self, depth: int) -> Test:
        if depth > DEEPEST:
            raise BadQueryError("too deep")
        if self._peek_word() == "not":
            self._next()
            return _opposite(self._factor(depth + 1))
        if self._peek() == Token("sign", "("):
            self._next()
            test = self.expression(depth + 1)
            self._take("sign", ")")
            return test
        return self._clause()

    def _clause(self) -> Test:
        first = self._next()
        if first.kind == "text":
            self._take("word", "in")
            return _membership(first.text, self._word())
        if first.kind != "word":
            raise BadQueryError(first.text)
        if first.text == "sharedWithMe" and not self._operator_follows():
            return _shared_with_me("=", True)
        operator = self._next().text
        if operator == "has":
            return self._property(first.text)
        return _comparison(first.text, operator, self._value())

    def _operator_follows(self) -> bool:
        token = self._peek()
        return token is not None and token.kind == "sign" and token.text in COMPARE

    def _property(self, field: str) -> Test:
        """`properties has { key='mass' and value='1.3kg' }`"""
        if field not in ("properties", "appProperties"):
            raise BadQueryError(field)
        self._take("sign", "{")
        key = self._pair("key")
        self._take("word", "and")
        value = self._pair("value")
        self._take("sign", "}")
        return lambda asked: bool(asked.file.get(field, {}).get(key) == value)

    def _pair(self, name: str) -> str:
        self._take("word", name)
        self._take("sign", "=")
        return self._take("text").text

    def _value(self) -> Token:
        token = self._next()
        if token.kind == "sign":
            raise BadQueryError(token.text)
        return token

    def _word(self) -> str:
        return self._take("word").text

    def _take(self, kind: str, text: str | None = None) -> Token:
        token = self._next()
        if token.kind != kind or (text is not None and token.text != text):
            raise BadQueryError(token.text)
        return token

    def _peek(self) -> Token | None:
        return self._tokens[self._at] if self.left() else None

    def _peek_word(self) -> str:
        token = self._peek()
        return token.text.lower() if token and token.kind == "word" else ""

    def _next(self) -> Token:
        if not self.left():
            raise BadQueryError("the query ends too early")
        self._at += 1
        return self._tokens[self._at - 1]


def _both(one: Test, other: Test) -> Test:
    def test(asked: Asked) -> Answer:
        first = one(asked)
        if first is False:
            return False
        second = other(asked)
        return second if first or second is False else None

    return test


def _either(one: Test, other: Test) -> Test:
    return _opposite(_both(_opposite(one), _opposite(other)))


def _opposite(one: Test) -> Test:
    def test(asked: Asked) -> Answer:
        answer = one(asked)
        return None if answer is None else not answer

    return test


def _membership(value: str, field: str) -> Test:
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


def _comparison(field: str, operator: str, value: Token) -> Test:
    if field in TIMES:
        return _time(field, operator, value)
    if field in ("trashed", "starred"):
        return _flag(field, operator, value)
    if field == "sharedWithMe":
        return _shared_with_me(operator, _boolean(value))
    if field == "visibility":
        return _visibility(operator, value)
    if field in ("name", "mimeType", "fullText", "shortcutDetails.targetId") and value.kind == "text":
        return _text(field, operator, value.text)
    raise BadQueryError(field)


def _time(field: str, operator: str, value: Token) -> Test:
    compare = COMPARE.get(operator)
    if compare is None or value.kind != "text":
        raise BadQueryError(field)
    wanted = moment(value.text)

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


def _flag(field: str, operator: str, value: Token) -> Test:
    if operator not in ("=", "!="):
        raise BadQueryError(operator)
    wanted = _boolean(value) == (operator == "=")
    return lambda asked: bool(asked.file.get(field, False)) == wanted


def _boolean(value: Token) -> bool:
    if value.kind != "word" or value.text.lower() not in ("true", "false"):
        raise BadQueryError(value.text)
    return value.text.lower() == "true"


def _shared_with_me(operator: str, wanted: bool) -> Test:
    """Drive refuses `sharedWithMe = false`; `not sharedWithMe` is the way to say it."""
    if operator != "=" or not wanted:
        raise BadQueryError("sharedWithMe")
    return lambda asked: "sharedWithMeTime" in asked.file


def _visibility(operator: str, value: Token) -> Test:
    if operator not in ("=", "!=") or value.kind != "text" or value.text not in VISIBILITIES:
        raise BadQueryError("visibility")
    same = operator == "="
    return lambda asked: (visibility(asked.permissions) == value.text) == same


def visibility(permissions: tuple[Json, ...]) -> str:
    """The widest of: anyoneCanFind, anyoneWithLink, domainCanFind, domainWithLink, limited."""
    for kind in ("anyone", "domain"):
        found = [p.get("allowFileDiscovery", False) for p in permissions if p["type"] == kind]
        if found:
            return f"{kind}CanFind" if any(found) else f"{kind}WithLink"
    return "limited"


def _text(field: str, operator: str, wanted: str) -> Test:
    allowed = {"name": ("contains", "=", "!="), "mimeType": ("contains", "=", "!="), "fullText": ("contains",)}
    if operator not in allowed.get(field, ("=", "!=")):
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
