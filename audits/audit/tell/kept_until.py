"""What is kept of one Person, and until when, with the real days of what is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from audits.audit import purging
from audits.audit.tell.sentences import day_and_year
from audits.models import (
    AnswerToCheck,
    AnswerToItem,
    CallWord,
    Export,
    Finding,
    HelpSession,
    Person,
    PhotoPick,
    Record,
    SessionNote,
    SourceRun,
    Summary,
    TimelineEntry,
)


@dataclass(frozen=True, kw_only=True)
class KeptLine:
    """`there`: what there is, with its days; `until`: when it goes."""

    name: str
    there: str
    until: str


def kept_until(person: Person) -> tuple[KeptLine, ...]:
    """Only what there is. A constant number of queries."""
    parts = (
        _seen,
        _now,
        _answers,
        _before,
        _changes,
        _entries,
        _photos,
        _exports,
        _months,
        _records,
        _helped,
        _after,
        _words,
    )
    return tuple(line for part in parts for line in part(person))


def _span(rows: Any, at: str) -> tuple[int, datetime | None, datetime | None]:
    found = rows.aggregate(count=Count("pk"), first=Min(at), last=Max(at))
    return found["count"], found["first"], found["last"]


def _seen(person: Person) -> Iterator[KeptLine]:
    _, first, last = _span(SourceRun.objects.filter(person=person).exclude(facts_sealed=None), "seen_at")
    if first and last:
        yield KeptLine(
            name=gettext("What Google told us"),
            there=_from_to(first, last),
            until=ngettext(
                "Until the next {count} look at everything is done.",
                "Until the next {count} looks at everything are done.",
                settings.KEEP_AUDITS,
            ).format(count=settings.KEEP_AUDITS)
            + " "
            + gettext("What we read last stays, until you close its look or disconnect the account."),
        )


def _now(person: Person) -> Iterator[KeptLine]:
    count, first, last = _span(Finding.objects.filter(person=person, current=True), "judged_at")
    if first and last:
        yield KeptLine(
            name=gettext("What each check came to last"),
            there=ngettext("{count} check. {days}", "{count} checks. {days}", count).format(
                count=count, days=_from_to(first, last)
            ),
            until=gettext("Until it comes to something newer. It never goes by its age."),
        )


def _answers(person: Person) -> Iterator[KeptLine]:
    checks, _, _ = _span(AnswerToCheck.objects.filter(person=person), "answered_at")
    items, _, _ = _span(AnswerToItem.objects.filter(person=person), "answered_at")
    if checks or items:
        yield KeptLine(
            name=gettext("Your answers"),
            there=ngettext("{count} answer.", "{count} answers.", checks + items).format(count=checks + items),
            until=gettext("The newest to each thing stays. {older}").format(older=_by_month(_oldest_answer(person))),
        )


def _oldest_answer(person: Person) -> datetime | None:
    """Of those that no longer count."""
    return _span(purging.answers(timezone.now()).filter(person=person), "answered_at")[1]


def _before(person: Person) -> Iterator[KeptLine]:
    _, first, last = _span(Finding.objects.filter(person=person, current=False), "judged_at")
    if first and last:
        yield KeptLine(name=gettext("What checks came to before"), there=_from_to(first, last), until=_by_month(first))


def _changes(person: Person) -> Iterator[KeptLine]:
    count, first, last = _span(purging.changes(timezone.now()).filter(person=person), "at")
    if first and last:
        there = ngettext("{count} change. {days}", "{count} changes. {days}", count)
        yield KeptLine(
            name=gettext("What changed"),
            there=there.format(count=count, days=_from_to(first, last)),
            until=_by_month(first),
        )


def _entries(person: Person) -> Iterator[KeptLine]:
    _, first, last = _span(TimelineEntry.objects.filter(person=person), "at")
    if first and last:
        yield KeptLine(name=gettext("What you did here"), there=_from_to(first, last), until=_by_day(first))


def _photos(person: Person) -> Iterator[KeptLine]:
    _, first, last = _span(PhotoPick.objects.filter(person=person).exclude(picked_at=None), "picked_at")
    if first and last:
        yield KeptLine(name=gettext("Photos you chose to show us"), there=_from_to(first, last), until=_by_day(first))


def _exports(person: Person) -> Iterator[KeptLine]:
    _, first, last = _span(Export.objects.filter(person=person).exclude(read_at=None), "created_at")
    if first and last:
        name = gettext("Lists of your phones and browser")
        yield KeptLine(name=name, there=_from_to(first, last), until=_by_day(first))


def _months(person: Person) -> Iterator[KeptLine]:
    found = Summary.objects.filter(person=person).aggregate(first=Min("month"), last=Max("month"))
    if found["first"]:
        yield KeptLine(
            name=gettext("Numbers of earlier months, without names"),
            there=gettext("{first} to {last}.").format(
                first=date_format(found["first"], "F Y"), last=date_format(found["last"], "F Y")
            ),
            until=gettext("Until you delete everything."),
        )


def _records(person: Person) -> Iterator[KeptLine]:
    count, first, last = _span(Record.objects.filter(person=person), "kept_at")
    if first and last:
        there = ngettext("{count} record. {days}", "{count} records. {days}", count)
        yield KeptLine(
            name=gettext("Records you kept"),
            there=there.format(count=count, days=_from_to(first, last)),
            until=gettext("Until you delete them. They never go by their age."),
        )


def _helped(person: Person) -> Iterator[KeptLine]:
    count, first, last = _span(HelpSession.objects.filter(person=person), "asked_at")
    if first and last:
        there = ngettext("{count} session. {days}", "{count} sessions. {days}", count)
        yield KeptLine(
            name=gettext("Sessions with a helpline, and who looked at what"),
            there=there.format(count=count, days=_from_to(first, last)),
            until=gettext(
                "Until you delete everything. Then only this stays: that a session happened, its times, the helper, "
                "and how it ended. Nothing there leads to you."
            ),
        )


def _after(person: Person) -> Iterator[KeptLine]:
    _, first, last = _span(SessionNote.objects.filter(person=person), "made_at")
    if first and last:
        yield KeptLine(
            name=gettext("What stays with you of sessions"),
            there=_from_to(first, last),
            until=gettext("Until you delete it, session by session. It never goes by its age."),
        )


def _words(person: Person) -> Iterator[KeptLine]:
    _, first, last = _span(CallWord.objects.filter(person=person), "made_at")
    if first and last:
        yield KeptLine(
            name=gettext("The word by which you and a helpline know each other"),
            there=_from_to(first, last),
            until=gettext("Until you take a new one, or delete everything."),
        )


# --------------------------------------------------------------------------- days


def _from_to(first: datetime, last: datetime) -> str:
    begin, end = day_and_year(first), day_and_year(last)
    if begin == end:
        return gettext("Of {day}.").format(day=begin)
    return gettext("Of {first} to {last}.").format(first=begin, last=end)


def _by_month(oldest: datetime | None) -> str:
    """A whole month goes at once, so that its numbers can be left."""
    if oldest is None:
        return ""
    return _goes(purging.goes_on(oldest))


def _by_day(oldest: datetime) -> str:
    return _goes(oldest + timedelta(days=settings.KEEP_HISTORY_DAYS))


def _goes(at: datetime) -> str:
    """It goes at the next beat, or the one after: a day is near enough."""
    if at <= timezone.now():
        return gettext("The oldest goes within a day.")
    return gettext("The oldest goes on {day}, the others after it.").format(day=day_and_year(at))
