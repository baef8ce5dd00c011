"""What was there when a check was last read whole, and could not be read since.

It is kept with the line that said so (a Change of kind BLIND), until a look reads everything again. Nothing is kept of
what the Person chose to show, or named: that is theirs to take back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from audits.checks.answers import is_named
from audits.models import Change, ChangeKind, Connection, Person
from audits.models.sealing import unseal

if TYPE_CHECKING:
    from audits.audit.judge import Judged

# What these see is what the Person chose to show: never the whole, however well it was read.
CHOSEN = frozenset({"photos_picker"})
# These ask about the addresses that the Person named, and another time about others.
ASKED = frozenset({"drive_named", "drive_incoming"})

# Instead of an item key: the line still waits. Where nothing was there before, it waits in silence: there is no line.
WAITING, SILENT = "waiting", "silent"


class Earlier(NamedTuple):
    """An item that was seen before this audit. `sealed` until somebody asks for its content."""

    kind: str
    first_seen_at: datetime
    last_seen_at: datetime
    by_administrator: bool
    person_id: int
    sealed: bytes
    opened: dict[str, Any] | None = None

    @property
    def content(self) -> dict[str, Any]:
        if self.opened is not None:
            return self.opened
        content: dict[str, Any] = unseal(self.sealed, str(self.person_id))
        return content

    @property
    def named(self) -> bool:
        """The Person named it: that it is no longer among the items says nothing."""
        return is_named(self.content["says"])


@dataclass(frozen=True, kw_only=True)
class Dark:
    """`since`: the day it was last read. `sources` were whole then, and are not now. `needed` have to be whole before
    anything of `unseen` (by item key) may be gone.
    """

    row: Change
    since: datetime
    sources: frozenset[str]
    needed: frozenset[str]
    by_administrator: bool
    unseen: Mapping[str, Earlier]


def waiting(person: Person, connection: Connection | None) -> dict[str, Dark]:
    """By check. One query."""
    rows = Change.objects.filter(
        person=person, connection=connection, kind=ChangeKind.BLIND, item_key__in=(WAITING, SILENT)
    )
    return {row.check_id: _opened(row) for row in rows}


def _opened(row: Change) -> Dark:
    kept = row.content["waiting"]
    return Dark(
        row=row,
        since=datetime.fromisoformat(kept["since"]),
        sources=frozenset(kept["sources"]),
        needed=frozenset(kept["needed"]),
        by_administrator=kept["by_administrator"],
        unseen={key: _item(row.person_id, one) for key, one in kept["unseen"].items()},
    )


def _item(person_id: int, kept: Mapping[str, Any]) -> Earlier:
    first, last = (datetime.fromisoformat(kept[name]) for name in ("first_seen_at", "last_seen_at"))
    return Earlier(kept["kind"], first, last, kept["by_administrator"], person_id, b"", kept["content"])


def _kept(dark: Dark) -> dict[str, Any]:
    return {
        "since": dark.since.isoformat(),
        "sources": sorted(dark.sources),
        "needed": sorted(dark.needed),
        "by_administrator": dark.by_administrator,
        "unseen": {
            key: {
                "kind": one.kind,
                "first_seen_at": one.first_seen_at.isoformat(),
                "last_seen_at": one.last_seen_at.isoformat(),
                "by_administrator": one.by_administrator,
                "content": one.content,
            }
            for key, one in dark.unseen.items()
        },
    }


def can_remember(judged: Judged, gave: Collection[str]) -> bool:
    """`gave`: the sources that had facts before."""
    if not judged.check.words.item_says or not ASKED.isdisjoint(judged.check.sources):
        return False
    return CHOSEN.isdisjoint(gave)


@dataclass
class Remembered:
    """What an audit leaves in the dark: lines that go on waiting, lines that are over."""

    changed: list[Change] = field(default_factory=list)
    over: list[Change] = field(default_factory=list)

    def keep(self, new: Dark, before: Dark | None) -> Change | None:
        """A line to be written, when there is something new to say; else the line from before goes on waiting."""
        if not new.unseen and not new.sources:
            self.forget(before)
            return None
        count = len(new.unseen)
        if before is not None and count <= len(before.unseen):
            before.row.content = {**before.row.content, "waiting": _kept(new)}
            self.changed.append(before.row)
            return None
        self.forget(before)
        row = new.row
        row.item_key = WAITING if count else SILENT
        row.content = {"count": count, "waiting": _kept(new)}
        return row

    def forget(self, dark: Dark | None) -> None:
        """It is over: what stays of it is the line."""
        if dark is None:
            return
        if dark.row.item_key == SILENT:
            self.over.append(dark.row)
            return
        dark.row.item_key, dark.row.content = "", {"count": dark.row.content["count"]}
        self.changed.append(dark.row)

    def write(self) -> None:
        """Two queries at most."""
        if self.changed:
            Change.objects.bulk_update(self.changed, ["item_key", "content_sealed"], batch_size=200)
        if self.over:
            Change.objects.filter(pk__in=[row.pk for row in self.over]).delete()
