"""Every API call of every source, with every fault: it ends, it is honest, and only what passes is tried again."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from audits.facts import AskedAbout, CoverageState, Fact, Why
from audits.sources.google import files
from audits.sources.registry import SOURCES
from tests.sources.conftest import NOW, Google, credentials

TRIES = 3


@dataclass(frozen=True)
class Fault:
    """`asked` is how often the API is asked. A first refusal of the token is followed by one more, with a new one."""

    kind: int | str
    why: Why
    asked: int
    reason: str = ""


FAULTS = {
    "401": Fault(401, Why.NEEDS_RECONNECTING, 2),
    "403 not ticked": Fault(403, Why.UNTICKED, 1, "insufficientPermissions"),
    "403 slow down": Fault(403, Why.BUSY, TRIES, "userRateLimitExceeded"),
    "403 not today": Fault(403, Why.BUSY, 1, "dailyLimitExceeded"),
    "403 domain policy": Fault(403, Why.FORBIDDEN, 1, "domainPolicy"),
    "400": Fault(400, Why.OUR_FAULT, 1),
    "404": Fault(404, Why.NOT_FOUND, 1),
    "429": Fault(429, Why.BUSY, TRIES),
    "500": Fault(500, Why.GOOGLE_ERROR, TRIES),
    "503": Fault(503, Why.GOOGLE_ERROR, TRIES),
    "hang": Fault("hang", Why.UNREACHABLE, TRIES),
    "reset": Fault("reset", Why.UNREACHABLE, TRIES),
    "cut": Fault("cut", Why.UNREACHABLE, TRIES),
    "truncated": Fault("truncated", Why.UNREADABLE, TRIES),
    "empty": Fault("empty", Why.UNREADABLE, TRIES),
    "list": Fault("list", Why.UNREADABLE, 1),
    "string": Fault("string", Why.UNREADABLE, 1),
    "wrong types": Fault("wrong_types", Why.UNREADABLE, 1),
    "no kind": Fault("no_kind", Why.UNREADABLE, 1),
}
STATES = {
    Why.UNTICKED: {CoverageState.REFUSED},
    Why.UNREADABLE: {CoverageState.FAILED, CoverageState.PARTIAL},  # partial: the list was read, and nothing in it
}
CALLS = [
    ("drive_apps", "drive.apps.list", "maya@gmail.test"),
    ("drive_public", "drive.files.list", "maya@gmail.test"),
    ("drive_outsiders", "drive.files.list", "maya@gmail.test"),
    ("drive_named", "drive.files.list", "maya@gmail.test"),
    ("drive_trash", "drive.files.list", "maya@gmail.test"),
    ("drive_storage", "drive.about.get", "maya@gmail.test"),
    ("directory_user", "directory.users.get", "sam@shelter.test"),
    ("directory_apps", "directory.tokens.list", "sam@shelter.test"),
    ("directory_app_passwords", "directory.asps.list", "sam@shelter.test"),
    ("reports_account", "reports.activities.list", "sam@shelter.test"),
    ("reports_apps", "reports.activities.list", "sam@shelter.test"),
    ("drive_incoming", "drive.files.list", "maya@gmail.test"),
    ("drive_shared_drives", "drive.files.list", "sam@shelter.test"),
    ("calendar_sharing", "calendar.calendarList.list", "maya@gmail.test"),
    ("youtube", "youtube.channels.list", "maya@gmail.test"),
]
QUESTIONS = {"reports_account": 2, "reports_apps": 2}  # sources that ask one method more than once
FEW_FILES = ("drive_incoming", "drive_shared_drives")  # their second pages: test_drive_wider.py
LISTS = [row for row in CALLS if row[1] == "drive.files.list" and row[0] not in FEW_FILES]
# Faults of calls that follow another, that go in batches, or whose answers name no kind: the tests of their own source.
ELSEWHERE = {
    ("drive_shared_drives", "drive.permissions.list"),
    ("drive_activity", "driveactivity.activity.query"),
    ("calendar_sharing", "calendar.acl.list"),
    *(("youtube", f"youtube.{call}.list") for call in ("playlistItems", "videos", "playlists")),
}


def is_administrators(source: str) -> bool:
    return getattr(SOURCES[source], "administrator", False)


# An administrator look has no refresh token: there, a refused token stays refused.
PASSING = [
    (*row, kind)
    for row in CALLS
    for kind in (401, 429, 500, 503, "hang", "reset", "cut", "truncated", "empty")
    if kind != 401 or not is_administrators(row[0])
]


def test_the_table_has_every_call_of_every_source() -> None:
    """drive.permissions.list goes in batches: test_batch.py has its faults. What changed: test_changes.py."""
    declared = {(name, call) for name, source in SOURCES.items() for call in source.calls} - ELSEWHERE
    declared = {(name, call) for name, call in declared if not call.startswith("gmail.")}  # test_gmail_faults.py
    declared -= {("drive_outsiders", f"drive.changes.{call}") for call in ("getStartPageToken", "list")}
    assert declared - {(name, call) for name, call, _ in CALLS} == {
        (name, "drive.permissions.list") for name in ("drive_public", "drive_outsiders", "drive_named")
    }


def healthy(google: Google, source: str, email: str) -> set[Fact]:
    seen = google.look(source, email)
    assert seen.coverage.complete
    assert seen.facts
    return set(seen.facts)


@pytest.mark.parametrize(("source", "call", "email"), CALLS)
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_that_stays(
    google: Google, monkeypatch: pytest.MonkeyPatch, fault: Fault, source: str, call: str, email: str
) -> None:
    if fault.kind == "hang":
        monkeypatch.setenv("GOOGLE_TIMEOUT_SECONDS", "0.1")
    google.sandbox.fault(call, fault.kind, fault.reason)
    began = time.monotonic()
    seen = google.look(source, email)
    assert time.monotonic() - began < 5
    assert seen.coverage.why is fault.why, seen.coverage
    assert seen.coverage.state in STATES.get(fault.why, {CoverageState.FAILED})
    assert seen.facts == ()
    asked = 1 if is_administrators(source) and fault.kind == 401 else fault.asked
    goes_on = fault.kind == "wrong_types"  # the list was read: the next question is asked as well
    assert google.asked(call) == (QUESTIONS.get(source, asked) if goes_on else asked)
    assert "@" not in seen.coverage.detail


@pytest.mark.parametrize(("source", "call", "email", "kind"), PASSING)
def test_a_fault_that_passes(
    google: Google, monkeypatch: pytest.MonkeyPatch, kind: int | str, source: str, call: str, email: str
) -> None:
    if kind == "hang":
        monkeypatch.setenv("GOOGLE_TIMEOUT_SECONDS", "0.2")
    expected = healthy(google, source, email)
    asked_when_healthy = google.asked(call)
    google.sandbox.fault(call, kind, first=1)
    seen = google.look(source, email)
    assert seen.coverage.complete, seen.coverage
    assert set(seen.facts) == expected
    assert google.asked(call) == asked_when_healthy + 1


@pytest.mark.parametrize(("source", "call", "email"), LISTS)
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_on_the_second_page_keeps_the_first(
    google: Google, monkeypatch: pytest.MonkeyPatch, fault: Fault, source: str, call: str, email: str
) -> None:
    monkeypatch.setattr(files, "PAGE_SIZE", 4)
    if fault.kind == "hang":
        monkeypatch.setenv("GOOGLE_TIMEOUT_SECONDS", "0.1")
    expected = healthy(google, source, email)
    for nth in range(2, 2 + fault.asked):
        google.sandbox.fault(call, fault.kind, fault.reason, nth=nth)
    seen = google.look(source, email)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, fault.why)
    assert set(seen.facts) < expected
    assert len(seen.facts) <= 4
    assert google.asked(call) == 1 + fault.asked


@pytest.mark.parametrize(("source", "call", "email"), LISTS)
def test_pages_are_read_to_the_end(
    google: Google, monkeypatch: pytest.MonkeyPatch, source: str, call: str, email: str
) -> None:
    expected = healthy(google, source, email)
    monkeypatch.setattr(files, "PAGE_SIZE", 4)
    seen = google.look(source, email)
    assert seen.coverage.complete
    assert set(seen.facts) == expected
    assert google.asked(call) > 1
    assert seen.coverage.requests == len(google.sandbox.log().requests)


@pytest.mark.parametrize(("source", "call", "email"), LISTS)
def test_a_page_token_that_loops_ends(google: Google, source: str, call: str, email: str) -> None:
    expected = healthy(google, source, email)
    google.sandbox.fault(call, "loop")
    seen = google.look(source, email)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.UNREADABLE)
    assert set(seen.facts) <= expected
    assert len(seen.facts) == len(set(seen.facts)), "a page that comes twice adds nothing"
    assert google.asked(call) == 2


@pytest.mark.parametrize(
    ("source", "call", "email"), [row for row in CALLS if row[1] in ("drive.apps.list", "directory.tokens.list")]
)
def test_a_page_token_where_there_are_no_pages_is_not_ignored(
    google: Google, source: str, call: str, email: str
) -> None:
    google.sandbox.fault(call, "loop")
    seen = google.look(source, email)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.INCOMPLETE_LIST)
    assert google.asked(call) == 1


@pytest.mark.parametrize(("source", "call", "email"), LISTS)
def test_a_list_that_google_calls_incomplete_is_not_whole(google: Google, source: str, call: str, email: str) -> None:
    expected = healthy(google, source, email)
    google.sandbox.fault(call, "incomplete")
    seen = google.look(source, email)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.INCOMPLETE_LIST)
    assert set(seen.facts) == {fact for fact in expected if not isinstance(fact, AskedAbout)}, "not asked whole"


def test_a_quota_that_runs_out_in_the_middle(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PAGE_SIZE", 10)
    google.sandbox.quota("drive", 250)
    seen = google.look("drive_outsiders")
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.BUSY)
    assert google.asked("drive.files.list") == 2 + TRIES


def test_a_token_that_ran_out_at_google_is_renewed(google: Google) -> None:
    asked = google.ask()
    google.sandbox.shift_clock(2 * 3600)
    seen = SOURCES["drive_public"].look(asked)
    assert seen.coverage.complete
    assert len(seen.facts) == 13
    assert seen.refreshed is not None
    assert seen.refreshed.expires_at > NOW


@pytest.mark.parametrize("gone", ["revoke", "kill"])
def test_a_grant_that_is_gone_needs_reconnecting(google: Google, gone: str) -> None:
    asked = google.ask()
    google.sandbox.shift_clock(2 * 3600)
    if gone == "revoke":
        google.sandbox.revoke("maya@gmail.test")
    else:
        google.sandbox.kill_refresh_tokens("maya@gmail.test")
    seen = SOURCES["drive_public"].look(asked)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.FAILED, Why.NEEDS_RECONNECTING)
    assert seen.coverage.detail == "400 invalid_grant"


def test_a_scope_that_google_did_not_grant_after_all(google: Google) -> None:
    given = google.sandbox.tokens("maya@gmail.test", ["openid"])
    seen = google.look("drive_public", credentials=credentials(**given))
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.REFUSED, Why.UNTICKED)
    assert google.asked("drive.files.list") == 1


def test_an_audit_that_is_stopped_ends_between_pages(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PAGE_SIZE", 4)
    seen = google.look("drive_outsiders", stopped=lambda: google.asked("drive.files.list") >= 2)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.STOPPED)
    assert google.asked("drive.files.list") == 2


def test_an_audit_that_is_stopped_stops_waiting(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_BACKOFF_SECONDS", "60")
    monkeypatch.setenv("GOOGLE_BACKOFF_MAX_SECONDS", "60")
    google.sandbox.fault("drive.about.get", 503)
    began = time.monotonic()
    seen = google.look("drive_storage", stopped=lambda: google.asked("drive.about.get") >= 1)
    assert time.monotonic() - began < 3
    assert seen.coverage.why is Why.STOPPED


def test_google_says_when_to_come_back(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_BACKOFF_MAX_SECONDS", "0.5")
    google.sandbox.fault("drive.about.get", 429, first=1, retry_after=60)
    began = time.monotonic()
    seen = google.look("drive_storage")
    assert seen.coverage.complete
    assert 0.5 <= time.monotonic() - began < 3, "kept to, up to our own limit"
