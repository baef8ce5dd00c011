"""The Picker API's calls against the sandbox and against what Google should never say; and the source that reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audits.facts import CoverageState, PickedPhoto, Strength, Why
from audits.sources.contract import Picked
from audits.sources.google import photos_picker, retry
from audits.sources.google.errors import (
    Busy,
    GoogleBroke,
    NeedsReconnecting,
    NotFound,
    ScopeMissing,
    Unreachable,
    Unreadable,
)
from audits.sources.google.photos_picker import NoPhotos, NotChosenYet
from audits.sources.google.scopes import PHOTOS_PICKER
from audits.sources.google.session import Session
from tests.sources.conftest import NOW, TOKEN, Google, ask, credentials
from tests.sources.stub import Answering, Got, Stub, reply

MAYA = "maya@gmail.test"
Serve = Callable[[Answering], Stub]


def session(token: str = TOKEN, tries: int = 1) -> Session:
    held = credentials(access_token=token, refresh_token="", expires_at=None)
    patience = retry.Patience(tries=tries, first=0.001, longest=0.01)
    return Session(held, now=lambda: NOW, stopped=lambda: False, patience=patience)


@pytest.fixture
def talk(google: Google) -> Iterator[Session]:
    with session(google.sandbox.token(MAYA, ["openid", PHOTOS_PICKER])) as opened:
        yield opened


def test_from_the_beginning_to_the_end(google: Google, talk: Session) -> None:
    made = photos_picker.begin(talk)
    assert made.uri.startswith(f"{google.sandbox.url}/picker?")
    assert (made.chosen, made.poll_seconds) == (False, 2.5)
    assert made.seconds_left
    assert made.expires_at
    with pytest.raises(NotChosenYet):
        photos_picker.chosen(talk, made.id)
    google.sandbox.edit(MAYA, "choose_photos", photos=["PXL_bus.mp4", "Screenshot.png"])
    assert photos_picker.look(talk, made.id).chosen
    found = photos_picker.chosen(talk, made.id)
    assert found.why is None
    assert [(photo.make, photo.model, photo.video) for photo in found.photos] == [
        ("Google", "Pixel 8", True),
        ("", "", False),
    ]
    photos_picker.end(talk, made.id)
    photos_picker.end(talk, made.id)  # gone already is fine
    with pytest.raises(NotFound):
        photos_picker.look(talk, made.id)


def test_names_of_files_and_addresses_of_pictures_are_never_asked_for(google: Google, talk: Session) -> None:
    made = photos_picker.begin(talk)
    google.sandbox.edit(MAYA, "choose_photos")
    photos_picker.chosen(talk, made.id)
    asked = google.sandbox.log().of("photospicker.mediaItems.list")[0]["query"]["fields"]
    assert "filename" not in asked
    assert "baseUrl" not in asked


def test_no_more_is_read_than_asked_for(google: Google, talk: Session) -> None:
    google.sandbox.edit(MAYA, "add_photos", count=5000, make="Google", model="Pixel 8")
    made = photos_picker.begin(talk)
    google.sandbox.edit(MAYA, "choose_photos")
    found = photos_picker.chosen(talk, made.id)
    assert len(found.photos) == photos_picker.MOST_PHOTOS
    assert found.why is Why.TOO_MANY
    assert google.asked("photospicker.mediaItems.list") == 1


def test_names_of_phones_are_hostile(google: Google, talk: Session) -> None:
    made = photos_picker.begin(talk)
    google.sandbox.edit(MAYA, "add_photos", name="long", make="x" * 500, model="y\u202e\x00z" + "w" * 500)
    google.sandbox.edit(MAYA, "choose_photos", photos=["Odd.jpg", "long"])
    long, odd = photos_picker.chosen(talk, made.id).photos
    assert odd.model == "enohp <img src=x onerror=alert(4)>"
    assert len(long.make) == len(long.model) == photos_picker.LONGEST_MODEL
    assert long.model.startswith("yz")


@pytest.mark.parametrize("taken", ["yesterday", "2026-13-01T00:00:00Z", "2026-11-01T00:00:00", 17, "9" * 60, {}])
def test_a_photo_whose_day_cannot_be_read_is_left_out(google: Google, talk: Session, taken: Any) -> None:
    google.sandbox.edit(MAYA, "add_photos", name="odd", taken=taken or "never", make="Google", model="Pixel 8")
    made = photos_picker.begin(talk)
    google.sandbox.edit(MAYA, "choose_photos", photos=["odd", "PXL_kitchen.jpg"])
    found = photos_picker.chosen(talk, made.id)
    assert len(found.photos) == 1
    assert found.why is Why.UNREADABLE


def test_an_account_without_google_photos(google: Google) -> None:
    with session(google.sandbox.token("noor@shelter.test", [PHOTOS_PICKER])) as talk, pytest.raises(NoPhotos) as raised:
        photos_picker.begin(talk)
    assert raised.value.why is Why.NO_SERVICE


CALLS: dict[str, Callable[[Session], object]] = {
    "photospicker.sessions.create": photos_picker.begin,
    "photospicker.sessions.get": lambda talk: photos_picker.look(talk, "1"),
    "photospicker.mediaItems.list": lambda talk: photos_picker.chosen(talk, "1"),
    "photospicker.sessions.delete": lambda talk: photos_picker.end(talk, "1"),
}
FAULTS = [
    (401, NeedsReconnecting),
    (403, ScopeMissing),
    (429, Busy),
    (500, GoogleBroke),
    (503, GoogleBroke),
    ("reset", Unreachable),
]
READING = [name for name in CALLS if not name.endswith("delete")]


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(("kind", "fault"), FAULTS)
def test_every_call_tells_its_fault(
    google: Google, talk: Session, name: str, kind: Any, fault: type[Exception]
) -> None:
    google.sandbox.fault(name, kind)
    with pytest.raises(fault):
        CALLS[name](talk)
    assert google.asked(name) == 1


@pytest.mark.parametrize("name", READING)
@pytest.mark.parametrize(
    "said", ["", "[]", '"x"', "{", "null", '{"error": {"code": 400}}', '{"id": 7, "mediaItems": 7}']
)
def test_what_is_no_answer_is_not_believed(serve: Serve, name: str, said: str) -> None:
    serve(lambda got: reply(said))
    with session() as talk, pytest.raises(Unreadable):
        CALLS[name](talk)


def choosing(**more: Any) -> dict[str, Any]:
    return {"id": "s-1", "pickerUri": "https://photos.google.com/picker/s-1", **more}


@pytest.mark.parametrize(
    ("said", "seconds", "left"),
    [
        ({}, None, None),
        ({"pollingConfig": {}}, None, None),
        ({"pollingConfig": {"pollInterval": "5s", "timeoutIn": "1800s"}}, 5.0, 1800.0),
        ({"pollingConfig": {"pollInterval": "3.5s", "timeoutIn": "0s"}}, 3.5, 0.0),
    ],
)
def test_how_often_to_ask(serve: Serve, said: dict[str, Any], seconds: float | None, left: float | None) -> None:
    serve(lambda got: reply(choosing(**said)))
    with session() as talk:
        found = photos_picker.look(talk, "s-1")
    assert (found.poll_seconds, found.seconds_left, found.chosen) == (seconds, left, False)


@pytest.mark.parametrize(
    "said",
    [
        {"pollingConfig": {"pollInterval": "soon"}},
        {"pollingConfig": {"pollInterval": "-5s"}},
        {"pollingConfig": {"pollInterval": 5}},
        {"pollingConfig": "5s"},
        {"mediaItemsSet": "true"},
        {"expireTime": "later"},
        {"id": "with space"},
    ],
)
def test_a_session_that_makes_no_sense_is_not_believed(serve: Serve, said: dict[str, Any]) -> None:
    serve(lambda got: reply(choosing(**said)))
    with session() as talk, pytest.raises(Unreadable):
        photos_picker.look(talk, "s-1")


@pytest.mark.parametrize(
    ("uri", "kept"),
    [
        ("https://photos.google.com/picker/s-1", True),
        ("https://photos.google.com.evil.test/picker", False),
        ("https://evil.test/", False),
        ("http://photos.google.com/picker", False),
        ("javascript:alert(1)", False),
        ("https://photos.google.com@evil.test/", False),
        (7, False),
    ],
)
def test_people_are_sent_only_to_google(serve: Serve, uri: Any, kept: bool) -> None:
    serve(lambda got: reply(choosing(pickerUri=uri)))
    with session() as talk:
        assert photos_picker.look(talk, "s-1").uri == (uri if kept else "")


def test_the_stand_in_may_send_people_to_itself_and_to_no_other(serve: Serve) -> None:
    stub = serve(lambda got: reply(choosing(pickerUri=f"{stub.url}/picker?session=1")))
    with session() as talk:
        assert photos_picker.look(talk, "s-1").uri == f"{stub.url}/picker?session=1"
    other = serve(lambda got: reply(choosing(pickerUri=f"{stub.url}0/picker")))
    assert other.url != stub.url
    with session() as talk:
        assert photos_picker.look(talk, "s-1").uri == ""


def test_what_is_sent(serve: Serve) -> None:
    def answer(got: Got) -> bytes:
        return reply(choosing() if "sessions" in got.path else {})

    stub = serve(answer)
    with session() as talk:
        photos_picker.begin(talk)
        photos_picker.look(talk, "a/b?c")
        photos_picker.chosen(talk, "a/b?c")
    assert json.loads(stub.got[0].body) == {"pickingConfig": {"maxItemCount": "50"}}
    assert stub.got[1].path == "/v1/sessions/a%2Fb%3Fc"
    assert stub.got[2].query["sessionId"] == ["a/b?c"]
    assert {got.headers["authorization"] for got in stub.got} == {"Bearer live-token"}


def test_empty_pages_lead_on_and_not_for_ever(serve: Serve) -> None:
    count = iter(range(1000))
    stub = serve(lambda got: reply({"nextPageToken": f"t{next(count)}"}))
    with session() as talk:
        found = photos_picker.chosen(talk, "s-1")
    assert (found.photos, found.why) == ((), Why.TOO_MANY)
    assert len(stub.got) == photos_picker.MOST_PAGES


# --------------------------------------------------------------------------- the source


PICKED = Picked(
    photo_id="1",
    taken_at=datetime(2026, 11, 20, tzinfo=UTC),
    make="Google",
    model="Pixel 8",
    video=False,
    picked_at=NOW - timedelta(days=3),
)


@pytest.mark.parametrize(
    ("changed", "state", "why"),
    [
        ({"connection": ""}, CoverageState.NOT_AVAILABLE, Why.NOT_CONNECTED),
        ({"picked": None}, CoverageState.REFUSED, Why.NOT_ASKED),
        ({"picked": ()}, CoverageState.NOT_AVAILABLE, Why.NOT_YET),
    ],
)
def test_without_a_choice_nothing_is_seen(changed: dict[str, Any], state: CoverageState, why: Why) -> None:
    seen = photos_picker.SOURCE.look(ask(**changed))
    assert seen.facts == ()
    assert (seen.coverage.state, seen.coverage.why) == (state, why)


def test_what_was_chosen_is_dated_by_the_choice_and_asks_nobody(serve: Serve) -> None:
    stub = serve(lambda got: None)
    seen = photos_picker.SOURCE.look(ask(picked=(PICKED,)))
    assert stub.got == []
    assert seen.coverage.complete
    assert seen.coverage.seen_at == PICKED.picked_at
    (fact,) = seen.facts
    assert isinstance(fact, PickedPhoto)
    assert (fact.seen_at, fact.strength, fact.camera) == (PICKED.picked_at, Strength.SUGGESTS, "Google Pixel 8")
