"""Who may work on an audit: claims, heartbeats, take-over, cancel."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from audits.audit import work
from audits.models import Audit, AuditState, Person, Trigger

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Person:
    return Person.objects.create_user()


def queue(person: Person) -> Audit:
    return work.start(person, trigger=Trigger.PERSON)


def silence(audit: Audit) -> None:
    Audit.objects.filter(pk=audit.pk).update(heartbeat_at=timezone.now() - timedelta(hours=1))


def test_one_active_audit_a_person(alice: Person) -> None:
    assert queue(alice).pk == queue(alice).pk
    assert Audit.objects.count() == 1


def test_wake_is_called_after_commit_even_for_an_audit_that_waits(
    alice: Person, django_capture_on_commit_callbacks
) -> None:
    woken: list[int] = []
    with django_capture_on_commit_callbacks(execute=True):
        audit = work.start(alice, trigger=Trigger.PERSON, wake=woken.append)
        assert woken == []
    with django_capture_on_commit_callbacks(execute=True):
        work.start(alice, trigger=Trigger.PERSON, wake=woken.append)
    assert woken == [audit.pk, audit.pk]


def test_an_administrator_audit_replaces_the_active_one(alice: Person) -> None:
    first = queue(alice)
    second = work.start(alice, trigger=Trigger.ADMINISTRATOR)
    first.refresh_from_db()
    assert first.state == AuditState.CANCELLED
    assert second.state == AuditState.QUEUED


def test_a_queued_audit_is_claimed_once(alice: Person) -> None:
    audit = queue(alice)
    assert work.claim(audit.pk) == work.Claim(audit.pk, 1)
    assert work.claim(audit.pk) is None


def test_a_silent_audit_is_taken_over_and_the_old_worker_writes_nothing(alice: Person) -> None:
    audit = queue(alice)
    old = work.claim(audit.pk)
    assert old is not None
    silence(audit)
    new = work.claim(audit.pk)
    assert new == work.Claim(audit.pk, 2)
    assert not old.held()
    with pytest.raises(work.ClaimLost), old.writing():
        Person.objects.create_user()
    assert Person.objects.count() == 1
    with new.writing():
        new.finish(AuditState.FINISHED)
    audit.refresh_from_db()
    assert (audit.state, audit.attempt) == (AuditState.FINISHED, 2)


def test_a_beating_audit_is_not_taken_over(alice: Person) -> None:
    audit = queue(alice)
    held = work.claim(audit.pk)
    silence(audit)
    assert held is not None
    assert held.held()
    assert work.claim(audit.pk) is None
    assert work.waiting() == []


def test_an_audit_taken_over_too_often_fails(alice: Person, settings) -> None:
    settings.AUDIT_ATTEMPTS = 2
    audit = queue(alice)
    for _ in range(2):
        assert work.claim(audit.pk)
        silence(audit)
    assert work.claim(audit.pk) is None
    audit.refresh_from_db()
    assert audit.state == AuditState.FAILED


def test_cancel_ends_the_claim(alice: Person) -> None:
    audit = queue(alice)
    held = work.claim(audit.pk)
    assert held is not None
    assert work.cancel(audit)
    assert not work.cancel(audit)
    assert not held.held()


def test_waiting_lists_queued_and_silent_oldest_first(alice: Person) -> None:
    first = queue(alice)
    second = queue(Person.objects.create_user())
    third = queue(Person.objects.create_user())
    for audit in (first, second):
        work.claim(audit.pk)
    silence(first)
    assert work.waiting() == [first.pk, third.pk]


def test_the_heartbeat_thread_notices_a_take_over(alice: Person, settings, transactional_db) -> None:
    settings.AUDIT_HEARTBEAT_SECONDS = 0.01
    audit = queue(alice)
    held = work.claim(audit.pk)
    assert held is not None
    with work.beating(held) as lost:
        silence(audit)
        Audit.objects.filter(pk=audit.pk).update(attempt=2)
        assert lost.wait(10)


@pytest.mark.django_db(transaction=True)
def test_many_workers_claim_one_audit_once() -> None:
    audit = queue(Person.objects.create_user())
    ready = threading.Barrier(6)
    claims: list[work.Claim | None] = []

    def claim() -> None:
        ready.wait()
        try:
            claims.append(work.claim(audit.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=claim) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claim is not None for claim in claims) == [False] * 5 + [True]
