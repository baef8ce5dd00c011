"""Reading what somebody brings, strictly: every key, length, word and date. Nothing unknown passes.

A reader takes a value and gives it back as our own type, or raises Misshapen. Readers are put together:
`whole(name=text(60), at=moment())` reads an object with exactly these keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

Reader = Callable[[Any], Any]
E = TypeVar("E", bound=StrEnum)

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
CLOCKS_DIFFER = timedelta(minutes=10)
_SURROGATE = re.compile("[\ud800-\udfff\x00]")


class Misshapen(ValueError):
    """Not as it must be. Says nothing of what was there instead: it is somebody's."""


def parsed(content: bytes) -> Any:
    """JSON without doubled keys, endless numbers or bottomless nesting."""
    try:
        return json.loads(content.decode(), object_pairs_hook=_once, parse_constant=_no_number, parse_float=_no_number)
    except (ValueError, RecursionError):
        raise Misshapen("no JSON that we read") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Misshapen("a key that stands twice")
    return found


def _no_number(text: str) -> Any:
    raise Misshapen("a number that is not whole")


def text(most: int, least: int = 0) -> Reader:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not least <= len(value) <= most or _SURROGATE.search(value):
            raise Misshapen("text")
        return value

    return read


def word(pattern: str) -> Reader:
    fits = re.compile(pattern, re.ASCII)

    def read(value: Any) -> str:
        if not isinstance(value, str) or not fits.fullmatch(value):
            raise Misshapen("word")
        return value

    return read


def one_of(words: type[E]) -> Callable[[Any], E]:
    by_value = {one.value: one for one in words}

    def read(value: Any) -> E:
        if not isinstance(value, str) or value not in by_value:
            raise Misshapen("one of our words")
        return by_value[value]

    return read


def number(most: int) -> Reader:
    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            raise Misshapen("number")
        return value

    return read


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Misshapen("yes or no")
    return value


def moment(now: datetime) -> Reader:
    """A time with its zone, not before 2000 and not after now."""

    def read(value: Any) -> datetime:
        try:
            found = datetime.fromisoformat(text(40)(value))
        except ValueError:
            raise Misshapen("time") from None
        if found.tzinfo is None or not EARLIEST <= found <= now + CLOCKS_DIFFER:
            raise Misshapen("time")
        return found.astimezone(UTC)

    return read


def day(value: Any) -> date:
    try:
        return date.fromisoformat(word(r"2[0-9]{3}-[0-9]{2}-[0-9]{2}")(value))
    except ValueError:
        raise Misshapen("day") from None


def maybe(reader: Reader) -> Reader:
    return lambda value: None if value is None else reader(value)


def empty_or(reader: Reader) -> Reader:
    """For times that are written as "" where there is none."""
    return lambda value: None if value == "" else reader(value)


def rows(reader: Reader, most: int) -> Reader:
    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) > most:
            raise Misshapen("list")
        return tuple(reader(one) for one in value)

    return read


def whole(**readers: Reader) -> Reader:
    """An object with exactly these keys."""

    def read(value: Any) -> Mapping[str, Any]:
        if not isinstance(value, dict) or value.keys() != readers.keys():
            raise Misshapen("keys")
        return {key: reader(value[key]) for key, reader in readers.items()}

    return read
