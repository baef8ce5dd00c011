"""Google Photos: a permission of its own for one round, the page, and that nothing of it stays behind."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from audits.accounts.looks import EMAIL, LOOKS, LookState, state_of
from audits.accounts.trips import Purpose, Trip, asking_for
from audits.audit import picking, purging
from audits.facts import Why
from audits.models import Connection, Person, PhotoPick, SourceRun, TimelineEntry, WaitState
from audits.sources.google import scopes
from tests.accounts.kept import everything_kept
from tests.accounts.travel import asked

SCOPE = scopes.PHOTOS_PICKER
MAYA = "maya@gmail.test"


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    """How often a worker was told that somebody waits."""
    times = []
    monkeypatch.setattr("audits.tasks.wake_picks", lambda: times.append(1))
    monkeypatch.setattr("audits.tasks.wake", lambda audit: None)
    return times


def page_of(connection):
    return f"/photos/{connection.public_id}/"


def begin(maya, connection, **how):
    return maya.go(f"{page_of(connection)}begin/", **how)


def poll(times=1):
    for _ in range(times):
        PhotoPick.objects.filter(state="waiting").update(next_poll_at=timezone.now())
        picking.poll_due(lambda audit: None)


def choose(maya, connection, sandbox, *photos):
    begin(maya, connection)
    poll()
    sandbox.edit(MAYA, "choose_photos", photos=list(photos))
    poll()


def deleted_at_google(sandbox):
    return len(sandbox.log().of("photospicker.sessions.delete"))


# --------------------------------------------------------------------------- the permission


def test_what_it_asks_of_google(maya, connection):
    query = asked(maya.client.post(f"{page_of(connection)}begin/"))
    assert set(query["scope"].split()) == {"openid", EMAIL, SCOPE}
    assert query["access_type"] == "online"
    assert query["prompt"] == "consent"
    assert query["login_hint"] == connection.sub
    assert query["client_id"] == settings.GOOGLE_CLIENT_ID
    assert "include_granted_scopes" not in query
    assert query["code_challenge_method"] == "S256"


def test_photos_and_drive_are_never_in_one_request(maya, connection):
    maya.open_look("drive_sharing")
    begin(maya, connection)
    connection.refresh_from_db()
    connection.granted = sorted({*connection.granted, SCOPE})
    trips = [Trip(Purpose.PHOTOS, look="photos"), Trip(Purpose.RECONNECT), Trip(Purpose.LOOK, look="photos")]
    trips += [Trip(Purpose.LOOK, look=look.id) for look in LOOKS.values()]
    for trip in trips:
        wanted = asking_for(trip, connection).scopes
        assert not (SCOPE in wanted and any("/auth/drive" in scope for scope in wanted)), trip
        assert (SCOPE in wanted) is (trip.purpose is Purpose.PHOTOS), trip


def test_the_permission_is_never_part_of_the_connection(maya, connection, woken, django_capture_on_commit_callbacks):
    maya.open_look("drive_apps")
    before = Connection.objects.values().get()
    with django_capture_on_commit_callbacks(execute=True):
        answer = begin(maya, connection)
    assert answer.headers["Location"] == page_of(connection)
    after = Connection.objects.values().get()
    assert after.pop("look_marks")["photos"]["word"] == LookState.USED
    before.pop("look_marks")
    assert after == before
    pick = PhotoPick.objects.get()
    assert pick.access_token.startswith("ya29.")
    assert pick.access_token != Connection.objects.get().access_token
    assert pick.expires_at <= timezone.now() + timedelta(hours=1)
    assert woken == [1]
    assert "photos_look" in {entry.kind for entry in TimelineEntry.objects.all()}
    assert "You opened Google Photos to us" in maya.client.get("/changes/").text
    assert pick.access_token not in everything_kept()


def test_a_look_that_is_opened_later_does_not_keep_it(maya, connection):
    """Google then names all that was ever allowed."""
    begin(maya, connection)
    maya.open_look("drive_apps")
    found = Connection.objects.get()
    assert SCOPE not in found.usable_scopes
    assert state_of(LOOKS["drive_apps"], found) is LookState.OPEN


def test_unticked_it_opens_nothing_and_says_so(maya, connection, sandbox):
    answer = begin(maya, connection, untick=[SCOPE])
    assert not PhotoPick.objects.exists()
    assert "Not ticked at Google" in maya.client.get(answer.headers["Location"]).text
    assert Connection.objects.get().look_marks["photos"]["word"] == LookState.UNTICKED
    assert not sandbox.log().of("photospicker.sessions.create")


def test_stopping_at_google_leads_back_to_the_beginning(maya, connection):
    answer = begin(maya, connection, decision="deny")
    assert "You stopped at Google" in answer.text
    assert f'action="{page_of(connection)}begin/"' in answer.text
    assert not PhotoPick.objects.exists()


def test_another_account_does_not_do(maya, connection, sandbox):
    answer = begin(maya, connection, account="alex@gmail.test")
    assert answer.status_code == 409
    assert not PhotoPick.objects.exists()
    assert {grant["account"] for grant in sandbox.state()["grants"]} == {MAYA}


def test_the_card_of_the_look_leads_to_the_page_and_never_to_google(maya, connection):
    assert page_of(connection) in maya.client.get("/looks/").text
    answer = maya.client.post("/looks/photos/open/")
    assert answer.headers["Location"] == page_of(connection)


# --------------------------------------------------------------------------- the page


def test_before_it_begins_it_says_what_will_happen(maya, connection):
    text = maya.client.get(page_of(connection)).text
    assert "What will happen" in text
    assert "opens in a new tab" in text
    assert "Apart from that, as far as we know, nobody is told" in text
    assert "hx-get" not in text


def test_while_it_waits(maya, connection, sandbox, woken):
    begin(maya, connection)
    text = maya.client.get(page_of(connection)).text
    assert "We are asking Google for a page" in text
    assert woken  # it was due
    poll()
    woken.clear()
    text = maya.client.get(page_of(connection)).text
    link = re.search(r'<a class="btn btn--main"[^>]*>', text)[0]
    assert f'href="{sandbox.url}/picker?session=' in link
    assert 'target="_blank"' in link
    assert 'rel="noopener noreferrer"' in link
    assert "(opens a new tab)" in text
    assert "This way is open until" in text
    assert "I have chosen, show what came of it" in text
    assert not woken  # not due yet


def test_the_part_that_is_asked_for_says_nothing_new_or_what_changed(maya, connection, sandbox):
    def part(seen=""):
        return maya.client.get(f"{page_of(connection)}?seen={seen}", headers={"HX-Request": "true"})

    begin(maya, connection)
    assert "We are asking Google" in part().text
    assert part("asking-0").status_code == 204
    poll()
    assert "We wait for your choice" in part("asking-0").text
    sandbox.fault("photospicker.sessions.get", 503, first=1)
    poll()
    assert "Google has a fault of its own just now" in part("choosing-0").text
    sandbox.edit(MAYA, "choose_photos", photos=["PXL_kitchen.jpg"])
    poll()
    answer = part("choosing-0")
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")


def test_what_came_of_it(maya, connection, sandbox):
    sandbox.edit(MAYA, "add_photos", name="wrong clock", make="Google", model="Pixel 8", taken="2087-05-03T10:00:00Z")
    sandbox.edit(MAYA, "add_photos", name="nothing", taken="1970-01-01T00:00:00Z")
    sandbox.edit(MAYA, "add_photos", name="unreadable", taken="never")
    names = ["PXL_kitchen.jpg", "Screenshot.png", "PXL_bus.mp4", "Odd.jpg", "wrong clock", "nothing", "unreadable"]
    choose(maya, connection, sandbox, *names)
    text = maya.client.get(page_of(connection)).text.replace("\u2068", "").replace("\u2069", "")
    assert re.search(r"A photo taken on \d+ \w+( \d+)? with Google Pixel 8 is in Google Photos\.", text)
    assert re.search(r"A video taken on \d+ \w+( \d+)? with Google Pixel 8 is in Google Photos\.", text)
    assert "Google does not say with which phone." in text
    assert "A photo taken with Google Pixel 8 is in Google Photos. Its date cannot be right." in text
    assert "Its date cannot be right, and Google names no phone." in text
    assert "could not be read for certain, so it is left out" in text
    assert "<img src=x" not in text
    assert "This says nothing about the switch for backup" in text
    assert not re.search(r"backup is (on|off)", text)
    assert "kitchen" not in text


def test_what_takes_long_is_said(maya, connection):
    begin(maya, connection)
    PhotoPick.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    assert "This takes longer than usual" in maya.client.get(page_of(connection)).text


def test_it_is_over_but_nobody_has_tidied_up_yet(maya, connection, woken):
    """Then we still hold the permission, and do not say otherwise."""
    begin(maya, connection)
    PhotoPick.objects.update(expires_at=timezone.now())
    text = maya.client.get(page_of(connection)).text
    assert "We are tidying up" in text
    assert "no longer hold" not in text
    assert woken


@pytest.mark.parametrize(
    ("state", "why", "words"),
    [
        (WaitState.EXPIRED, "", "The time for choosing is over"),
        (WaitState.DONE, "", "No photo was chosen"),
        (WaitState.FAILED, Why.NO_SERVICE, "does not use Google Photos"),
        (WaitState.FAILED, Why.NEEDS_RECONNECTING, "no longer accepts this permission"),
        (WaitState.FAILED, Why.OUR_FAULT, "Something did not work"),
    ],
)
def test_every_end_is_told_calmly(maya, connection, state, why, words):
    begin(maya, connection)
    PhotoPick.objects.update(state=state, why=why, picked_at=timezone.now(), access_token_sealed=None)
    text = maya.client.get(page_of(connection)).text
    assert words in text
    assert "We no longer hold the permission" in text
    assert "Begin again" in text
    assert "!" not in re.sub(r"<[^>]*>|<!doctype", " ", text)


def test_more_than_fits_is_counted(maya, connection, sandbox):
    sandbox.edit(MAYA, "add_photos", name="many", count=60, make="Google", model="Pixel 8")
    choose(maya, connection, sandbox, "many")
    text = maya.client.get(page_of(connection)).text
    assert text.count("is in Google Photos.") == 10
    assert "And 40 more." in text


def test_the_page_asks_the_database_as_often_for_many_as_for_one(
    maya, connection, sandbox, django_assert_max_num_queries
):
    sandbox.edit(MAYA, "add_photos", name="many", count=50, make="Google", model="Pixel 8")
    choose(maya, connection, sandbox, "many")
    with django_assert_max_num_queries(12):
        maya.client.get(page_of(connection))


def test_pages_and_buttons_of_somebody_else_are_not_there(maya, connection, dancer):
    alex = dancer("alex@gmail.test")
    alex.sign_in()
    assert alex.client.get(page_of(connection)).status_code == 404
    for button in ("begin", "stop"):
        assert alex.client.post(f"{page_of(connection)}{button}/").status_code == 404
        assert maya.client.get(f"{page_of(connection)}{button}/").status_code == 405


# --------------------------------------------------------------------------- stopping, closing, leaving


def test_stopping(maya, connection, sandbox):
    begin(maya, connection)
    poll()
    answer = maya.client.post(f"{page_of(connection)}stop/")
    assert "Stopped. We no longer hold the permission" in maya.client.get(answer.headers["Location"]).text
    assert not PhotoPick.objects.exists()
    assert deleted_at_google(sandbox) == 1
    maya.client.post(f"{page_of(connection)}stop/")
    assert deleted_at_google(sandbox) == 1


def test_closing_deletes_what_came_of_it(maya, connection, sandbox):
    choose(maya, connection, sandbox, "PXL_kitchen.jpg")
    SourceRun.objects.all().delete()
    assert picking.photos_of(PhotoPick.objects.get())
    begin(maya, connection)
    poll()
    assert maya.client.post("/looks/photos/close/").headers["Location"] == "/looks/"
    assert not PhotoPick.objects.exists()
    assert deleted_at_google(sandbox) == 2
    assert state_of(LOOKS["photos"], Connection.objects.get()) in (LookState.NOT_ASKED, LookState.CLOSED)


@pytest.mark.parametrize("way", ["delete", "disconnect"])
@pytest.mark.parametrize("fault", [None, 503])
def test_leaving_ends_the_round_and_tells_google_before_the_permission_ends(maya, connection, sandbox, way, fault):
    begin(maya, connection)
    poll()
    if fault:
        sandbox.fault("photospicker.sessions.delete", fault)
    if way == "delete":
        maya.confirm("delete")
        assert maya.client.post("/account/delete/").status_code == 200
    else:
        maya.confirm("disconnect", str(connection.public_id))
        maya.client.post(f"/account/{connection.public_id}/disconnect/")
    assert not PhotoPick.objects.exists()
    assert [one["status"] for one in sandbox.log().of("photospicker.sessions.delete")] == [fault or 200]
    assert MAYA not in {grant["account"] for grant in sandbox.state()["grants"]}


def test_what_was_chosen_is_forgotten_with_the_history(maya, connection, sandbox, settings):
    choose(maya, connection, sandbox, "PXL_kitchen.jpg")
    old = timezone.now() - timedelta(days=settings.KEEP_HISTORY_DAYS + 1)
    Person.objects.update(created_at=old)
    purging.purge(Person.objects.get())
    assert PhotoPick.objects.exists()
    PhotoPick.objects.update(picked_at=old)
    purging.purge(Person.objects.get())
    assert not PhotoPick.objects.exists()
