"""Opening and closing looks: what is asked of Google, what was granted, and what is told."""

import json

import pytest
from django.conf import settings
from django.utils import timezone
from googleapiclient.discovery_cache import get_static_doc

from audits.accounts.looks import IDENTITY, LOOKS, LookState, offered, state_of
from audits.audit import revocations
from audits.facts import CoverageState, Why
from audits.models import Audit, Connection, ConnectionState, SourceRun, TimelineEntry, WaitingRevocation
from audits.sources.google import documents, scopes
from audits.sources.registry import SOURCES
from tests.accounts.travel import asked

APPS = LOOKS["drive_apps"].scopes[0]
SHARING = LOOKS["drive_sharing"].scopes[0]


def fresh(connection):
    return Connection.objects.get(pk=connection.pk)


def state(connection, look):
    return state_of(LOOKS[look], fresh(connection))


def test_a_look_asks_for_its_own_scope_and_is_open_afterwards(maya, connection):
    answer = maya.open_look("drive_apps", str(connection.public_id))
    assert answer.headers["Location"] == "/looks/"
    found = fresh(connection)
    assert set(found.granted) == {*IDENTITY, APPS}
    assert found.refresh_token
    assert found.access_token
    assert state(connection, "drive_apps") is LookState.OPEN
    assert state(connection, "drive_sharing") is LookState.NOT_ASKED
    assert "look_opened" in {entry.kind for entry in TimelineEntry.objects.all()}
    page = maya.client.get("/looks/").text
    assert "Now open: Drive apps" in page
    assert "Open since" in page


def test_what_a_look_asks_of_google(maya, connection):
    query = asked(maya.client.post("/looks/drive_sharing/open/"))
    assert set(query["scope"].split()) == {*IDENTITY, SHARING}
    assert query["access_type"] == "offline"
    assert query["include_granted_scopes"] == "true"
    assert query["login_hint"] == connection.sub
    assert query["prompt"] == "consent"
    assert query["code_challenge_method"] == "S256"
    assert "@" not in repr(query)


def test_scopes_come_from_our_table_alone(maya):
    tail = "?scope=https://www.googleapis.com/auth/drive&auth_params=access_type%3Donline"
    query = asked(maya.client.post("/looks/drive_apps/open/" + tail, {"scope": "https://mail.google.com/"}))
    assert set(query["scope"].split()) == {*IDENTITY, APPS}
    assert query["access_type"] == "offline"
    assert maya.client.post("/looks/drive/open/").status_code == 404
    assert maya.client.post("/looks/__class__/open/").status_code == 404


def test_the_second_look_adds_to_the_first(maya, connection):
    maya.open_look("drive_apps")
    maya.open_look("drive_sharing")
    assert {APPS, SHARING} <= set(fresh(connection).granted)
    assert state(connection, "drive_apps") is state(connection, "drive_sharing") is LookState.OPEN


def test_google_is_not_made_to_ask_again_for_what_we_hold(maya, connection):
    maya.open_look("drive_apps")
    assert "prompt" not in asked(maya.client.post("/looks/drive_apps/open/"))
    assert fresh(connection).refresh_token


def test_an_unticked_scope_stays_closed_and_is_shown(maya, connection):
    maya.open_look("drive_sharing", untick=[SHARING])
    found = fresh(connection)
    assert SHARING in found.asked
    assert SHARING not in found.granted
    assert state(connection, "drive_sharing") is LookState.UNTICKED
    page = maya.client.get("/looks/").text
    assert "Not ticked by you at Google" in page
    assert "That is fine" in page
    assert found.state == ConnectionState.WORKING
    maya.open_look("drive_sharing")
    assert state(connection, "drive_sharing") is LookState.OPEN


def test_unticking_one_look_leaves_another_open(maya, connection):
    maya.open_look("drive_apps")
    maya.open_look("drive_sharing", untick=[SHARING])
    assert state(connection, "drive_apps") is LookState.OPEN


def test_stopping_at_google_changes_nothing(maya, connection):
    answer = maya.go("/looks/drive_apps/open/", decision="deny")
    assert "You stopped at Google" in answer.text
    assert 'action="/looks/drive_apps/open/"' in answer.text
    assert state(connection, "drive_apps") is LookState.NOT_ASKED


def seen(connection, *sources):
    """A finished audit in which these sources saw something."""
    now = timezone.now()
    audit = Audit.objects.create(person=connection.person, state="finished", created_at=now, finished_at=now)
    for source in sources:
        SourceRun.objects.create(
            audit=audit,
            person=connection.person,
            connection=connection,
            source=source,
            state=CoverageState.FAILED.value,
            why=Why.BUSY.value,
            seen_at=now,
            current=True,
        )


def test_closing_a_look_stops_it_and_deletes_what_came_from_it(maya, connection):
    maya.open_look("drive_apps")
    maya.open_look("drive_sharing")
    seen(connection, "drive_apps", "drive_public", "drive_named", "drive_storage")
    answer = maya.client.post("/looks/drive_sharing/close/", {"account": connection.public_id})
    assert answer.headers["Location"] == "/looks/"
    found = fresh(connection)
    assert found.closed == [SHARING]
    assert SHARING in found.granted  # Google has no way to take back one alone
    assert SHARING not in found.usable_scopes
    assert [run.source for run in SourceRun.objects.all()] == ["drive_apps"]
    assert state(connection, "drive_sharing") is LookState.CLOSED
    assert "Closed by you" in maya.client.get("/looks/").text
    assert "look_closed" in {entry.kind for entry in TimelineEntry.objects.all()}


def test_what_another_open_look_still_feeds_is_kept(maya, connection):
    maya.open_look("storage")
    maya.open_look("drive_sharing")
    seen(connection, "drive_public", "drive_storage")
    maya.client.post("/looks/drive_sharing/close/")
    assert [run.source for run in SourceRun.objects.all()] == ["drive_storage"]


def test_a_closed_look_opens_again_without_google(maya, connection, sandbox):
    maya.open_look("drive_apps")
    maya.client.post("/looks/drive_apps/close/")
    assert "Open this look again" in maya.client.get("/looks/").text
    answer = maya.client.post("/looks/drive_apps/open/")
    assert answer.headers["Location"] == "/looks/"
    assert state(connection, "drive_apps") is LookState.OPEN


def test_a_closed_look_stays_closed_when_another_opens(maya, connection):
    """Google names everything it granted, the closed one too."""
    maya.open_look("drive_apps")
    maya.client.post("/looks/drive_apps/close/")
    maya.open_look("drive_sharing")
    assert APPS in fresh(connection).granted
    assert state(connection, "drive_apps") is LookState.CLOSED


def test_a_permission_from_before_opens_nothing_by_itself(maya, connection, sandbox):
    """The account allowed more to this client long ago. A look is open only when it was opened here."""
    sandbox.tokens("maya@gmail.test", [*IDENTITY, SHARING])
    maya.open_look("drive_apps")
    assert SHARING in fresh(connection).granted
    assert SHARING in fresh(connection).closed
    assert state(connection, "drive_sharing") is LookState.NOT_ASKED


def test_a_permission_that_ended_at_google_is_shown_as_ended(maya, connection, sandbox):
    maya.open_look("drive_sharing")
    sandbox.revoke("maya@gmail.test")
    maya.open_look("drive_apps")
    assert state(connection, "drive_sharing") is LookState.ENDED
    assert "Ended at Google" in maya.client.get("/looks/").text


def test_signing_in_again_neither_opens_nor_ends_a_look(maya, connection):
    maya.open_look("drive_apps")
    token = fresh(connection).access_token
    maya.sign_in()
    found = fresh(connection)
    assert state(connection, "drive_apps") is LookState.OPEN
    assert found.access_token == token  # the narrow token of the sign-in did not take its place
    assert found.refresh_token


def test_the_page_says_for_each_look_what_is_seen_and_googles_own_words(maya):
    page = maya.client.get("/looks/").text
    for look in offered(Connection.objects.get()):
        for words in (str(look.title), str(look.sees), str(look.not_sees), str(look.keeps), *look.google):
            assert words in page
    assert page.count("</svg>Not asked yet") == len(offered(Connection.objects.get()))


APIS = ("DRIVE", "DRIVE_ACTIVITY", "DIRECTORY", "REPORTS", "GMAIL", "CALENDAR", "YOUTUBE", "PORTABILITY")
# Google ships no discovery document for the Photos Picker: its words stand on a page, see audits/accounts/looks.py.
NO_DOCUMENT = {scopes.PHOTOS_PICKER}


def test_googles_words_are_googles():
    words = {}
    for api in (getattr(documents, name) for name in APIS):
        words |= json.loads(get_static_doc(api.name, api.version))["auth"]["oauth2"]["scopes"]
    for look in LOOKS.values():
        for scope, said in zip(look.scopes, look.google, strict=True):
            assert scope in NO_DOCUMENT or said == words[scope]["description"], look.id


def test_every_source_a_look_names_exists_and_accepts_its_scope():
    for look in LOOKS.values():
        for name in look.sources:
            assert name in SOURCES


@pytest.mark.parametrize("path", ["/looks/drive_apps/open/", "/looks/drive_apps/close/"])
def test_a_look_is_never_opened_or_closed_by_a_link(maya, path):
    answer = maya.client.get(path)
    assert answer.status_code == 405
    assert "only used by a button" in answer.text


# --------------------------------------------------------------------------- reconnecting


def dead(connection):
    Connection.objects.filter(pk=connection.pk).update(
        state=ConnectionState.NEEDS_RECONNECTING, state_why="400 invalid_grant"
    )


def test_a_dead_connection_says_why_and_is_connected_again(maya, connection, sandbox):
    maya.open_look("drive_apps")
    before = fresh(connection).refresh_token
    sandbox.kill_refresh_tokens("maya@gmail.test")
    dead(connection)
    page = maya.client.get("/account/").text
    assert "Needs to be connected again" in page
    assert "your password or your 2-step sign-in was changed" in page
    answer = maya.go(f"/account/{connection.public_id}/again/")
    assert answer.headers["Location"] == "/looks/"
    found = fresh(connection)
    assert found.state == ConnectionState.WORKING
    assert found.refresh_token not in (None, before)
    assert state(connection, "drive_apps") is LookState.OPEN
    assert "reconnected" in {entry.kind for entry in TimelineEntry.objects.all()}


def test_reconnecting_asks_for_what_was_open_and_for_nothing_that_was_closed(maya, connection):
    maya.open_look("drive_apps")
    maya.open_look("drive_sharing")
    maya.client.post("/looks/drive_sharing/close/")
    dead(connection)
    query = asked(maya.client.post(f"/account/{connection.public_id}/again/"))
    assert set(query["scope"].split()) == {*IDENTITY, APPS}
    assert query["prompt"] == "consent"


def test_signing_in_does_not_bring_a_dead_connection_back(maya, connection, sandbox):
    maya.open_look("drive_apps")
    dead(connection)
    maya.sign_in()
    assert fresh(connection).state == ConnectionState.NEEDS_RECONNECTING


def test_opening_a_look_brings_a_dead_connection_back(maya, connection, sandbox):
    maya.open_look("drive_apps")
    sandbox.revoke("maya@gmail.test")
    dead(connection)
    maya.open_look("drive_apps")
    assert fresh(connection).state == ConnectionState.WORKING


def test_a_grant_given_anew_is_not_ended_by_an_old_token_that_still_waits(maya, connection):
    revocations.begin("1//old", connection.sub, settings.GOOGLE_CLIENT_ID)
    revocations.begin("1//other", "somebody else", settings.GOOGLE_CLIENT_ID)
    maya.open_look("drive_apps")
    assert WaitingRevocation.objects.count() == 1
