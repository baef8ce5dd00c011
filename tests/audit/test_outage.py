"""One person's bad luck with Google: their audit ends soon, says what it could not tell, and costs nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audits.audit import again, run, work
from audits.facts import VerdictState, Why
from audits.models import Audit, AuditState, Finding, Person, SourceRun, Trigger
from audits.sources.google import scopes
from tests.audit.scenes import person_with_connection

pytestmark = pytest.mark.django_db

TRIES = 3
LOOKS = [scopes.DRIVE_APPS, scopes.DRIVE_METADATA, scopes.GMAIL, scopes.CALENDAR_LIST, scopes.CALENDAR_ACLS]


@pytest.fixture
def google(sandbox: Any, monkeypatch: pytest.MonkeyPatch, quiet_heartbeat: None) -> Any:
    monkeypatch.setenv("GOOGLE_TIMEOUT_SECONDS", "30")
    monkeypatch.setenv("GOOGLE_TRIES", str(TRIES))
    monkeypatch.setenv("GOOGLE_BACKOFF_SECONDS", "0.001")
    return sandbox


def arrive(google: Any, number: int) -> Person:
    email = f"p{number:04d}@crowd.test"
    person, connection = person_with_connection(email)
    tokens = google.tokens(email, LOOKS)
    connection.access_token, connection.refresh_token = tokens["access_token"], tokens["refresh_token"]
    connection.granted = connection.asked = LOOKS
    connection.save()
    return person


def audit(person: Person) -> dict[str, tuple[str, int]]:
    """By source why it fell short, and how often it asked. Only those that may ask."""
    audit = work.start(person, trigger=Trigger.PERSON)
    assert run.run(audit.pk) is AuditState.FINISHED
    runs = SourceRun.objects.filter(audit=audit).exclude(state__in=("refused", "not_available"))
    return {one.source: (one.why, one.requests) for one in runs if one.source not in ("told_us", "sign_in_claims")}


def test_endless_errors_for_one_person(google: Any, settings: Any) -> None:
    """Sources that were under way together each use their tries; all others fail at once."""
    unlucky, lucky = arrive(google, 1), arrive(google, 2)
    google.fault("*", 500, user="p0001@crowd.test")
    found = audit(unlucky)
    assert len(found) > settings.AUDIT_SOURCES_AT_ONCE + 2
    assert {why for why, _ in found.values()} == {Why.GOOGLE_ERROR}
    asked = [source for source, (_, requests) in found.items() if requests]
    assert len(asked) <= 2 * settings.AUDIT_SOURCES_AT_ONCE
    assert all(requests <= 2 * TRIES for _, requests in found.values())
    about_google = Finding.objects.filter(person=unlucky, current=True, check_id="drive_wide_apps")
    assert [one.verdict for one in about_google] == [VerdictState.COULD_NOT_TELL]
    assert {why for why, _ in audit(lucky).values()} == {""}


def test_it_is_looked_at_again_later_and_then_told(google: Any) -> None:
    person = arrive(google, 3)
    fault = google.fault("*", 503, user="p0003@crowd.test")
    audit(person)
    google.clear_faults(fault)
    ago = timezone.now() - timedelta(minutes=20)
    Audit.objects.filter(person=person).update(created_at=ago, heartbeat_at=ago)
    assert again.look_again(lambda audit_id: None) == 1
    second = Audit.objects.get(person=person, state=AuditState.QUEUED)
    assert run.run(second.pk) is AuditState.FINISHED
    assert not SourceRun.objects.filter(person=person, current=True, why__in=again.PASSING).exists()
    apps = Finding.objects.get(person=person, current=True, check_id="drive_wide_apps")
    assert apps.verdict == VerdictState.NEEDS_LOOK


def test_one_who_is_refused_everywhere_ends_too(google: Any) -> None:
    person = arrive(google, 4)
    google.fault("*", 403, "domainPolicy", user="p0004@crowd.test")
    assert {why for why, _ in audit(person).values()} == {Why.FORBIDDEN}
    assert again.look_again(lambda audit_id: None) == 0
