"""What a query asks of a file, and how it may answer.

An answer may be None: "it depends on a value this description of many files leaves open".
"""

from collections.abc import Callable
from dataclasses import dataclass
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


def both(one: Test, other: Test) -> Test:
    def test(asked: Asked) -> Answer:
        first = one(asked)
        if first is False:
            return False
        second = other(asked)
        return second if first or second is False else None

    return test


def either(one: Test, other: Test) -> Test:
    def test(asked: Asked) -> Answer:
        first = one(asked)
        if first:
            return True
        second = other(asked)
        return second if first is False or second else None

    return test


def opposite(one: Test) -> Test:
    def test(asked: Asked) -> Answer:
        answer = one(asked)
        return None if answer is None else not answer

    return test
