"""Forget what came from some sources of a Connection, when the Person closes a look."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from audits.audit import parties, young
from audits.audit.evidence import current_runs, gather
from audits.audit.judge import judge_again
from audits.checks.catalogue import CHECKS, RULED
from audits.facts import CoverageState, Why
from audits.models import (
    Alert,
    AnswerToCheck,
    AnswerToItem,
    Change,
    Connection,
    Finding,
    Item,
    Person,
    Record,
    SourceRun,
    ToldItem,
)


def forget_sources(connection: Connection, sources: Collection[str]) -> None:
    """Delete facts of these sources and the items made from them; their checks are judged again without them."""
    with transaction.atomic():
        SourceRun.objects.filter(connection=connection, source__in=sources).delete()
        forget_findings(connection, sources)


def forget_findings(connection: Connection, sources: Collection[str]) -> None:
    """Delete what was made from the facts of these sources, and judge again from what is left."""
    person = connection.person
    touched = [c.id for c in CHECKS.values() if set(c.sources) & set(sources)]
    with transaction.atomic():
        Item.objects.filter(finding__connection=connection, finding__check_id__in=touched).delete()
        Change.objects.filter(connection=connection, check_id__in=touched).delete()
        Finding.objects.filter(connection=connection, check_id__in=touched, current=False).delete()
        for finding in Finding.objects.filter(connection=connection, check_id__in=touched, current=True):
            judge_again(finding)
        gathered = gather(connection, current_runs(person, connection))
        parties.write(person, connection, gathered.facts)


def forget_pictures(person: Person) -> None:
    """Somebody is under 18: delete what was seen, answered or kept of pictures and files, and of checks they only read.

    What was looked at says from now on why it is not.
    """
    checks = young.kept_back()
    with transaction.atomic():
        Record.objects.filter(person=person, check_id__in=checks).delete()
        Alert.objects.filter(person=person).delete()  # they may count what is to be forgotten
        _forget_answers(person, checks)
        for connection in Connection.objects.filter(person=person):
            _leave_out(connection)
            forget_findings(connection, young.OF_PICTURES_AND_FILES)
        Finding.objects.filter(person=person, check_id__in=checks).exclude(check_id__in=RULED).delete()
        for finding in Finding.objects.filter(person=person, current=True, check_id__in=checks):
            judge_again(finding)


def look_at_pictures_again(person: Person) -> None:
    """They are not under 18 after all: what was left out has simply not been opened."""
    for connection in Connection.objects.filter(person=person):
        forget_sources(connection, young.OF_PICTURES_AND_FILES)


def has_pictures(person: Person) -> bool:
    """Whether there is something for forget_pictures to delete."""
    checks = young.kept_back()
    runs = SourceRun.objects.filter(person=person, source__in=young.OF_PICTURES_AND_FILES)
    return (
        runs.exclude(why=Why.UNDER_18.value).exists()
        or Record.objects.filter(person=person, check_id__in=checks).exists()
        or AnswerToCheck.objects.filter(person=person, check_id__in=checks).exists()
        or ToldItem.objects.filter(person=person, check_id__in=checks).exists()
    )


def _leave_out(connection: Connection) -> None:
    """Runs stay as empty places that say why."""
    runs = SourceRun.objects.filter(connection=connection, source__in=young.OF_PICTURES_AND_FILES)
    runs.filter(current=False).delete()
    runs.update(
        state=CoverageState.REFUSED,
        why=Why.UNDER_18,
        detail="",
        fact_count=0,
        seen_at=timezone.now(),
        facts_sealed=None,
        cursor_sealed=None,
    )


def _forget_answers(person: Person, checks: Collection[str]) -> None:
    AnswerToCheck.objects.filter(person=person, check_id__in=checks).delete()
    ToldItem.objects.filter(person=person, check_id__in=checks).delete()
    answers = AnswerToItem.objects.filter(person=person)
    theirs = [one.pk for one in answers.iterator() if one.meaning["kind"] in young.PICTURES_AND_FILES]
    answers.filter(pk__in=theirs).delete()
