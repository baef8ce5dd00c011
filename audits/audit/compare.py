"""Compare: what is new, gone or changed since the finding before this one.

*Gone* is said only when every source that gave items before was read whole this time; *new* only when every source
that gives items now was read whole before. Otherwise the truth is that we could not compare.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from audits.facts import CoverageState
from audits.models import Audit, Change, ChangeKind, Connection, Finding, Item, Person, SourceRun

if TYPE_CHECKING:
    from audits.audit.judge import Judged

MOST_CHANGES = 500  # a check keeps this many lines an audit; the rest is counted in the finding


@dataclass
class Before:
    """The current findings of a Connection before this audit replaces them, and what their sources managed."""

    findings: dict[str, Finding]
    sources: dict[str, SourceRun]
    _items: dict[str, dict[str, Item]] = field(default_factory=dict)

    def items(self, check_id: str) -> dict[str, Item]:
        """By key; read once a check."""
        if check_id not in self._items:
            finding = self.findings.get(check_id)
            rows = Item.objects.filter(finding=finding) if finding else ()
            self._items[check_id] = {row.key: row for row in rows}
        return self._items[check_id]

    def could_see(self, judged: Judged) -> bool:
        """True when whatever gives items now had been read whole before."""
        if judged.check.id not in self.findings:
            return False
        giving = {fact.source for fact in judged.evidence.facts}
        return all(self._whole(source) for source in _sources(judged) if source in giving)

    def can_miss(self, judged: Judged) -> bool:
        """True when whatever gave items before was read whole now."""
        gave = [s for s in _sources(judged) if s in self.sources and self.sources[s].fact_count]
        return all(judged.evidence.complete(source) for source in gave)

    def _whole(self, source: str) -> bool:
        run = self.sources.get(source)
        return run is not None and run.state == CoverageState.COMPLETE


def _sources(judged: Judged) -> tuple[str, ...]:
    return tuple(s for s in judged.check.sources if s not in ("told_us", "sign_in_claims"))


def before(person: Person, connection: Connection | None) -> Before:
    findings = Finding.objects.filter(person=person, connection=connection, current=True)
    runs = SourceRun.objects.filter(person=person, connection=connection, current=True)
    return Before({f.check_id: f for f in findings}, {r.source: r for r in runs})


def write_changes(
    audit: Audit,
    connection: Connection | None,
    judged: Sequence[Judged],
    findings: Sequence[Finding],
    earlier: Before,
) -> None:
    rows: list[Change] = []
    for one, finding in zip(judged, findings, strict=True):
        if one.check.id in earlier.findings:
            rows.extend(list(changes_of(audit, connection, one, finding, earlier))[:MOST_CHANGES])
    Change.objects.bulk_create(rows, batch_size=500)


def changes_of(
    audit: Audit, connection: Connection | None, judged: Judged, finding: Finding, earlier: Before
) -> Iterable[Change]:
    was = earlier.findings[judged.check.id]
    old, new = earlier.items(judged.check.id), {row.key: row for row in finding.items.all()}

    def change(kind: ChangeKind, key: str, content: dict[str, Any]) -> Change:
        row = Change(
            audit=audit,
            person=audit.person,
            connection=connection,
            check_id=judged.check.id,
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
            yield change(ChangeKind.NEW, key, {"item": new[key].content})
    missing = old.keys() - new.keys()
    if missing and not earlier.can_miss(judged):
        yield change(ChangeKind.BLIND, "", {"count": len(missing)})
        missing = set()
    for key in missing:
        yield change(ChangeKind.GONE, key, {"item": old[key].content})
    for key in old.keys() & new.keys():
        then, now = old[key].content, new[key].content
        if (then["says"], then["values"]) != (now["says"], now["values"]):
            yield change(ChangeKind.CHANGED, key, {"item": now, "before": then})
