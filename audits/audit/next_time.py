"""When the next look is due: the Person's own clock and calendar, turned into one moment. No database."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from audits.models import Every, Person, Schedule
from audits.models.sealing import lookup_key
from privacy_audit.security.local_time import zones

A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)


def zone_of(person: Person) -> ZoneInfo:
    """The zone that is kept of this Person; UTC where there is none, or none that is known any more."""
    return ZoneInfo(person.time_zone if person.time_zone in zones() else "UTC")


def next_after(schedule: Schedule, now: datetime, zone: tzinfo) -> datetime:
    """The first moment after `now` (aware) that this schedule names on the clock of `zone`. In UTC.

    Each Person has a minute of their own within the hour, so that not all are due on its stroke.
    """
    yesterday = now.astimezone(zone).date() - A_DAY  # an hour that is left out may end on the next day
    days = _weekdays(schedule, yesterday) if schedule.every == Every.WEEK else _days_of_months(schedule, yesterday)
    own = timedelta(minutes=own_minute(schedule.person_id))
    moments = (first_at(datetime.combine(day, time(schedule.hour)), zone) + own for day in days)
    return next(moment for moment in moments if moment > now)


def own_minute(person_id: int) -> int:
    """0 to 59: always the same for one Person, and nothing that tells who it is."""
    return int(lookup_key("minute of a schedule", str(person_id)), 16) % 60


def first_at(wall: datetime, zone: tzinfo) -> datetime:
    """The moment (in UTC) at which a clock in `zone` first shows `wall` (naive), or, where it leaves that out, more."""
    moment = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if _shown(moment, zone) == wall:
        return moment
    moment = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)  # before the clock was put forward
    while _shown(moment, zone) < wall:
        moment += A_MINUTE
    return moment


def _shown(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def _weekdays(schedule: Schedule, since: date) -> Iterator[date]:
    day = since + ((schedule.weekday or 0) - since.weekday()) % 7 * A_DAY
    while True:
        yield day
        day += 7 * A_DAY


def _days_of_months(schedule: Schedule, since: date) -> Iterator[date]:
    """A month that is too short has it on its last day."""
    year, month = since.year, since.month
    while True:
        yield date(year, month, min(schedule.day or 1, monthrange(year, month)[1]))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
