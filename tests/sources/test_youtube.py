"""Videos and playlists that others can see: what the persona has, few calls, and honest under every fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from audits.facts import CoverageState, Why
from audits.sources.google import youtube
from audits.sources.registry import SOURCES
from tests.sources.conftest import Google, ask
from tests.sources.stub import Answering, Got, Stub, reply
from tests.sources.test_faults import FAULTS, Fault

MAYA, ALEX = "maya@gmail.test", "alex@gmail.test"
LATER = ["youtube.playlistItems.list", "youtube.videos.list", "youtube.playlists.list"]
ALL = {("Sourdough in a day", "public"), ("Birthday in the garden", "unlisted"), ("Tour of the new flat", "unlisted")}


def look(google: Google, email: str = MAYA) -> Any:
    return google.look("youtube", email)


def titles(seen: Any) -> set[tuple[str, str]]:
    return {(fact.title, fact.privacy) for fact in seen.facts if not fact.playlist}


def test_what_maya_shows_and_nothing_that_is_private(google: Google) -> None:
    seen = look(google)
    assert seen.coverage.complete
    assert titles(seen) == ALL
    assert [(fact.title, fact.privacy) for fact in seen.facts if fact.playlist] == [("Family", "unlisted")]
    assert "First steps" not in repr(seen.facts)
    assert seen.coverage.requests == 4


def test_an_account_without_a_channel_is_read_whole_with_one_call(google: Google) -> None:
    seen = look(google, ALEX)
    assert seen.coverage.complete
    assert (seen.facts, seen.coverage.requests) == ((), 1)


def test_a_channel_that_has_uploaded_nothing(google: Google) -> None:
    google.sandbox.edit(ALEX, "change_channel", videos=[])
    seen = look(google, ALEX)
    assert seen.coverage.complete
    assert seen.facts == ()


def test_a_video_that_is_made_private_is_gone(google: Google) -> None:
    google.sandbox.edit(MAYA, "change_video", title="Tour of the new flat", privacy="private")
    assert titles(look(google)) == {one for one in ALL if one[0] != "Tour of the new flat"}


def test_a_public_video_that_is_not_on_the_list_of_uploads_is_missed(google: Google) -> None:
    """The channel counts one more than the list has."""
    shown = {"title": "Shown", "privacy": "public", "published": "2024-01-01"}
    google.sandbox.edit(ALEX, "change_channel", videos=[shown, {**shown, "title": "Lost", "left_out": True}])
    seen = look(google, ALEX)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.INCOMPLETE_LIST)
    assert titles(seen) == {("Shown", "public")}


# --------------------------------------------------------------------------- faults


@pytest.mark.parametrize("call", LATER)
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_later_call_that_fails_leaves_the_look_partial(
    google: Google, monkeypatch: pytest.MonkeyPatch, call: str, fault: Fault
) -> None:
    if fault.kind == "hang":
        monkeypatch.setenv("GOOGLE_TIMEOUT_SECONDS", "0.1")
    google.sandbox.fault(call, fault.kind, fault.reason)
    seen = look(google)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, fault.why)
    assert titles(seen) == (ALL if call == "youtube.playlists.list" else set())
    assert google.asked(call) == fault.asked


@pytest.mark.parametrize("call", LATER)
@pytest.mark.parametrize("kind", [429, 503, "reset", "truncated", "empty"])
def test_a_fault_that_passes(google: Google, call: str, kind: int | str) -> None:
    google.sandbox.fault(call, kind, first=1)
    seen = look(google)
    assert seen.coverage.complete
    assert titles(seen) == ALL
    assert google.asked(call) == 2


def test_pages_are_read_to_the_end_and_no_further_than_we_may(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(youtube, "PAGE_SIZE", 1)
    assert titles(look(google)) == ALL
    assert google.asked("youtube.playlistItems.list") == 4
    monkeypatch.setattr(youtube, "MOST_UPLOAD_PAGES", 2)
    seen = look(google)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.TOO_MANY)
    assert google.asked("youtube.playlistItems.list") == 2


@pytest.mark.parametrize("call", ["youtube.playlistItems.list", "youtube.playlists.list"])
def test_a_page_token_that_loops_ends(google: Google, call: str) -> None:
    google.sandbox.fault(call, "loop")
    seen = look(google)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.UNREADABLE)
    assert google.asked(call) == 2


def test_the_dearest_look_costs_little_of_a_day(google: Google) -> None:
    """Every call is one unit of the 10,000 that all people share."""
    most = 1 + 2 * youtube.MOST_UPLOAD_PAGES + youtube.MOST_PLAYLIST_PAGES
    assert most < 100


# --------------------------------------------------------------------------- answers that are not quite right

Serve = Callable[[Answering], Stub]
CHANNEL = {"id": "UC", "contentDetails": {"relatedPlaylists": {"uploads": "UU"}}, "statistics": {"videoCount": "1"}}
VIDEO = {
    "id": "v1",
    "snippet": {"title": "Cake", "publishedAt": "2024-01-01T00:00:00Z"},
    "status": {"privacyStatus": "public"},
}


def told(serve: Serve, channels: Any, videos: Any, uploads: Any = ({"contentDetails": {"videoId": "v1"}},)) -> Any:
    answers = {
        "channels": channels,
        "playlistItems": {"items": list(uploads)},
        "videos": videos,
        "playlists": {"items": []},
    }

    def answer(got: Got) -> bytes:
        name = got.path.rpartition("/")[2]
        kind = {"playlistItems": "playlistItem"}.get(name, name[:-1])
        return reply({"kind": f"youtube#{kind}ListResponse", **answers[name]})

    serve(answer)
    return SOURCES["youtube"].look(ask())


def test_a_good_answer(serve: Serve) -> None:
    seen = told(serve, {"items": [CHANNEL]}, {"items": [VIDEO]})
    assert seen.coverage.complete
    assert len(seen.facts) == 1


@pytest.mark.parametrize(
    "channels",
    [
        {},
        {"pageInfo": {}},
        {"pageInfo": {"totalResults": 1}},
        {"items": None},
        {"items": [7]},
        {"items": [{**CHANNEL, "statistics": {}}]},
        {"items": [{**CHANNEL, "contentDetails": {}}]},
        {"items": [{**CHANNEL, "contentDetails": {"relatedPlaylists": {"uploads": ""}}}]},
    ],
)
def test_a_channel_that_cannot_be_read_is_not_called_none(serve: Serve, channels: Any) -> None:
    seen = told(serve, channels, {"items": [VIDEO]})
    assert seen.coverage.why is Why.UNREADABLE
    assert not seen.coverage.complete


@pytest.mark.parametrize(
    "video",
    [
        7,
        {**VIDEO, "id": ""},
        {**VIDEO, "status": None},
        {**VIDEO, "status": {"privacyStatus": "secret"}},
        {**VIDEO, "snippet": {"title": 7}},
        {**VIDEO, "snippet": {"title": "x", "publishedAt": "yesterday"}},
    ],
)
def test_a_video_that_cannot_be_read_is_missing_and_said_to_be(serve: Serve, video: Any) -> None:
    seen = told(serve, {"items": [CHANNEL]}, {"items": [video]})
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.UNREADABLE)
    assert seen.facts == ()


def test_a_video_that_google_does_not_describe_is_missed(serve: Serve) -> None:
    quiet = {**CHANNEL, "statistics": {"videoCount": "0"}}
    seen = told(serve, {"items": [quiet]}, {"items": []})
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.INCOMPLETE_LIST)


@pytest.mark.parametrize("upload", [7, {}, {"contentDetails": {"videoId": "has space"}}])
def test_an_upload_without_an_id_is_missing_and_said_to_be(serve: Serve, upload: Any) -> None:
    good = {"contentDetails": {"videoId": "v1"}}
    seen = told(serve, {"items": [CHANNEL]}, {"items": [VIDEO]}, (upload, good))
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.UNREADABLE)
    assert len(seen.facts) == 1
