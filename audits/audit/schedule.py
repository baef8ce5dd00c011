"""What a Person chose: that we look again by ourselves, when, and whether it rests.

It rests because the Person said so, or because no account is connected that lets us look; then it goes on by itself as
soon as one does. Beginning what is due is the work of due.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from audits.audit.next_time import next_after, zone_of
from audits.models import Connection, ConnectionState, Every, PausedBy, Person, Schedule, TimelineEntry

CHOSEN, TURNED_OFF = "schedule_chosen", "schedule_off"
PAUSED, WENT_ON = "schedule_paused", "schedule_went_on"
LOST, FOUND = "schedule_lost", "schedule_found"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """`weekday` (0: Monday) is for weeks, `day` (1 to 31) for months, `hour` (0 to 23) on the Person's clock."""

    every: Every
    weekday: int | None = None
    day: int | None = None
    hour: int


def schedule_of(person: Person) -> Schedule | None:
    return Schedule.objects.filter(person=person).first()


def choose(person: Person, choice: Choice) -> Schedule:
    """Keep what was chosen. A schedule that the Person paused goes on: they have just asked for it."""
    weekly = choice.every is Every.WEEK
    chosen = {
        "every": choice.every,
        "weekday": choice.weekday if weekly else None,
        "day": None if weekly else choice.day,
        "hour": choice.hour,
    }
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)  # two windows at once: one waits for the other
        schedule = Schedule.objects.filter(person=person).first() or Schedule(person=person)
        for name, value in chosen.items():
            setattr(schedule, name, value)
        _set_going(schedule, person) if _may_look(person) else rest(schedule, PausedBy.CONNECTION)
        schedule.save()
        _note(person, CHOSEN)
    return schedule


def turn_off(person: Person) -> None:
    with transaction.atomic():
        deleted, _ = Schedule.objects.filter(person=person).delete()
        if deleted:
            _note(person, TURNED_OFF)


def pause(person: Person) -> None:
    """The Person wants it to rest, whatever becomes of their accounts."""
    with transaction.atomic():
        schedule = _locked(person)
        if schedule is None or schedule.paused_by == PausedBy.PERSON:
            return
        rest(schedule, PausedBy.PERSON)
        schedule.save()
        _note(person, PAUSED)


def go_on(person: Person) -> None:
    """The Person ends their own pause."""
    with transaction.atomic():
        schedule = _locked(person)
        if schedule is None or schedule.paused_by != PausedBy.PERSON:
            return
        _set_going(schedule, person) if _may_look(person) else rest(schedule, PausedBy.CONNECTION)
        schedule.save()
        _note(person, WENT_ON)


def follow_accounts(person: Person) -> None:
    """Call it when an account was connected, was lost or has left. What the Person paused stays paused.

    Nothing is locked where nothing changes. One query then, two for who has a schedule.
    """
    schedule = schedule_of(person)
    if schedule is None or not _out_of_step(schedule, person):
        return
    with transaction.atomic():
        schedule = _locked(person)
        if schedule is None or not _out_of_step(schedule, person):
            return
        if schedule.paused_by == PausedBy.CONNECTION:
            _set_going(schedule, person)
            _note(person, FOUND)
        else:
            rest(schedule, PausedBy.CONNECTION)
            _note(person, LOST)
        schedule.save()


def move(person: Person) -> None:
    """The Person's clock is another one now: the same hour, on that clock."""
    with transaction.atomic():
        schedule = _locked(person)
        if schedule is not None and not schedule.paused_by:
            _set_going(schedule, person)
            schedule.save()


def take_along(source: Person, target: Person) -> None:
    """Two records become one: the schedule of `target` counts; where there is none, that of `source` goes along."""
    if Schedule.objects.filter(person=target).exists():
        return
    if Schedule.objects.filter(person=source).update(person=target):
        move(target)
        follow_accounts(target)


def rest(schedule: Schedule, why: PausedBy) -> None:
    """Does not save."""
    schedule.next_at, schedule.paused_at, schedule.paused_by = None, timezone.now(), why


def lost(people: Iterable[Person], at: datetime) -> list[TimelineEntry]:
    """Entries, not saved: no account of theirs lets us look any more."""
    return [TimelineEntry(person=person, kind=LOST, at=at) for person in people]


def _set_going(schedule: Schedule, person: Person) -> None:
    schedule.next_at = next_after(schedule, timezone.now(), zone_of(person))
    schedule.paused_at, schedule.paused_by = None, ""


def _out_of_step(schedule: Schedule, person: Person) -> bool:
    if schedule.paused_by == PausedBy.PERSON:
        return False
    return _may_look(person) == (schedule.paused_by == PausedBy.CONNECTION)


def _may_look(person: Person) -> bool:
    return Connection.objects.filter(person=person, state=ConnectionState.WORKING).exists()


def _locked(person: Person) -> Schedule | None:
    return Schedule.objects.select_for_update().filter(person=person).first()


def _note(person: Person, kind: str) -> None:
    TimelineEntry.objects.create(person=person, kind=kind, at=timezone.now())
