"""Answers that are not quite right: a record that cannot be read is missing, and the coverage says so."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from audits.facts import AccountBasics, Coverage, CoverageState, SharedFile, TwoStep, Why
from audits.sources.google import call, files, source
from audits.sources.google.drive_named import query
from audits.sources.registry import SOURCES
from tests.sources.conftest import answered, ask, credentials, things
from tests.sources.stub import Answering, Got, Stub, reply

Serve = Callable[[Answering], Stub]

READER = {
    "type": "user",
    "role": "reader",
    "emailAddress": "bob@mail.test",
    "deleted": False,
    "pendingOwner": False,
    "view": None,
}
ANYONE = {"type": "anyone", "role": "reader", "allowFileDiscovery": False}
FILE: dict[str, Any] = {
    "id": "F1",
    "name": "A picture.jpg",
    "mimeType": "image/jpeg",
    "webViewLink": "https://drive.google.com/file/d/F1/view",
    "shared": True,
    "trashedTime": "2026-11-20T10:00:00.000Z",
    "imageMediaMetadata": {"width": 3000, "location": {"latitude": 51.5}},
    "permissions": [READER, ANYONE],
}


def log(*events: dict[str, Any]) -> dict[str, Any]:
    """An answer of the Reports API with one entry."""
    entry = {"id": {"time": "2026-05-03T10:00:00.000Z"}, "actor": {"email": "alice@gmail.test"}, "events": [*events]}
    return {"kind": "admin#reports#activities", "items": [entry]}


FILES = {"kind": "drive#fileList", "incompleteSearch": False, "files": [FILE]}
ANSWERS: dict[str, dict[str, Any]] = {
    "drive_apps": {
        "kind": "drive#appList",
        "items": [{"id": "1", "name": "App", "authorized": True, "installed": True, "hasDriveWideScope": True}],
    },
    "drive_public": FILES,
    "drive_outsiders": FILES,
    "drive_named": FILES,
    "drive_trash": FILES,
    "drive_storage": {"kind": "drive#about", "storageQuota": {"usage": "10", "usageInDrive": "4"}},
    "directory_user": {
        "kind": "admin#directory#user",
        "isEnrolledIn2Sv": False,
        "isEnforcedIn2Sv": False,
        "isAdmin": True,
        "suspended": False,
        "lastLoginTime": "2026-11-21T18:40:05.000Z",
        "recoveryEmail": "me@mail.test",
        "recoveryPhone": "+441632960961",
        "aliases": ["office@shelter.test"],
        "nonEditableAliases": ["alice@shelter.test.test-google-a.com"],
    },
    "directory_apps": {
        "kind": "admin#directory#tokenList",
        "items": [
            {"clientId": "c", "displayText": "App", "scopes": ["openid"], "anonymous": False, "nativeApp": False}
        ],
    },
    "directory_app_passwords": {
        "kind": "admin#directory#aspList",
        "items": [{"codeId": 1, "name": "Mail", "creationTime": "1700000000", "lastTimeUsed": "0"}],
    },
    "reports_account": log({"name": "2sv_disable"}, {"name": "password_edit"}),
    "reports_apps": log(
        {
            "name": "authorize",
            "parameters": [{"name": "client_id", "value": "c"}, {"name": "app_name", "value": "App"}],
        }
    ),
}
JUNK: list[Any] = [None, 5, "x", True, [], {}, [1], {"a": 1}, ["x"]]


def places(found: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value in an answer."""
    inside = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for key, value in inside:
        yield (*path, key)
        yield from places(value, (*path, key))


def replaced(answer: Any, path: tuple[Any, ...], junk: Any) -> Any:
    changed = copy.deepcopy(answer)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = junk
    return changed


def without(answer: Any, path: tuple[Any, ...]) -> Any:
    changed = copy.deepcopy(answer)
    at = changed
    for key in path[:-1]:
        at = at[key]
    del at[path[-1]]
    return changed


def look(name: str) -> Any:
    at_work = getattr(SOURCES[name], "administrator", False)
    return SOURCES[name].look(
        ask(
            named_people=("bob@mail.test",),
            hosted_domain="shelter.test" if at_work else "",
            administrator=credentials() if at_work else None,
        )
    )


@pytest.mark.parametrize("name", ANSWERS)
def test_no_wrong_value_anywhere_hides_a_fact_in_silence(serve: Serve, name: str) -> None:
    """Every value of a good answer is replaced by values of every other type, one at a time, and left out once."""
    now: list[Any] = [ANSWERS[name]]
    stub = serve(lambda got: reply(b"", 404) if "batch" in got.path else reply(now[0]))
    whole = len(look(name).facts)
    assert whole > 0
    tried = 0
    for path in places(ANSWERS[name]):
        original = now_at(ANSWERS[name], path)
        for junk in JUNK:
            if type(junk) is not type(original):
                now[0] = replaced(ANSWERS[name], path, junk)
                assert_honest(look(name), whole, (path, junk))
                tried += 1
        now[0] = without(ANSWERS[name], path)
        assert_honest(look(name), whole, (path, "left out"), missing=path)
    assert tried > 10
    assert len(stub.got) >= tried


def now_at(found: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        found = found[key]
    return found


def assert_honest(seen: Any, whole: int, what: object, missing: tuple[Any, ...] = ()) -> None:
    coverage: Coverage = seen.coverage
    if coverage.complete:
        a_record_less = bool(missing) and isinstance(missing[-1], int)
        an_empty_list = missing == ("items",)  # the Directory leaves empty lists out
        assert len(seen.facts) == whole or a_record_less or an_empty_list, what
    else:
        assert coverage.why in (Why.UNREADABLE, Why.INCOMPLETE_LIST, Why.NOT_FOUND), (what, coverage)


@pytest.mark.parametrize("junk", ["absent", None, "false", 0, [False]])
def test_two_step_is_never_off_because_something_is_missing(serve: Serve, junk: Any) -> None:
    user = dict(ANSWERS["directory_user"])
    del user["isEnrolledIn2Sv"]
    serve(lambda got: reply(user if junk == "absent" else user | {"isEnrolledIn2Sv": junk}))
    seen = look("directory_user")
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.UNREADABLE)
    assert not [fact for fact in seen.facts if isinstance(fact, TwoStep)]
    assert [fact for fact in seen.facts if isinstance(fact, AccountBasics)]


def test_one_bad_record_leaves_the_others(serve: Serve) -> None:
    good = [FILE | {"id": f"F{n}"} for n in range(5)]
    bad: list[Any] = [None, "F9", FILE | {"id": 9}, FILE | {"id": "F9", "permissions": "nobody"}]
    serve(lambda got: reply({"kind": "drive#fileList", "files": [*good[:3], *bad, *good[3:]]}))
    seen = look("drive_public")
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.UNREADABLE)
    assert [fact.file_id for fact in seen.facts] == ["F0", "F1", "F2", "F3", "F4"]


def test_one_bad_permission_leaves_the_file_and_the_others(serve: Serve) -> None:
    file = FILE | {"permissions": [READER, READER | {"role": "emperor"}, READER | {"type": "robot"}, 7]}
    serve(lambda got: reply({"kind": "drive#fileList", "files": [file]}))
    seen = look("drive_outsiders")
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.UNREADABLE)
    assert [one.address for one in seen.facts[0].access] == ["bob@mail.test"]


@pytest.mark.parametrize(
    "nobody",
    [
        [],
        [READER | {"role": "owner"}],
        [READER | {"deleted": True}],
        [READER | {"view": "published"}],
        [READER | {"view": "metadata"}],
    ],
)
def test_a_file_that_nobody_else_can_open_is_not_reported(serve: Serve, nobody: list[Any]) -> None:
    serve(lambda got: reply({"kind": "drive#fileList", "files": [FILE | {"permissions": nobody}]}))
    for name in ("drive_public", "drive_outsiders"):
        seen = look(name)
        assert seen.coverage.complete
        assert seen.facts == ()


def test_a_file_that_the_search_calls_open_and_its_permissions_do_not(serve: Serve) -> None:
    """Google's search is late after a change: what was closed a moment ago is not called open."""
    serve(lambda got: reply({"kind": "drive#fileList", "files": [FILE | {"permissions": [READER]}]}))
    assert look("drive_public").facts == ()


@pytest.mark.parametrize(
    ("permission", "kind"),
    [
        (ANYONE, "link"),
        (ANYONE | {"allowFileDiscovery": True}, "public"),
        ({"type": "anyone", "role": "writer"}, "link"),
        (READER, "user"),
        (READER | {"type": "group"}, "group"),
        ({"type": "domain", "role": "reader", "domain": "Shelter.Test"}, "domain"),
        ({"type": "user", "role": "reader"}, "user"),
    ],
)
def test_who_can_open_a_file(serve: Serve, permission: dict[str, Any], kind: str) -> None:
    serve(lambda got: reply({"kind": "drive#fileList", "files": [FILE | {"permissions": [permission]}]}))
    seen = look("drive_outsiders")
    assert seen.coverage.complete
    assert [one.kind for one in seen.facts[0].access] == [kind]
    assert seen.facts[0].open_to_anyone == (kind in ("link", "public"))


def test_somebody_may_be_about_to_own_a_file(serve: Serve) -> None:
    taking = READER | {"role": "writer", "pendingOwner": True}
    serve(lambda got: reply({"kind": "drive#fileList", "files": [FILE | {"permissions": [taking]}]}))
    assert look("drive_outsiders").facts[0].access[0].pending_owner


@pytest.mark.parametrize(
    ("media", "mime_type", "has_location"),
    [
        ({"width": 3, "location": {"latitude": 51.5}}, "image/jpeg", True),
        ({"width": 3, "location": {"latitude": 0}}, "image/jpeg", True),
        ({"width": 3}, "image/jpeg", False),
        ({}, "image/jpeg", None),
        (None, "image/jpeg", None),
        (None, "video/mp4", None),
        ({"width": 3, "location": {"latitude": 51.5}}, "application/pdf", None),
    ],
)
def test_a_picture_has_a_place_only_when_google_says_so(
    serve: Serve, media: Any, mime_type: str, has_location: bool | None
) -> None:
    file = FILE | {"imageMediaMetadata": media, "mimeType": mime_type}
    serve(lambda got: reply({"kind": "drive#fileList", "files": [file]}))
    [fact] = look("drive_public").facts
    assert fact.has_location is has_location


def test_hostile_names_are_kept_as_data_and_cut(serve: Serve) -> None:
    file = FILE | {"name": "\u202egpj.\x00exe\n" + "x" * 100_000, "webViewLink": "https://evil.test/google.com"}
    serve(lambda got: reply({"kind": "drive#fileList", "files": [file]}))
    [fact] = look("drive_public").facts
    assert fact.name.startswith("gpj.exe xxx")
    assert len(fact.name) == 300
    assert fact.link == ""


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"kind": "drive#fileList", "files": ' + b"[" * 200_000,
        b'{"kind": ' + b"9" * 10_000 + b"}",
        b"\xff\xfe\x00",
        b"<html><body>Sorry</body></html>",
        b"null",
        b"NaN",
        b'{"error": {"code": 200}}',
    ],
)
def test_no_body_is_too_strange(serve: Serve, body: bytes) -> None:
    serve(lambda got: reply(body))
    for name in ANSWERS:
        seen = look(name)
        assert (seen.coverage.state, seen.coverage.why) == (CoverageState.FAILED, Why.UNREADABLE)


@pytest.mark.parametrize("status", [201, 204, 206, 301, 302, 304, 307, 308])
def test_only_a_plain_200_is_an_answer(serve: Serve, status: int) -> None:
    body = b"" if status in (204, 304) else json.dumps(FILES)
    stub = serve(lambda got: reply(body, status, {"Location": "/elsewhere"}))
    assert look("drive_public").coverage.why is Why.UNREADABLE
    assert set(stub.paths) == {"/drive/v3/files"}


def test_pages_without_end_are_left(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(got: Got) -> bytes:
        number = int(got.query.get("pageToken", ["0"])[0])
        return reply(FILES | {"files": [FILE | {"id": f"F{number}"}], "nextPageToken": str(number + 1)})

    stub = serve(answer)
    seen = SOURCES["drive_named"].look(ask(named_people=("bob@mail.test",)))
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.TOO_MANY)
    assert len(seen.facts) == len(stub.got) == 10


def test_a_longer_circle_of_pages_is_noticed(serve: Serve) -> None:
    after = {"": "a", "a": "b", "b": "c", "c": "a"}
    stub = serve(lambda got: reply(FILES | {"nextPageToken": after[got.query.get("pageToken", [""])[0]]}))
    assert look("drive_public").coverage.why is Why.UNREADABLE
    assert len(stub.got) == 4


@pytest.mark.parametrize("token", ["", 17, "x" * 5000, {}, False])
def test_a_page_token_of_the_wrong_kind_keeps_its_page(serve: Serve, token: Any) -> None:
    serve(lambda got: reply(FILES | {"nextPageToken": token}))
    seen = look("drive_public")
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.UNREADABLE)
    assert len(seen.facts) == 1


def test_more_facts_than_one_audit_keeps(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MOST_FACTS", 3)
    serve(lambda got: reply(FILES | {"files": [FILE | {"id": f"F{n}"} for n in range(5)]}))
    seen = look("drive_public")
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.TOO_MANY)
    assert len(seen.facts) == 3


def test_more_files_without_permissions_than_are_asked_about(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_UNLISTED", 0)
    bare = {name: value for name, value in FILE.items() if name != "permissions"}
    serve(lambda got: reply(FILES | {"files": [bare]}))
    seen = look("drive_public")
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.TOO_MANY)
    assert seen.facts[0].open_to_anyone, "the question itself was about open files"


# ------------------------------------------------------------------- named people


@pytest.mark.parametrize("address", ["o'brien@mail.test", "back\\slash@mail.test", "a' or 'me' in owners or 'x@b.test"])
def test_an_address_cannot_leave_its_quotes(serve: Serve, address: str) -> None:
    stub = serve(lambda got: reply(FILES))
    SOURCES["drive_named"].look(ask(named_people=(address,)))
    inside = address.replace("\\", "\\\\").replace("'", "\\'")
    for got in stub.got:
        assert got.query["q"] == [
            f"'me' in owners and ('{inside}' in readers or '{inside}' in writers) and trashed=false"
        ]


def test_google_understands_an_escaped_address(google: Any) -> None:
    """The sandbox answers 400 to a question that it cannot read."""
    seen = google.look("drive_named", named_people=("o'brien\\x@mail.test",))
    assert seen.coverage.complete
    assert (things(seen), answered(seen)) == ([], ["o'brien\\x@mail.test"])


def test_two_names_on_one_file_are_one_fact(google: Any) -> None:
    names = ("j.marsh@mail.test", "ada.okafor@gmail.test")
    seen = google.look("drive_named", named_people=names)
    assert seen.coverage.complete
    both = [fact for fact in seen.facts if isinstance(fact, SharedFile) and fact.named == names]
    assert [fact.name for fact in both] == ["School run times"]
    assert google.asked("drive.files.list") == 2


def test_twenty_names_and_no_more(serve: Serve) -> None:
    stub = serve(lambda got: reply(FILES))
    seen = SOURCES["drive_named"].look(ask(named_people=tuple(f"p{n}@mail.test" for n in range(25))))
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.TOO_MANY)
    assert len(stub.got) == 20


def test_an_address_that_google_does_not_take_leaves_the_others(serve: Serve) -> None:
    stub = serve(lambda got: reply(b"", 400) if "odd@" in got.query["q"][0] else reply(FILES))
    seen = SOURCES["drive_named"].look(ask(named_people=("odd@mail.test", "bob@mail.test")))
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.OUR_FAULT)
    assert [fact.named for fact in things(seen) if isinstance(fact, SharedFile)] == [("bob@mail.test",)]
    assert answered(seen) == ["bob@mail.test"]
    assert len(stub.got) == 2


def test_a_fault_after_the_first_name_keeps_what_it_found(serve: Serve) -> None:
    serve(lambda got: reply(FILES) if query("bob@mail.test") == got.query["q"][0] else reply(b"", 500))
    seen = SOURCES["drive_named"].look(ask(named_people=("bob@mail.test", "carol@mail.test")))
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.GOOGLE_ERROR)
    assert (len(things(seen)), answered(seen)) == (1, ["bob@mail.test"])


def test_a_wrong_kind_is_not_believed(serve: Serve) -> None:
    serve(lambda got: reply(FILES | {"kind": "drive#changeList"}))
    assert look("drive_public").coverage.why is Why.UNREADABLE
    assert call.MOST_PAGES == 1000
