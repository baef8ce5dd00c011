"""What is old goes month by month and leaves numbers; what is so now stays. Nothing is counted twice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audits import tasks
from audits.audit import answers, keep, keeping, purging, summing, tell
from audits.facts import ItemAnswer, ToldAnswer, Why
from audits.models import (
    Alert,
    AnswerToCheck,
    AnswerToItem,
    Audit,
    Change,
    ChangeKind,
    Finding,
    Item,
    Person,
    Record,
    SourceRun,
    Summary,
    TimelineEntry,
)
from tests.audit.scenes import app, audit_with, person_with_connection

pytestmark = pytest.mark.django_db

BEGAN = datetime(2027, 1, 12, 9, tzinfo=UTC)
WIDE = "drive_wide_apps"
GUIDED = "two_step"


class Clock:
    """The day it is. A year and a month after a month began, all of it is old."""

    def __init__(self) -> None:
        self.now = BEGAN

    def __call__(self) -> datetime:
        return self.now

    def on(self, year: int, month: int, day: int = 12, hour: int = 9) -> None:
        self.now = datetime(year, month, day, hour, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


def look(person: Any, account: Any, *apps: str) -> Audit:
    return audit_with(person, account, {"drive_apps": [app(one, f"App {one}") for one in apps]})


def finding_of(person: Any, check: str = WIDE) -> Finding:
    return Finding.objects.get(person=person, check_id=check, current=True)


def two_months(clock: Clock) -> tuple[Any, Any]:
    """January: two looks, a record, answers. February: one look. All that was so then is over by then."""
    person, account = person_with_connection()
    look(person, account, "1", "2")
    keeping.keep(person, finding_of(person))
    clock.on(2027, 1, 20)
    look(person, account, "1", "3")
    answers.answer_items(person, finding_of(person), {finding_of(person).items.all()[0].key: ItemAnswer.KNOWN})
    answers.answer_check(person, finding_of(person, GUIDED), ToldAnswer.OFF)
    clock.on(2027, 2, 20)
    look(person, account, "1", "3", "4")
    answers.answer_check(person, finding_of(person, GUIDED), ToldAnswer.AS_IT_SHOULD_BE)
    return person, account


def numbers(person: Any) -> dict[date, dict[str, int]]:
    return {one.month: one.numbers for one in Summary.objects.filter(person=person)}


JANUARY, FEBRUARY = date(2027, 1, 1), date(2027, 2, 1)


def test_a_month_goes_when_all_of_it_is_old_and_leaves_its_numbers(clock: Clock) -> None:
    person, _ = two_months(clock)
    last = Audit.objects.get(created_at=datetime(2027, 1, 20, 9, tzinfo=UTC))
    sums = Finding.objects.filter(audit=last)
    seen = sum(sums.values_list("item_count", flat=True))
    fine = sums.filter(verdict="looks_fine").count()
    clock.on(2028, 1, 31, 23)
    purging.purge(person)
    assert Audit.objects.count() == 3
    assert numbers(person) == {}
    clock.on(2028, 2, 1)
    assert list(purging.due()) == [person]
    purging.purge(person)
    assert {one.created_at.month for one in Audit.objects.all()} == {2}
    assert {one.judged_at.month for one in Finding.objects.all()} == {2}
    assert {one.at.month for one in Change.objects.all()} == {2}
    assert list(numbers(person)) == [JANUARY]
    kept = numbers(person)[JANUARY]
    assert (kept["audits"], kept["items"], kept["decided"], kept["looks_fine"]) == (2, seen, 2, fine)
    assert kept["changes"] == 2, "App 3 is new for two checks; that App 2 went is not counted"
    assert not purging.due().exists()


def test_what_is_so_now_and_what_still_counts_is_never_purged(clock: Clock) -> None:
    person, account = two_months(clock)
    current = set(Finding.objects.filter(current=True).values_list("pk", flat=True))
    items = set(Item.objects.filter(finding__current=True).values_list("pk", flat=True))
    clock.on(2040, 1)
    purging.purge(person)
    assert set(Finding.objects.values_list("pk", flat=True)) == current
    assert set(Item.objects.values_list("pk", flat=True)) >= items
    assert SourceRun.objects.filter(current=True).exclude(facts_sealed=None).exists()
    assert [one.answer for one in AnswerToCheck.objects.filter(check_id=GUIDED)] == [ToldAnswer.AS_IT_SHOULD_BE]
    assert AnswerToItem.objects.count() == 1
    assert Record.objects.count() == 1
    assert not TimelineEntry.objects.exists()
    assert not purging.due().exists(), "who has nothing left to purge is not looked at again and again"
    look(person, account, "1", "9")
    assert Change.objects.filter(kind=ChangeKind.NEW, check_id=WIDE).count() == 1, "it is compared as if never purged"


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ([("off", 0), ("as_it_should_be", 1)], ["off", "as_it_should_be"]),
        ([("off", 0)], ["off"]),
        ([("off", 1), ("as_it_should_be", 0)], ["as_it_should_be"]),
        ([("as_it_should_be", 0), ("off", 0), ("as_it_should_be", 0), ("off", 1)], ["as_it_should_be", "off"]),
        ([("as_it_should_be", 1), ("off", 1)], ["off"]),
    ],
)
def test_of_answers_those_that_count_stay(clock: Clock, given: list[tuple[str, int]], left: list[str]) -> None:
    """0 or 1: overtaken. The newest is shown, and of those not overtaken the newest counts."""
    person, account = person_with_connection()
    other = answer(person, None, "off", 0)
    for number, (word, overtaken) in enumerate(given, start=1):
        clock.now = BEGAN + timedelta(days=number)
        answer(person, account, word, overtaken)
    clock.on(2028, 3)
    purging.purge(person)
    rows = AnswerToCheck.objects.filter(connection=account).order_by("answered_at")
    assert [one.answer.value for one in rows] == left
    assert AnswerToCheck.objects.filter(pk=other.pk).exists(), "about no account, it is an answer of its own"


def answer(person: Any, account: Any, word: str, overtaken: int) -> AnswerToCheck:
    row = AnswerToCheck(
        person=person, connection=account, check_id=GUIDED, answered_at=timezone.now(), overtaken=bool(overtaken)
    )
    row.told = {"answer": word}
    row.save()
    return row


def test_what_could_not_be_compared_yet_is_needed_for_the_next_look(clock: Clock) -> None:
    person, account = person_with_connection()
    look(person, account, "1", "2")
    clock.now += timedelta(days=1)
    audit_with(person, account, {"drive_apps": Why.BUSY})
    blind = set(Change.objects.filter(kind=ChangeKind.BLIND).values_list("pk", flat=True))
    assert blind
    clock.on(2029, 1)
    purging.purge(person)
    assert set(Change.objects.values_list("pk", flat=True)) == blind
    look(person, account, "1")
    gone = Change.objects.filter(kind=ChangeKind.GONE, check_id=WIDE)
    assert [one.content["item"]["name"] for one in gone] == ["App 2"]


def test_run_twice_it_counts_once(clock: Clock) -> None:
    person, _ = two_months(clock)
    clock.on(2028, 4)
    purging.purge(person)
    before = numbers(person)
    assert set(before) == {JANUARY, FEBRUARY}
    late = answer(person, None, "off", 0)
    AnswerToCheck.objects.filter(pk=late.pk).update(answered_at=BEGAN)
    answer(person, None, "as_it_should_be", 0)
    purging.purge(person)
    assert numbers(person) == before
    assert not AnswerToCheck.objects.filter(pk=late.pk).exists()


def test_killed_in_between_a_month_is_as_it_was(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    person, _ = two_months(clock)
    clock.on(2028, 4)
    audits = Audit.objects.count()

    def killed(_: datetime) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(purging, "BY_MONTH", [*purging.BY_MONTH[:3], (killed, "ended_at")])
        broken.setattr(purging, "_oldest_month", lambda *_: datetime(2027, 1, 1, tzinfo=UTC))
        with pytest.raises(KeyboardInterrupt):
            purging.purge(person)
    assert (Audit.objects.count(), numbers(person)) == (audits, {})
    assert Change.objects.filter(at__lt=datetime(2027, 2, 1, tzinfo=UTC)).exists()
    purging.purge(person)
    assert numbers(person)[JANUARY]["audits"] == 2


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_count_once(clock: Clock) -> None:
    person, _ = two_months(clock)
    clock.on(2028, 4)
    start = threading.Barrier(3)

    def one(_: int) -> None:
        try:
            start.wait(timeout=10)
            purging.purge_some()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(one, range(3)))
    purging.purge_some()
    assert {month: kept["audits"] for month, kept in numbers(person).items()} == {JANUARY: 2, FEBRUARY: 1}
    assert not purging.due().exists()


def test_one_whose_rows_cannot_go_does_not_stop_the_others(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, _ = two_months(clock)
    clock.now = BEGAN
    other, _ = two_months(clock)
    clock.on(2028, 4)
    purge = purging.purge

    def refuse(person: Person) -> None:
        if person == broken:
            raise DatabaseError
        purge(person)

    monkeypatch.setattr(purging, "purge", refuse)
    assert purging.purge_some() == 2
    assert numbers(broken) == {}
    assert set(numbers(other)) == {JANUARY, FEBRUARY}


def test_people_who_never_come_back_are_reached_in_small_batches_on_the_beat(clock: Clock) -> None:
    people = [Person.objects.create_user() for _ in range(3)]
    for person in people:
        TimelineEntry.objects.create(person=person, kind="signed_in", at=timezone.now())
        Alert(person=person, state="shown", made_at=timezone.now(), due_at=timezone.now(), content_sealed=b"").save()
    clock.on(2028, 1, 10)
    assert purging.purge_some(2) == 0
    clock.on(2028, 1, 13)
    assert purging.purge_some(2) == 2
    assert TimelineEntry.objects.count() == Alert.objects.count() == 1
    tasks.purge()
    assert not TimelineEntry.objects.exists()
    assert not Alert.objects.exists()
    assert not Summary.objects.exists(), "of a month in which nothing was looked at there is no number"


def test_a_month_in_the_past_is_still_told_by_its_numbers(clock: Clock) -> None:
    person, _ = two_months(clock)
    clock.on(2028, 3, 2)
    purging.purge(person)
    older = {month.name: month.looks for month in tell.over_time(person).older}
    assert older == {"January 2027": 2, "February 2027": 1}


def test_who_to_purge_is_asked_in_one_query_and_a_month_costs_a_fixed_number(clock: Clock) -> None:
    person, _ = two_months(clock)
    clock.on(2028, 2, 2)
    with CaptureQueriesContext(connection) as asked:
        assert list(purging.due()[:5]) == [person]
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        purging.purge(person)
    assert len(asked) < 60


def test_two_records_put_together_add_their_months_up() -> None:
    source, target = Person.objects.create_user(), Person.objects.create_user()
    Summary.objects.create(person=source, month=JANUARY, numbers={"audits": 1, "items": 2})
    Summary.objects.create(person=source, month=FEBRUARY, numbers={"audits": 4})
    Summary.objects.create(person=target, month=JANUARY, numbers={"audits": 2, "changes": 1})
    summing.take_along(source, target)
    assert numbers(target) == {JANUARY: {"audits": 3, "items": 2, "changes": 1}, FEBRUARY: {"audits": 4}}


@pytest.mark.parametrize(("moment", "goes"), [("2027-01-01", "2028-02-01"), ("2027-12-31", "2028-12-31")])
def test_the_day_on_which_something_goes_is_said_beforehand(clock: Clock, moment: str, goes: str) -> None:
    at = datetime.fromisoformat(f"{moment}T12:00:00+00:00")
    day = datetime.fromisoformat(f"{goes}T00:00:00+00:00")
    assert purging.goes_on(at) == day
    for clock.now, old in ((day - timedelta(seconds=1), False), (day, True)):
        assert (summing.first_of_month(purging.oldest_kept()) > at) is old


# --------------------------------------------------------------------------- sessions


def test_sessions_whose_time_is_over_end_a_bounded_number_at_a_time(clock: Clock) -> None:
    open_one = session(timedelta(hours=1))
    for _ in range(3):
        session(timedelta(hours=-1))
    assert purging.end_old_sessions(2) == 2
    assert Session.objects.count() == 2
    tasks.purge()
    assert [one.pk for one in Session.objects.all()] == [open_one]
    assert purging.end_old_sessions() == 0


def session(ends_in: timedelta) -> str | None:
    store = SessionStore()
    store["take_back"] = "sealed"
    store.set_expiry(timezone.now() + ends_in)
    store.save()
    return store.session_key


def test_after_each_look_what_is_old_goes_too(clock: Clock) -> None:
    person, _ = two_months(clock)
    clock.on(2028, 4)
    keep.tidy(person)
    assert set(numbers(person)) == {JANUARY, FEBRUARY}
