"""A copy that Google makes: from consent to facts, under every fault, with two workers, and stopped half way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from audits.audit import exporting, run, work
from audits.audit.asks import exported_from
from audits.facts import VerdictState, Why
from audits.models import Audit, Connection, Export, Finding, Item, Trigger, WaitingRevocation, WaitState
from audits.sources.google import portability
from audits.sources.google.oauth import TokenAnswer
from tests.audit.scenes import person_with_connection

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_heartbeat")]

MAYA = "maya@gmail.test"
CLIENT = "privacy-audit-exports.apps.sandbox.test"
ALL = frozenset(portability.RESOURCES.values())
READ = {"play.installs": 6, "play.devices": 3, "chrome.extensions": 3}
INITIATE = "dataportability.portabilityArchive.initiate"
STATE = "dataportability.archiveJobs.getPortabilityArchiveState"
RESET = "dataportability.authorization.reset"


@pytest.fixture
def google(sandbox: Any, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Any:
    monkeypatch.setenv("GOOGLE_BACKOFF_SECONDS", "0.001")
    monkeypatch.setattr(exporting, "_ONE_MORE_TRY", exporting.retry.Patience(tries=1))
    settings.EXPORT_POLL_SECONDS = 0
    sandbox.edit(MAYA, "change_exports", ready_after=0)
    return sandbox


@pytest.fixture
def maya(google: Any) -> Connection:
    return person_with_connection(MAYA)[1]


def consent(google: Any, connection: Connection, scopes: frozenset[str] = ALL, **changed: Any) -> Export:
    tokens = google.tokens(MAYA, sorted(scopes), CLIENT)
    usual = {"expires_at": timezone.now() + timedelta(hours=1), "scopes": scopes, "id_token": "", **tokens}
    return exporting.begin(connection, TokenAnswer(**{**usual, **changed}))


def poll(export: Export, times: int = 1) -> Export:
    for _ in range(times):
        exporting.poll(export.pk, lambda audit: None)
    return Export.objects.get(pk=export.pk)


def whys(export: Export) -> dict[str, str]:
    return {resource: job["why"] for resource, job in export.jobs.items()}


def facts_of(connection: Connection) -> dict[str, int]:
    return {one.resource: len(one.facts) for one in exported_from(connection) if one.why is None}


def states_after(audit: Audit) -> set[str]:
    """What the three checks say once this audit ran."""
    run.run(audit.pk)
    found = Finding.objects.filter(person=audit.person, current=True, check_id__in=audit.only_checks)
    assert found.count() == 3
    return set(found.values_list("verdict", flat=True))


def same(why: Why | str) -> dict[str, str]:
    return dict.fromkeys(READ, str(why))


def test_from_consent_to_findings(google: Any, maya: Connection) -> None:
    export = consent(google, maya)
    assert exporting.due() == [export.pk]
    export = poll(export)
    assert all(job["id"] for job in export.jobs.values())
    assert {one.why for one in exported_from(maya)} == {Why.NOT_YET}
    woken: list[int] = []
    exporting.poll(export.pk, woken.append)
    export.refresh_from_db()
    assert (export.state, export.tokens, whys(export)) == (WaitState.DONE, None, same(""))
    assert facts_of(maya) == READ
    assert exporting.due() == []
    audit = Audit.objects.get()
    assert set(audit.only_checks) == {"phone_apps", "phone_devices", "browser_extensions"}
    assert audit.trigger == Trigger.RECHECK
    run.run(audit.pk)
    found = {one.check_id: one for one in Finding.objects.filter(person=maya.person, current=True)}
    assert found["phone_devices"].verdict == VerdictState.NEEDS_LOOK
    assert found["phone_devices"].rung == "export"
    assert found["phone_apps"].verdict == VerdictState.COULD_NOT_TELL, "no list is loaded"
    assert Item.objects.filter(person=maya.person, finding__check_id="browser_extensions").count() == 3
    assert list(maya.person.timeline.values_list("kind", flat=True)).count("export_ended") == 1


def test_the_permission_ends_at_google_and_nothing_else_does(google: Any, maya: Connection) -> None:
    google.token(MAYA, ["https://www.googleapis.com/auth/drive.apps.readonly"])
    poll(consent(google, maya), 2)
    assert [grant["project"] for grant in google.state()["grants"] if grant["account"] == MAYA] == ["privacy-audit"]
    assert not WaitingRevocation.objects.exists()


def test_only_what_was_ticked_is_asked_for(google: Any, maya: Connection) -> None:
    export = poll(consent(google, maya, frozenset({portability.RESOURCES["play.devices"]})), 2)
    assert whys(export) == {**same(Why.UNTICKED), "play.devices": ""}
    assert facts_of(maya) == {"play.devices": 3}
    assert len(google.log().of(INITIATE)) == 1


def test_waits_grow_up_to_an_hour(google: Any, maya: Connection, settings: Any) -> None:
    settings.EXPORT_POLL_SECONDS = 60
    google.edit(MAYA, "change_exports", ready_after=10_000)
    export = consent(google, maya)
    waits = []
    for _ in range(9):
        Export.objects.update(next_poll_at=timezone.now())
        before = timezone.now()
        export = poll(export)
        waits.append(round((export.next_poll_at - before) / timedelta(minutes=1)))
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    polled = export.polls
    assert poll(export).polls == polled, "not before it is due"


def test_two_workers_ask_once(google: Any, maya: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second comes while the first is at it, however soon the next poll is due."""
    export = consent(google, maya)
    initiate = portability.initiate

    def meanwhile(*args: Any) -> str:
        exporting.poll(export.pk, lambda audit: None)
        return initiate(*args)

    monkeypatch.setattr(portability, "initiate", meanwhile)
    assert whys(poll(export)) == same(Why.NOT_YET)
    assert len(google.log().of(INITIATE)) == 3


def test_what_a_worker_left_when_it_died_is_taken_up(
    google: Any, maya: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = consent(google, maya)
    monkeypatch.setattr(exporting, "_steps", lambda export: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        poll(export)
    monkeypatch.undo()
    assert exporting.due() == []
    Export.objects.update(next_poll_at=timezone.now() - exporting.CLAIM_HOLDS)
    assert poll(export).polls == 2


def test_a_worker_that_wakes_late_writes_nothing(
    google: Any, maya: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = poll(consent(google, maya))
    download = portability.download

    def meanwhile(*args: Any) -> bytes:
        Export.objects.filter(pk=export.pk).update(polls=99)
        return download(*args)

    monkeypatch.setattr(portability, "download", meanwhile)
    late = poll(export)
    assert (late.state, late.facts) == (WaitState.WAITING, None)
    assert not Audit.objects.exists()


# --------------------------------------------------------------------------- faults


PASSING = [429, 500, 503, "reset", "empty"]


@pytest.mark.parametrize("kind", PASSING)
@pytest.mark.parametrize("call", [INITIATE, STATE, "/portability-archives"])
def test_what_fails_for_now_is_asked_again(google: Any, maya: Connection, call: str, kind: str | int) -> None:
    if call == "/portability-archives" and kind == "empty":
        kind = 404
    export = consent(google, maya)
    if call != INITIATE:
        poll(export)
    google.fault(call, kind)
    assert poll(export).state == WaitState.WAITING
    google.clear_faults()
    assert poll(export, 2).state == WaitState.DONE
    assert facts_of(maya) == READ


ENDING = [
    (INITIATE, 403, "forbidden", Why.FORBIDDEN),
    (INITIATE, 403, "insufficientPermissions", Why.UNTICKED),
    (INITIATE, 429, "RESOURCE_EXHAUSTED_TIME_BASED", Why.BUSY),
    (INITIATE, 400, "failedPrecondition", Why.BUSY),
    (INITIATE, 400, "badRequest", Why.OUR_FAULT),
    (INITIATE, "list", "", Why.UNREADABLE),
    (STATE, 404, "notFound", Why.NOT_FOUND),
    (STATE, 403, "forbidden", Why.FORBIDDEN),
    (STATE, "wrong_types", "", Why.UNREADABLE),
]


@pytest.mark.parametrize(("call", "kind", "reason", "why"), ENDING)
def test_what_stays_wrong_ends_and_is_named(
    google: Any, maya: Connection, call: str, kind: str | int, reason: str, why: Why
) -> None:
    export = consent(google, maya)
    if call == STATE:
        poll(export)
    google.fault(call, kind, reason)
    export = poll(export)
    assert (export.state, export.tokens, whys(export)) == (WaitState.FAILED, None, same(why))
    assert {one.why for one in exported_from(maya)} == {why}
    assert states_after(Audit.objects.get()) <= {VerdictState.COULD_NOT_TELL, VerdictState.NOT_CHECKED}


@pytest.mark.parametrize(("ends", "why"), [("FAILED", Why.GOOGLE_ERROR), ("CANCELLED", Why.STOPPED)])
def test_google_ends_it_otherwise(google: Any, maya: Connection, ends: str, why: Why) -> None:
    google.edit(MAYA, "change_exports", ends=ends)
    assert whys(poll(consent(google, maya), 2)) == same(why)
    assert states_after(Audit.objects.get()) <= {VerdictState.COULD_NOT_TELL, VerdictState.NOT_CHECKED}


def test_one_that_fails_harms_no_other(google: Any, maya: Connection) -> None:
    export = consent(google, maya)
    google.fault(INITIATE, 403, "forbidden", nth=2)
    export = poll(export, 2)
    assert export.state == WaitState.DONE
    assert whys(export) == {**same(""), "play.devices": "forbidden"}


def test_a_permission_that_was_taken_back(google: Any, maya: Connection) -> None:
    export = poll(consent(google, maya))
    google.revoke(MAYA)
    assert whys(poll(export)) == same(Why.NEEDS_RECONNECTING)


def test_a_token_that_ran_out_is_renewed_and_kept(google: Any, maya: Connection) -> None:
    google.edit(MAYA, "change_exports", ready_after=10_000)
    long_ago = timezone.now() - timedelta(hours=1)
    export = consent(google, maya, access_token="old", expires_at=long_ago)
    export = poll(export)
    assert export.tokens["access_token"] != "old"
    assert datetime.fromisoformat(export.tokens["expires_at"]) > timezone.now()


def test_it_is_not_waited_for_ever(google: Any, maya: Connection) -> None:
    google.edit(MAYA, "change_exports", ready_after=10_000)
    export = poll(consent(google, maya))
    Export.objects.update(expires_at=datetime(2026, 1, 1, tzinfo=UTC))
    export = poll(export)
    assert (export.state, whys(export)) == (WaitState.EXPIRED, same(Why.UNREACHABLE))


def test_when_google_can_not_be_told_the_token_waits(google: Any, maya: Connection) -> None:
    google.fault(RESET, 503)
    google.fault("/revoke", 503)
    poll(consent(google, maya), 2)
    assert WaitingRevocation.objects.count() == 1
    google.clear_faults()
    assert exporting.revocations.try_waiting() == 0, "not at once"
    WaitingRevocation.objects.update(next_try_at=timezone.now())
    assert exporting.revocations.try_waiting() == 1
    assert not [grant for grant in google.state()["grants"] if grant["project"] == "privacy-audit-exports"]


def test_an_audit_that_runs_goes_first(google: Any, maya: Connection) -> None:
    running = work.start(maya.person, trigger=Trigger.PERSON)
    export = poll(consent(google, maya), 2)
    assert export.state == WaitState.WAITING
    assert export.next_poll_at > timezone.now()
    work.cancel(running)
    Export.objects.update(next_poll_at=timezone.now())
    assert poll(export).state == WaitState.DONE
    assert Audit.objects.filter(trigger=Trigger.RECHECK).count() == 1


# --------------------------------------------------------------------------- rounds


def test_an_earlier_reading_stands_until_a_newer_one_is_read(google: Any, maya: Connection) -> None:
    first = poll(consent(google, maya), 2)
    Audit.objects.all().delete()
    second = poll(consent(google, maya, frozenset({portability.RESOURCES["play.devices"]})))
    assert facts_of(maya) == READ, "while the second waits"
    poll(second)
    assert facts_of(maya) == READ
    assert Export.objects.count() == 2, "the first is still the newest of apps and extensions"
    Audit.objects.all().delete()
    third = poll(consent(google, maya), 2)
    assert list(Export.objects.all()) == [third]
    assert first.pk != third.pk


def test_a_second_consent_takes_the_place_of_one_that_waits(google: Any, maya: Connection) -> None:
    google.edit(MAYA, "change_exports", ready_after=10_000)
    first = poll(consent(google, maya))
    second = consent(google, maya)
    assert list(Export.objects.values_list("pk", flat=True)) == [second.pk]
    exporting.poll(first.pk, lambda audit: None)
    assert not WaitingRevocation.objects.exists(), "revoking the first would end the second"


def test_nothing_is_kept_of_it_after_the_time_that_history_is_kept(
    google: Any, maya: Connection, settings: Any
) -> None:
    poll(consent(google, maya), 2)
    exporting.forget_old()
    assert Export.objects.count() == 1
    Export.objects.update(created_at=timezone.now() - timedelta(days=settings.KEEP_HISTORY_DAYS + 1))
    exporting.forget_old()
    assert not Export.objects.exists()


def test_the_sweep_wakes_for_what_is_due(google: Any, maya: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    from audits import tasks

    woken: list[str] = []
    monkeypatch.setattr(tasks, "wake_exports", lambda: woken.append("exports"))
    tasks.sweep()
    assert woken == []
    export = consent(google, maya)
    tasks.sweep()
    assert woken == ["exports"]
    monkeypatch.setattr(tasks, "wake", lambda audit: woken.append("audit"))
    tasks.poll_exports()
    tasks.poll_exports()
    export.refresh_from_db()
    assert export.state == WaitState.DONE


def test_without_redis_a_copy_waits(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    from audits import tasks

    def refused(*args: Any, **options: Any) -> None:
        raise OSError("no redis")

    monkeypatch.setattr(tasks.poll_exports, "apply_async", refused)
    tasks.wake_exports()
    assert "copies wait" in caplog.text


def test_no_token_or_address_is_logged(google: Any, maya: Connection, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    export = poll(consent(google, maya))
    google.fault("/portability-archives", 503)
    token = export.tokens["access_token"]
    poll(export)
    assert token not in caplog.text
    assert "signature" not in caplog.text
    assert MAYA not in caplog.text
