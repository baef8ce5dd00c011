"""Looks at Drive that continue an earlier one: what they find is what a whole look finds, at the price of one call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from audits.facts import CoverageState, Fact, SharedFile, Why
from audits.sources.contract import Seen
from audits.sources.google import drive_outsiders
from tests.sources.conftest import NOW, Google, ask
from tests.sources.stub import Answering, Got, Stub, reply
from tests.sources.test_faults import FAULTS

MAYA, SAM, BIG = "maya@gmail.test", "sam@shelter.test", "big@gmail.test"
LIST, CHANGES, START = "drive.files.list", "drive.changes.list", "drive.changes.getStartPageToken"
LATER = NOW + timedelta(days=3)


def look(google: Google, before: Seen | None = None, email: str = MAYA, **changed: Any) -> Seen:
    told = {"cursor": before.cursor, "before": before.facts} if before else {}
    return google.look("drive_outsiders", email, **told | {"now": lambda: LATER if before else NOW} | changed)


def without_dates(facts: tuple[Fact, ...]) -> set[SharedFile]:
    return {SharedFile(**vars(fact) | {"seen_at": NOW}) for fact in facts}


def add_shared_folder(google: Google) -> None:
    google.sandbox.add_file(MAYA, "New folder", "folder", shared={"friend": "reader"})


EDITS: Mapping[str, Callable[[Google], object]] = {
    "nothing": lambda google: None,
    "a new shared file": lambda google: google.sandbox.add_file(MAYA, "Plan", shared={"friend": "writer"}),
    "a new file of her own": lambda google: google.sandbox.add_file(MAYA, "Diary"),
    "removed": lambda google: google.sandbox.remove_file(MAYA, "Key handover"),
    "into the bin": lambda google: google.sandbox.change_file(MAYA, "Key handover", trashed=True),
    "no longer shared": lambda google: google.sandbox.change_file(MAYA, "Key handover", shared=None),
    "shared with others": lambda google: google.sandbox.change_file(MAYA, "Key handover", shared={"sister": "writer"}),
    "open to anyone now": lambda google: google.sandbox.change_file(MAYA, "Key handover", link="reader"),
    "open to anyone no longer": lambda google: google.sandbox.change_file(
        MAYA, "CV Maya Okafor", link=None, shared={"friend": "reader"}
    ),
    "another's file": lambda google: google.sandbox.add_file(MAYA, "Theirs", **{"from": "friend"}),
    "twice": lambda google: [
        google.sandbox.change_file(MAYA, "Key handover", shared=shared) for shared in (None, {"sister": "reader"})
    ],
    "many": lambda google: [google.sandbox.add_file(MAYA, f"N{n}", shared={"friend": "reader"}) for n in range(7)],
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_a_continued_look_finds_what_a_whole_look_finds(
    google: Google, monkeypatch: pytest.MonkeyPatch, edit: Callable[[Google], object]
) -> None:
    first = look(google)
    edit(google)
    whole = look(google)
    monkeypatch.setattr("audits.sources.google.files.PAGE_SIZE", 3)
    second = look(google, first)
    assert second.coverage.complete
    assert without_dates(second.facts) == without_dates(whole.facts)
    assert google.asked(LIST) == google.asked(START) == 0
    assert google.asked(CHANGES) >= 1
    third = look(google, second)
    assert third.facts == second.facts
    assert (google.asked(LIST), google.asked(CHANGES)) == (0, 1)


def test_it_is_dated_by_the_last_whole_look(google: Google) -> None:
    first = look(google)
    changed = google.sandbox.change_file(MAYA, "Key handover", shared={"sister": "writer"})
    second = look(google, first)
    dates = {fact.file_id: fact.seen_at for fact in second.facts if isinstance(fact, SharedFile)}
    assert dates.pop(changed) == LATER
    assert set(dates.values()) == {NOW}
    assert second.coverage.seen_at == NOW
    assert second.cursor["whole_at"] == first.cursor["whole_at"]


def test_after_four_weeks_everything_is_read_again(google: Google) -> None:
    first = look(google)
    second = look(google, first, now=lambda: NOW + timedelta(days=28))
    assert google.asked(CHANGES) == 0
    assert google.asked(LIST) == 1
    assert second.coverage.seen_at == NOW + timedelta(days=28)


@pytest.mark.parametrize("kind", [400, 404, 410])
def test_a_token_that_google_no_longer_knows_means_one_whole_look(google: Google, kind: int) -> None:
    first = look(google)
    google.sandbox.fault(CHANGES, kind, first=1)
    second = look(google, first)
    assert second.coverage.complete
    assert second.coverage.seen_at == LATER
    assert without_dates(second.facts) == without_dates(first.facts)
    assert (google.asked(LIST), google.asked(START)) == (1, 1)
    third = look(google, second)
    assert third.coverage.complete
    assert (google.asked(LIST), google.asked(CHANGES)) == (0, 1)


@pytest.mark.parametrize("edit", [
    add_shared_folder,
    lambda google: google.sandbox.change_file(MAYA, "Us two", shared={"friend": "reader"}),
])  # fmt: skip
def test_a_folder_that_is_shared_otherwise_means_a_whole_look(google: Google, edit: Callable[[Google], object]) -> None:
    """Google does not promise a change for each of the files that a folder hands its readers on to."""
    first = look(google)
    edit(google)
    second = look(google, first)
    assert second.coverage.complete
    assert second.coverage.seen_at == LATER
    assert google.asked(LIST) == 1


def test_a_folder_that_only_changes_its_name_does_not(google: Google) -> None:
    first = look(google)
    google.sandbox.change_file(MAYA, "Us two", name="Us")
    assert look(google, first).coverage.seen_at == NOW
    assert google.asked(LIST) == 0


def test_too_many_changes_mean_a_whole_look(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    first = look(google)
    for number in range(3):
        google.sandbox.add_file(MAYA, f"N{number}")
    monkeypatch.setattr("audits.sources.google.files.PAGE_SIZE", 1)
    monkeypatch.setattr(drive_outsiders, "MOST_PAGES_OF_CHANGES", 2)
    second = look(google, first)
    assert second.coverage.complete
    assert second.coverage.seen_at == LATER


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.kind not in (400, 404)])
def test_changes_that_cannot_be_read_say_nothing(google: Google, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    if name == "hang":
        monkeypatch.setenv("GOOGLE_TIMEOUT_SECONDS", "0.1")
    first = look(google)
    google.sandbox.fault(CHANGES, FAULTS[name].kind, FAULTS[name].reason)
    second = look(google, first)
    assert second.coverage.why is FAULTS[name].why
    assert second.coverage.state in (CoverageState.FAILED, CoverageState.REFUSED)
    assert (second.facts, second.cursor) == ((), {})


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.kind != 401])
def test_without_a_token_for_next_time_this_look_is_whole(
    google: Google, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    if name == "hang":
        monkeypatch.setenv("GOOGLE_TIMEOUT_SECONDS", "0.1")
    expected = look(google).facts
    google.sandbox.fault(START, FAULTS[name].kind, FAULTS[name].reason)
    seen = look(google)
    assert seen.coverage.complete
    assert set(seen.facts) == set(expected)
    assert seen.cursor == {}


def test_a_look_that_was_not_whole_is_not_continued(google: Google) -> None:
    google.sandbox.fault(LIST, "incomplete")
    seen = look(google)
    assert seen.coverage.why is Why.INCOMPLETE_LIST
    assert seen.cursor == {}


@pytest.mark.parametrize(
    "cursor", [{"token": 5, "whole_at": NOW.isoformat()}, {"token": "", "whole_at": NOW.isoformat()}, {"token": "1"}]
)
def test_a_mark_that_is_none_is_not_followed(google: Google, cursor: dict[str, Any]) -> None:
    assert look(google, cursor=cursor).coverage.complete
    assert google.asked(CHANGES) == 0


SHARED = {
    "id": "f1",
    "name": "Plan",
    "mimeType": "text/plain",
    "shared": True,
    "ownedByMe": True,
    "permissions": [{"type": "user", "role": "reader", "emailAddress": "one@mail.test"}],
}


def says(**answer: Any) -> Answering:
    def answering(got: Got) -> bytes:
        known = {"kind": "drive#changeList", "newStartPageToken": "9", "changes": [], **answer}
        return reply({name: value for name, value in known.items() if value is not None})

    return answering


def continued() -> Seen:
    cursor = {"token": "5", "whole_at": NOW.isoformat()}
    return drive_outsiders.SOURCE.look(ask(cursor=cursor))


@pytest.mark.parametrize(
    ("answer", "complete", "facts"),
    [
        ({"changes": [{"changeType": "file", "fileId": "f1", "file": SHARED}]}, True, 1),
        ({"changes": [{"changeType": "drive", "driveId": "d", "removed": True}]}, True, 0),
        ({"changes": [{"fileId": "f1", "file": {**SHARED, "driveId": "d", "ownedByMe": None}}]}, True, 0),
        ({"changes": [{"fileId": "f1", "file": {**SHARED, "trashed": True}}]}, True, 0),
        ({"changes": [{"fileId": "f1", "file": {**SHARED, "ownedByMe": "yes"}}]}, False, 0),
        ({"changes": [{"fileId": "f1", "file": {**SHARED, "shared": None}}]}, False, 0),
        ({"changes": [{"fileId": "f1", "file": []}]}, False, 0),
        ({"changes": [{"file": SHARED}]}, False, 0),
        ({"changes": ["f1"]}, False, 0),
        ({"changes": None}, False, 0),
        ({"newStartPageToken": None}, False, 0),
        ({"newStartPageToken": 9}, False, 0),
        ({"nextPageToken": "5"}, False, 0),
    ],
)
def test_what_a_change_may_look_like(
    serve: Callable[[Answering], Stub], answer: dict[str, Any], complete: bool, facts: int
) -> None:
    serve(says(**answer))
    seen = continued()
    assert seen.coverage.complete is complete
    assert len(seen.facts) == facts
    assert bool(seen.cursor) is complete


def test_big_after_ten_changes_costs_one_call(google: Google) -> None:
    first = look(google, email=BIG)
    for number in range(10):
        google.sandbox.add_file(BIG, f"New {number}", shared={"one": "reader"} if number % 2 else {})
    second = look(google, first, BIG)
    assert len(second.facts) == len(first.facts) + 5
    assert (google.asked(LIST), google.asked(CHANGES)) == (0, 1)
