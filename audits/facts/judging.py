"""What a rule gets and what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from audits.facts.base import F, Fact
from audits.facts.words import CoverageState, ItemAnswer, ItemKind, Rung, Strength, VerdictState, Why


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """What one source managed for one Connection. `why` is None only when complete."""

    connection: str
    source: str
    state: CoverageState
    why: Why | None
    seen_at: datetime
    requests: int = 0
    detail: str = ""  # for operators: an HTTP status and Google's reason word; never a name or a token

    def __post_init__(self) -> None:
        if (self.state is CoverageState.COMPLETE) != (self.why is None):
            raise ValueError("Coverage is complete exactly when it needs no reason")

    @property
    def complete(self) -> bool:
        return self.state is CoverageState.COMPLETE


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What a published list says of an app. `kind`: stalkerware (made to watch in secret), watchware (made to watch,
    may be agreed)."""

    kind: str
    title: str
    source: str  # which list, with its date


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All that a rule may look at: one Connection's facts and coverage, and what the Person said of Items.

    `item_answers` is keyed by (item kind, identity), as the rule itself names its items.
    """

    now: datetime
    connected: bool
    consumer: bool | None  # a personal account; None when there is no account
    facts: tuple[Fact, ...]
    coverage: Mapping[str, Coverage]  # by source name
    item_answers: Mapping[tuple[ItemKind, str], ItemAnswer] = field(default_factory=dict)
    listings: Mapping[str, Listing] = field(default_factory=dict)  # by package, or by name as the fact has it
    lists: tuple[str, ...] = ()  # the lists this installation holds: title, version, licence

    def of(self, kind: type[F], source: str | None = None) -> tuple[F, ...]:
        return tuple(f for f in self.facts if isinstance(f, kind) and (source is None or f.source == source))

    def complete(self, source: str) -> bool:
        found = self.coverage.get(source)
        return found is not None and found.complete

    def why_not(self, source: str) -> Why:
        """Why this source gave no whole answer. A source that never ran was not asked."""
        found = self.coverage.get(source)
        if found is None:
            return Why.NOT_ASKED if self.connected else Why.NOT_CONNECTED
        return found.why or Why.NOT_ASKED


@dataclass(frozen=True, kw_only=True)
class SeenItem:
    """One thing inside a Verdict which the Person can answer about.

    `identity` is stable across audits (client id, address, file id). `says` is a key of the check's `item_says`,
    filled with `values`; `name` comes from outside and is hostile.
    """

    kind: ItemKind
    identity: str
    name: str
    says: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    link: str = ""  # https on a Google host, or ""
    seen_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A rule's judgement. `reason` is a key of the check's `says` (or a Why, said by checks/common.yaml)."""

    state: VerdictState
    reason: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    rung: Rung | None = None
    strength: Strength | None = None
    seen_at: datetime | None = None
    items: tuple[SeenItem, ...] = ()
    signs: tuple[str, ...] = ()  # reason codes of weak signs, shown beside a could-not-tell
