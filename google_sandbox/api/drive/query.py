"""The `q` language of Drive's files.list, read into a test that is asked of one file at a time.

`and` and `or` weigh the same and are read from left to right, as Google's guide says.
"""

import re
from dataclasses import dataclass

from .asked import BadQueryError, Test, both, either, opposite
from .clauses import COMPARE, comparison, membership, property_is, shared_with_me

TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<sign><=|>=|!=|=|<|>|\(|\)|\{|\})"""
    r"""|(?P<word>[A-Za-z][A-Za-z0-9_.]*))"""
)
DEEPEST = 40
MOST_TOKENS = 800


@dataclass(frozen=True)
class Token:
    kind: str
    text: str


def tokens(query: str) -> list[Token]:
    found: list[Token] = []
    at, end = 0, len(query.rstrip())
    while at < end:
        match = TOKEN.match(query, at)
        if not match or match.lastgroup is None or len(found) == MOST_TOKENS:
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
            test = (both if joint == "and" else either)(test, self._factor(depth))
        return test

    def _factor(self, depth: int) -> Test:
        if depth > DEEPEST:
            raise BadQueryError("too deep")
        if self._peek_word() == "not":
            self._next()
            return opposite(self._factor(depth + 1))
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
            return membership(first.text, self._take("word").text)
        if first.kind != "word":
            raise BadQueryError(first.text)
        if first.text == "sharedWithMe" and not self._operator_follows():
            return shared_with_me("=", True)
        operator = self._next().text
        if operator == "has":
            return property_is(first.text, *self._pairs())
        value = self._next()
        return comparison(first.text, operator, value.text, quoted=value.kind == "text")

    def _operator_follows(self) -> bool:
        token = self._peek()
        return token is not None and token.kind == "sign" and token.text in COMPARE

    def _pairs(self) -> tuple[str, str]:
        self._take("sign", "{")
        key = self._pair("key")
        self._take("word", "and")
        value = self._pair("value")
        self._take("sign", "}")
        return key, value

    def _pair(self, name: str) -> str:
        self._take("word", name)
        self._take("sign", "=")
        return self._take("text").text

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
