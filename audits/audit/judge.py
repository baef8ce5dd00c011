"""Judge: rules turn evidence into verdicts, and verdicts into Findings with their Items.

Everything is written in one transaction in which the claim holds, together with the end of the audit: an audit is
either judged whole or not at all.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from audits.audit import compare, parties
from audits.audit.evidence import Gathered, current_runs, evidence_from, gather, item_answers
from audits.audit.work import Claim
from audits.checks.catalogue import CHECKS, Check
from audits.facts import Evidence, ItemAnswer, ItemKind, SeenItem, Strength, ToldAnswer, Verdict, VerdictState, Why
from audits.models import (
    AnswerToCheck,
    Audit,
    AuditState,
    Connection,
    Finding,
    Item,
    Person,
    SourceRun,
)
from audits.models.sealing import lookup_key

logger = logging.getLogger(__name__)

MOST_ITEMS = 5000  # a finding keeps this many; its values still count all of them


@dataclass(frozen=True)
class Judged:
    check: Check
    verdict: Verdict
    evidence: Evidence


def judge(held: Claim, audit: Audit) -> None:
    """Judge all checks of this audit and finish it. Raises ClaimLost when it is no longer ours."""
    connections = connections_of(audit.person)
    gathered = [gather(connection, runs_for(audit, connection)) for connection in connections]
    with held.writing():
        answers = item_answers(audit.person)
        for one in gathered:
            judge_connection(audit, one, answers)
        mark_current(audit)
        drop_findings_of_gone_connections(audit.person, connections)
        held.finish(AuditState.FINISHED)


def connections_of(person: Person) -> list[Connection | None]:
    found: list[Connection | None] = list(Connection.objects.filter(person=person))
    return found or [None]


def runs_for(audit: Audit, connection: Connection | None) -> list[SourceRun]:
    """This audit's runs, and for sources it did not ask the current ones."""
    own = list(SourceRun.objects.filter(audit=audit, connection=connection))
    names = {run.source for run in own}
    return own + [run for run in current_runs(audit.person, connection) if run.source not in names]


def judge_connection(audit: Audit, gathered: Gathered, answers: Mapping[tuple[ItemKind, str], ItemAnswer]) -> None:
    before = compare.before(audit.person, gathered.connection)
    overtake_answers(before)
    evidence = evidence_from(audit.person, gathered, answers)
    checks = [CHECKS[c] for c in audit.only_checks if c in CHECKS] or list(CHECKS.values())
    judged = [Judged(check, verdict_of(check, evidence), evidence) for check in checks]
    findings = [write_finding(audit, gathered.connection, one, before) for one in judged]
    compare.write_changes(audit, gathered.connection, judged, findings, before)
    parties.write(audit.person, gathered.connection, evidence)


def overtake_answers(before: compare.Before) -> None:
    """An answer that all is well, which a later proof contradicted, does not come back when the proof is not renewed.

    The finding that held both stays as it was judged; from the next audit on only the proof, or a new answer, counts.
    """
    for finding in before.findings.values():
        if finding.verdict != VerdictState.NEEDS_LOOK or finding.strength != Strength.PROVES:
            continue
        newest = AnswerToCheck.objects.filter(
            person=finding.person_id, connection=finding.connection_id, check_id=finding.check_id, overtaken=False
        ).first()
        contradicted = newest and newest.answer is ToldAnswer.AS_IT_SHOULD_BE
        if newest and contradicted and finding.seen_at and newest.answered_at < finding.seen_at:
            AnswerToCheck.objects.filter(pk=newest.pk).update(overtaken=True)


def verdict_of(check: Check, evidence: Evidence) -> Verdict:
    """The rule's verdict. A rule that breaks is our mistake, and the truth is then: could not tell."""
    try:
        return check.judge(evidence)
    except Exception as error:
        logger.exception("rule %s broke: %s", check.id, type(error).__name__)
        return Verdict(state=VerdictState.COULD_NOT_TELL, reason=Why.OUR_FAULT.value)


def write_finding(audit: Audit, connection: Connection | None, judged: Judged, before: compare.Before) -> Finding:
    """A new Finding; the one before it is no longer current."""
    Finding.objects.filter(person=audit.person, connection=connection, check_id=judged.check.id, current=True).update(
        current=False
    )
    finding = Finding(audit=audit, person=audit.person, connection=connection, check_id=judged.check.id)
    fill(finding, judged, left_at(audit.person, connection, judged.check.id))
    finding.save()
    rows = item_rows(finding, judged, before)
    finding.new_count = sum(1 for row in rows if row.new)
    Finding.objects.filter(pk=finding.pk).update(new_count=finding.new_count)
    Item.objects.bulk_create(rows, batch_size=500)
    return finding


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


def left_at(person: Person, connection: Connection | None, check_id: str) -> datetime | None:
    """When the Person left this check for now, if that is still the newest answer."""
    newest = AnswerToCheck.objects.filter(person=person, connection=connection, check_id=check_id).first()
    return newest.answered_at if newest and newest.answer is ToldAnswer.LEAVE else None


def item_rows(finding: Finding, judged: Judged, before: compare.Before) -> list[Item]:
    known, rows = before.items(judged.check.id), []
    first_time = not before.could_see(judged)
    for place, item in enumerate(judged.verdict.items[:MOST_ITEMS]):
        key = item_key(finding.person_id, item)
        earlier = known.get(key)
        row = Item(
            finding=finding,
            person_id=finding.person_id,
            kind=item.kind.value,
            key=key,
            place=place,
            new=earlier is None and not first_time,
            first_seen_at=earlier.first_seen_at if earlier else finding.judged_at,
        )
        row.content = item_content(item)
        rows.append(row)
    return rows


def item_key(person_id: int, item: SeenItem) -> str:
    """Stable across audits and checks, and of no use to anybody else."""
    return lookup_key("item", str(person_id), item.kind.value, item.identity)


def item_content(item: SeenItem) -> dict[str, object]:
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
    for connection_id, source in own.values_list("connection_id", "source"):
        SourceRun.objects.filter(person=audit.person, connection_id=connection_id, source=source, current=True).exclude(
            audit=audit
        ).update(current=False)
    own.update(current=True)


def drop_findings_of_gone_connections(person: Person, connections: Sequence[Connection | None]) -> None:
    """Findings made before any account was connected end once there is one."""
    if None not in connections:
        Finding.objects.filter(person=person, connection=None, current=True).update(current=False)


def judge_again(finding: Finding) -> None:
    """Judge a current finding anew from kept facts and today's answers. Its items stay as they were seen."""
    check = CHECKS.get(finding.check_id)
    if check is None or not finding.current:
        return
    gathered = gather(finding.connection, current_runs(finding.person, finding.connection, check.sources))
    evidence = evidence_from(finding.person, gathered, item_answers(finding.person))
    judged = Judged(check, verdict_of(check, evidence), evidence)
    fill(finding, judged, left_at(finding.person, finding.connection, check.id))
    finding.save()
