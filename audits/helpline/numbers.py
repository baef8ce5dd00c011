"""Numbers of a helpline: of whole months, behind which at least TEN different callers stand.

Nothing about fewer than TEN can be worked out from them. Every line is made of sessions that stand in no other line;
what has fewer callers waits until several months together have TEN; a line is written once and never changes; *in all*
adds up what is shown and nothing else; and of each part of a line (a way to end) the rest of that line is as large. A
caller who deleted everything is known to be one no more, so they do not count towards TEN.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import TruncMonth
from django.utils import timezone

from audits.models import HelpEnd, Helpline, HelplineFigures, HelpSession, HelpState, LogKind, SessionLog

TEN = 10
MOST_MONTHS = 60
MOST_CHECKS = 10
CALLER, HELPER, REST = "caller", "helper", "rest"
# That somebody left quickly or deleted everything is nobody's business: the caller ended it.
BY_THE_CALLER = (HelpEnd.CALLER, HelpEnd.LEFT, HelpEnd.DELETED)


@dataclass(frozen=True, kw_only=True)
class Line:
    """What may be shown of some months. `handed_over` None: fewer than TEN callers. `ways`: sessions by way to end,
    REST for all others together; empty where nothing can be told apart. `checks`: most often open first, no counts."""

    months: tuple[date, ...]
    sessions: int
    minutes: int
    handed_over: int | None
    ways: Mapping[str, int]
    checks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """`lines`: the newest first. `waiting`: whole months that no line counts yet. `in_all` None: no line."""

    lines: tuple[Line, ...]
    in_all: Line | None
    waiting: tuple[date, ...]


def numbers_of(helpline: Helpline) -> Numbers:
    """Three queries at most, and some more once after the end of a month, when its numbers are written down."""
    today = timezone.now().astimezone(UTC).date()
    whole = _whole_months(helpline, today)
    rows = _kept(helpline)
    if _ready(helpline, whole, rows):
        rows = _write(helpline, whole)
    counted = {month for row in rows for month in _months(row)}
    return Numbers(
        lines=tuple(_line(_months(row), row.numbers) for row in rows),
        in_all=_added(rows) if rows else None,
        waiting=tuple(month for month in reversed(whole) if month not in counted),
    )


def _kept(helpline: Helpline) -> list[HelplineFigures]:
    return list(HelplineFigures.objects.filter(helpline=helpline)[:MOST_MONTHS])


def _months(row: HelplineFigures) -> tuple[date, ...]:
    return tuple(date.fromisoformat(f"{month}-01") for month in row.numbers["months"])


def _whole_months(helpline: Helpline, today: date) -> list[date]:
    """From the one in which the helpline was made to the one before this, the last MOST_MONTHS of them."""
    made = helpline.made_at.astimezone(UTC).date()
    first, this = made.year * 12 + made.month - 1, today.year * 12 + today.month - 1
    numbers = range(max(first, this - MOST_MONTHS), this)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


# --------------------------------------------------------------------------- which months together


def _ready(helpline: Helpline, whole: Sequence[date], rows: Iterable[HelplineFigures]) -> list[tuple[date, ...]]:
    """Months that can be written down now: each that has TEN callers alone, and small ones once they have them."""
    counted = {month for row in rows for month in _months(row)}
    open_months, callers = _callers(helpline, [month for month in whole if month not in counted])
    small = {month for month, number in callers.items() if number < TEN} - open_months
    alone = [(month,) for month in sorted(callers) if month not in small and month not in open_months]
    return [*alone, *_together(helpline, sorted(small))]


def _callers(helpline: Helpline, months: Sequence[date]) -> tuple[set[date], dict[date, int]]:
    """Months in which a session has not ended, and how many known callers each month with sessions has."""
    if not months:
        return set(), {}
    rows = _sessions(helpline, months).values_list("month")
    running = Count("pk", filter=~Q(state=HelpState.ENDED))
    told = rows.annotate(callers=Count("person", distinct=True), running=running).order_by()
    found = [(at.date(), callers, running) for at, callers, running in told]
    return {month for month, _, running in found if running}, {month: callers for month, callers, _ in found}


def _together(helpline: Helpline, months: Sequence[date]) -> list[tuple[date, ...]]:
    """Small months, the oldest first, as soon as they have TEN callers together. Fewer than TEN rows a month."""
    if len(months) < 2:
        return []
    known = _sessions(helpline, months).filter(person__isnull=False).values_list("month", "person").distinct()
    callers: dict[date, set[int]] = {}
    for at, person in known.order_by():
        callers.setdefault(at.date(), set()).add(person)
    found: list[tuple[date, ...]] = []
    waiting: list[date] = []
    for month in months:
        waiting.append(month)
        if len(set().union(*(callers.get(one, set()) for one in waiting))) >= TEN:
            found.append(tuple(waiting))
            waiting = []
    return found


def _sessions(helpline: Helpline, months: Sequence[date]) -> QuerySet[Any]:
    """Those that callers said yes to, by the month in UTC, whoever looks."""
    after = datetime(months[0].year, months[0].month, 1, tzinfo=UTC)
    rows = HelpSession.objects.filter(helpline=helpline, accepted_at__gte=after)
    starts = [datetime(month.year, month.month, 1, tzinfo=UTC) for month in months]
    return rows.annotate(month=TruncMonth("accepted_at", tzinfo=UTC)).filter(month__in=starts)


# --------------------------------------------------------------------------- writing them down


def _write(helpline: Helpline, whole: Sequence[date]) -> list[HelplineFigures]:
    """Of two who look at once, the second finds them written."""
    with transaction.atomic():
        list(Helpline.objects.select_for_update(no_key=True).filter(pk=helpline.pk))
        for months in _ready(helpline, whole, _kept(helpline)):
            HelplineFigures.objects.create(
                helpline=helpline,
                first_month=months[0],
                numbers=_counted(helpline, months),
                written_at=timezone.now(),
            )
    return _kept(helpline)


def _counted(helpline: Helpline, months: Sequence[date]) -> dict[str, Any]:
    rows = _sessions(helpline, months).annotate(
        way=Case(When(end__in=BY_THE_CALLER, then=Value(CALLER)), default=F("end"), output_field=CharField())
    )
    total: int = rows.count()
    return {
        "months": [f"{month:%Y-%m}" for month in months],
        "sessions": total,
        "minutes": _minutes(rows),
        "handed_over": _handed_over(rows),
        "ways": _ways(rows),
        "checks": _checks(rows),
    }


def _minutes(rows: QuerySet[Any]) -> int:
    """The quiet hour after which a session ends by itself is not counted."""
    until = Case(When(end=HelpEnd.QUIET, then=F("touched_at")), default=F("ended_at"), output_field=DateTimeField())
    spent = ExpressionWrapper(until - F("accepted_at"), output_field=DurationField())
    total = rows.annotate(spent=spent).aggregate(total=Sum("spent"))["total"] or timedelta()
    return int(total.total_seconds()) // 60


def _handed_over(rows: QuerySet[Any]) -> int | None:
    handed = Exists(SessionLog.objects.filter(session=OuterRef("pk"), kind=LogKind.HANDED_OVER))
    with_it, without = rows.filter(handed), rows.exclude(handed)
    if _known(with_it) < TEN or (without.exists() and _known(without) < TEN):
        return None
    return with_it.count()


def _ways(rows: QuerySet[Any]) -> dict[str, int]:
    """What has too few callers goes into the rest, and the smallest others with it until the rest has TEN."""
    told = rows.values_list("way").annotate(Count("pk"), Count("person", distinct=True)).order_by()
    sizes = {way: (number, callers) for way, number, callers in told}
    rest = {way for way, (_, callers) in sizes.items() if callers < TEN or way not in (CALLER, HELPER)}
    shown = sorted(sizes.keys() - rest, key=lambda way: sizes[way])
    while rest and shown and _known(rows.filter(way__in=rest)) < TEN:
        rest.add(shown.pop(0))
    if not shown:
        return {}
    found = {way: sizes[way][0] for way in reversed(shown)}
    return {**found, REST: sum(sizes[way][0] for way in rest)} if rest else found


def _checks(rows: QuerySet[Any]) -> dict[str, int]:
    looks = SessionLog.objects.filter(session__in=rows.order_by().values("pk"), kind=LogKind.LOOKED)
    told = looks.exclude(check_id="").values("check_id").order_by()
    counted = told.annotate(callers=Count("session__person", distinct=True), sessions=Count("session", distinct=True))
    enough = counted.filter(callers__gte=TEN).order_by("-sessions", "check_id")[:MOST_CHECKS]
    return {row["check_id"]: row["sessions"] for row in enough}


def _known(rows: QuerySet[Any]) -> int:
    found: int = rows.aggregate(callers=Count("person", distinct=True))["callers"]
    return found


# --------------------------------------------------------------------------- what is shown


def _line(months: tuple[date, ...], numbers: Mapping[str, Any]) -> Line:
    return Line(
        months=months,
        sessions=numbers["sessions"],
        minutes=numbers["minutes"],
        handed_over=numbers["handed_over"],
        ways=numbers["ways"],
        checks=tuple(check for check, _ in _by_count(numbers["checks"])),
    )


def _added(rows: Sequence[HelplineFigures]) -> Line:
    """The sum of what stands in the lines, so that it says nothing that they do not."""
    told = [row.numbers for row in rows]
    handed = [one["handed_over"] for one in told if one["handed_over"] is not None]
    numbers = {
        "sessions": sum(one["sessions"] for one in told),
        "minutes": sum(one["minutes"] for one in told),
        "handed_over": sum(handed) if handed else None,
        "ways": _summed(one["ways"] for one in told),
        "checks": dict(_by_count(_summed(one["checks"] for one in told))[:MOST_CHECKS]),
    }
    months = tuple(sorted(month for row in rows for month in _months(row)))
    return _line(months, numbers)


def _summed(counts: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return total


def _by_count(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
