"""Judge: rules turn evidence into verdicts, and verdicts into Findings with their Items.

Everything is written in one transaction in which the claim holds, together with the end of the audit: an audit is
either judged whole or not at all.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, Value
from django.utils import timezone

from audits.audit import alerting, compare, parties
from audits.audit.asks import answers_to_checks, newest_by_check, told_items
from audits.audit.compare import MOST_ITEMS
from audits.audit.evidence import Gathered, current_runs, evidence_from, gather, item_answers
from audits.audit.unseen import Earlier
from audits.audit.work import Claim
from audits.checks.answers import is_named
from audits.checks.catalogue import CHECKS, RULED, Check
from audits.facts import (
    Evidence,
    Fact,
    ItemAnswer,
    ItemKind,
    SeenItem,
    Strength,
    ToldAnswer,
    Verdict,
    VerdictState,
    Why,
)
from audits.models import (
    AnswerToCheck,
    AnswerToItem,
    Audit,
    AuditState,
    Connection,
    Finding,
    Item,
    Person,
    SourceRun,
    ToldItem,
)
from audits.models.sealing import lookup_key

logger = logging.getLogger(__name__)

ItemContent = dict[str, Any]

ABOUT_AN_ACCOUNT = frozenset(check.id for check in CHECKS.values() if check.about == "account")


# What `fill` writes.
JUDGED_FIELDS = (
    "verdict",
    "reason",
    "values_sealed",
    "rung",
    "strength",
    "signs",
    "seen_at",
    "judged_at",
    "item_count",
    "open_count",
    "left_at",
)


@dataclass(frozen=True)
class Judged:
    check: Check
    verdict: Verdict
    evidence: Evidence


@dataclass(frozen=True)
class Written:
    """A new finding with its items, by item key what is sealed in each of them, and what is different from before."""

    judged: Judged
    finding: Finding
    rows: Mapping[str, Item]
    contents: Mapping[str, ItemContent]
    difference: compare.Difference


@dataclass(frozen=True)
class Draft:
    """All that is to be written about one Connection. `overtaken`: ids of answers that count no more."""

    connection: Connection | None
    before: compare.Before
    written: Sequence[Written]
    overtaken: Sequence[int]
    evidence: Evidence


def judge(held: Claim, audit: Audit, at_hand: Mapping[int, tuple[Fact, ...]] | None = None) -> None:
    """Judge all checks of this audit and finish it. Raises ClaimLost when it is no longer ours.

    `at_hand`: what collect has just seen, by run; without it everything is opened again, as after a takeover.

    The number of queries does not grow with the number of checks: a large catalogue costs no more round trips.
    """
    connections = connections_of(audit.person)
    before = {connection: current_runs(audit.person, connection) for connection in connections}
    gathered = [gather(one, runs_for(audit, one, before[one]), at_hand) for one in connections]

    def drafts() -> list[Draft]:
        items = item_answers(audit.person)
        return [
            draft(audit, one, compare.before(audit.person, one.connection, before[one.connection]), items)
            for one in gathered
        ]

    said, judged = last_said(audit.person), drafts()
    with held.writing():
        if last_said(audit.person) != said:  # an answer came in between, and it counts
            judged = drafts()
        for one in judged:
            write(audit, one)
        mark_current(audit)
        drop_findings_of_gone_connections(audit.person, connections)
        alerting.make(audit)
        held.finish(AuditState.FINISHED)


def connections_of(person: Person) -> list[Connection | None]:
    found: list[Connection | None] = list(Connection.objects.filter(person=person))
    return found or [None]


def runs_for(audit: Audit, connection: Connection | None, current: Sequence[SourceRun]) -> list[SourceRun]:
    """This audit's runs, and for sources it did not ask the current ones."""
    own = list(SourceRun.objects.filter(audit=audit, connection=connection))
    names = {run.source for run in own}
    return own + [run for run in current if run.source not in names]


def last_said(person: Person) -> tuple[object, ...]:
    """Another one whenever the Person has answered something or taken an answer back. One query."""
    kinds = ((AnswerToCheck, "answered_at"), (AnswerToItem, "answered_at"), (ToldItem, "named_at"))
    first, *others = (
        kind._default_manager.filter(person=person)
        .order_by()
        .values("person_id")
        .values_list(Value(kind.__name__), Count("pk"), Max(at))
        for kind, at in kinds
    )
    return tuple(sorted(first.union(*others, all=True)))


def draft(
    audit: Audit, gathered: Gathered, before: compare.Before, items: Mapping[tuple[ItemKind, str], ItemAnswer]
) -> Draft:
    """Judge one Connection and write nothing yet: judging and sealing take time, in which nobody shall have to wait."""
    answers = answers_to_checks(audit.person, gathered.connection)
    overtaken = overtake_answers(before, answers)
    evidence = evidence_from(gathered, items, answers, told_items(audit.person, gathered.connection))
    checks = [RULED[c] for c in audit.only_checks if c in RULED] or list(RULED.values())
    newest = newest_by_check(answers)
    judged = [Judged(check, verdict_of(check, evidence), evidence) for check in checks]
    written = [new_finding(audit, gathered.connection, one, before, newest) for one in judged]
    return Draft(gathered.connection, before, written, overtaken, evidence)


def write(audit: Audit, one: Draft) -> None:
    """New Findings with their Items, what changed, and who can reach the account."""
    if one.overtaken:
        AnswerToCheck.objects.filter(pk__in=one.overtaken).update(overtaken=True)
    write_findings(audit, one.connection, one.written)
    compare.write_changes(audit, one.connection, one.written, one.before)
    parties.write(audit.person, one.connection, one.evidence.facts)


def overtake_answers(before: compare.Before, answers: Sequence[AnswerToCheck]) -> list[int]:
    """An answer that all is well, which a later proof contradicted, does not come back when the proof is not renewed.

    The finding that held both stays as it was judged; from the next audit on only the proof, or a new answer, counts.
    """
    newest = newest_by_check(one for one in answers if not one.overtaken)
    overtaken = [one for check_id, one in newest.items() if _is_overtaken(one, before.findings.get(check_id))]
    for one in overtaken:
        one.overtaken = True
    return [one.pk for one in overtaken]


def _is_overtaken(answer: AnswerToCheck, finding: Finding | None) -> bool:
    if finding is None or finding.verdict != VerdictState.NEEDS_LOOK or finding.strength != Strength.PROVES:
        return False
    later = finding.seen_at is not None and answer.answered_at < finding.seen_at
    return later and answer.answer is ToldAnswer.AS_IT_SHOULD_BE


def verdict_of(check: Check, evidence: Evidence) -> Verdict:
    """The rule's verdict. A rule that breaks is our mistake, and the truth is then: could not tell."""
    try:
        return check.judge(evidence)
    except Exception as error:
        logger.exception("rule %s broke: %s", check.id, type(error).__name__)
        return Verdict(state=VerdictState.COULD_NOT_TELL, reason=Why.OUR_FAULT.value)


def write_findings(audit: Audit, connection: Connection | None, written: Sequence[Written]) -> None:
    """The ones before them are no longer current."""
    ids = [one.judged.check.id for one in written]
    older = Finding.objects.filter(person=audit.person, connection=connection, check_id__in=ids, current=True)
    older.update(current=False)
    Finding.objects.bulk_create([one.finding for one in written])
    for one in written:
        for row in one.rows.values():
            row.finding_id = one.finding.pk
    Item.objects.bulk_create([row for one in written for row in one.rows.values()], batch_size=500)


def new_finding(
    audit: Audit,
    connection: Connection | None,
    judged: Judged,
    before: compare.Before,
    answers: Mapping[str, AnswerToCheck],
) -> Written:
    """Not saved yet."""
    finding = Finding(audit=audit, person=audit.person, connection=connection, check_id=judged.check.id)
    fill(finding, judged, left_at(answers.get(judged.check.id)))
    seen = {item_key(finding.person_id, item): item for item in kept_items(judged.verdict.items)}
    contents = {key: item_content(item) for key, item in seen.items()}
    difference = compare.difference(judged, finding, seen, before)
    finding.new_count = len(difference.new)
    rows = item_rows(finding, seen, before, difference)
    for key, row in rows.items():
        row.content = contents[key]
    return Written(judged, finding, rows, contents, difference)


def fill(finding: Finding, judged: Judged, left: datetime | None) -> None:
    """The verdict's columns, shared by a new finding and one that is judged again."""
    verdict = judged.verdict
    finding.verdict = verdict.state.value
    finding.reason = verdict.reason
    finding.values = dict(verdict.values)
    finding.rung = verdict.rung.value if verdict.rung else ""
    finding.strength = verdict.strength.value if verdict.strength else ""
    finding.signs = list(verdict.signs)
    finding.seen_at = verdict.seen_at
    finding.judged_at = timezone.now()
    finding.item_count = len(verdict.items)
    finding.open_count = sum(1 for item in verdict.items if is_open(item, judged.evidence))
    finding.left_at = left


def is_open(item: SeenItem, evidence: Evidence) -> bool:
    return evidence.item_answers.get((item.kind, item.identity)) in (None, ItemAnswer.UNKNOWN)


def left_at(newest: AnswerToCheck | None) -> datetime | None:
    """When the Person left this check for now, if that is still the newest answer."""
    return newest.answered_at if newest and newest.answer is ToldAnswer.LEAVE else None


def item_rows(
    finding: Finding, seen: Mapping[str, SeenItem], before: compare.Before, difference: compare.Difference
) -> dict[str, Item]:
    """The items of a finding by key, which do not know its number yet."""
    known = before.items(finding.check_id)
    return {
        key: Item(
            person_id=finding.person_id,
            kind=item.kind.value,
            key=key,
            place=place,
            new=key in difference.new,
            first_seen_at=first_seen(key, known, difference) or finding.judged_at,
        )
        for place, (key, item) in enumerate(seen.items())
    }


def first_seen(key: str, known: Mapping[str, Earlier], difference: compare.Difference) -> datetime | None:
    """None for what was never seen before, as far as we know."""
    if key in known:
        return known[key].first_seen_at
    said = difference.back[key].content.get("first_seen_at") if key in difference.back else None
    return datetime.fromisoformat(said) if said else None


def kept_items(items: Sequence[SeenItem]) -> list[SeenItem]:
    """What the Person named stands last, and is kept however many others there are."""
    seen = [item for item in items if not is_named(item.says)]
    return [*seen[:MOST_ITEMS], *(item for item in items if is_named(item.says))]


def item_key(person_id: int, item: SeenItem) -> str:
    """Stable across audits and checks, and of no use to anybody else."""
    return item_key_of(person_id, item.kind, item.identity)


def item_key_of(person_id: int, kind: ItemKind, identity: str) -> str:
    return lookup_key("item", str(person_id), kind.value, identity)


def item_content(item: SeenItem) -> ItemContent:
    return {
        "identity": item.identity,
        "name": item.name,
        "says": item.says,
        "values": dict(item.values),
        "link": item.link,
    }


def mark_current(audit: Audit) -> None:
    """This audit's runs become the ones that findings are judged from."""
    own = SourceRun.objects.filter(audit=audit)
    same = own.filter(source=OuterRef("source"))
    asked_again = Exists(same.filter(connection=OuterRef("connection"))) | Q(connection=None) & Exists(
        same.filter(connection=None)
    )
    others = SourceRun.objects.filter(asked_again, person=audit.person, current=True).exclude(audit=audit)
    others.update(current=False)
    own.update(current=True)


def drop_findings_of_gone_connections(person: Person, connections: Sequence[Connection | None]) -> None:
    """What was found about an account before any was connected ends once there is one; the rest is the Person's."""
    if None not in connections:
        alone = Finding.objects.filter(person=person, connection=None, current=True)
        alone.filter(check_id__in=ABOUT_AN_ACCOUNT).update(current=False)


def judge_again(finding: Finding) -> Judged | None:
    """Judge a current finding anew from kept facts and today's answers. Its items stay as they were seen, but for what
    the Person named."""
    check = CHECKS.get(finding.check_id)
    if check is None or not finding.current:
        return None
    gathered = gather(finding.connection, current_runs(finding.person, finding.connection, check.sources))
    answers = answers_to_checks(finding.person, finding.connection)
    named = told_items(finding.person, finding.connection, check.id)
    evidence = evidence_from(gathered, item_answers(finding.person), answers, named)
    judged = Judged(check, verdict_of(check, evidence), evidence)
    fill(finding, judged, left_at(newest_by_check(answers).get(check.id)))
    finding.save(update_fields=JUDGED_FIELDS)  # an audit may have ended meanwhile: then this one is current no more
    if named:
        sync_named(finding, judged)
    return judged


def sync_named(finding: Finding, judged: Judged) -> None:
    """The items that the Person named, as they are today. (A name that is taken out takes its items with it.)"""
    wanted = {item_key(finding.person_id, one): one for one in judged.verdict.items if is_named(one.says)}
    rows = {row.key: row for row in Item.objects.filter(finding=finding)}
    named = {key: row for key, row in rows.items() if is_named(row.content["says"])}
    Item.objects.filter(pk__in=[row.pk for key, row in named.items() if key not in wanted]).delete()
    last = max((row.place for row in rows.values()), default=-1)
    fresh: list[Item] = []
    for key, item in wanted.items():
        row = named.get(key) or _named_row(finding, item, last + 1 + len(fresh))
        row.content = item_content(item)
        if row.pk is None:
            fresh.append(row)
    Item.objects.bulk_update([named[key] for key in wanted.keys() & named.keys()], ["content_sealed"])
    Item.objects.bulk_create(fresh)


def _named_row(finding: Finding, item: SeenItem, place: int) -> Item:
    return Item(
        finding=finding,
        person_id=finding.person_id,
        kind=item.kind.value,
        key=item_key(finding.person_id, item),
        place=place,
        first_seen_at=item.seen_at or finding.judged_at,
    )
