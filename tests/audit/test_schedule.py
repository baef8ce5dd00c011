"""Looks that are due by themselves: what a Person chose, what is begun for them, and what makes it rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import connection as database
from django.db import transaction
from django.utils import timezone

from audits import tasks
from audits.accounts import leaving, merging
from audits.accounts.risc import effects
from audits.audit import again, asks, due, run, schedule, work
from audits.audit.collect import plan
from audits.audit.situation import Said, keep
from audits.audit.tell import timeline
from audits.audit.young import OF_PICTURES_AND_FILES, LeftOut
from audits.facts import Why
from audits.models import (
    AdministratorLook,
    Audit,
    AuditState,
    Connection,
    ConnectionState,
    Every,
    PausedBy,
    Person,
    ReturnCode,
    Schedule,
    SourceRun,
    TimelineEntry,
    Trigger,
)
from audits.models.sealing import lookup_key
from tests.audit.scenes import app, audit_with, person_with_connection

pytestmark = pytest.mark.django_db

WEEKLY = schedule.Choice(every=Every.WEEK, weekday=6, hour=18)
MONTHLY = schedule.Choice(every=Every.MONTH, day=31, hour=3)


def scheduled(email: str = "alice@gmail.test", hosted_domain: str = "") -> tuple[Person, Connection]:
    person, connection = person_with_connection(email, hosted_domain)
    schedule.choose(person, WEEKLY)
    return person, connection


def make_due(*people: Person, days: float = 0.01) -> None:
    Schedule.objects.filter(person__in=people).update(next_at=timezone.now() - timedelta(days=days))


def kept(person: Person) -> Schedule:
    return Schedule.objects.get(person=person)


def entries(person: Person) -> list[str]:
    return list(TimelineEntry.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def lose(connection: Connection) -> None:
    asks.mark_dead(connection, "invalid_grant")


def find(connection: Connection) -> None:
    Connection.objects.filter(pk=connection.pk).update(state=ConnectionState.WORKING)
    schedule.follow_accounts(connection.person)


# --------------------------------------------------------------------------- what was chosen


def test_nobody_has_one_who_did_not_ask() -> None:
    person, _ = person_with_connection()
    assert schedule.schedule_of(person) is None
    assert due.claim(10) == due.Batch((), more=False)


@pytest.mark.parametrize("choice", [WEEKLY, MONTHLY])
def test_what_was_chosen_is_kept_with_its_next_moment(choice: schedule.Choice) -> None:
    person, _ = person_with_connection()
    schedule.choose(person, choice)
    row = kept(person)
    assert (row.every, row.weekday, row.day, row.hour) == (choice.every, choice.weekday, choice.day, choice.hour)
    assert row.next_at is not None
    assert row.next_at > timezone.now()


def test_choosing_again_changes_the_one_there_is() -> None:
    person, _ = scheduled()
    schedule.choose(person, MONTHLY)
    assert kept(person).weekday is None
    assert entries(person) == ["schedule_chosen", "schedule_chosen"]


def test_turning_it_off_leaves_no_row() -> None:
    person, _ = scheduled()
    schedule.turn_off(person)
    schedule.turn_off(person)
    assert not Schedule.objects.exists()
    assert entries(person) == ["schedule_chosen", "schedule_off"]


def test_another_clock_moves_the_next_moment() -> None:
    person, _ = person_with_connection()
    person.time_zone = "Pacific/Kiritimati"
    person.save()
    before = schedule.choose(person, WEEKLY).next_at
    person.time_zone = "Pacific/Pago_Pago"
    person.save()
    schedule.move(person)
    after = kept(person).next_at
    assert before is not None
    assert after is not None
    assert (after - before) % timedelta(days=7) == timedelta(days=1, hours=1), "25 hours lie between the two clocks"


def test_another_clock_wakes_nothing_that_rests() -> None:
    person, _ = scheduled()
    schedule.pause(person)
    schedule.move(person)
    assert kept(person).next_at is None


# --------------------------------------------------------------------------- what is due


def test_what_is_due_is_queued_and_moves_on() -> None:
    person, _ = scheduled()
    make_due(person)
    batch = due.claim(10)
    [audit] = Audit.objects.all()
    assert batch == due.Batch((audit.pk,), more=False)
    assert (audit.person, audit.trigger, audit.state, audit.only_checks) == (person, Trigger.SCHEDULE, "queued", [])
    row = kept(person)
    assert row.next_at is not None
    assert row.next_at > timezone.now()
    assert row.last_at == audit.created_at
    assert due.claim(10).audits == (), "once"


def test_what_is_not_due_yet_waits() -> None:
    scheduled()
    assert due.claim(10).audits == ()


def test_who_is_overdue_by_weeks_is_due_once() -> None:
    person, _ = scheduled()
    make_due(person, days=40)
    assert len(due.claim(10).audits) == 1
    Audit.objects.update(state=AuditState.FINISHED)
    assert due.claim(10).audits == ()


def test_the_longest_due_come_first_and_no_batch_is_larger_than_asked() -> None:
    people = [scheduled(f"p{number}@mail.test")[0] for number in range(5)]
    for number, person in enumerate(people):
        make_due(person, days=number + 1)
    batch = due.claim(2)
    assert batch.more
    begun = Audit.objects.filter(pk__in=batch.audits).order_by("pk").values_list("person", flat=True)
    assert list(begun) == [people[4].pk, people[3].pk]
    assert [len(due.claim(2).audits) for _ in range(3)] == [2, 1, 0]


def test_who_is_looked_at_already_is_not_looked_at_twice() -> None:
    (busy, _), (other, _) = scheduled(), scheduled("bob@gmail.test")
    active = work.start(busy, trigger=Trigger.PERSON)
    make_due(busy, other)
    [queued] = due.claim(10).audits
    assert Audit.objects.get(pk=queued).person == other
    assert list(Audit.objects.filter(person=busy)) == [active]
    moved = kept(busy).next_at
    assert moved is not None
    assert moved > timezone.now(), "the schedule still moves on"


def test_who_was_switched_off_is_left_alone() -> None:
    person, _ = scheduled()
    Person.objects.update(is_active=False)
    make_due(person)
    assert due.claim(10) == due.Batch((), more=False)


def test_when_somebody_else_had_them_first_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    person, _ = scheduled()
    make_due(person)

    def slow(taken: Sequence[Schedule]) -> set[int]:
        Schedule.objects.update(next_at=timezone.now() + timedelta(days=7))
        return {one.person_id for one in taken}

    monkeypatch.setattr(due, "_may_look", slow)
    with pytest.raises(due.TakenMeanwhile):
        due.claim(10)
    assert not Audit.objects.exists()


def test_a_batch_costs_as_many_queries_for_one_as_for_many(django_assert_num_queries: Any) -> None:
    people = [scheduled(f"p{number}@mail.test")[0] for number in range(12)]
    make_due(*people)
    with django_assert_num_queries(7):  # a savepoint, and its end, among them
        due.claim(1)
    with django_assert_num_queries(7):
        due.claim(11)


def test_workers_are_woken_for_each_and_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.SCHEDULE_BATCH, settings.SCHEDULE_WAITING = 2, 5
    people = [scheduled(f"p{number}@mail.test")[0] for number in range(7)]
    make_due(*people)
    woken: list[int] = []
    monkeypatch.setattr(tasks, "wake", woken.append)
    tasks.start_due()
    assert sorted(woken) == sorted(Audit.objects.values_list("pk", flat=True))
    assert len(woken) == 5, "the others stay due, so that nobody who asks now waits behind them"
    tasks.start_due()
    assert len(woken) == 5
    Audit.objects.update(state=AuditState.FINISHED)
    tasks.start_due()
    assert len(woken) == 7


def test_those_who_are_looked_at_already_hold_nobody_up(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.SCHEDULE_BATCH = 2
    people = [scheduled(f"p{number}@mail.test")[0] for number in range(5)]
    for person in people[:4]:
        work.start(person, trigger=Trigger.PERSON)
    make_due(*people[:4], days=2)
    make_due(people[4])
    woken: list[int] = []
    monkeypatch.setattr(tasks, "wake", woken.append)
    tasks.start_due()
    assert len(woken) == 1


def test_with_a_hundred_thousand_an_index_finds_the_few() -> None:
    now = timezone.now()
    people = Person.objects.bulk_create(Person(password="!") for _ in range(3_000))
    Schedule.objects.bulk_create(
        Schedule(person=person, every=Every.WEEK, weekday=1, hour=1, next_at=now + timedelta(minutes=number - 100))
        for number, person in enumerate(people)
    )
    with database.cursor() as cursor:
        cursor.execute("ANALYZE")
    with transaction.atomic():
        asked = due.due(now)[:200].explain()
    assert "schedule_due" in asked, asked
    assert "Seq Scan on audits_schedule" not in asked
    assert "SCAN audits_schedule" not in asked


# --------------------------------------------------------------------------- an account that is lost


def test_a_lost_account_pauses_it_and_says_so_once() -> None:
    person, connection = scheduled()
    lose(connection)
    lose(connection)
    row = kept(person)
    assert (row.next_at, row.paused_by) == (None, PausedBy.CONNECTION)
    assert entries(person).count("schedule_lost") == 1
    assert due.claim(10).audits == ()


def test_one_of_two_accounts_is_enough() -> None:
    person, connection = scheduled()
    second = Connection(person=person, sub_key=lookup_key("sub", "second"))
    second.email = "second@gmail.test"
    second.save()
    lose(connection)
    assert kept(person).paused_by == ""
    make_due(person)
    assert len(due.claim(10).audits) == 1


def test_with_the_account_it_goes_on_at_a_fresh_moment() -> None:
    person, connection = scheduled()
    make_due(person, days=3)
    lose(connection)
    find(connection)
    row = kept(person)
    assert row.paused_by == ""
    assert row.paused_at is None
    assert row.next_at is not None
    assert row.next_at > timezone.now()
    assert entries(person)[-1] == "schedule_found"


def test_what_nobody_noticed_is_noticed_when_it_is_due() -> None:
    (lost, _), (fine, _) = scheduled(), scheduled("bob@gmail.test")
    Connection.objects.filter(person=lost).update(state=ConnectionState.NEEDS_RECONNECTING)
    make_due(lost, fine)
    [queued] = due.claim(10).audits
    assert Audit.objects.get(pk=queued).person == fine
    row = kept(lost)
    assert (row.next_at, row.paused_by, row.last_at) == (None, PausedBy.CONNECTION, None)
    assert entries(lost)[-1] == "schedule_lost"


def test_google_s_own_word_pauses_it_too() -> None:
    person, connection = scheduled()
    effects._drop_tokens(connection, timezone.now())
    assert kept(person).paused_by == PausedBy.CONNECTION


def test_disconnecting_the_last_account_pauses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audits.audit.revocations.try_one", lambda waiting: True)
    person, connection = scheduled()
    leaving.disconnect(connection)
    assert kept(person).paused_by == PausedBy.CONNECTION


def test_the_person_s_own_pause_stays_whatever_happens_to_the_account() -> None:
    person, connection = scheduled()
    schedule.pause(person)
    schedule.pause(person)
    lose(connection)
    find(connection)
    row = kept(person)
    assert (row.next_at, row.paused_by) == (None, PausedBy.PERSON)
    schedule.go_on(person)
    schedule.go_on(person)
    assert kept(person).next_at is not None
    assert [one for one in entries(person) if one.startswith("schedule")] == [
        "schedule_chosen",
        "schedule_paused",
        "schedule_went_on",
    ]


def test_a_pause_may_be_laid_over_a_lost_account_and_ended_again() -> None:
    person, connection = scheduled()
    lose(connection)
    schedule.pause(person)
    assert kept(person).paused_by == PausedBy.PERSON
    schedule.go_on(person)
    assert kept(person).paused_by == PausedBy.CONNECTION


def test_chosen_while_no_account_answers_it_waits_for_one() -> None:
    person, connection = person_with_connection()
    lose(connection)
    schedule.choose(person, WEEKLY)
    assert kept(person).paused_by == PausedBy.CONNECTION
    find(connection)
    assert kept(person).next_at is not None


def test_every_entry_has_words() -> None:
    person, connection = scheduled()
    schedule.pause(person)
    schedule.go_on(person)
    lose(connection)
    find(connection)
    schedule.turn_off(person)
    audit = audit_with(person, connection, {"drive_apps": [app("1")]})
    Audit.objects.filter(pk=audit.pk).update(trigger=Trigger.SCHEDULE)
    texts = [line.text for day in timeline(person, 1).days for line in day.entries]
    assert "Something was noted." not in texts
    assert "We looked by ourselves, as you chose, at everything that was open to us." in texts


# --------------------------------------------------------------------------- what such a look is


def test_it_never_looks_as_administrator() -> None:
    person, connection = scheduled("alice@shelter.test", "shelter.test")
    look = AdministratorLook(person=person, connection=connection, expires_at=timezone.now() + timedelta(hours=1))
    look.access_token = "ya29.admin"
    look.save()
    make_due(person)
    [queued] = due.claim(10).audits
    audit = Audit.objects.get(pk=queued)
    assert all(errand.ask.administrator is None for errand in plan(audit, lambda: False))
    audit.trigger = Trigger.PERSON
    assert any(errand.ask.administrator is not None for errand in plan(audit, lambda: False))


def test_for_somebody_under_18_pictures_and_files_are_left_out() -> None:
    person, _ = scheduled()
    keep(person, Said(young=True))
    make_due(person)
    [queued] = due.claim(10).audits
    sources = [errand.source for errand in plan(Audit.objects.get(pk=queued), lambda: False)]
    left_out = {source.name for source in sources if isinstance(source, LeftOut)}
    assert left_out == set(OF_PICTURES_AND_FILES)


def test_it_runs_like_any_other(quiet_heartbeat: None, sandbox: Any) -> None:
    person, connection = scheduled("maya@gmail.test")
    connection.access_token = sandbox.token("maya@gmail.test", ["https://www.googleapis.com/auth/drive.apps.readonly"])
    connection.granted = connection.asked = ["https://www.googleapis.com/auth/drive.apps.readonly"]
    connection.save()
    make_due(person)
    [queued] = due.claim(10).audits
    assert run.run(queued) == AuditState.FINISHED
    assert SourceRun.objects.get(audit=queued, source="drive_apps").fact_count


def test_what_google_could_not_answer_in_it_is_asked_once_more() -> None:
    """Such a second look is begun by itself as well, and has no third."""
    person, connection = person_with_connection()
    ago = timezone.now() - timedelta(minutes=20)
    for only in ([], ["drive_wide_apps"]):
        audit = audit_with(person, connection, {"drive_apps": Why.BUSY}, only)
        values = {"trigger": Trigger.SCHEDULE, "created_at": ago, "heartbeat_at": ago}
        Audit.objects.filter(pk=audit.pk).update(**values)
        ago += timedelta(minutes=1)
        assert again.look_again(lambda audit_id: None) == (0 if only else 1)
        Audit.objects.filter(state=AuditState.QUEUED).delete()


# --------------------------------------------------------------------------- two records become one


def put_together(source: Person, target: Person, connection: Connection) -> None:
    ReturnCode.objects.create(person=source, code_key="k", made_at=timezone.now())
    SocialAccount.objects.create(user=target, provider="google", uid=connection.sub_key)
    merging.merge(source, target, connection.sub_key)


@pytest.mark.parametrize(("theirs", "expected"), [(None, WEEKLY), (MONTHLY, MONTHLY)])
def test_the_schedule_of_the_record_that_stays_counts(
    theirs: schedule.Choice | None, expected: schedule.Choice
) -> None:
    source, (target, connection) = Person.objects.create_user(), person_with_connection()
    schedule.choose(source, WEEKLY)
    if theirs:
        schedule.choose(target, theirs)
    put_together(source, target, connection)
    row = Schedule.objects.get()
    assert (row.person, row.every) == (target, expected.every)
    assert row.next_at is not None, "an account is there now"
    assert row.paused_by == ""


def test_a_pause_goes_along() -> None:
    source, (target, connection) = Person.objects.create_user(), person_with_connection()
    schedule.choose(source, WEEKLY)
    schedule.pause(source)
    put_together(source, target, connection)
    assert kept(target).paused_by == PausedBy.PERSON
