"""What is left of a month when its rows go: numbers, without names.

A month is summed up once. What turns up in it later (an answer that counted until then, a file that was brought) goes
without being counted again. Months are those of UTC: they do not move when somebody changes their time zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Count, Sum

from audits.audit.tell.progress_over_time import COUNTED
from audits.facts import VerdictState
from audits.models import AnswerToCheck, AnswerToItem, Audit, AuditState, Change, Finding, Person, Summary

VERDICTS = (VerdictState.NEEDS_LOOK, VerdictState.LOOKS_FINE, VerdictState.COULD_NOT_TELL)


NUMBERS = ("audits", "items", "decided", "changes", *(verdict.value for verdict in VERDICTS))


def first_of_month(moment: datetime) -> datetime:
    moment = moment.astimezone(UTC)
    return datetime(moment.year, moment.month, 1, tzinfo=UTC)


def first_of_next(first: datetime) -> datetime:
    return datetime(first.year + first.month // 12, first.month % 12 + 1, 1, tzinfo=UTC)


def sum_up(person: Person, first: datetime) -> None:
    """Write the Summary of this month, where there is something to count and none was written. Within a transaction."""
    month = first.date()
    if Summary.objects.filter(person=person, month=month).exists():
        return
    numbers = numbers_of(person, first, first_of_next(first))
    if any(numbers.values()):
        Summary.objects.create(person=person, month=month, numbers=numbers)


def numbers_of(person: Person, since: datetime, until: datetime) -> dict[str, int]:
    """As Summary.numbers; items and verdicts are those of the last look at everything in that time."""
    when = (since, until)
    audits = _within(Audit.objects.filter(person=person, state=AuditState.FINISHED), "finished_at", when)
    last = audits.filter(only_checks=[]).order_by("-finished_at", "-pk").first()
    verdicts = _verdicts(last)
    return {
        "audits": audits.count(),
        "items": Finding.objects.filter(audit=last).aggregate(sum=Sum("item_count"))["sum"] or 0 if last else 0,
        "decided": _within(AnswerToCheck.objects.filter(person=person), "answered_at", when).count()
        + _within(AnswerToItem.objects.filter(person=person), "answered_at", when).count(),
        "changes": _within(Change.objects.filter(person=person, kind__in=COUNTED), "at", when).count(),
        **{verdict.value: verdicts.get(verdict.value, 0) for verdict in VERDICTS},
    }


def _within(rows: Any, at: str, when: tuple[datetime, datetime]) -> Any:
    return rows.filter(**{f"{at}__gte": when[0], f"{at}__lt": when[1]})


def _verdicts(audit: Audit | None) -> Mapping[str, int]:
    if audit is None:
        return {}
    counted = Finding.objects.filter(audit=audit).order_by().values_list("verdict").annotate(Count("pk"))
    return dict(counted)


def take_along(source: Person, target: Person) -> None:
    """Two records become one: months that both have are added up."""
    there = {one.month: one for one in Summary.objects.filter(person=target)}
    for one in Summary.objects.filter(person=source):
        _add(one, there.get(one.month), target)


def _add(one: Summary, known: Summary | None, target: Person) -> None:
    if known is None:
        Summary.objects.filter(pk=one.pk).update(person=target)
        return
    names = {*known.numbers, *one.numbers}
    known.numbers = {name: int(known.numbers.get(name, 0)) + int(one.numbers.get(name, 0)) for name in names}
    known.save(update_fields=["numbers"])


def months_of(person: Person) -> list[tuple[date, Mapping[str, int]]]:
    return [(one.month, one.numbers) for one in Summary.objects.filter(person=person)]
