"""When we look again by ourselves, in words."""

from __future__ import annotations

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext

from audits.audit.next_time import zone_of
from audits.audit.schedule import schedule_of
from audits.audit.tell.shapes import ByItself
from audits.models import Every, PausedBy, Person, Schedule


def by_itself(person: Person) -> ByItself | None:
    """None: we look only when the Person asks. One query."""
    return told_of(schedule_of(person), person)


def told_of(schedule: Schedule | None, person: Person) -> ByItself | None:
    """The same, where the schedule is at hand."""
    if schedule is None:
        return None
    return ByItself(
        rhythm=_rhythm(schedule),
        next=_next(schedule, person),
        paused=schedule.paused_by == PausedBy.PERSON,
        lost=schedule.paused_by == PausedBy.CONNECTION,
    )


def _next(schedule: Schedule, person: Person) -> str:
    """On the clock that the schedule goes by, which is said."""
    if schedule.next_at is None:
        return ""
    local = schedule.next_at.astimezone(zone_of(person))
    text = gettext("{day}, about {time}").format(day=date_format(local, "l j F"), time=date_format(local, "H:i"))
    return text if person.time_zone else gettext("{text} UTC").format(text=text)


def _rhythm(schedule: Schedule) -> str:
    if schedule.every == Every.WEEK:
        return gettext("Every week, on {weekday}").format(weekday=WEEKDAYS[schedule.weekday or 0])
    if (schedule.day or 1) < 29:
        return gettext("Every month, on day {number}").format(number=schedule.day or 1)
    return gettext("Every month, on day {number}, or the last day of a shorter month").format(number=schedule.day)


def zone_name(zone: str) -> str:
    """ "Europe, London" """
    return zone.replace("_", " ").replace("/", ", ")
