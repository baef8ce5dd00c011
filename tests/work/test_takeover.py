"""Real workers that die, freeze, or lose their Redis: the audit finishes once, and nothing is lost or doubled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from audits import tasks
from audits.audit import work
from audits.checks.catalogue import RULED
from audits.models import Audit, AuditState, Connection, Finding, Item, Party, Person, SourceRun, Trigger
from audits.sources.registry import SOURCES
from tests.audit.scenes import person_with_connection
from tests.services.processes import wait_for

pytestmark = [pytest.mark.work, pytest.mark.django_db(transaction=True)]

MAYA = "maya@gmail.test"
SCOPES = [
    "https://www.googleapis.com/auth/drive.apps.readonly",
    "https://www.googleapis.com/auth/drive.metadata.readonly",
]
PATIENT = {"GOOGLE_TIMEOUT_SECONDS": "60", "LOG_LEVEL": "INFO"}


@pytest.fixture
def google(sandbox: Any) -> Any:
    sandbox.reset()
    return sandbox


@pytest.fixture
def maya(google: Any, transactional_db: None) -> Person:
    person, connection = person_with_connection(MAYA)
    connection.access_token = google.token(MAYA, SCOPES)
    connection.granted = connection.asked = SCOPES
    connection.save()
    return person


def queue(person: Person) -> Audit:
    return work.start(person, trigger=Trigger.PERSON, wake=tasks.wake)


def wait_until_finished(audit: Audit) -> Audit:
    wait_for(lambda: Audit.objects.get(pk=audit.pk).state == AuditState.FINISHED, "the audit to finish", 30)
    return Audit.objects.get(pk=audit.pk)


def wait_until_in_the_middle(audit: Audit, google: Any) -> None:
    """Some sources are kept, and another one hangs at Google."""
    apps_kept = SourceRun.objects.filter(audit=audit, source="drive_apps")
    wait_for(lambda: apps_kept.exists() and google.log().running, "the audit to be in its middle", 30)


def assert_whole_and_once(audit: Audit) -> None:
    connection = Connection.objects.get()
    runs = SourceRun.objects.filter(audit=audit)
    assert sorted(runs.values_list("source", flat=True)) == sorted(SOURCES)
    findings = Finding.objects.filter(person=audit.person)
    assert sorted(findings.values_list("check_id", flat=True)) == sorted(RULED)
    assert findings.filter(current=True, audit=audit, connection=connection).count() == len(RULED)
    wide = Finding.objects.get(check_id="drive_wide_apps")
    assert wide.item_count == Item.objects.filter(finding=wide).count() == 4
    assert Party.objects.filter(kind="link").count() == 1


def test_a_killed_worker_s_audit_is_finished_by_the_next_one(
    maya: Person, google: Any, start_worker: Callable[..., Any]
) -> None:
    google.fault("drive.files.list", "hang")
    first = start_worker(**PATIENT)
    audit = queue(maya)
    wait_until_in_the_middle(audit, google)
    first.kill()
    google.clear_faults()
    start_worker(LOG_LEVEL="INFO")
    audit = wait_until_finished(audit)
    assert audit.attempt == 2
    assert_whole_and_once(audit)
    assert len(google.log().of("drive.apps.list")) == 1, "what was kept before is not asked for again"


def test_a_frozen_worker_that_wakes_late_writes_nothing(
    maya: Person, google: Any, start_worker: Callable[..., Any]
) -> None:
    google.fault("drive.files.list", "hang")
    first = start_worker(**PATIENT)
    audit = queue(maya)
    wait_until_in_the_middle(audit, google)
    with transaction.atomic():
        # While we hold the lock, the worker cannot be frozen with it in its hand: SQLite has one lock for all writers.
        Audit.objects.select_for_update().get(pk=audit.pk)
        first.freeze()
    google.clear_faults()
    start_worker(LOG_LEVEL="INFO")
    audit = wait_until_finished(audit)
    written = snapshot()
    first.thaw()
    wait_for(lambda: "claim of attempt 1 lost" in first.log.read_text(), "the old worker to notice", 30)
    assert snapshot() == written
    assert audit.attempt == 2
    assert_whole_and_once(audit)


def snapshot() -> list[list[Any]]:
    """Every row an audit writes."""
    models = (Audit, SourceRun, Finding, Item, Party)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


def test_an_audit_whose_wake_was_lost_with_redis_is_found(
    maya: Person, redis_server: Any, start_worker: Callable[..., Any]
) -> None:
    redis_server.kill()
    audit = queue(maya)
    assert Audit.objects.get(pk=audit.pk).state == AuditState.QUEUED
    redis_server.start()
    start_worker(LOG_LEVEL="INFO")
    assert_whole_and_once(wait_until_finished(audit))


def test_redis_killed_and_started_empty_in_the_middle(
    maya: Person, google: Any, redis_server: Any, start_worker: Callable[..., Any]
) -> None:
    google.fault("drive.files.list", "hang")
    start_worker(**PATIENT)
    audit = queue(maya)
    wait_until_in_the_middle(audit, google)
    redis_server.kill()
    redis_server.start()
    google.clear_faults()
    audit = wait_until_finished(audit)
    assert audit.attempt == 1
    assert_whole_and_once(audit)
    second = queue(maya)
    assert second.pk != audit.pk
    wait_until_finished(second)


def test_a_cancelled_audit_stops_and_leaves_what_was_known(
    maya: Person, google: Any, start_worker: Callable[..., Any]
) -> None:
    running = start_worker(**PATIENT)
    first = wait_until_finished(queue(maya))
    google.fault("drive.files.list", "hang")
    google.clear_log()
    second = queue(maya)
    wait_until_in_the_middle(second, google)
    assert work.cancel(second)
    google.clear_faults()
    wait_for(lambda: "claim of attempt 1 lost" in running.log.read_text(), "the worker to stop", 30)
    assert not Finding.objects.filter(audit=second).exists()
    assert Finding.objects.filter(audit=first, current=True).count() == len(RULED)
