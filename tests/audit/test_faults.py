"""Audits under every fault of every call: they end, what else was seen stands, and nothing untrue is said.

The truth about each made-up person is known, so an untrue verdict can be counted. The count must be 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audits.accounts.looks import ADMINISTRATOR, LOOKS
from audits.audit import run, work
from audits.audit.evidence import facts_of
from audits.checks.catalogue import CHECKS
from audits.facts import VerdictState
from audits.models import (
    AdministratorLook,
    AuditState,
    Connection,
    ConnectionState,
    Finding,
    Item,
    NamedPerson,
    Person,
    SourceRun,
    Trigger,
)
from audits.sources.registry import SOURCES
from tests.audit.scenes import person_with_connection
from tests.sources.test_faults import FAULTS

pytestmark = pytest.mark.django_db

STANDING = sorted({scope for look in LOOKS.values() if look.standing for scope in look.scopes})
DIRECTORY = sorted(LOOKS[ADMINISTRATOR].scopes)
MAYA, ALEX, SAM, NOOR = "maya@gmail.test", "alex@gmail.test", "sam@shelter.test", "noor@shelter.test"
EX = "j.marsh@mail.test"

FINE, LOOK = VerdictState.LOOKS_FINE, VerdictState.NEEDS_LOOK
COPIES = ("phone_apps", "phone_devices", "browser_extensions")  # nobody has asked Google for a copy here
GUIDED = ("photo_backup", "photo_backup_account", "photo_backup_devices", "two_step_strength", *COPIES)
ADMINISTRATORS = ("account_events", "app_events", "recovery_address")  # only an administrator's look tells of them

# Maya opened calendars, videos and an offer, and uses files of the person she named; Alex none of it.
OPENED = ("calendar_sharing", "videos_open", "files_from_person", "ownership_offers")

# Mails are signs, and nobody has looked; what the settings say is known.
SIGNS = ("security_mails", "exports_requested", "mail_delegates")
MAILBOX = ("mail_forwarding", "mail_filters", "mail_pickup", "mail_send_as", "mail_auto_reply")

# What would be untrue to say of each. A guided check can be neither fine nor in need of a look: nobody has looked.
UNTRUE: dict[str, set[tuple[str, VerdictState]]] = {
    MAYA: {
        *((check, FINE) for check in ("drive_wide_apps", "open_files", "open_pictures", "pictures_with_location")),
        *((check, FINE) for check in ("files_one_person", "pictures_in_bin", "connected_apps")),
        *((check, FINE) for check in (*OPENED, "sharing_history")),
        *((check, FINE) for check in MAILBOX),
        *(("shared_drives", state) for state in (FINE, LOOK)),
        *(
            (check, state)
            for check in ("two_step", "app_passwords", *GUIDED, *ADMINISTRATORS, *SIGNS)
            for state in (FINE, LOOK)
        ),
    },
    ALEX: {
        *((check, LOOK) for check in ("drive_wide_apps", "open_files", "open_pictures", "pictures_with_location")),
        *((check, LOOK) for check in ("files_one_person", "pictures_in_bin", "connected_apps")),
        *((check, LOOK) for check in (*OPENED, "sharing_history")),
        *((check, LOOK) for check in MAILBOX),
        *(("shared_drives", state) for state in (FINE, LOOK)),
        ("sharing_history", FINE),
        *(
            (check, state)
            for check in ("two_step", "app_passwords", *GUIDED, *ADMINISTRATORS, *SIGNS)
            for state in (FINE, LOOK)
        ),
        ("connected_apps", FINE),
    },
    SAM: {(check, FINE) for check in ("two_step", "app_passwords", "connected_apps", *ADMINISTRATORS)}
    | {("calendar_sharing", FINE), ("shared_drives", FINE), ("mail_forwarding", FINE)},
    NOOR: {
        (check, state)
        for check in ("two_step", "app_passwords", "connected_apps", *ADMINISTRATORS, *MAILBOX, *SIGNS)
        for state in (FINE, LOOK)
    },
}
# For those whose twin is tried with all of them: one fault for each way a look can end.
ONE_OF_A_KIND = ("401", "403 not ticked", "403 domain policy", "404", "429", "503", "cut", "empty", "list", "loop")
# What only a look that continues an earlier one asks.
CONTINUING = {"drive.changes.list", "gmail.users.history.list"}


def calls_of(email: str) -> list[str]:
    """Every call that any source may make for this account, apart from what only administrators are asked for."""
    administrator = email in (SAM, NOOR)
    return sorted(
        {
            call
            for source in SOURCES.values()
            for call in source.calls
            if getattr(source, "administrator", False) is administrator
        }
    )


TABLE = [(email, call) for email in UNTRUE for call in calls_of(email)]


@pytest.fixture
def google(sandbox: Any, monkeypatch: pytest.MonkeyPatch, quiet_heartbeat: None) -> Any:
    return as_usual(sandbox, monkeypatch)


def as_usual(sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("GOOGLE_TIMEOUT_SECONDS", "30")  # a busy machine is no fault of Google's
    monkeypatch.setenv("GOOGLE_TRIES", "2")
    monkeypatch.setenv("GOOGLE_BACKOFF_SECONDS", "0.001")
    sandbox.reset()
    return sandbox


@pytest.fixture(scope="module")
def after_an_audit(built_once: Any, running_sandbox: Any) -> Iterator[dict[str, int]]:
    """Each person's number, after an audit without any fault."""
    with built_once(), pytest.MonkeyPatch.context() as monkeypatch:
        google = as_usual(running_sandbox, monkeypatch)
        people = {email: arrive(google, email) for email in UNTRUE}
        assert {audit(person) for person in people.values()} == {AuditState.FINISHED}
        yield {email: person.pk for email, person in people.items()}


@pytest.fixture
def audited(after_an_audit: dict[str, int], db: None) -> Callable[[str], Person]:
    return lambda email: Person.objects.get(pk=after_an_audit[email])


def arrive(google: Any, email: str) -> Person:
    """This person, with every look open that the account can have."""
    domain = email.partition("@")[2]
    person, connection = person_with_connection(email, domain if domain == "shelter.test" else "")
    tokens = google.tokens(email, STANDING)
    connection.access_token, connection.refresh_token = tokens["access_token"], tokens["refresh_token"]
    connection.granted = connection.asked = STANDING
    connection.save()
    named = NamedPerson(person=person, address_key="ex")
    named.address = EX
    named.save()
    if connection.hosted_domain:
        look_as_administrator(google, connection)
    return person


def look_as_administrator(google: Any, connection: Connection) -> None:
    look = AdministratorLook(person=connection.person, connection=connection, granted=DIRECTORY)
    look.expires_at = timezone.now() + timedelta(hours=1)
    look.access_token = google.token(connection.email, DIRECTORY, client="privacy-audit-admin.apps.sandbox.test")
    look.save()


def audit(person: Person) -> AuditState | None:
    return run.run(work.start(person, trigger=Trigger.PERSON).pk)


def untrue(person: Person, email: str) -> list[tuple[str, str, str]]:
    found = Finding.objects.filter(person=person, current=True)
    said = {(one.check_id, VerdictState(one.verdict)): one for one in found}
    return [(check, state, said[check, state].reason) for check, state in UNTRUE[email] if (check, state) in said]


def item_names(person: Person) -> set[str]:
    return {item.content["name"] for item in Item.objects.filter(person=person, finding__current=True)}


def texts_of_facts(person: Person) -> set[str]:
    """Every text in anything that any source saw."""
    runs = SourceRun.objects.filter(person=person, current=True)
    return {text for one in runs for fact in facts_of(one) for text in vars(fact).values() if isinstance(text, str)}


def facts_by_source(person: Person) -> dict[str, int]:
    runs = SourceRun.objects.filter(person=person, current=True)
    return dict(runs.values_list("source", "fact_count"))


def sources_of(call: str) -> set[str]:
    return {name for name, source in SOURCES.items() if call in source.calls}


def look_again(google: Any, person: Person, touched: set[str], call: str) -> None:
    """A re-check of everything that stands on these sources, as if they had never been read, unless `call` needs it."""
    if call in CONTINUING:
        recheck(google, person, touched)
    else:
        SourceRun.objects.filter(person=person, source__in=touched).delete()


def accept_again(google: Any, person: Person, email: str) -> None:
    """The token that one fault refused is good again for the next: a source beside it is not that fault's business."""
    tokens = google.tokens(email, STANDING)
    connection = Connection.objects.get(person=person)
    connection.access_token, connection.refresh_token = tokens["access_token"], tokens["refresh_token"]
    connection.state = ConnectionState.WORKING
    connection.save()


def recheck(google: Any, person: Person, touched: set[str]) -> None:
    connection = Connection.objects.get(person=person)
    if connection.hosted_domain:
        look_as_administrator(google, connection)
    checks = [check.id for check in CHECKS.values() if touched & set(check.sources)]
    assert run.run(work.start(person, trigger=Trigger.RECHECK, only_checks=checks).pk) is AuditState.FINISHED


@pytest.mark.parametrize("email", UNTRUE)
def test_without_a_fault_nothing_untrue_is_said(audited: Callable[[str], Person], email: str) -> None:
    assert untrue(audited(email), email) == []


@pytest.mark.parametrize(("email", "call"), TABLE)
def test_under_every_fault_of_a_call_nothing_untrue_is_said(
    google: Any, audited: Callable[[str], Person], monkeypatch: pytest.MonkeyPatch, email: str, call: str
) -> None:
    person, touched = audited(email), sources_of(call)
    seen, facts = item_names(person) | texts_of_facts(person), facts_by_source(person)
    stands = {source: count for source, count in facts.items() if source not in touched}
    for name in [*FAULTS, "loop"] if email in (MAYA, SAM) else ONE_OF_A_KIND:
        kind, reason = (FAULTS[name].kind, FAULTS[name].reason) if name in FAULTS else (name, "")
        monkeypatch.setenv("GOOGLE_TIMEOUT_SECONDS", "0.1" if kind == "hang" else "30")
        accept_again(google, person, email)
        look_again(google, person, touched, call)
        google.fault(call, kind, reason)
        recheck(google, person, touched)
        google.clear_faults()
        assert untrue(person, email) == [], name
        assert item_names(person) <= seen, (name, "no item that is not there")
        now = facts_by_source(person)
        assert {source: now[source] for source in stands} == stands, (name, "the other sources' facts stand")


def test_sam_is_off_by_the_administrator_s_word_and_noor_is_not_told_off(google: Any) -> None:
    sam, noor = arrive(google, SAM), arrive(google, NOOR)
    audit(sam)
    audit(noor)
    of_sam = Finding.objects.get(person=sam, check_id="two_step", current=True)
    of_noor = Finding.objects.get(person=noor, check_id="two_step", current=True)
    assert (of_sam.verdict, of_sam.rung, of_sam.reason) == (LOOK, "admin", "off")
    assert of_noor.verdict == VerdictState.COULD_NOT_TELL
    assert not AdministratorLook.objects.exists(), "the administrator's token is for one audit"


def test_a_dead_grant_becomes_needs_reconnecting_once_and_keeps_what_was_seen(google: Any) -> None:
    person = arrive(google, MAYA)
    audit(person)
    before = item_names(person)
    google.revoke(MAYA)
    assert audit(person) is AuditState.FINISHED
    connection = Connection.objects.get(person=person)
    assert connection.state == "needs_reconnecting"
    assert person.timeline.filter(kind="needs_reconnecting").count() == 1
    assert untrue(person, MAYA) == []
    assert before
