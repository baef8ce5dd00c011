"""Trouble on demand: which request gets it, and when."""

import itertools
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from threading import Lock
from typing import Any

BEFORE = frozenset({"status", "empty", "reset"})
AFTER = frozenset({"truncated", "list", "string", "wrong_types", "no_kind", "cut", "incomplete", "loop"})
KINDS = BEFORE | AFTER | {"hang"}


@dataclass(frozen=True)
class Rule:
    """`match` is a glob over the path (`/drive/v3/files*`) or over the method's name (`drive.files.*`).

    Without `nth`, `first` or `rate` it happens every time. `seconds` ends a hang by itself;
    `loop` hands out a next page token that leads back to the same page.
    """

    match: str
    kind: str
    status: int = 0
    reason: str = ""
    user: str | None = None
    nth: int | None = None
    first: int | None = None
    rate: float | None = None
    seconds: float | None = None
    retry_after: int | None = None
    id: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of fault {self.kind!r}; known: {', '.join(sorted(KINDS))}")
        if self.kind == "status" and not 400 <= self.status <= 599:
            raise ValueError("a status fault needs a status from 400 to 599")


def parse_rule(text: str) -> Rule:
    """`PATTERN=KIND[,option=value…]`, KIND being a kind or `STATUS[:reason]`.

    Options: first, nth, rate, user, seconds, retry_after. ValueError when it cannot be read.
    """
    match, _, rest = text.partition("=")
    kind, *options = rest.split(",")
    status, _, reason = kind.partition(":")
    rule = Rule(match, "status", int(status), reason) if status.isdigit() else Rule(match, kind)
    for option in options:
        rule = _with_option(rule, option)
    return rule


def _with_option(rule: Rule, option: str) -> Rule:
    name, _, value = option.partition("=")
    read = OPTIONS.get(name)
    if read is None:
        raise ValueError(f"unknown option {name!r}; known: {', '.join(OPTIONS)}")
    words: dict[str, Any] = {name: read(value)}
    return replace(rule, **words)


OPTIONS: dict[str, Callable[[str], Any]] = {
    "first": int,
    "nth": int,
    "retry_after": int,
    "rate": float,
    "seconds": float,
    "user": str,
}


class Faults:
    def __init__(self, rules: Iterable[Rule] = (), *, seed: int = 1) -> None:
        self._lock = Lock()
        self._numbers = itertools.count(1)
        self._random = random.Random(seed)
        self._rules: dict[int, Rule] = {}
        self._seen: dict[int, int] = {}
        for rule in rules:
            self.add(rule)

    @property
    def rules(self) -> list[Rule]:
        return list(self._rules.values())

    def add(self, rule: Rule) -> int:
        with self._lock:
            number = next(self._numbers)
            self._rules[number] = replace(rule, id=number)
            self._seen[number] = 0
            return number

    def clear(self, number: int | None = None) -> None:
        with self._lock:
            gone = list(self._rules) if number is None else [number]
            for key in gone:
                self._rules.pop(key, None)
                self._seen.pop(key, None)

    def pick(self, names: Sequence[str], user: str | None) -> Rule | None:
        """The first rule that strikes now. Every fitting rule counts the request, struck or not."""
        if not self._rules:
            return None
        with self._lock:
            fitting = [rule for rule in self._rules.values() if _fits(rule, names, user)]
            striking = [rule for rule in fitting if self._strikes(rule)]
        return striking[0] if striking else None

    def _strikes(self, rule: Rule) -> bool:
        self._seen[rule.id] += 1
        count = self._seen[rule.id]
        if rule.nth is not None:
            return count == rule.nth
        if rule.first is not None:
            return count <= rule.first
        return rule.rate is None or self._random.random() < rule.rate


def _fits(rule: Rule, names: Sequence[str], user: str | None) -> bool:
    return rule.user in (None, user) and any(fnmatchcase(name, rule.match) for name in names)
