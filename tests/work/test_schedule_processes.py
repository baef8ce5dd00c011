"""Schedulers as real processes: four at once, one that is killed between claim and commit, a worker away for a day."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from audits import tasks
from audits.audit import due
from audits.models import Audit, AuditState, Connection, ConnectionState, Every, Person, Schedule, TimelineEntry
from audits.models.sealing import lookup_key
from tests.services import processes
from tests.services.worker import OWN_SETTINGS, database_url

pytestmark = [pytest.mark.work, pytest.mark.django_db(transaction=True)]

PEOPLE, SCHEDULERS, LOST = 200, 4, 20


def people_who_are_due(count: int, lost: int = 0) -> list[Person]:
    """`lost`: how many of them have no account that lets us look."""
    people = Person.objects.bulk_create(Person(password="!") for _ in range(count))
    states = [ConnectionState.NEEDS_RECONNECTING] * lost + [ConnectionState.WORKING] * (count - lost)
    Connection.objects.bulk_create(
        Connection(person=person, sub_key=lookup_key("sub", str(person.pk)), state=state)
        for person, state in zip(people, states, strict=True)
    )
    Schedule.objects.bulk_create(
        Schedule(person=person, every=Every.WEEK, weekday=1, hour=1, next_at=timezone.now() - timedelta(days=1))
        for person in people
    )
    return people


def scheduler(*words: str, log: Path) -> subprocess.Popen[bytes]:
    immediate = "?transaction_mode=IMMEDIATE" if connection.vendor == "sqlite" else ""  # as in the product's settings
    values = {**OWN_SETTINGS, "DATABASE_URL": database_url() + immediate}
    return processes.start([sys.executable, "-m", "tests.work.scheduler", *words], log, values)


def ready(folder: Path, started: Sequence[subprocess.Popen[bytes]], logs: Sequence[Path]) -> bool:
    assert all(one.poll() is None for one in started), [log.read_text()[-2000:] for log in logs]
    return len(list(folder.glob("ready-*"))) == len(started)


def assert_once(people: list[Person], lost: int = 0) -> None:
    owners = list(Audit.objects.values_list("person_id", flat=True))
    assert len(owners) == len(set(owners)) == len(people) - lost
    assert not Schedule.objects.filter(next_at__lte=timezone.now()).exists()
    assert Schedule.objects.filter(paused_by="connection").count() == lost
    assert TimelineEntry.objects.filter(kind="schedule_lost").count() == lost


def test_four_at_once_take_each_person_once(tmp_path: Path) -> None:
    people = people_who_are_due(PEOPLE, LOST)
    logs = [tmp_path / f"{number}.log" for number in range(SCHEDULERS)]
    started = [scheduler("claim", str(tmp_path), str(number), log=log) for number, log in enumerate(logs)]
    try:
        processes.wait_for(lambda: ready(tmp_path, started, logs), "four schedulers to be ready", 60)
        (tmp_path / "go").touch()
        assert [one.wait(60) for one in started] == [0] * SCHEDULERS, [log.read_text()[-2000:] for log in logs]
    finally:
        for one in started:
            processes.kill(one)
    printed = [int(line) for log in logs for line in log.read_text().split()]
    assert sorted(printed) == sorted(Audit.objects.values_list("pk", flat=True)), "each is announced by exactly one"
    assert_once(people, LOST)


def test_one_that_is_killed_before_it_commits_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    people = people_who_are_due(5, lost=1)
    killed = scheduler("hang", str(tmp_path), log=tmp_path / "log")
    try:
        processes.wait_for((tmp_path / "taken").exists, f"a batch to be taken; {tmp_path / 'log'}", 60)
    finally:
        processes.kill(killed)
    assert not Audit.objects.exists()
    processes.wait_for(lambda: due.claim(10).audits, "the database to notice that the process is gone")
    assert_once(people, lost=1)


def test_after_a_day_without_a_worker_everybody_is_looked_at_once(
    start_worker: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, sandbox: Any
) -> None:
    """What was queued while nobody could be woken is found by the sweep; what is due is begun by the beat."""
    queued, overdue = people_who_are_due(4)[:2], Person.objects.order_by("-pk")[:2]
    Schedule.objects.filter(person__in=[person.pk for person in overdue]).update(next_at=None)
    monkeypatch.setattr(tasks, "wake", lambda audit_id: None)
    tasks.start_due()
    assert set(Audit.objects.values_list("person", flat=True)) == {person.pk for person in queued}
    a_day_ago = timezone.now() - timedelta(days=1)
    Audit.objects.update(created_at=a_day_ago)
    Schedule.objects.filter(person__in=[person.pk for person in overdue]).update(next_at=a_day_ago)
    start_worker(SCHEDULE_SECONDS="0.3")
    finished = Audit.objects.filter(state=AuditState.FINISHED)
    processes.wait_for(lambda: finished.count() == 4, "four audits to finish", 60)
    assert Audit.objects.count() == 4
    assert not Schedule.objects.filter(next_at__lte=timezone.now()).exists()
