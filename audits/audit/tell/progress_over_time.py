"""How much was looked at, decided and different in each month. Numbers of the past, which are worth nothing by
themselves: no sum, no part of a whole, and nothing that grows because somebody lost access."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import dropwhile
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from audits.audit.tell.shapes import Bar, Month, OverTime
from audits.models import AnswerToCheck, AnswerToItem, Audit, AuditState, Change, ChangeKind, Finding, Person, Summary

MONTHS = 12
MOST_OLDER = 120
MOST_LOOKS = 1_000  # of twelve months
# What went is not counted: often the Person ended it, and that is no better than to leave it.
COUNTED = (ChangeKind.NEW, ChangeKind.BACK, ChangeKind.CHANGED)

# The picture, in its own units: a row for each month, in it three bars with their numbers.
WIDTH, LEFT, RIGHT = 360, 46, 320
ROW, BAR = 60, 15
KINDS = ("seen", "decided", "changed")


def over_time(person: Person) -> OverTime:
    """The last twelve months, from the first in which there was anything, and what is left of those before.

    Six queries.
    """
    firsts = _first_days(timezone.localdate())
    since = timezone.make_aware(datetime.combine(firsts[0], datetime.min.time()))
    looks, newest = _looks(person, since)
    seen = _items(newest)
    decided = _decided(person, since)
    changed = _by_month(Change.objects.filter(person=person, at__gte=since, kind__in=COUNTED), "at")
    months = [
        _month(
            first,
            looks=looks.get(first, 0),
            seen=seen.get(first, 0),
            decided=decided.get(first, 0),
            changed=changed.get(first, 0),
        )
        for first in firsts
    ]
    older = tuple(_older(person, firsts[0]))
    shown = months if older else list(dropwhile(_is_empty, months))
    most = max((_most(month) for month in shown), default=0)
    return OverTime(
        months=tuple(_drawn(month, row, most) for row, month in enumerate(reversed(shown))),
        older=older,
        width=WIDTH,
        height=len(shown) * ROW,
        title=gettext("Things looked at, answers given, and things that were new or different, by month"),
    )


def _is_empty(month: Month) -> bool:
    return not month.looks and not _most(month)


def _first_days(today: date) -> list[date]:
    """The first day of this month and of the eleven before it, the newest last."""
    numbers = range(today.year * 12 + today.month - MONTHS, today.year * 12 + today.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _by_month(rows: QuerySet[Any], at: str) -> Mapping[date, int]:
    counted = rows.order_by().annotate(month=TruncMonth(at)).values_list("month").annotate(Count("pk"))
    return {month.date(): count for month, count in counted}


def _looks(person: Person, since: datetime) -> tuple[Mapping[date, int], Mapping[int, date]]:
    """Looks by month, and the last look at everything of each month."""
    looks: dict[date, int] = {}
    newest: dict[date, int] = {}
    found = Audit.objects.filter(person=person, state=AuditState.FINISHED, finished_at__gte=since)
    for pk, finished_at, only in found.values_list("pk", "finished_at", "only_checks")[:MOST_LOOKS]:
        month = timezone.localdate(finished_at).replace(day=1)
        looks[month] = looks.get(month, 0) + 1
        if not only:
            newest.setdefault(month, pk)
    return looks, {pk: month for month, pk in newest.items()}


def _items(newest: Mapping[int, date]) -> Mapping[date, int]:
    sums = Finding.objects.filter(audit__in=list(newest)).order_by().values_list("audit").annotate(Sum("item_count"))
    return {newest[pk]: count for pk, count in sums}


def _decided(person: Person, since: datetime) -> Mapping[date, int]:
    """Answers to checks, and to items (of which the newest is kept)."""
    checks = _by_month(AnswerToCheck.objects.filter(person=person, answered_at__gte=since), "answered_at")
    items = _by_month(AnswerToItem.objects.filter(person=person, answered_at__gte=since), "answered_at")
    return {month: checks.get(month, 0) + items.get(month, 0) for month in {*checks, *items}}


def _older(person: Person, before: date) -> Iterable[Month]:
    for summary in Summary.objects.filter(person=person, month__lt=before)[:MOST_OLDER]:
        numbers = summary.numbers
        yield _month(
            summary.month,
            looks=int(numbers.get("audits", 0)),
            seen=int(numbers.get("items", 0)),
            decided=int(numbers.get("decided", 0)),
            changed=int(numbers.get("changes", 0)),
        )


def _month(first: date, *, looks: int, seen: int, decided: int, changed: int) -> Month:
    return Month(
        name=date_format(first, "F Y"),
        short=date_format(first, "M"),
        looks=looks,
        seen=seen,
        decided=decided,
        changed=changed,
    )


# --------------------------------------------------------------------------- the picture


def _most(month: Month) -> int:
    return max(month.seen, month.decided, month.changed)


def _drawn(month: Month, row: int, most: int) -> Month:
    """Three bars one below the other; where there is none, its number still stands in its place."""
    numbers = (month.seen, month.decided, month.changed)
    bars = (
        Bar(kind=kind, x=LEFT, y=row * ROW + place * BAR + 2, width=_width(number, most), height=BAR - 3, number=number)
        for place, (kind, number) in enumerate(zip(KINDS, numbers, strict=True))
    )
    return replace(month, bars=tuple(bars), y=row * ROW + BAR - 1)


def _width(number: int, most: int) -> int:
    """At least so much that it is seen, and nothing for none."""
    return max(2, (RIGHT - LEFT) * number // most) if number else 0
