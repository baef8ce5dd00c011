"""A reminder for the Person's own calendar: a file that says when, and nothing of what for. No link, no name."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo
from uuid import uuid4

from django.utils import timezone

from audits.audit.alert_mail import text_in
from audits.audit.next_time import next_after
from audits.audit.quiet_hours import after_quiet
from audits.models import AlertChoice, Every, Person, Schedule

NOON, AN_HOUR, A_DAY = time(12), timedelta(hours=1), timedelta(days=1)


def calendar_file(person: Person, schedule: Schedule | None, choice: AlertChoice | None, zone: tzinfo) -> bytes:
    """Every week, or as often as we look by ourselves, an hour after that and outside quiet hours.

    Times have no zone: a calendar shows them on its own clock, wherever that is.
    """
    look = next_after(schedule, timezone.now(), zone).astimezone(zone) if schedule else _tomorrow(zone)
    start = (look + AN_HOUR).replace(minute=0) if schedule else look
    if choice is not None:
        start = after_quiet(start, choice.quiet_from, choice.quiet_to, zone).astimezone(zone)
    subject = text_in(person.language).subject
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Reminder//1//EN",
        "BEGIN:VEVENT",
        f"UID:{uuid4()}",
        f"DTSTAMP:{timezone.now():%Y%m%dT%H%M%SZ}",
        f"DTSTART:{start:%Y%m%dT%H%M%S}",
        f"RRULE:{_rule(schedule, look, start)}",
        f"SUMMARY:{_escaped(subject)}",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escaped(subject)}",
        "TRIGGER:PT0M",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )
    return "\r\n".join(lines).encode()


def _tomorrow(zone: tzinfo) -> datetime:
    return datetime.combine(timezone.now().astimezone(zone).date() + A_DAY, NOON, zone)


def _rule(schedule: Schedule | None, look: datetime, start: datetime) -> str:
    """A month that is too short has it on its last day."""
    if schedule is None or schedule.every == Every.WEEK:
        return "FREQ=WEEKLY"
    day = (schedule.day or 1) if start.date() == look.date() else start.day
    if day <= 28:
        return "FREQ=MONTHLY"
    days = ",".join(str(one) for one in range(28, day + 1))
    return f"FREQ=MONTHLY;BYMONTHDAY={days};BYSETPOS=-1"


def _escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text
