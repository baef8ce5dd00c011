"""What Google could not answer is looked at once more by itself: later, once, and only that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audits.audit import again, keep
from audits.checks.catalogue import CHECKS
from audits.facts import Why
from audits.models import Audit, AuditState, Connection, ConnectionState, Person, SourceRun, Trigger
from tests.audit.scenes import Said, app, audit_with, person_with_connection

pytestmark = pytest.mark.django_db

STANDS_ON_APPS = {check.id for check in CHECKS.values() if "drive_apps" in check.sources}


def audit_ago(minutes: float, person: Person, connection: Connection, said: Said, only: Sequence[str] = ()) -> Audit:
    audit = audit_with(person, connection, said, only)
    at = timezone.now() - timedelta(minutes=minutes)
    Audit.objects.filter(pk=audit.pk).update(created_at=at, heartbeat_at=at, finished_at=at)
    return audit


def look_again() -> list[Audit]:
    """All audits that are queued after one sweep."""
    again.look_again(lambda audit_id: None)
    return list(Audit.objects.filter(state=AuditState.QUEUED))


@pytest.mark.parametrize("why", [Why.BUSY, Why.UNREACHABLE, Why.GOOGLE_ERROR])
def test_a_fault_that_passes_is_looked_at_again(why: Why, django_capture_on_commit_callbacks: Any) -> None:
    person, connection = person_with_connection()
    audit_ago(20, person, connection, {"drive_apps": why, "drive_public": []})
    woken: list[int] = []
    with django_capture_on_commit_callbacks(execute=True):
        assert again.look_again(woken.append) == 1
    [queued] = Audit.objects.filter(state=AuditState.QUEUED)
    assert woken == [queued.pk]
    assert (queued.person, queued.trigger) == (person, Trigger.SCHEDULE)
    assert set(queued.only_checks) == STANDS_ON_APPS


def test_a_part_that_is_missing_is_looked_at_again_too() -> None:
    person, connection = person_with_connection()
    audit_ago(20, person, connection, {"drive_apps": (Why.BUSY, [app("1")])})
    assert len(look_again()) == 1


def test_it_happens_once() -> None:
    person, connection = person_with_connection()
    audit_ago(60, person, connection, {"drive_apps": Why.BUSY})
    [second] = look_again()
    assert look_again() == [second], "one at a time"
    SourceRun.objects.filter(person=person).update(audit=second)
    at = timezone.now() - timedelta(minutes=30)
    Audit.objects.filter(pk=second.pk).update(state=AuditState.FINISHED, created_at=at, heartbeat_at=at)
    assert look_again() == []


@pytest.mark.parametrize(
    "why", [Why.UNTICKED, Why.FORBIDDEN, Why.NEEDS_RECONNECTING, Why.NOT_FOUND, Why.UNREADABLE, Why.OUR_FAULT]
)
def test_what_would_fail_again_is_not(why: Why) -> None:
    person, connection = person_with_connection()
    audit_ago(20, person, connection, {"drive_apps": why})
    assert look_again() == []


def test_neither_too_soon_nor_too_late() -> None:
    for minutes in (5, 60 * 25):
        person, connection = person_with_connection()
        audit_ago(minutes, person, connection, {"drive_apps": Why.BUSY})
    assert look_again() == []


def test_not_when_another_audit_came_after_it() -> None:
    person, connection = person_with_connection()
    audit_ago(40, person, connection, {"drive_apps": Why.BUSY, "drive_public": Why.BUSY})
    audit_ago(20, person, connection, {"drive_apps": [app("1")]}, ["drive_wide_apps"])
    assert look_again() == []


def test_not_what_only_an_administrator_may_see() -> None:
    person, connection = person_with_connection(hosted_domain="shelter.test")
    audit_ago(20, person, connection, {"directory_user": Why.BUSY})
    assert look_again() == []


def test_not_over_a_connection_that_needs_the_person() -> None:
    person, connection = person_with_connection()
    audit_ago(20, person, connection, {"drive_apps": Why.BUSY})
    Connection.objects.update(state=ConnectionState.NEEDS_RECONNECTING)
    assert look_again() == []


def test_an_operator_may_switch_it_off(settings: Any) -> None:
    settings.LOOK_AGAIN_MINUTES = 0
    person, connection = person_with_connection()
    audit_ago(20, person, connection, {"drive_apps": Why.BUSY})
    assert look_again() == []


def test_a_second_look_does_not_make_the_facts_of_the_first_old() -> None:
    """Facts live for the next whole audits. A look at a few checks is none."""
    person, connection = person_with_connection()
    first = audit_with(person, connection, {"drive_apps": [app("1")]})
    for _ in range(4):
        audit = audit_with(person, connection, {"drive_apps": [app("1")]}, ["drive_wide_apps"])
        Audit.objects.filter(pk=audit.pk).update(trigger=Trigger.SCHEDULE)
    keep.tidy(person)
    assert SourceRun.objects.get(audit=first).facts_sealed is not None


def test_after_an_outage_they_do_not_all_begin_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(again, "AT_ONCE", 2)
    for _ in range(3):
        person, connection = person_with_connection()
        audit_ago(20, person, connection, {"drive_apps": Why.BUSY})
    assert [len(look_again()) for _ in range(3)] == [2, 3, 3]
