"""Numbers of a helpline: nothing about fewer than ten callers stands there, nor can be worked out."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, product
from typing import Any

import pytest
from django.db import connection as database
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audits.helpline.numbers import BY_THE_CALLER, REST, TEN, Line, numbers_of
from audits.models import HelpEnd, Helper, Helpline, HelplineFigures, HelpSession, LoggedBy, LogKind, Person, SessionLog
from tests.helpline import cast
from tests.helpline.conftest import Cast

pytestmark = pytest.mark.django_db
ENDS = (HelpEnd.CALLER, HelpEnd.LEFT, HelpEnd.HELPER, HelpEnd.QUIET, HelpEnd.CLOSED)


def month(back: int) -> date:
    """The first day of the month so many months ago."""
    today = timezone.now().astimezone(UTC).date()
    number = today.year * 12 + today.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)


def moment(back: int, day: int = 10) -> datetime:
    first = month(back)
    return datetime(first.year, first.month, day, 12, tzinfo=UTC)


@pytest.fixture
def line(crew: Cast) -> Helpline:
    crew.line.made_at = moment(4, 1)
    crew.line.save()
    return crew.line


def people(number: int) -> list[Person]:
    return [Person.objects.create_user() for _ in range(number)]


def sessions(
    helper: Helper,
    callers: Iterable[Person | None],
    back: int,
    *,
    end: HelpEnd = HelpEnd.CALLER,
    handed: bool = False,
    checks: Sequence[str] = (),
) -> list[HelpSession]:
    """One session of ten minutes with each of them, in that month."""
    at = moment(back)
    rows = HelpSession.objects.bulk_create(
        HelpSession(
            person=caller,
            helpline_id=helper.helpline_id,
            helper=helper,
            state="ended",
            end=end,
            asked_at=at,
            accepted_at=at,
            ended_at=at + timedelta(minutes=70 if end == HelpEnd.QUIET else 10),
            touched_at=at + timedelta(minutes=10),
        )
        for caller in callers
    )
    told = [(LogKind.LOOKED, check) for check in checks] + [(LogKind.HANDED_OVER, "")] * handed
    SessionLog.objects.bulk_create(
        SessionLog(session=row, at=at, kind=kind, by=LoggedBy.HELPER, helper=helper, check_id=check)
        for row in rows
        for kind, check in told
    )
    return rows


def test_what_is_counted(crew: Cast, line: Helpline) -> None:
    callers = people(24)
    sessions(crew.hana, callers[:12], 1, handed=True, checks=["two_step"])
    sessions(crew.hana, callers[:2], 1, checks=["two_step", "two_step"])
    sessions(crew.hana, callers[12:], 1, end=HelpEnd.HELPER, checks=["passkeys", "two_step"])
    sessions(crew.hana, people(30), 0)  # this month is not over
    other = cast.hana(cast.line("Elsewhere"), "Other")
    sessions(other, people(30), 1)
    found = numbers_of(line)
    assert found.lines == (
        Line(
            months=(month(1),),
            sessions=26,
            minutes=260,
            handed_over=12,
            ways={"caller": 14, "helper": 12},
            checks=("two_step", "passkeys"),
        ),
    )
    assert found.in_all == found.lines[0]
    assert found.waiting == (month(2), month(3), month(4))


@pytest.mark.parametrize(("known", "gone", "shown"), [(9, 0, False), (9, 30, False), (10, 0, True), (10, 5, True)])
def test_ten_known_callers_are_needed(crew: Cast, line: Helpline, known: int, gone: int, *, shown: bool) -> None:
    """Who deleted everything is counted with the others and never towards ten."""
    sessions(crew.hana, [*people(known), *[None] * gone], 1)
    found = numbers_of(line)
    assert [one.sessions for one in found.lines] == ([known + gone] if shown else [])
    assert (month(1) in found.waiting) is not shown


def test_ten_sessions_of_one_caller_are_one_caller(crew: Cast, line: Helpline) -> None:
    sessions(crew.hana, people(1) * 40, 1)
    assert numbers_of(line).in_all is None


def test_small_months_wait_for_each_other(crew: Cast, line: Helpline) -> None:
    regular = people(4)
    sessions(crew.hana, regular, 4)
    sessions(crew.hana, [*regular, *people(3)], 3)
    sessions(crew.hana, people(12), 2)
    assert [one.months for one in numbers_of(line).lines] == [(month(2),)]
    sessions(crew.hana, people(3), 1)  # seven and three
    found = numbers_of(line)
    assert [(one.months, one.sessions) for one in found.lines] == [
        ((month(2),), 12),
        ((month(4), month(3), month(1)), 14),
    ]
    assert found.in_all is not None
    assert found.in_all.sessions == 26
    assert found.waiting == ()


def test_a_month_waits_while_a_session_of_it_is_on(crew: Cast, line: Helpline) -> None:
    rows = sessions(crew.hana, people(12), 1)
    HelpSession.objects.filter(pk=rows[0].pk).update(state="open", ended_at=None)
    assert month(1) in numbers_of(line).waiting
    HelpSession.objects.filter(pk=rows[0].pk).update(state="ended", ended_at=moment(1))
    assert numbers_of(line).waiting == (month(2), month(3), month(4))


def test_a_session_without_a_yes_counts_nowhere(crew: Cast, line: Helpline) -> None:
    rows = sessions(crew.hana, people(12), 1, end=HelpEnd.REFUSED)
    HelpSession.objects.filter(pk__in=[row.pk for row in rows]).update(accepted_at=None)
    assert numbers_of(line).in_all is None


def test_the_edge_of_a_month_is_midnight_utc_whoever_looks(crew: Cast, line: Helpline) -> None:
    rows = sessions(crew.hana, people(12), 1)
    first = datetime(month(1).year, month(1).month, 1, tzinfo=UTC)
    HelpSession.objects.filter(pk=rows[0].pk).update(accepted_at=first)
    HelpSession.objects.filter(pk=rows[1].pk).update(accepted_at=first - timedelta(microseconds=1))
    with timezone.override("Pacific/Auckland"):
        assert [one.sessions for one in numbers_of(line).lines] == [11]


def test_what_was_shown_never_changes(crew: Cast, line: Helpline) -> None:
    """Else two readings, one before and one after somebody deleted everything, would tell what was theirs."""
    callers = people(11)
    rows = sessions(crew.hana, callers, 1, checks=["two_step"])
    sessions(crew.hana, people(5), 2)
    before = numbers_of(line)
    SessionLog.objects.filter(session__in=rows[:5]).erase_personal()
    HelpSession.objects.filter(pk__in=[row.pk for row in rows[:5]]).update(person=None)
    assert numbers_of(line) == before
    sessions(crew.hana, people(5), 3)  # a small month that joins the other one leaves what was shown alone
    assert numbers_of(line).lines[0] == before.lines[0]
    assert HelplineFigures.objects.count() == 2


def test_the_quiet_hour_is_no_time_in_a_session(crew: Cast, line: Helpline) -> None:
    sessions(crew.hana, people(10), 1, end=HelpEnd.QUIET)
    found = numbers_of(line).lines[0]
    assert (found.minutes, found.ways) == (100, {})


@pytest.mark.parametrize(
    ("ends", "ways"),
    [
        ({"caller": 12}, {"caller": 12}),
        ({"caller": 12, "helper": 10}, {"caller": 12, "helper": 10}),
        ({"caller": 12, "helper": 9}, {}),  # 21 less 12 would be 9
        ({"caller": 25, "helper": 12, "quiet": 3}, {"caller": 25, "rest": 15}),
        ({"caller": 25, "helper": 12, "quiet": 6, "closed": 4}, {"caller": 25, "helper": 12, "rest": 10}),
        ({"caller": 6, "left": 4, "helper": 10}, {"caller": 10, "helper": 10}),
        ({"quiet": 12}, {}),
    ],
)
def test_ways_to_end_and_the_rest_of_them(
    crew: Cast, line: Helpline, ends: dict[str, int], ways: dict[str, int]
) -> None:
    for end, number in ends.items():
        sessions(crew.hana, people(number), 1, end=HelpEnd(end))
    assert numbers_of(line).lines[0].ways == ways


@pytest.mark.parametrize(("handed", "others", "shown"), [(9, 20, None), (10, 9, None), (10, 10, 10), (10, 0, 10)])
def test_hand_overs_and_the_rest(crew: Cast, line: Helpline, handed: int, others: int, shown: int | None) -> None:
    sessions(crew.hana, people(handed), 1, handed=True)
    sessions(crew.hana, people(others), 1)
    found = numbers_of(line)
    assert [one.handed_over for one in found.lines] == [shown]


@pytest.mark.parametrize(("callers", "shown"), [(9, ()), (10, ("two_step",))])
def test_a_check_needs_ten_callers(crew: Cast, line: Helpline, callers: int, shown: tuple[str, ...]) -> None:
    sessions(crew.hana, people(callers), 1, checks=["two_step"])
    sessions(crew.hana, people(20), 1)
    assert numbers_of(line).lines[0].checks == shown


# --------------------------------------------------------------------------- every subtraction

Atom = tuple[tuple[date, ...], str, bool]
Figure = dict[Atom, int]


def way_of(end: str) -> str:
    return "caller" if end in BY_THE_CALLER else end


def atoms_of(line: Line) -> Iterator[Atom]:
    """The smallest parts that a reader can think of, whether anybody is in them or not."""
    yield from product([line.months], ["caller", "helper", "quiet", "closed"], [False, True])


def figures_of(lines: Sequence[Line]) -> list[Figure]:
    """Every number of sessions that is shown, as the parts that it adds up; those of *in all* too."""
    found: list[Figure] = []
    in_all: dict[str, Figure] = {}
    for line in lines:
        shown = {"all": dict.fromkeys(atoms_of(line), 1)}
        for way in line.ways:
            fits = [a for a in shown["all"] if (a[1] == way if way != REST else a[1] not in line.ways)]
            shown[way] = dict.fromkeys(fits, 1)
        if line.handed_over is not None:
            shown["handed"] = {atom: 1 for atom in shown["all"] if atom[2]}
        for name, figure in shown.items():
            found.append(figure)
            in_all.setdefault(name, {}).update(figure)
    return [*found, *in_all.values()]


def behind(rows: QuerySet[HelpSession], parts: Iterable[Atom]) -> tuple[int, int]:
    """How many sessions stand in these parts, and how many known callers."""
    wanted = set(parts)
    handed = set(SessionLog.objects.filter(kind=LogKind.HANDED_OVER).values_list("session", flat=True))
    found: list[Any] = []
    for row in rows:
        assert row.accepted_at is not None
        first = row.accepted_at.date().replace(day=1)
        if any(
            first in months and way_of(row.end) == way and (row.pk in handed) is over for months, way, over in wanted
        ):
            found.append(row.person_id)
    return len(found), len({person for person in found if person is not None})


def differences(figures: Sequence[Figure]) -> set[frozenset[Atom]]:
    """What one, two or three figures, added and subtracted in every way, come down to: whole parts, each once."""
    found: set[frozenset[Atom]] = set()
    for number in (1, 2, 3):
        for chosen in combinations(figures, number):
            for signs in product((1, -1), repeat=number):
                total: dict[Atom, int] = {}
                for sign, figure in zip(signs, chosen, strict=True):
                    for atom, count in figure.items():
                        total[atom] = total.get(atom, 0) + sign * count
                if set(total.values()) <= {0, 1}:
                    found.add(frozenset(atom for atom, count in total.items() if count))
    return found - {frozenset()}


@pytest.mark.parametrize("seed", range(6))
def test_no_subtraction_leaves_fewer_than_ten_callers(crew: Cast, line: Helpline, seed: int) -> None:
    chance = random.Random(seed)
    known = people(40)
    for back in (1, 2, 3, 4):
        for end in ENDS:
            for handed in (False, True):
                callers = chance.sample(known, chance.choice((0, 2, 5, 11, 14) if back % 2 else (0, 0, 1, 2)))
                sessions(crew.hana, [*callers, *[None] * chance.choice((0, 0, 3))], back, end=end, handed=handed)
    found = numbers_of(line)
    assert found.lines
    rows = HelpSession.objects.all()
    for one in found.lines:
        assert one.sessions == behind(rows, atoms_of(one))[0]
    for parts in differences(figures_of(found.lines)):
        number, callers_behind = behind(rows, parts)
        assert number == 0 or callers_behind >= TEN, sorted(parts)
    assert found.in_all is not None
    assert found.in_all.sessions == sum(one.sessions for one in found.lines)
    assert found.in_all.minutes == sum(one.minutes for one in found.lines)


def test_the_search_finds_what_could_be_worked_out(crew: Cast, line: Helpline) -> None:
    """A line that named both ways although one has nine callers: the search must see it."""
    sessions(crew.hana, people(12), 1)
    sessions(crew.hana, people(9), 1, end=HelpEnd.HELPER)
    careless = Line(months=(month(1),), sessions=21, minutes=0, handed_over=None, ways={"caller": 12}, checks=())
    careless_sets = differences(figures_of([careless]))
    assert any(behind(HelpSession.objects.all(), parts) == (9, 9) for parts in careless_sets)


# --------------------------------------------------------------------------- the page


def test_the_page_shows_no_count_of_a_check_and_nothing_of_a_helper(crew: Cast, line: Helpline) -> None:
    sessions(crew.hana, people(17), 1, checks=["two_step"])
    sessions(crew.hana, people(13), 1)
    sessions(crew.hana, people(3), 2)
    text = cast.desk_client(crew.lena).get(reverse("desk-numbers")).text
    main = text.partition("<main")[2]
    assert "30" in main
    assert "2-step" in main
    for absent in ("17", "Hana", "two_step", "33"):
        assert absent not in main
    assert "Not counted so far" in main


def test_a_helpline_without_numbers(crew: Cast) -> None:
    text = cast.desk_client(crew.lena).get(reverse("desk-numbers")).text
    assert "There are none yet." in text
    assert "Not counted so far" not in text  # it was made this month


def test_what_is_written_costs_the_same_however_much_it_is(crew: Cast, line: Helpline) -> None:
    lena, counted = cast.desk_client(crew.lena), []
    for back in (1, 2):
        sessions(crew.hana, people(15 * back), back, checks=["two_step"])
        lena.get(reverse("desk-numbers"))
        with CaptureQueriesContext(database) as asked:
            lena.get(reverse("desk-numbers"))
        counted.append(len(asked))
    assert counted[0] == counted[1]
    assert not [query for query in asked if "INSERT" in query["sql"]]
