"""What the Person answers counts at once: the finding is judged again from the facts that are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from audits.audit.judge import judge_again
from audits.audit.naming import name_things
from audits.checks.catalogue import CHECKS
from audits.facts import ItemAnswer, Rung, ToldAnswer
from audits.models import AnswerToCheck, AnswerToItem, Finding, Item, Person


def answer_items(person: Person, finding: Finding, answers: Mapping[str, ItemAnswer]) -> int:
    """Keep answers to items of this finding (by item key) and judge again. Returns how many were kept."""
    now = timezone.now()
    with transaction.atomic():
        items = Item.objects.filter(finding=finding, person=person, key__in=list(answers))
        rows = [_answer(item, answers[item.key], now) for item in items]
        AnswerToItem.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["person", "item_key"],
            update_fields=["answered_at", "meaning_sealed"],
        )
        judge_others(person, finding, [row.item_key for row in rows])
    return len(rows)


def _answer(item: Item, answer: ItemAnswer, now: datetime) -> AnswerToItem:
    row = AnswerToItem(person_id=item.person_id, item_key=item.key, answered_at=now)
    row.meaning = {"kind": item.kind, "identity": item.content["identity"], "answer": answer.value}
    return row


def judge_others(person: Person, finding: Finding, keys: Sequence[str]) -> None:
    """The same app or file may stand in other findings: all of them are judged again."""
    touched = Finding.objects.filter(person=person, current=True, items__key__in=keys).distinct()
    for one in {finding.pk: finding, **{found.pk: found for found in touched}}.values():
        judge_again(one)


def answer_check(
    person: Person,
    finding: Finding,
    answer: ToldAnswer,
    again_on: date | None = None,
    names: Sequence[str] = (),
) -> None:
    """Keep what the Person saw on a guided check, with the date.

    `again_on`: when they want to look again. `names`, tidied: what they found there, where names mean something.
    """
    with transaction.atomic():
        told = CHECKS[finding.check_id].words.told
        if names and told and told.items:
            name_things(finding, told.items, names, Rung.TOLD)
        row = AnswerToCheck(
            person=person,
            connection=finding.connection,
            check_id=finding.check_id,
            answered_at=timezone.now(),
            again_on=again_on,
        )
        row.told = {"answer": answer.value}
        row.save()
        judge_again(finding)


def keep_pasted(finding: Finding, names: Sequence[str]) -> int:
    """Keep names that were ticked on a pasted page, and judge again. Returns how many there was room for."""
    pasted = CHECKS[finding.check_id].words.pasted
    if pasted is None:
        return 0
    with transaction.atomic():
        kept = name_things(finding, pasted.items, names, Rung.PASTED)
        judge_again(finding)
    return kept


def leave(person: Person, finding: Finding) -> None:
    """*Leave this as it is for now*: a safe answer, kept with its date."""
    answer_check(person, finding, ToldAnswer.LEAVE)


def take_up_again(person: Person, finding: Finding) -> None:
    """Undo *leave it for now*: the answer before it counts again."""
    with transaction.atomic():
        newest = AnswerToCheck.objects.filter(
            person=person, connection=finding.connection, check_id=finding.check_id
        ).first()
        if newest is not None and newest.answer is ToldAnswer.LEAVE:
            newest.delete()
        judge_again(finding)
