"""Asking Google for its lists: a consent of its own, the page, stopping, deleting, and leaving in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audits.accounts.dance import Dancer, decide
from audits.accounts.looks import EXPORTS, LOOKS, LookState, state_of
from audits.audit import exporting, run
from audits.models import Audit, Connection, Export, SourceRun, WaitingRevocation, WaitState
from tests.accounts.travel import asked, come_back

MAYA = "maya@gmail.test"
SCOPES = LOOKS[EXPORTS].scopes
OWN_PROJECT = "privacy-audit-exports"


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[str]:
    """What a worker was told about. Whoever wants one polls by hand."""
    told: list[str] = []
    monkeypatch.setattr("audits.tasks.wake_exports", lambda: told.append("exports"))
    settings.EXPORT_POLL_SECONDS = 0
    return told


@pytest.fixture
def path(connection: Connection) -> str:
    return f"/lists/{connection.public_id}/"


def allow(maya: Dancer, path: str, untick: tuple[str, ...] = (), decision: str = "allow") -> Any:
    return maya.go(f"{path}begin/", untick=untick, decision=decision)


def read_all(sandbox: Any) -> Export:
    sandbox.edit(MAYA, "change_exports", ready_after=0)
    for _ in range(2):
        exporting.poll(Export.objects.get().pk, lambda audit: None)
    return Export.objects.get()


def grants(sandbox: Any) -> set[str]:
    return {grant["project"] for grant in sandbox.state()["grants"] if grant["account"] == MAYA}


# --------------------------------------------------------------------------- consent


def test_what_it_asks_of_google(maya: Dancer, path: str, settings: Any) -> None:
    query = asked(maya.client.post(f"{path}begin/"))
    assert query["client_id"] == settings.GOOGLE_PORTABILITY_CLIENT_ID
    assert set(query["scope"].split()) == set(SCOPES), "Google refuses any other scope beside these"
    assert "include_granted_scopes" not in query
    assert "claims" not in query
    assert (query["access_type"], query["login_hint"], query["code_challenge_method"]) == ("offline", MAYA, "S256")


def test_allowing_begins_a_round_and_leaves_the_connection_as_it_was(
    maya: Dancer, path: str, connection: Connection, woken: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    before = Connection.objects.values("granted", "asked", "refresh_token_sealed", "access_token_sealed").get()
    with django_capture_on_commit_callbacks(execute=True):
        answer = allow(maya, path)
    assert answer.headers["Location"] == path
    assert woken == ["exports"]
    export = Export.objects.get()
    assert (export.connection, export.state) == (connection, WaitState.WAITING)
    assert export.tokens["refresh_token"]
    assert Connection.objects.values(*before).get() == before
    connection.refresh_from_db()
    assert state_of(LOOKS[EXPORTS], connection) is LookState.USED
    assert connection.person.timeline.filter(kind="export_begun").count() == 1


def test_what_was_not_ticked_is_said(maya: Dancer, path: str) -> None:
    allow(maya, path, untick=(SCOPES[0],))
    assert maya.client.get(path).text.count("Not ticked by you at Google") == 1


def test_saying_no_changes_nothing_and_can_be_begun_again(maya: Dancer, path: str) -> None:
    answer = allow(maya, path, decision="deny")
    assert answer.status_code == 200
    assert "Nothing was opened and nothing has changed" in answer.text
    assert f'action="{path}begin/"' in answer.text
    assert not Export.objects.exists()


def test_another_account_at_google_can_not_be_noticed_so_the_page_says_it(maya: Dancer, path: str) -> None:
    page = maya.client.get(path).text
    assert "Google does not tell us which account you choose" in page
    maya.go(f"{path}begin/", account="alex@gmail.test")
    assert Export.objects.get().connection.email == MAYA
    assert "Google does not tell us which account you choose" in maya.client.get(path).text


def test_coming_back_without_being_signed_in(maya: Dancer, path: str, dancer: Callable[[str], Dancer]) -> None:
    leaving = maya.client.post(f"{path}begin/")
    back = decide(leaving.headers["Location"], MAYA)
    stranger = dancer("alex@gmail.test")
    assert come_back(stranger.client, back).status_code == 400
    assert not Export.objects.exists()
    maya.client.logout()
    assert come_back(maya.client, back).status_code == 400
    assert not Export.objects.exists()


def test_it_never_signs_anybody_in(maya: Dancer, path: str) -> None:
    """The session that set out may end on the way; its state alone opens nothing."""
    leaving = maya.client.post(f"{path}begin/")
    session = maya.client.session
    session.pop("_auth_user_id")
    session.save()
    answer = come_back(maya.client, decide(leaving.headers["Location"], MAYA))
    assert answer.status_code == 400
    assert "_auth_user_id" not in maya.client.session
    assert not Export.objects.exists()


def test_an_account_that_was_disconnected_on_the_way(
    maya: Dancer, path: str, connection: Connection, sandbox: Any
) -> None:
    leaving = maya.client.post(f"{path}begin/")
    connection.delete()
    answer = come_back(maya.client, decide(leaving.headers["Location"], MAYA))
    assert answer.status_code == 409
    assert OWN_PROJECT not in grants(sandbox), "what was granted is given back"


@pytest.mark.parametrize("fault", ["500", "truncated", "invalid_grant"])
def test_a_code_that_can_not_be_exchanged(maya: Dancer, path: str, sandbox: Any, fault: str) -> None:
    kind: str | int = {"500": 500, "invalid_grant": 400}.get(fault, fault)
    sandbox.fault("/token", kind, "invalid_grant" if fault == "invalid_grant" else "")
    assert allow(maya, path).status_code in (400, 502)
    assert not Export.objects.exists()


# --------------------------------------------------------------------------- who it is for


def test_an_account_of_an_organisation_is_not_offered_it(dancer: Callable[[str], Dancer]) -> None:
    sam = dancer("sam@shelter.test")
    sam.sign_in()
    path = f"/lists/{Connection.objects.get().public_id}/"
    assert "Google’s lists of your phones" not in sam.client.get("/looks/").text
    assert "It is for personal accounts" in sam.client.get(path).text
    assert sam.client.post(f"{path}begin/").headers["Location"] == path


def test_without_a_client_of_its_own_nobody_is_offered_it(maya: Dancer, path: str, settings: Any) -> None:
    assert "Google’s lists of your phones" in maya.client.get("/looks/").text
    kept = "If you let Google copy its lists"
    assert kept in maya.client.get("/privacy/").text
    settings.GOOGLE_PORTABILITY_CLIENT_ID = ""
    assert kept not in maya.client.get("/privacy/").text
    assert "Google’s lists of your phones" not in maya.client.get("/looks/").text
    assert f"{path}begin/" not in maya.client.get(path).text
    assert maya.client.post(f"{path}begin/").headers["Location"] == path


def test_where_google_offers_it_is_said_as_far_as_we_know(maya: Dancer, path: str) -> None:
    page = maya.client.get(path).text
    assert "As far as we know, Google offers this only in the European Economic Area" in page
    assert "Google may tell you by e-mail" in page


# --------------------------------------------------------------------------- waiting, stopping, deleting


def test_while_it_waits_there_is_no_second_way_to_google(maya: Dancer, path: str) -> None:
    allow(maya, path)
    page = maya.client.get(path).text
    assert page.count("Google is making it.") == 3
    assert f"{path}begin/" not in page
    assert maya.client.post(f"{path}begin/").headers["Location"] == path


def test_stopping_ends_the_permission_and_keeps_nothing(maya: Dancer, path: str, sandbox: Any) -> None:
    allow(maya, path)
    assert OWN_PROJECT in grants(sandbox)
    page = maya.client.post(f"{path}stop/", follow=True).text
    assert "Our permission for it ends at Google" in page
    assert not Export.objects.exists()
    assert OWN_PROJECT not in grants(sandbox)
    assert "privacy-audit" in grants(sandbox), "the connection stays"
    assert "ends at Google" not in maya.client.post(f"{path}stop/", follow=True).text, "nothing more to stop"


def test_stopping_while_google_is_away(maya: Dancer, path: str, sandbox: Any) -> None:
    allow(maya, path)
    sandbox.fault("*", 503)
    maya.client.post(f"{path}stop/")
    assert not Export.objects.exists()
    assert WaitingRevocation.objects.count() == 1


def test_what_was_read_is_shown_and_can_be_deleted(maya: Dancer, path: str, sandbox: Any) -> None:
    allow(maya, path)
    read_all(sandbox)
    page = maya.client.get(path).text
    assert "Read: 6 entries." in page
    assert "This installation holds no list of watching apps" in page
    assert "Used once, " in maya.client.get("/looks/").text
    run.run(Audit.objects.get().pk)
    assert SourceRun.objects.filter(source="play_apps", fact_count=6).exists()
    assert "Deleted: what these lists said, but for records" in maya.client.post(f"{path}forget/", follow=True).text
    assert not Export.objects.exists()
    assert not SourceRun.objects.filter(source="play_apps").exists()
    assert "Read:" not in maya.client.get(path).text


def test_how_it_went_wrong_is_said(maya: Dancer, path: str, sandbox: Any) -> None:
    allow(maya, path)
    sandbox.edit(MAYA, "change_exports", ready_after=0, ends="FAILED")
    for _ in range(2):
        exporting.poll(Export.objects.get().pk, lambda audit: None)
    page = maya.client.get(path).text
    assert page.count("Google told us that it could not make it.") == 3
    assert f"{path}begin/" in page


def test_the_page_asks_the_database_no_more_for_more_rounds(maya: Dancer, path: str, connection: Connection) -> None:
    def queries() -> int:
        with CaptureQueriesContext(database) as asked_of_it:
            assert "would not make it again so soon" in maya.client.get(path).text
        return len(asked_of_it)

    def ended() -> None:
        export = Export(person=connection.person, connection=connection, state=WaitState.FAILED)
        export.created_at = export.expires_at = export.next_poll_at = timezone.now()
        export.jobs = {"play.installs": {"id": "", "why": "busy"}}
        export.save()

    ended()
    queries()  # the first page of a session writes the session
    once = queries()
    for _ in range(30):
        ended()
    assert queries() == once


# --------------------------------------------------------------------------- leaving


def test_disconnecting_ends_a_round_that_waits(maya: Dancer, path: str, connection: Connection, sandbox: Any) -> None:
    allow(maya, path)
    maya.confirm("disconnect", str(connection.public_id))
    maya.client.post(f"/account/{connection.public_id}/disconnect/")
    assert not Export.objects.exists()
    assert OWN_PROJECT not in grants(sandbox)


def test_deleting_everything_ends_a_round_that_waits(maya: Dancer, path: str, sandbox: Any) -> None:
    allow(maya, path)
    maya.confirm("delete")
    maya.client.post("/account/delete/")
    assert not Export.objects.exists()
    assert OWN_PROJECT not in grants(sandbox)
    exporting.poll(1, lambda audit: None)  # a worker that was told about it finds nothing
