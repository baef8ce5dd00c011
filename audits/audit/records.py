"""Facts as records: how typed facts are kept (sealed, compressed) and read back to be judged again."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from audits import facts
from audits.facts import Fact

KINDS: dict[str, type[Fact]] = {
    kind.__name__: kind for kind in vars(facts).values() if isinstance(kind, type) and issubclass(kind, Fact)
}
_PLAIN = frozenset({str, int, bool, float, type(None)})


class UnknownRecord(Exception):
    """A kept record names a kind of fact that this version does not know."""


def pack(found: Iterable[Fact]) -> str:
    """Facts as compressed text, ready to be sealed."""
    text = json.dumps([to_record(fact) for fact in found], ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode())).decode()


def unpack(packed: str | None) -> tuple[Fact, ...]:
    if not packed:
        return ()
    records = json.loads(zlib.decompress(base64.b64decode(packed)))
    return tuple(from_record(record) for record in records)


def to_record(fact: Fact) -> dict[str, Any]:
    return {"fact": type(fact).__name__, **_record(fact)}


def _record(value: Any) -> dict[str, Any]:
    """Most values are text and numbers, which JSON takes as they are: only the others are looked at more closely."""
    return {
        name: part if type(part) in _PLAIN else _plain(part)
        for name in _names(value.__class__)
        for part in (getattr(value, name),)
    }


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _record(value)
    return value


def from_record(record: dict[str, Any]) -> Fact:
    """Raises UnknownRecord when the kind is not known."""
    kind = KINDS.get(record.get("fact", ""))
    if kind is None:
        raise UnknownRecord(str(record.get("fact"))[:40])
    build: Callable[..., Fact] = kind
    readers = _readers(build)
    return build(**{name: readers[name](value) for name, value in record.items() if name in readers})


@cache
def _readers(kind: Callable[..., Any]) -> dict[str, Callable[[Any], Any]]:
    """For each field of a dataclass, how its value is read back."""
    return {name: _reader(hint) for name, hint in get_type_hints(kind).items()}


def _reader(hint: Any) -> Callable[[Any], Any]:
    """How a value of this annotation is read back from JSON."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        inner = _reader(next(arg for arg in args if arg is not type(None)))
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        part = _reader(args[0])
        return lambda values: tuple(part(value) for value in values)
    if hint is datetime:
        return datetime.fromisoformat
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if isinstance(hint, type) and is_dataclass(hint):
        build: Callable[..., Any] = hint
        readers = _readers(build)
        return lambda value: build(**{name: readers[name](part) for name, part in value.items()})
    return lambda value: value
