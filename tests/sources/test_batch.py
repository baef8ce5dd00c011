"""Batches: every part has its own answer, its own fault and its own further tries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from audits.facts import CoverageState, Why
from audits.sources.google import drive_outsiders
from tests.sources.conftest import TOKEN, ask
from tests.sources.stub import Answering, Got, Stub, reply

Serve = Callable[[Answering], Stub]
Parts = dict[str, bytes | None]
PERMISSIONS = {
    "kind": "drive#permissionList",
    "permissions": [
        {"type": "user", "role": "owner", "emailAddress": "alice@gmail.test"},
        {"type": "user", "role": "reader", "emailAddress": "bob@mail.test"},
    ],
}


def files_without_permissions(count: int) -> bytes:
    files = [{"id": f"F{n}", "name": f"File {n}", "mimeType": "text/plain", "shared": True} for n in range(count)]
    return reply({"kind": "drive#fileList", "files": files})


def inner(said: bytes) -> bytes:
    return said.replace(b"HTTP/1.1 200 Said", b"HTTP/1.1 200 OK")


def batched(got: Got, said: Callable[[str], bytes | None]) -> bytes:
    """Google's form: same Content-ID with `response-` before it; here in the wrong order, as is allowed."""
    asked = re.findall(rb"Content-ID: <([^>]+)>.*?GET (\S+) HTTP", got.body, re.DOTALL)
    pieces = []
    for content_id, path in reversed(asked):
        found = re.search(rb"/files/([^/]+)/permissions", path)
        assert found is not None
        answer = said(found[1].decode())
        if answer is not None:
            head = b"--b1\r\nContent-Type: application/http\r\nContent-ID: <response-" + content_id + b">\r\n\r\n"
            pieces.append(head + inner(answer) + b"\r\n")
    body = b"".join(pieces) + b"--b1--\r\n"
    return reply(body, headers={"Content-Type": 'multipart/mixed; boundary="b1"'})


def drive(count: int, said: Callable[[str], bytes | None]) -> Answering:
    def answer(got: Got) -> bytes | None:
        return batched(got, said) if got.path == "/batch/drive/v3" else files_without_permissions(count)

    return answer


def test_files_that_came_without_permissions_are_asked_about_together(serve: Serve) -> None:
    stub = serve(drive(120, lambda file_id: reply(PERMISSIONS)))
    seen = drive_outsiders.SOURCE.look(ask())
    assert seen.coverage.complete
    assert {fact.file_id for fact in seen.facts} == {f"F{n}" for n in range(120)}  # type: ignore[attr-defined]
    assert all(fact.access[0].address == "bob@mail.test" for fact in seen.facts)  # type: ignore[attr-defined]
    assert Counter(stub.paths) == {"/drive/v3/changes/startPageToken": 1, "/drive/v3/files": 1, "/batch/drive/v3": 3}


def test_the_batch_goes_where_the_calls_go_with_one_token_outside(serve: Serve) -> None:
    stub = serve(drive(2, lambda file_id: reply(PERMISSIONS)))
    drive_outsiders.SOURCE.look(ask())
    sent = stub.got[-1]
    assert sent.path == "/batch/drive/v3"
    assert sent.headers["authorization"] == f"Bearer {TOKEN}"
    assert TOKEN.encode() not in sent.body


@pytest.mark.parametrize(
    "passing",
    [
        reply({"error": {"errors": [{"reason": "userRateLimitExceeded"}]}}, 403),
        reply(b"", 429, {"Retry-After": "0"}),
        reply(b"", 503),
        reply(b""),
        reply(b'{"kind": "drive#permissionL'),
        None,
    ],
)
def test_only_the_parts_that_failed_are_asked_again(serve: Serve, passing: bytes | None) -> None:
    asked: Counter[str] = Counter()

    def said(file_id: str) -> bytes | None:
        asked[file_id] += 1
        return passing if file_id == "F1" and asked[file_id] == 1 else reply(PERMISSIONS)

    serve(drive(3, said))
    seen = drive_outsiders.SOURCE.look(ask())
    assert seen.coverage.complete
    assert asked == {"F0": 1, "F1": 2, "F2": 1}


@pytest.mark.parametrize(
    ("staying", "why", "times"),
    [
        (reply(b"", 503), Why.GOOGLE_ERROR, 3),
        (reply({"error": {"errors": [{"reason": "rateLimitExceeded"}]}}, 403), Why.BUSY, 3),
        (None, Why.UNREADABLE, 3),
        (reply({"error": {"errors": [{"reason": "insufficientPermissions"}]}}, 403), Why.UNTICKED, 1),
        (reply(b"", 429), Why.BUSY, 3),
        (reply(b"", 500), Why.GOOGLE_ERROR, 3),
        (reply(b""), Why.UNREADABLE, 3),
        (reply(b'{"kind": "drive#permissionL'), Why.UNREADABLE, 3),
        (reply(b"", 404), Why.NOT_FOUND, 1),
        (reply(b"", 401), Why.NEEDS_RECONNECTING, 1),
        (reply([PERMISSIONS]), Why.UNREADABLE, 1),
        (reply('"text"'), Why.UNREADABLE, 1),
        (reply({"permissions": []}), Why.UNREADABLE, 1),
        (reply({"kind": "drive#permissionList", "permissions": "none"}), Why.UNREADABLE, 1),
        (reply({"kind": "drive#permissionList"}), Why.UNREADABLE, 1),
    ],
)
def test_a_part_that_stays_away_is_missing_and_the_others_stand(
    serve: Serve, staying: bytes | None, why: Why, times: int
) -> None:
    asked: Counter[str] = Counter()

    def said(file_id: str) -> bytes | None:
        asked[file_id] += 1
        return staying if file_id == "F1" else reply(PERMISSIONS)

    serve(drive(3, said))
    seen = drive_outsiders.SOURCE.look(ask())
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, why)
    assert {fact.file_id for fact in seen.facts} == {"F0", "F2"}  # type: ignore[attr-defined]
    assert asked["F1"] == times


@pytest.mark.parametrize(
    ("whole", "why"),
    [
        (reply(b"", 500), Why.GOOGLE_ERROR),
        (reply(b""), Why.UNREADABLE),
        (reply({"kind": "drive#permissionList"}), Why.UNREADABLE),
        (reply(b"no parts here", headers={"Content-Type": "multipart/mixed; boundary=b1"}), Why.UNREADABLE),
        (reply(b"x", headers={"Content-Type": "multipart/mixed"}), Why.UNREADABLE),
        (
            reply(b"--b1\r\n\r\nHTTP/1.1 x\r\n--b1--", headers={"Content-Type": "multipart/mixed; boundary=b1"}),
            Why.UNREADABLE,
        ),
        (None, Why.UNREACHABLE),
    ],
)
def test_a_batch_that_fails_as_a_whole(serve: Serve, whole: bytes | None, why: Why) -> None:
    serve(lambda got: whole if got.path == "/batch/drive/v3" else files_without_permissions(2))
    seen = drive_outsiders.SOURCE.look(ask())
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, why)
    assert seen.facts == ()


def test_a_batch_that_hangs(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_TIMEOUT_SECONDS", "0.1")
    stub = serve(
        lambda got: stub.wait_for_the_end(5) if got.path == "/batch/drive/v3" else files_without_permissions(2)
    )
    seen = drive_outsiders.SOURCE.look(ask())
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.UNREACHABLE)
    assert stub.paths.count("/batch/drive/v3") == 3


def test_a_batch_that_fails_harms_no_file_that_came_whole(serve: Serve) -> None:
    whole = {"id": "F9", "name": "x", "mimeType": "text/plain", "shared": True, **PERMISSIONS}
    bare = {name: value for name, value in whole.items() if name != "permissions"} | {"id": "F8"}
    page = reply({"kind": "drive#fileList", "files": [bare, whole]})
    serve(lambda got: reply(b"", 500) if got.path == "/batch/drive/v3" else page)
    seen = drive_outsiders.SOURCE.look(ask())
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.GOOGLE_ERROR)
    assert [fact.file_id for fact in seen.facts] == ["F9"]  # type: ignore[attr-defined]


def test_further_tries_that_fail_as_a_whole_leave_the_first_answers(serve: Serve) -> None:
    batches: Counter[str] = Counter()

    def answer(got: Got) -> bytes | None:
        if got.path == "/drive/v3/files":
            return files_without_permissions(3)
        batches[got.path] += 1
        refused = reply(b"", 429)
        return batched(got, lambda f: refused if f == "F1" else reply(PERMISSIONS)) if batches[got.path] == 1 else None

    serve(answer)
    seen = drive_outsiders.SOURCE.look(ask())
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.BUSY)
    assert {fact.file_id for fact in seen.facts} == {"F0", "F2"}  # type: ignore[attr-defined]


def test_pages_of_people_that_go_in_a_circle(serve: Serve) -> None:
    def answer(got: Got) -> bytes:
        if got.path == "/drive/v3/files":
            return files_without_permissions(1)
        circle = reply(PERMISSIONS | {"nextPageToken": "again"})
        return batched(got, lambda file_id: circle) if "batch" in got.path else circle

    stub = serve(answer)
    seen = drive_outsiders.SOURCE.look(ask())
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.UNREADABLE)
    assert seen.facts[0].access[0].address == "bob@mail.test"  # type: ignore[attr-defined]
    assert len(stub.paths[1:]) == 3


def test_more_people_than_fit_one_page_are_all_read(serve: Serve) -> None:
    def page(number: int) -> dict[str, Any]:
        people = [{"type": "user", "role": "reader", "emailAddress": f"p{number}.{n}@mail.test"} for n in range(100)]
        return {"kind": "drive#permissionList", "permissions": people} | (
            {"nextPageToken": str(number + 1)} if number < 2 else {}
        )

    def answer(got: Got) -> bytes:
        if got.path == "/drive/v3/files":
            return files_without_permissions(1)
        if got.path == "/drive/v3/files/F0/permissions":
            return reply(page(int(got.query["pageToken"][0])))
        return batched(got, lambda file_id: reply(page(0)))

    serve(answer)
    seen = drive_outsiders.SOURCE.look(ask())
    assert seen.coverage.complete
    assert len({one.address for one in seen.facts[0].access}) == 300  # type: ignore[attr-defined]
