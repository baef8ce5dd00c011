"""What every fact has, and what the Person told us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from audits.facts.words import ItemKind, Rung, Strength, ToldAnswer


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One statement. `connection` is the Connection's public id, or "" when the fact is about no account."""

    connection: str
    source: str
    seen_at: datetime  # aware, UTC
    rung: Rung
    strength: Strength


@dataclass(frozen=True, kw_only=True)
class Told(Fact):
    """What the Person told us about one check, after looking."""

    check: str
    answer: ToldAnswer


@dataclass(frozen=True, kw_only=True)
class NamedThing(Fact):
    """A thing that the Person named for one check. `rung` says how: told, pasted or brought.

    `thing` is an id of its own, so that knowing it here is not knowing what has the same name elsewhere.
    """

    check: str
    thing: str
    kind: ItemKind
    name: str  # as the Person or the page wrote it: hostile


F = TypeVar("F", bound=Fact)
