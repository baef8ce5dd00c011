"""When a reminder may come: not within the hours that the Person wants to be quiet, on their clock. No database."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

from audits.audit.next_time import first_at

A_DAY = timedelta(days=1)


def after_quiet(moment: datetime, start: int, end: int, zone: tzinfo) -> datetime:
    """`moment` (aware), or, within quiet hours from `start` to `end` (0 to 23), their end. The same hour: none."""
    local = moment.astimezone(zone)
    if not is_quiet(local.hour, start, end):
        return moment
    ends = (first_at(datetime.combine(local.date() + days * A_DAY, time(end)), zone) for days in (0, 1))
    return next(one for one in ends if one > moment)


def is_quiet(hour: int, start: int, end: int) -> bool:
    return start <= hour < end if start <= end else hour >= start or hour < end
