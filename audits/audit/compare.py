"""Compare: what is new, gone or changed since the finding before this one.

*Gone* is said only when every source that gave items before was read whole this time; *new* only when every source
that gives items now was read whole before. Otherwise the truth is that we could not compare.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from audits.checks.answers import is_named
from audits.facts import CoverageState, ItemKind, SeenItem
from audits.models import Audit, Change, ChangeKind, Connection, Finding, Item, Person, SourceRun
from audits.models.sealing import unseal

if TYPE_CHECKING:
    from audits.audit.judge import Judged, Written

# What these see is what the Person chose to show: never the whole, however well it was read.
CHOSEN = frozenset({"photos_picker"})
# What happened on one day stays true. It leaves a list when the list reaches back no further, and is not gone.
PAST = frozenset({ItemKind.EVENT.value})
MOST_CHANGES = 500  # a check keeps this many lines an audit; the rest is counted in the finding


class Earlier(NamedTuple):
    """An item of a finding before this audit."""

    kind: str
    first_seen_at: datetime
    person_id: int
    content_sealed: bytes

    @property
    def content(self) -> dict[str, Any]:
        opened: dict[str, Any] = unseal(self.content_sealed, str(self.person_id))
        return opened

    @property
    def named(self) -> bool:
        """The Person named it: that it is no longer among the items says nothing."""
        return is_named(self.content["says"])


@dataclass
class Before:
    """The current findings of a Connection before this audit replaces them, and what their sources managed."""

    findings: dict[str, Finding]
    sources: dict[str, SourceRun]

    def items(self, check_id: str) -> dict[str, Earlier]:
        """By key."""
        finding = self.findings.get(check_id)
        return self._items.get(finding.pk, {}) if finding else {}

    @cached_property
    def _items(self) -> dict[int, dict[str, Earlier]]:
        """Of all findings, read in one go, and not as models: there may be thousands."""
        found: dict[int, dict[str, Earlier]] = {}
        rows = Item.objects.filter(finding__in=[finding.pk for finding in self.findings.values()]).order_by()
        columns = rows.values_list("finding_id", "key", "kind", "first_seen_at", "person_id", "content_sealed")
        for finding_id, key, kind, first_seen_at, person_id, content_sealed in columns:
            found.setdefault(finding_id, {})[key] = Earlier(kind, first_seen_at, person_id, bytes(content_sealed))
        return found

    def could_see(self, judged: Judged) -> bool:
        """True when whatever gives items now had been read whole before."""
        if judged.check.id not in self.findings:
            return False
        giving = {fact.source for fact in judged.evidence.facts}
        return all(self._whole(source) for source in _sources(judged) if source in giving)

    def knew_of(self, judged: Judged, item: SeenItem) -> bool:
        """True for what happened on a day and was read before this audit: coming into a list late makes it no news."""
        if item.kind.value not in PAST or item.seen_at is None:
            return False
        return any(item.seen_at <= self.sources[s].seen_at for s in _sources(judged) if s in self.sources)

    def can_miss(self, judged: Judged) -> bool:
        """True when whatever gave items before was read whole now."""
        gave = [s for s in _sources(judged) if s in self.sources and self.sources[s].fact_count]
        return all(judged.evidence.complete(source) and source not in CHOSEN for source in gave)

    def _whole(self, source: str) -> bool:
        run = self.sources.get(source)
        return run is not None and run.state == CoverageState.COMPLETE and source not in CHOSEN


def _sources(judged: Judged) -> tuple[str, ...]:
    return tuple(s for s in judged.check.sources if s not in ("told_us", "sign_in_claims"))


def before(person: Person, connection: Connection | None, runs: Iterable[SourceRun]) -> Before:
    """`runs`: the current ones of this Connection, as they are before this audit."""
    findings = Finding.objects.filter(person=person, connection=connection, current=True)
    return Before({f.check_id: f for f in findings}, {r.source: r for r in runs})


def write_changes(audit: Audit, connection: Connection | None, written: Iterable[Written], earlier: Before) -> None:
    rows: list[Change] = []
    for one in written:
        if one.judged.check.id in earlier.findings:
            rows.extend(islice(changes_of(audit, connection, one, earlier), MOST_CHANGES))
    Change.objects.bulk_create(rows, batch_size=500)


def changes_of(audit: Audit, connection: Connection | None, written: Written, earlier: Before) -> Iterator[Change]:
    finding, check_id = written.finding, written.judged.check.id
    was = earlier.findings[check_id]
    old, new = earlier.items(check_id), written.rows

    def change(kind: ChangeKind, key: str, content: dict[str, Any]) -> Change:
        row = Change(
            audit=audit,
            person=audit.person,
            connection=connection,
            check_id=check_id,
            kind=kind,
            item_key=key,
            at=finding.judged_at,
        )
        row.content = content
        return row

    if was.verdict != finding.verdict:
        yield change(ChangeKind.VERDICT, "", {"from": was.verdict, "to": finding.verdict})
    for key in new.keys() - old.keys():
        if new[key].new:
            yield change(ChangeKind.NEW, key, {"item": written.contents[key]})
    missing = {key for key in old.keys() - new.keys() if old[key].kind not in PAST and not old[key].named}
    if missing and not earlier.can_miss(written.judged):
        yield change(ChangeKind.BLIND, "", {"count": len(missing)})
        missing = set()
    for key in missing:
        yield change(ChangeKind.GONE, key, {"item": old[key].content})
    for key in old.keys() & new.keys():
        then, now = old[key].content, written.contents[key]
        if (then["says"], then["values"]) != (now["says"], now["values"]) and not is_named(now["says"]):
            yield change(ChangeKind.CHANGED, key, {"item": now, "before": then})
