"""Compare: what is new, back, gone or changed since the finding before this one.

*Gone* is said only when every source that gave items before was read whole this time; *new* only when every source
that gives items now was read whole before. Otherwise the truth is that we could not compare: then what was there is
remembered (audit/unseen.py) until a look reads it whole again, and only that look may say that it is gone, or that
something came meanwhile. What is seen again then is neither new nor back.

An administrator's list and what one person sees name the same app under other ids: what one of them showed is never
gone, and never new, because of the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from audits.audit import unseen
from audits.audit.unseen import CHOSEN, Dark, Earlier
from audits.checks.answers import is_named
from audits.checks.names import alike
from audits.facts import CoverageState, ItemKind, Rung, SeenItem
from audits.models import Audit, Change, ChangeKind, Connection, Finding, Item, Person, SourceRun

if TYPE_CHECKING:
    from audits.audit.judge import Judged, Written

# What happened on one day stays true. It leaves a list when the list reaches back no further, and is not gone.
PAST = frozenset({ItemKind.EVENT.value})
# Lists in which Google may give one app another id. Anywhere else another id is another thing.
LISTS_OF_APPS = frozenset({"drive_apps", "directory_apps"})
MOST_ITEMS = 5000  # a finding keeps this many; its values still count all of them
MOST_CHANGES = 500  # a check keeps this many lines an audit; the rest is counted in the finding
MOST_GONE = 20_000  # lines that are looked through for what is back, the newest first


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Keys of items. `back`: when they were first seen, as far as that is known. `other_id`: new key to old key.

    `unseen`: what was there before, of which nothing can be said. `since`: new and gone are since this day, because no
    look could read it in between.
    """

    new: frozenset[str] = frozenset()
    back: Mapping[str, Change] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()
    other_id: Mapping[str, str] = field(default_factory=dict)
    since: datetime | None = None


@dataclass
class Before:
    """The current findings of a Connection before this audit replaces them, and what their sources managed."""

    person: Person
    connection: Connection | None
    findings: dict[str, Finding]
    sources: dict[str, SourceRun]

    def items(self, check_id: str) -> Mapping[str, Earlier]:
        """By key: what the last finding showed, and what could not be read by then."""
        finding, dark = self.findings.get(check_id), self.dark(check_id)
        shown = self._items.get(finding.pk, {}) if finding else {}
        return {**dark.unseen, **shown} if dark else shown

    def dark(self, check_id: str) -> Dark | None:
        """What this check waits to read again."""
        return self._dark.get(check_id)

    @cached_property
    def _dark(self) -> dict[str, Dark]:
        return unseen.waiting(self.person, self.connection)

    @cached_property
    def _items(self) -> dict[int, dict[str, Earlier]]:
        """Of all findings, read in one go, and not as models: there may be thousands."""
        found: dict[int, dict[str, Earlier]] = {}
        of = {finding.pk: finding for finding in self.findings.values()}
        columns = Item.objects.filter(finding__in=list(of)).order_by("finding", "place")
        for finding_id, key, kind, first, person_id, sealed in columns.values_list(
            "finding_id", "key", "kind", "first_seen_at", "person_id", "content_sealed"
        ):
            finding = of[finding_id]
            last = finding.seen_at or finding.judged_at
            item = Earlier(kind, first, last, by_administrator(finding), person_id, bytes(sealed))
            found.setdefault(finding_id, {})[key] = item
        return found

    @cached_property
    def gone(self) -> Mapping[tuple[str, str], Change]:
        """By check and item key: the newest line that said it was gone. Read only when something appears."""
        lines = Change.objects.filter(person=self.person, connection=self.connection, kind=ChangeKind.GONE)
        return {(line.check_id, line.item_key): line for line in reversed(lines[:MOST_GONE])}

    def saw(self, judged: Judged) -> bool:
        """True when whatever gives items now had been read whole by the look before this one."""
        return all(self.whole(source) for source in _giving(judged))

    def could_see(self, judged: Judged, now: Finding) -> bool:
        """True when what is not among the items before was not there, then or when it was last read whole."""
        was, dark = self.findings.get(judged.check.id), self.dark(judged.check.id)
        if was is None or was.item_count > MOST_ITEMS:  # of so many, not all are kept
            return False
        views = {by_administrator(was), dark.by_administrator} if dark else {by_administrator(was)}
        known = dark.sources if dark else frozenset()
        return by_administrator(now) in views and all(self.whole(s) or s in known for s in _giving(judged))

    def knew_of(self, judged: Judged, item: SeenItem) -> bool:
        """True for what happened on a day and was read before this audit: coming into a list late makes it no news.

        After a time in which it could not be read, nothing tells an old one from a new one.
        """
        if item.kind.value not in PAST or item.seen_at is None:
            return False
        if not self.saw(judged):
            return True
        return any(item.seen_at <= self.sources[s].seen_at for s in sources_of(judged) if s in self.sources)

    def can_miss(self, judged: Judged, key: str) -> bool:
        """True when whatever gave this item was read whole now."""
        dark = self.dark(judged.check.id)
        gave = self.gave(judged) | (dark.needed if dark and key in dark.unseen else frozenset())
        return all(judged.evidence.complete(source) and source not in CHOSEN for source in gave)

    def gave(self, judged: Judged) -> frozenset[str]:
        """Sources of this check that had facts in the look before this one."""
        return frozenset(s for s in sources_of(judged) if s in self.sources and self.sources[s].fact_count)

    def whole(self, source: str) -> bool:
        run = self.sources.get(source)
        return run is not None and run.state == CoverageState.COMPLETE and source not in CHOSEN


def by_administrator(finding: Finding) -> bool:
    return finding.rung == Rung.ADMIN


def sources_of(judged: Judged) -> tuple[str, ...]:
    return tuple(s for s in judged.check.sources if s not in ("told_us", "sign_in_claims"))


def _giving(judged: Judged) -> list[str]:
    giving = {fact.source for fact in judged.evidence.facts}
    return [source for source in sources_of(judged) if source in giving]


def before(person: Person, connection: Connection | None, runs: Iterable[SourceRun]) -> Before:
    """`runs`: the current ones of this Connection, as they are before this audit."""
    findings = Finding.objects.filter(person=person, connection=connection, current=True)
    return Before(person, connection, {f.check_id: f for f in findings}, {r.source: r for r in runs})


# --------------------------------------------------------------------------- what is different


def difference(judged: Judged, now: Finding, seen: Mapping[str, SeenItem], earlier: Before) -> Difference:
    """`now`: the new finding, not saved yet; `seen`: its items by key."""
    check_id = judged.check.id
    if check_id not in earlier.findings:
        return Difference()
    old = earlier.items(check_id)
    lost = {key for key in old.keys() - seen.keys() if old[key].kind not in PAST and not old[key].named}
    if now.item_count > MOST_ITEMS:  # of so many, not all are kept: they may be among the rest
        lost = set()
    gone = {key for key in lost if _same_view(old[key], now) and earlier.can_miss(judged, key)}
    new = {key for key in seen.keys() - old.keys() if not is_named(seen[key].says)}
    if new and earlier.could_see(judged, now):
        new = {key for key in new if not earlier.knew_of(judged, seen[key])}
    else:
        new = set()
    back = {key: earlier.gone[check_id, key] for key in new if (check_id, key) in earlier.gone}
    other_id = _other_ids(judged, old, seen, gone, new - back.keys()) if gone and new else {}
    dark = earlier.dark(check_id)
    return Difference(
        new=frozenset(new - back.keys() - other_id.keys()),
        back=back,
        gone=frozenset(gone - set(other_id.values())),
        unseen=frozenset(lost - gone),
        other_id=other_id,
        since=dark.since if dark and not earlier.saw(judged) else None,
    )


def _same_view(item: Earlier, now: Finding) -> bool:
    return item.by_administrator == by_administrator(now)


def _other_ids(
    judged: Judged, old: Mapping[str, Earlier], seen: Mapping[str, SeenItem], gone: Iterable[str], new: Iterable[str]
) -> dict[str, str]:
    """An app that stands under another id than before: where its name was and is there once, so that nothing is mixed
    up. It may still be another app of that name, which its line says."""
    if LISTS_OF_APPS.isdisjoint(judged.check.sources):
        return {}
    names_before = Counter(alike(str(item.content["name"])) for item in old.values() if item.kind == ItemKind.APP.value)
    names_now = Counter(alike(item.name) for item in seen.values() if item.kind is ItemKind.APP)
    left = {alike(str(old[key].content["name"])): key for key in gone if old[key].kind == ItemKind.APP.value}
    found: dict[str, str] = {}
    for key in new:
        name = alike(seen[key].name)
        if name in left and seen[key].kind is ItemKind.APP and names_before[name] == names_now[name] == 1:
            found[key] = left[name]
    return found


# --------------------------------------------------------------------------- lines


def write_changes(audit: Audit, connection: Connection | None, written: Iterable[Written], earlier: Before) -> None:
    """What changed, as lines; and what waits to be read again."""
    rows: list[Change] = []
    remembered = unseen.Remembered()
    for one in written:
        if one.judged.check.id in earlier.findings:
            rows.extend(islice(changes_of(audit, connection, one, earlier), MOST_CHANGES))
            blind = _remember(audit, connection, one, earlier, remembered)
            rows.extend([blind] if blind else [])
    Change.objects.bulk_create(rows, batch_size=500)
    remembered.write()


def _line(audit: Audit, connection: Connection | None, written: Written, kind: ChangeKind, key: str = "") -> Change:
    return Change(
        audit=audit,
        person=audit.person,
        connection=connection,
        check_id=written.judged.check.id,
        kind=kind,
        item_key=key,
        at=written.finding.judged_at,
    )


def changes_of(audit: Audit, connection: Connection | None, written: Written, earlier: Before) -> Iterator[Change]:
    for kind, key, content in _contents(written, earlier):
        row = _line(audit, connection, written, kind, key)
        row.content = content
        yield row


def _contents(written: Written, earlier: Before) -> Iterator[tuple[ChangeKind, str, dict[str, Any]]]:
    check_id, found = written.judged.check.id, written.difference
    was, old, new = earlier.findings[check_id], earlier.items(check_id), written.contents
    since = {"since": found.since.isoformat()} if found.since else {}
    if was.verdict != written.finding.verdict:
        yield ChangeKind.VERDICT, "", {"from": was.verdict, "to": written.finding.verdict}
    for key in new:
        if key in found.new:
            yield ChangeKind.NEW, key, {"item": new[key], **since}
        elif key in found.back:
            yield ChangeKind.BACK, key, {"item": new[key], "gone_at": found.back[key].at.isoformat()}
        elif key in found.other_id:
            yield ChangeKind.CHANGED, key, {"item": new[key], "before": old[found.other_id[key]].content, "id": True}
    for key in old:
        if key in found.gone:
            yield ChangeKind.GONE, key, _gone(old[key], unread=key in _unread(earlier, check_id))
    for key in old.keys() & new.keys():
        then, now = old[key].content, new[key]
        if is_other(then, now) and not is_named(now["says"]):
            yield ChangeKind.CHANGED, key, {"item": now, "before": then}


def _unread(earlier: Before, check_id: str) -> Iterable[str]:
    dark = earlier.dark(check_id)
    return dark.unseen if dark else ()


def _gone(item: Earlier, *, unread: bool) -> dict[str, Any]:
    """With the day it was last seen, when looks could not read it after that."""
    content = {"item": item.content, "first_seen_at": item.first_seen_at.isoformat()}
    return {**content, "since": item.last_seen_at.isoformat()} if unread else content


def is_other(then: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """What happened on a day has its subject for a name; all else may get another name."""
    return any(then.get(part) != now.get(part) for part in ("name", "says", "values"))


def _remember(
    audit: Audit, connection: Connection | None, written: Written, earlier: Before, remembered: unseen.Remembered
) -> Change | None:
    """Keep what is in the dark now. The line that says so, when there is more of it than the last time."""
    judged, found, dark = written.judged, written.difference, earlier.dark(written.judged.check.id)
    missing = {source for source in sources_of(judged) if not judged.evidence.complete(source)}
    row, gave = _line(audit, connection, written, ChangeKind.BLIND), earlier.gave(judged)
    if not unseen.can_remember(judged, gave):
        remembered.forget(dark)
        row.content = {"count": len(found.unseen)}
        return row if found.unseen else None
    was = earlier.findings[judged.check.id]
    sources = frozenset(s for s in missing if earlier.whole(s) or (dark and s in dark.sources))
    new = Dark(
        row=row,
        since=dark.since if dark else was.seen_at or was.judged_at,
        sources=sources,
        needed=frozenset(s for s in missing if s in gave or earlier.whole(s) or (dark and s in dark.needed)),
        by_administrator=dark.by_administrator if dark and sources <= dark.sources else by_administrator(was),
        unseen={key: earlier.items(judged.check.id)[key] for key in islice(found.unseen, MOST_ITEMS)},
    )
    return remembered.keep(new, dark)
