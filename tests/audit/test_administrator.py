"""The administrator's token is for one audit: it ends with it, and is taken back where that harms nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audits.audit import run, work
from audits.audit.revocations import project_of
from audits.models import AdministratorLook, Audit, Connection, Finding, WaitingRevocation
from audits.models.audit import AuditState, Trigger
from tests.audit.scenes import person_with_connection

pytestmark = pytest.mark.django_db

SAM = "sam@shelter.test"
SCOPES = [
    "https://www.googleapis.com/auth/admin.directory.user.readonly",
    "https://www.googleapis.com/auth/admin.directory.user.security",
    "https://www.googleapis.com/auth/admin.reports.audit.readonly",
]
ADMIN_CLIENT = "privacy-audit-admin.apps.sandbox.test"


@pytest.fixture
def open_look(sandbox: Any, quiet_heartbeat: None) -> Callable[[Connection], str]:
    sandbox.reset()

    def open_one(connection: Connection, without: str = "") -> str:
        granted = [scope for scope in SCOPES if scope != without]
        token: str = sandbox.token(SAM, granted, client=ADMIN_CLIENT)
        look = AdministratorLook(person=connection.person, connection=connection, granted=granted)
        look.access_token, look.expires_at = token, timezone.now() + timedelta(hours=1)
        look.save()
        return token

    return open_one


def two_step(audit: Audit) -> Finding:
    return Finding.objects.get(audit=audit, check_id="two_step")


def test_the_token_ends_with_its_audit_and_is_revoked(sandbox: Any, open_look: Callable[[Connection], str]) -> None:
    person, connection = person_with_connection(SAM, "shelter.test")
    audit = work.start(person, trigger=Trigger.ADMINISTRATOR)
    open_look(connection)
    assert run.run(audit.pk) is AuditState.FINISHED
    assert two_step(audit).rung == "admin"
    assert not AdministratorLook.objects.exists()
    assert not WaitingRevocation.objects.exists()
    assert [one["status"] for one in sandbox.log().requests if one["path"] == "/revoke"] == [200]


@pytest.mark.parametrize("without", [SCOPES[1], SCOPES[2]])
def test_what_was_unticked_leaves_its_own_checks_untold_and_no_others(
    open_look: Callable[..., str], without: str
) -> None:
    """Somebody may allow the directory and not the log, or the other way round."""
    person, connection = person_with_connection(SAM, "shelter.test")
    connection.asked = SCOPES
    connection.save()
    audit = work.start(person, trigger=Trigger.ADMINISTRATOR)
    open_look(connection, without)
    run.run(audit.pk)
    log, apps = ("account_events", "app_events"), ("connected_apps", "app_passwords")
    blind, seen = (log, apps) if without == SCOPES[2] else (apps, log)
    said = {one.check_id: (one.verdict, one.reason) for one in Finding.objects.filter(audit=audit)}
    assert {said[check] for check in blind} == {("could_not_tell", "unticked")}
    assert {said[check][0] for check in (*seen, "two_step", "recovery_address")} == {"needs_look"}


def test_the_next_audit_has_no_administrator(open_look: Callable[[Connection], str]) -> None:
    person, connection = person_with_connection(SAM, "shelter.test")
    first = work.start(person, trigger=Trigger.ADMINISTRATOR)
    open_look(connection)
    run.run(first.pk)
    second = work.start(person, trigger=Trigger.PERSON)
    run.run(second.pk)
    assert (two_step(second).verdict, two_step(second).reason) == ("could_not_tell", "not_asked")


def test_in_one_project_the_token_is_only_deleted(
    sandbox: Any, open_look: Callable[[Connection], str], settings: Any
) -> None:
    settings.GOOGLE_CLIENT_ID, settings.GOOGLE_ADMIN_CLIENT_ID = "123-a.apps.test", "123-b.apps.test"
    person, connection = person_with_connection(SAM, "shelter.test")
    audit = work.start(person, trigger=Trigger.ADMINISTRATOR)
    open_look(connection)
    run.run(audit.pk)
    assert not AdministratorLook.objects.exists()
    assert "/revoke" not in sandbox.log().paths()


def test_a_look_opened_while_an_audit_runs_is_not_lost_with_that_audit(open_look: Callable[[Connection], str]) -> None:
    person, connection = person_with_connection(SAM, "shelter.test")
    first = work.start(person, trigger=Trigger.PERSON)
    held = work.claim(first.pk)
    assert held is not None
    second = work.start(person, trigger=Trigger.ADMINISTRATOR)
    open_look(connection)
    assert not held.held(), "the first audit was stopped"
    run.end_of_cancelled(first.pk)
    assert AdministratorLook.objects.count() == 1
    run.run(second.pk)
    assert two_step(second).rung == "admin"


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("123-a.apps.googleusercontent.com", "123-b.apps.googleusercontent.com", True),
        ("123-a.apps.googleusercontent.com", "124-a.apps.googleusercontent.com", False),
        ("one.apps.test", "two.apps.test", False),
    ],
)
def test_a_client_id_names_its_project(first: str, second: str, same: bool) -> None:
    assert (project_of(first) == project_of(second)) is same
