"""What is old goes by itself, also of people who never come back. What is so now, and what still counts, stays.

Findings, changes, audits and answers go by whole months, once a month is older than KEEP_HISTORY_DAYS; its Summary is
written in the same transaction. Who is killed in between leaves a month as it was. Any number of processes may do this
at once: a Person is locked for each month, and whom another has is left for later.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError, transaction
from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from audits.audit import summing
from audits.audit.unseen import SILENT, WAITING
from audits.models import (
    ACTIVE,
    Alert,
    AlertState,
    AnswerToCheck,
    Audit,
    Change,
    ChangeKind,
    Finding,
    Person,
    PhotoPick,
    SourceRun,
    TimelineEntry,
)

logger = logging.getLogger(__name__)

MANY = 200  # people at a time
MANY_SESSIONS = 1_000

Old = Callable[[datetime], QuerySet[Any]]


def oldest_kept() -> datetime:
    """What is older goes."""
    return timezone.now() - timedelta(days=settings.KEEP_HISTORY_DAYS)


def goes_on(moment: datetime) -> datetime:
    """When a finding, change, audit or answer of this moment goes: when all of its month is old."""
    return summing.first_of_next(summing.first_of_month(moment)) + timedelta(days=settings.KEEP_HISTORY_DAYS)


# --------------------------------------------------------------------------- what goes

# Each gives the rows older than a moment, of everybody. None of them is part of how things are now.


def changes(before: datetime) -> QuerySet[Change]:
    """What could not be compared yet is needed for the next look (see unseen.py)."""
    return Change.objects.filter(at__lt=before).exclude(_waits())


def _waits() -> Q:
    return Q(kind=ChangeKind.BLIND, item_key__in=(WAITING, SILENT))


def findings(before: datetime) -> QuerySet[Finding]:
    return Finding.objects.filter(current=False, judged_at__lt=before)


def answers(before: datetime) -> QuerySet[AnswerToCheck]:
    """Those after which another was given that counts. The newest of a check stays in any case."""
    rows = AnswerToCheck.objects.annotate(account=Coalesce("connection_id", 0))
    same = Q(person=OuterRef("person"), account=OuterRef("account"), check_id=OuterRef("check_id"))
    newer = Q(answered_at__gt=OuterRef("answered_at")) | Q(answered_at=OuterRef("answered_at"), pk__gt=OuterRef("pk"))
    later = rows.filter(same, newer)
    replaced = Exists(later.filter(overtaken=False)) | Q(Exists(later), overtaken=True)
    return rows.filter(replaced, answered_at__lt=before)


def audits(before: datetime) -> QuerySet[Audit]:
    """With all that hangs on them. One from which something is judged, shown or compared still is not old."""
    found = Audit.objects.filter(created_at__lt=before).exclude(state__in=ACTIVE)
    found = found.annotate(ended_at=Coalesce("finished_at", "created_at")).filter(ended_at__lt=before)
    return found.filter(
        ~Exists(Finding.objects.filter(audit=OuterRef("pk"), current=True)),
        ~Exists(SourceRun.objects.filter(audit=OuterRef("pk"), current=True)),
        ~Exists(Change.objects.filter(_waits(), audit=OuterRef("pk"))),
    )


def entries(before: datetime) -> QuerySet[TimelineEntry]:
    return TimelineEntry.objects.filter(at__lt=before)


def picks(before: datetime) -> QuerySet[PhotoPick]:
    return PhotoPick.objects.filter(picked_at__lt=before)


def alerts(before: datetime) -> QuerySet[Alert]:
    return Alert.objects.filter(made_at__lt=before).exclude(state=AlertState.WAITING)


BY_MONTH: Sequence[tuple[Old, str]] = (
    (changes, "at"),
    (findings, "judged_at"),
    (answers, "answered_at"),
    (audits, "ended_at"),
)
BY_DAY: Sequence[Old] = (entries, picks, alerts)


# --------------------------------------------------------------------------- whose


def due() -> QuerySet[Person]:
    """Who has something that goes. Nothing of somebody is as old as that who is not here as long."""
    by_day = oldest_kept()
    by_month = summing.first_of_month(by_day)
    old = [rows(by_day) for rows in BY_DAY] + [rows(by_month) for rows, _ in BY_MONTH]
    found = Q()
    for rows in old:
        found |= Q(Exists(rows.order_by().filter(person=OuterRef("pk"))))
    return Person.objects.filter(found, created_at__lt=by_day)


def purge_some(most: int = MANY) -> int:
    """Purge up to `most` people. Returns how many; one whose rows cannot be deleted does not stop the others."""
    people = list(due().order_by("pk")[:most])
    for person in people:
        try:
            purge(person)
        except DatabaseError as error:
            logger.warning("old rows of one person stay for now: %s", type(error).__name__)
    return len(people)


def purge(person: Person) -> None:
    by_day = oldest_kept()
    before = summing.first_of_month(by_day)
    while (first := _oldest_month(person, before)) is not None:
        if not _close(person, first):
            return
    with transaction.atomic():
        for rows in BY_DAY:
            rows(by_day).filter(person=person).delete()


def _oldest_month(person: Person, before: datetime) -> datetime | None:
    """The first moment of the oldest month in which something goes."""
    oldest = [rows(before).filter(person=person).aggregate(at=Min(F(at)))["at"] for rows, at in BY_MONTH]
    return min((summing.first_of_month(at) for at in oldest if at is not None), default=None)


def _close(person: Person, first: datetime) -> bool:
    """Sum one month up and let its rows go. False when another process has this Person."""
    with transaction.atomic():
        if not Person.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=person.pk):
            return False
        summing.sum_up(person, first)
        for rows, _ in BY_MONTH:
            rows(summing.first_of_next(first)).filter(person=person).delete()
    return True


# --------------------------------------------------------------------------- sessions


def end_old_sessions(most: int = MANY_SESSIONS) -> int:
    """Sessions whose time is over open nothing, but what was left in them would stay."""
    old = Session.objects.filter(expire_date__lt=timezone.now()).order_by("expire_date").values("pk")[:most]
    deleted, _ = Session.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
    return deleted
