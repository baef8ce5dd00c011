"""Begin the looks that are due by themselves. Any number of processes may do so at the same time.

One batch is one transaction: it moves each schedule on and queues the audit. A process that is killed before it
commits leaves everything due; what it committed is queued, and the sweep finds it even if no worker was woken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from audits.audit.next_time import next_after, zone_of
from audits.audit.schedule import lost
from audits.models import Audit, AuditState, Connection, ConnectionState, PausedBy, Schedule, TimelineEntry, Trigger


class TakenMeanwhile(Exception):
    """Another process took some of these. Nothing of this batch was written."""


@dataclass(frozen=True)
class Batch:
    """`audits`: ids of those that were queued; a worker should be woken for each. `more`: there may be more due."""

    audits: tuple[int, ...]
    more: bool


def room() -> int:
    """How many more may be queued now. The others stay due: who presses *look now* shall not wait behind them all."""
    queued = Audit.objects.filter(state=AuditState.QUEUED, trigger=Trigger.SCHEDULE).count()
    return settings.SCHEDULE_WAITING - queued


def claim(most: int) -> Batch:
    """Take up to `most` schedules that are due, the longest due first. Somebody who is due for days is due once."""
    with transaction.atomic(durable=True):
        now = timezone.now()
        taken = list(due(now)[:most])
        may = _may_look(taken)
        audits = _start([one for one in taken if one.person_id in may], now)
        _pause([one for one in taken if one.person_id not in may], now)
    return Batch(audits, more=len(taken) == most)


def due(now: datetime) -> QuerySet[Schedule]:
    """Locked, with their people: who is about to be deleted, or to be joined with another record, is left for later."""
    found = Schedule.objects.select_related("person").filter(next_at__lte=now, person__is_active=True)
    found = found.only("every", "weekday", "day", "hour", "person__time_zone")
    return found.order_by("next_at").select_for_update(skip_locked=True, no_key=True, of=("self", "person"))


def _may_look(taken: Sequence[Schedule]) -> set[int]:
    people = [one.person_id for one in taken]
    working = Connection.objects.filter(person__in=people, state=ConnectionState.WORKING)
    return set(working.order_by().values_list("person_id", flat=True))


def _start(taken: Sequence[Schedule], now: datetime) -> tuple[int, ...]:
    """An audit for each, but for who has an active one: for them the schedule moves on and nothing else happens."""
    if not taken:
        return ()
    _move_on(taken, now)
    audits = [Audit(person_id=one.person_id, trigger=Trigger.SCHEDULE, created_at=now) for one in taken]
    Audit.objects.bulk_create(audits, ignore_conflicts=True)
    queued = Audit.objects.filter(public_id__in=[audit.public_id for audit in audits])
    return tuple(queued.order_by("pk").values_list("pk", flat=True))


def _move_on(taken: Sequence[Schedule], now: datetime) -> None:
    """Each has a moment of its own. (The ORM's one large CASE takes longer to put together than all else here.)"""
    write = connection.ops.adapt_datetimefield_value
    moments = [(next_after(one, now, zone_of(one.person)), one.pk) for one in taken]
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE audits_schedule SET next_at = %s, last_at = %s WHERE id = %s AND next_at <= %s",
            [(write(moment), write(now), pk, write(now)) for moment, pk in moments],
        )
        _all_of(cursor.rowcount, taken)


def _pause(taken: Sequence[Schedule], now: datetime) -> None:
    """Where no account lets us look it is said once, and goes on when one does."""
    if not taken:
        return
    still_due = Schedule.objects.filter(pk__in=[one.pk for one in taken], next_at__lte=now)
    _all_of(still_due.update(next_at=None, paused_at=now, paused_by=PausedBy.CONNECTION), taken)
    TimelineEntry.objects.bulk_create(lost((one.person for one in taken), now))


def _all_of(written: int, taken: Sequence[Schedule]) -> None:
    """Only while they are still due: on a database that does not lock rows no two processes have the same one."""
    if written != len(taken):
        raise TakenMeanwhile
