"""Drive in the other direction, in shared drives, and its record of sharing: what is seen, and how faults are borne."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from audits.facts import CoverageState, DriveMember, SharedFile, Why
from audits.sources.google import drive_activity, files
from audits.sources.registry import SOURCES
from tests.sources.conftest import EX, NOW, Google, answered, ask, things
from tests.sources.stub import Answering, Got, Stub, reply
from tests.sources.test_faults import FAULTS, Fault

Serve = Callable[[Answering], Stub]
MAYA, SAM, ALEX = "maya@gmail.test", "sam@shelter.test", "alex@gmail.test"
QUERY = "driveactivity.activity.query"
PERMISSIONS = "drive.permissions.list"


def look(google: Google, source: str, email: str = MAYA, **changed: Any) -> Any:
    return google.look(source, email, **changed)


# --------------------------------------------------------------------------- files of a named person


def test_what_mayas_ex_owns_and_opened_to_her(google: Google) -> None:
    seen = look(google, "drive_incoming")
    assert seen.coverage.complete
    files_of_his = {(fact.name, fact.role) for fact in things(seen)}
    assert files_of_his == {("Moving out plan", "writer"), ("Who keeps what", "writer"), ("Song for you.mp4", "reader")}
    assert {(fact.owner, fact.named) for fact in things(seen)} == {(EX, EX)}
    assert answered(seen) == [EX]
    assert google.asked("drive.files.list") == 1


def test_each_named_person_is_asked_about_and_nobody_else(google: Google) -> None:
    seen = look(google, "drive_incoming", named_people=("Ada.Okafor@gmail.test", "o'neil@mail.test", EX))
    assert seen.coverage.complete
    assert answered(seen) == ["ada.okafor@gmail.test", "o'neil@mail.test", EX]
    assert {fact.owner for fact in things(seen)} == {"ada.okafor@gmail.test", EX}
    assert google.asked("drive.files.list") == 3


def test_more_pages_of_one_person(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PAGE_SIZE", 1)
    assert len(things(look(google, "drive_incoming"))) == 3
    google.sandbox.fault("drive.files.list", 404, nth=2)
    seen = look(google, "drive_incoming")
    assert (seen.coverage.state, seen.coverage.why, len(seen.facts)) == (CoverageState.PARTIAL, Why.NOT_FOUND, 1)


INCOMING = {
    "id": "F1",
    "name": "Plan",
    "mimeType": "text/plain",
    "webViewLink": "https://docs.google.com/x",
    "owners": [{"emailAddress": "Bob@Mail.test"}],
    "capabilities": {"canEdit": False, "canComment": True},
}


@pytest.mark.parametrize(
    "bad",
    [
        {"owners": []},
        {"owners": None},
        {"owners": [7]},
        {"capabilities": None},
        {"capabilities": {"canEdit": "no"}},
        {"name": 7},
        {"id": ""},
    ],
)
def test_an_incoming_file_that_cannot_be_read_is_missing_and_said_to_be(serve: Serve, bad: Any) -> None:
    serve(lambda got: reply({"kind": "drive#fileList", "files": [{**INCOMING, **bad}, INCOMING]}))
    seen: Any = SOURCES["drive_incoming"].look(ask(named_people=("bob@mail.test",)))
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.UNREADABLE)
    assert [(fact.owner, fact.role) for fact in seen.facts] == [("bob@mail.test", "commenter")]


# --------------------------------------------------------------------------- shared drives


def in_drives(seen: Any) -> tuple[set[str], set[str]]:
    """Names of files, addresses of members."""
    return (
        {fact.name for fact in seen.facts if isinstance(fact, SharedFile)},
        {fact.address for fact in seen.facts if isinstance(fact, DriveMember)},
    )


WHOLE = ({"Handover to contractor", "Leaflet"}, {"auditor@accounts.test"})


def test_what_in_sams_shared_drive_is_open_to_outsiders(google: Google) -> None:
    seen = look(google, "drive_shared_drives", SAM)
    assert seen.coverage.complete
    assert in_drives(seen) == WHOLE
    open_ones = {fact.name: fact.open_to_anyone for fact in seen.facts if isinstance(fact, SharedFile)}
    assert open_ones == {"Handover to contractor": False, "Leaflet": True}
    assert google.asked(PERMISSIONS) == 3, "two files with permissions of their own, and the drive itself"
    assert "noor@shelter.test" not in repr(seen.facts)


def test_a_file_closed_again_is_gone(google: Google) -> None:
    google.sandbox.change_file(SAM, "Leaflet", link=None)
    assert in_drives(look(google, "drive_shared_drives", SAM))[0] == {"Handover to contractor"}


@pytest.mark.parametrize(
    "fault", [one for one in FAULTS.values() if one.kind not in ("hang", "reset", "cut")], ids=lambda one: str(one.kind)
)
def test_permissions_that_cannot_be_read_leave_the_look_partial(google: Google, fault: Fault) -> None:
    google.sandbox.fault(PERMISSIONS, fault.kind, fault.reason)
    seen = look(google, "drive_shared_drives", SAM)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, fault.why)
    assert in_drives(seen) == (set(), set())


def test_one_file_that_fails_leaves_the_others(google: Google) -> None:
    google.sandbox.fault(PERMISSIONS, 403, "forbidden", nth=1)
    seen = look(google, "drive_shared_drives", SAM)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.FORBIDDEN)
    assert in_drives(seen) == ({"Leaflet"}, {"auditor@accounts.test"})


def test_a_list_that_breaks_off_keeps_what_was_on_it(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PAGE_SIZE", 4)
    assert in_drives(look(google, "drive_shared_drives", SAM)) == WHOLE
    google.sandbox.fault("drive.files.list", 404, nth=2)
    seen = look(google, "drive_shared_drives", SAM)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.NOT_FOUND)
    assert in_drives(seen)[1] == WHOLE[1]


def test_noor_is_a_member_and_lists_what_she_can_reach(google: Google) -> None:
    seen = look(google, "drive_shared_drives", "noor@shelter.test")
    assert seen.coverage.complete
    assert seen.facts == ()


IN_DRIVE = {
    "id": "F1",
    "name": "Plan",
    "mimeType": "text/plain",
    "webViewLink": "",
    "driveId": "D1",
    "hasAugmentedPermissions": True,
    "permissions": [{"type": "user", "role": "reader", "emailAddress": "x@mail.test"}],
}


@pytest.mark.parametrize("bad", [{"hasAugmentedPermissions": None}, {"driveId": 7}, {"name": None}])
def test_a_file_of_which_google_does_not_say_enough_is_missing_and_said_to_be(serve: Serve, bad: Any) -> None:
    found = [{**IN_DRIVE, "id": "F2", **bad}, IN_DRIVE]
    serve(lambda got: reply(b"", 404) if "batch" in got.path else reply({"kind": "drive#fileList", "files": found}))
    seen: Any = SOURCES["drive_shared_drives"].look(ask(hosted_domain="shelter.test"))
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.NOT_FOUND)  # the batch, too
    assert in_drives(seen) == ({"Plan"}, set())


def test_somebody_without_an_address_is_not_called_an_outsider(serve: Serve) -> None:
    hidden = {**IN_DRIVE, "permissions": [{"type": "user", "role": "reader"}]}
    serve(lambda got: reply(b"", 404) if "batch" in got.path else reply({"kind": "drive#fileList", "files": [hidden]}))
    seen: Any = SOURCES["drive_shared_drives"].look(ask(hosted_domain="shelter.test"))
    assert not seen.coverage.complete
    assert seen.facts == ()


# --------------------------------------------------------------------------- the record of sharing


def events(seen: Any) -> list[tuple[str, str, str, bool | None]]:
    return [(fact.file, fact.kind, "added" if fact.added else "removed", fact.by_me) for fact in seen.facts]


def test_what_the_record_says_of_the_last_half_year(google: Google) -> None:
    seen = look(google, "drive_activity", named_people=(EX,))
    assert seen.coverage.complete
    assert events(seen) == [
        ("Diary 2022", "user", "added", True),
        ("Guest addresses", "user", "added", False),
        ("CV Maya Okafor", "anyone", "added", True),
        ("Class trip lists", "group", "added", True),
        ("Work rota", "domain", "added", None),
        ("Old flat inventory", "user", "removed", True),
    ]
    assert EX not in repr(seen.facts), "Google names no single people there"
    assert {fact.who for fact in seen.facts if fact.kind != "user"} == {
        "anyone",
        "year4-parents@school.test",
        "work.test",
    }


def test_the_same_change_is_the_same_fact_next_time(google: Google) -> None:
    first = {fact.event_id for fact in look(google, "drive_activity").facts}
    again = {fact.event_id for fact in look(google, "drive_activity").facts}
    assert first == again
    google.sandbox.edit(MAYA, "add_activity", file="Diary 2022", by="me", added=[{"anyone": True, "role": "VIEWER"}])
    assert len({fact.event_id for fact in look(google, "drive_activity").facts} - first) == 1


def test_an_empty_record_is_read_and_says_nothing(google: Google) -> None:
    seen = look(google, "drive_activity", ALEX)
    assert seen.coverage.complete
    assert seen.facts == ()


FITTING = {name: fault for name, fault in FAULTS.items() if fault.kind != "no_kind"}  # these answers name no kind


@pytest.mark.parametrize("fault", FITTING.values(), ids=FITTING.keys())
def test_a_fault_that_stays(google: Google, monkeypatch: pytest.MonkeyPatch, fault: Fault) -> None:
    if fault.kind == "hang":
        monkeypatch.setenv("GOOGLE_TIMEOUT_SECONDS", "0.1")
    google.sandbox.fault(QUERY, fault.kind, fault.reason)
    seen = look(google, "drive_activity")
    assert seen.coverage.why is fault.why, seen.coverage
    assert not seen.coverage.complete
    assert seen.facts == ()
    assert google.asked(QUERY) == fault.asked


@pytest.mark.parametrize("kind", [401, 429, 500, 503, "reset", "cut", "truncated", "empty"])
def test_a_fault_that_passes(google: Google, kind: int | str) -> None:
    whole = events(look(google, "drive_activity"))
    google.sandbox.fault(QUERY, kind, first=1)
    seen = look(google, "drive_activity")
    assert seen.coverage.complete
    assert events(seen) == whole
    assert google.asked(QUERY) == 2


def test_pages_of_the_record(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = events(look(google, "drive_activity"))
    monkeypatch.setattr(drive_activity, "PAGE_SIZE", 4)
    assert events(look(google, "drive_activity")) == whole
    assert google.asked(QUERY) == 2
    google.sandbox.fault(QUERY, 404, nth=2)
    seen = look(google, "drive_activity")
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.NOT_FOUND)
    assert events(seen) == whole[:4]


def test_a_record_that_leads_in_a_circle_ends(google: Google) -> None:
    google.sandbox.fault(QUERY, "loop")
    seen = look(google, "drive_activity")
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.UNREADABLE)
    assert google.asked(QUERY) == 2


def test_a_record_that_is_longer_than_we_read(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drive_activity, "PAGE_SIZE", 1)
    monkeypatch.setattr(drive_activity, "MOST_PAGES", 3)
    seen = look(google, "drive_activity")
    assert (seen.coverage.why, len(seen.facts)) == (Why.TOO_MANY, 3)


GIVEN = {"role": "VIEWER", "group": {"email": "All@Mail.test"}}
CHANGE = {"permissionChange": {"addedPermissions": [GIVEN]}}
ACTIVITY = {
    "timestamp": "2026-11-01T10:00:00Z",
    "actors": [{"user": {"knownUser": {"isCurrentUser": True}}}],
    "targets": [{"driveItem": {"name": "items/F1", "title": "Plan"}}],
    "actions": [{"detail": CHANGE}],
}


def record(serve: Serve, *activities: Any) -> Any:
    serve(lambda got: reply({"activities": list(activities)}))
    return SOURCES["drive_activity"].look(ask())


@pytest.mark.parametrize(
    ("permission", "kind", "who"),
    [
        (GIVEN, "group", "all@mail.test"),
        ({"role": "VIEWER", "anyone": {}}, "anyone", "anyone"),
        ({"role": "EDITOR", "domain": {"name": "Work.test"}}, "domain", "work.test"),
        ({"role": "EDITOR", "user": {"knownUser": {"personName": "people/7"}}}, "user", "people/7"),
        ({"role": "EDITOR", "user": {"knownUser": {"personName": "people/7", "isCurrentUser": True}}}, "user", "me"),
        ({"role": "EDITOR", "user": {"deletedUser": {}}}, "user", ""),
        ({"role": "EDITOR", "user": {"unknownUser": {}}}, "user", ""),
    ],
)
def test_who_was_let_in(serve: Serve, permission: Any, kind: str, who: str) -> None:
    change = {"permissionChange": {"addedPermissions": [permission]}}
    seen = record(serve, ACTIVITY | {"actions": [{"detail": change}]})
    assert seen.coverage.complete, seen.coverage
    assert [(fact.kind, fact.who, fact.by_me) for fact in seen.facts] == [(kind, who, True)]


@pytest.mark.parametrize(
    ("actors", "by_me"),
    [
        ([{"user": {"knownUser": {"isCurrentUser": True}}}], True),
        ([{"user": {"knownUser": {"personName": "people/7"}}}], False),
        ([{"user": {"knownUser": {"isCurrentUser": True}}}, {"user": {"knownUser": {}}}], None),
        ([{"user": {"unknownUser": {}}}], None),
        ([{"administrator": {}}], None),
        ([{"anonymous": {}}], None),
        ([{"system": {"type": "USER_DELETION"}}], None),
        ([], None),
    ],
)
def test_who_did_it_is_said_only_when_google_says_so(serve: Serve, actors: Any, by_me: bool | None) -> None:
    seen = record(serve, ACTIVITY | {"actors": actors})
    assert [fact.by_me for fact in seen.facts] == [by_me]


def test_an_action_may_have_its_own_time_actor_and_target(serve: Serve) -> None:
    own: dict[str, Any] = {
        "detail": CHANGE,
        "timestamp": "2026-11-02T10:00:00Z",
        "actor": {"user": {"knownUser": {}}},
        "target": {"driveItem": {"name": "items/F2", "title": "Other"}},
    }
    moved: dict[str, Any] = {"detail": {"move": {}}}
    seen = record(serve, ACTIVITY | {"actions": [moved, own]})
    assert seen.coverage.complete
    assert [(fact.file, fact.at.day, fact.by_me) for fact in seen.facts] == [("Other", 2, False)]


def test_a_time_range_stands_for_a_time(serve: Serve) -> None:
    without = {name: value for name, value in ACTIVITY.items() if name != "timestamp"}
    seen = record(serve, without | {"timeRange": {"endTime": "2026-10-01T00:00:00Z"}})
    assert [fact.at.month for fact in seen.facts] == [10]
    assert record(serve, without).coverage.why is Why.UNREADABLE


@pytest.mark.parametrize(
    "bad",
    [
        7,
        {},
        ACTIVITY | {"actions": None},
        ACTIVITY | {"actions": [7]},
        ACTIVITY | {"actions": [{}]},
        ACTIVITY | {"targets": "none"},
        ACTIVITY | {"targets": [{"drive": {}}]},
        ACTIVITY | {"timestamp": "yesterday"},
        ACTIVITY | {"actions": [{"detail": {"permissionChange": {"addedPermissions": "all"}}}]},
        ACTIVITY
        | {"actions": [{"detail": {"permissionChange": {"addedPermissions": [{"role": "KING", "anyone": {}}]}}}]},
        ACTIVITY | {"actions": [{"detail": {"permissionChange": {"addedPermissions": [{"role": "VIEWER"}]}}}]},
    ],
)
def test_an_activity_that_cannot_be_read_is_missing_and_said_to_be(serve: Serve, bad: Any) -> None:
    seen = record(serve, bad, ACTIVITY)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.UNREADABLE)
    assert len(seen.facts) == 1


@pytest.mark.parametrize("body", [{"activities": None}, {"activities": {}}, {"error": {"code": 500}}, {"other": 1}])
def test_an_answer_that_is_no_list_is_not_an_empty_record(serve: Serve, body: Any) -> None:
    serve(lambda got: reply(body))
    assert SOURCES["drive_activity"].look(ask()).coverage.why is Why.UNREADABLE


def test_the_question_names_the_half_year_and_nothing_else(serve: Serve) -> None:
    stub = serve(lambda got: reply({}))
    assert SOURCES["drive_activity"].look(ask()).coverage.complete
    [got] = stub.got
    assert isinstance(got, Got)
    assert (got.method, got.path) == ("POST", "/v2/activity:query")
    since = (NOW - drive_activity.BACK).isoformat(timespec="seconds")
    assert since in got.body.decode()
    assert "items/root" in got.body.decode()
