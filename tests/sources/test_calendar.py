"""Who can see the calendars: what the persona shared, and nothing more; and honest under every fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from audits.facts import CalendarAccess, CoverageState, Why
from audits.sources.google import calendar_sharing
from audits.sources.registry import SOURCES
from tests.sources.conftest import EX, Google, ask
from tests.sources.stub import Answering, Got, Stub, reply
from tests.sources.test_faults import FAULTS, Fault

MAYA, SAM, ALEX = "maya@gmail.test", "sam@shelter.test", "alex@gmail.test"
RULES = "calendar.acl.list"
IN_A_BATCH = {name: fault for name, fault in FAULTS.items() if fault.kind not in ("hang", "reset", "cut")}


def look(google: Google, email: str = MAYA, **changed: Any) -> Any:
    return google.look("calendar_sharing", email, **changed)


def openings(seen: Any) -> set[tuple[str, str, str, str]]:
    return {(fact.calendar, fact.kind, fact.address, fact.role) for fact in seen.facts}


def test_what_maya_opened_the_hidden_calendar_too(google: Google) -> None:
    seen = look(google)
    assert seen.coverage.complete
    assert openings(seen) == {
        ("Maya Okafor", "user", EX, "writer"),
        ("Maya Okafor", "user", "ada.okafor@gmail.test", "freeBusyReader"),
        ("Netball team", "public", "", "reader"),
        ("Netball team", "group", "year4-parents@school.test", "reader"),
        ("Old plans", "user", EX, "reader"),
    }
    assert {fact.address for fact in seen.facts if fact.named} == {EX}
    assert (google.asked("calendar.calendarList.list"), seen.coverage.requests) == (1, 2), "one list, one batch"


def test_alex_shares_none(google: Google) -> None:
    seen = look(google, ALEX)
    assert seen.coverage.complete
    assert seen.facts == ()


def test_what_is_open_to_sams_own_organisation_is_not_told_and_its_people_are(google: Google) -> None:
    assert openings(look(google, SAM)) == {
        ("Night duty", "user", "noor@shelter.test", "writer"),
        ("Night duty", "user", "contractor@mail.test", "reader"),
    }


@pytest.mark.parametrize("role", ["freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", "owner"])
@pytest.mark.parametrize("kind", ["users", "groups", "domains"])
def test_a_new_opening_is_seen_with_its_role(google: Google, kind: str, role: str) -> None:
    words = {"calendar": ALEX, "address": "new.test", "with": kind, "role": role}
    google.sandbox.edit(ALEX, "share_calendar", **words)
    assert openings(look(google, ALEX)) == {(ALEX, kind[:-1], "new.test", role)}
    google.sandbox.edit(ALEX, "unshare_calendar", **words)
    assert openings(look(google, ALEX)) == set()


def test_a_rule_that_opens_nothing_is_no_opening(google: Google) -> None:
    google.sandbox.edit(ALEX, "share_calendar", calendar=ALEX, role="none")
    assert openings(look(google, ALEX)) == set()


def test_an_account_without_google_calendar(google: Google) -> None:
    google.sandbox.edit(ALEX, "leave_calendar")
    seen = look(google, ALEX)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.NOT_AVAILABLE, Why.NO_SERVICE)


# --------------------------------------------------------------------------- faults


@pytest.mark.parametrize("fault", IN_A_BATCH.values(), ids=IN_A_BATCH.keys())
def test_rules_that_cannot_be_read_leave_the_look_partial(google: Google, fault: Fault) -> None:
    google.sandbox.fault(RULES, fault.kind, fault.reason)
    seen = look(google)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, fault.why)
    assert seen.facts == ()


@pytest.mark.parametrize("fault", IN_A_BATCH.values(), ids=IN_A_BATCH.keys())
def test_one_calendar_that_fails_leaves_the_others(google: Google, fault: Fault) -> None:
    whole = openings(look(google))
    for nth in (1, 5, 6):  # the first of four, and the same one again alone
        google.sandbox.fault(RULES, fault.kind, fault.reason, nth=nth)
    seen = look(google)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, fault.why)
    assert openings(seen) == {one for one in whole if one[0] != "Maya Okafor"}


@pytest.mark.parametrize("kind", [429, 500, 503, "truncated", "empty"])
def test_a_calendar_that_failed_once_is_asked_for_again(google: Google, kind: int | str) -> None:
    whole = openings(look(google))
    google.sandbox.fault(RULES, kind, first=2)
    seen = look(google)
    assert seen.coverage.complete
    assert openings(seen) == whole
    assert google.asked(RULES) == 4 + 2, "only what failed is asked again"


@pytest.mark.parametrize("kind", ["reset", "cut", 500, "hang"])
def test_a_batch_that_never_comes(google: Google, monkeypatch: pytest.MonkeyPatch, kind: int | str) -> None:
    if kind == "hang":
        monkeypatch.setenv("GOOGLE_TIMEOUT_SECONDS", "0.1")
    google.sandbox.fault("/batch/calendar/v3", kind)
    seen = look(google)
    assert seen.coverage.state is CoverageState.PARTIAL
    assert seen.coverage.why in (Why.UNREACHABLE, Why.GOOGLE_ERROR)


def test_the_list_is_read_to_the_end_and_a_page_that_fails_keeps_the_first(
    google: Google, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = openings(look(google))
    monkeypatch.setattr(calendar_sharing, "PAGE_SIZE", 2)
    assert openings(look(google)) == whole
    assert google.asked("calendar.calendarList.list") == 2
    google.sandbox.fault("calendar.calendarList.list", 404, nth=2)
    seen = look(google)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.NOT_FOUND)
    assert {name for name, *_ in openings(seen)} == {"Maya Okafor", "Netball team"}


def test_the_rules_of_one_calendar_are_read_to_the_end(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = openings(look(google))
    monkeypatch.setattr(calendar_sharing, "PAGE_SIZE", 1)
    assert openings(look(google)) == whole
    google.sandbox.fault(RULES, 403, "forbidden", nth=5)
    assert look(google).coverage.state is CoverageState.PARTIAL


@pytest.mark.parametrize("call", ["calendar.calendarList.list", RULES])
def test_a_page_token_that_loops_ends(google: Google, call: str) -> None:
    google.sandbox.fault(call, "loop")
    seen = look(google)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.UNREADABLE)


def test_more_calendars_than_we_read(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_sharing, "PAGE_SIZE", 1)
    monkeypatch.setattr(calendar_sharing, "MOST_LIST_PAGES", 2)
    seen = look(google)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.TOO_MANY)


def test_a_quota_that_runs_out(google: Google) -> None:
    google.sandbox.quota("calendar-json", 3)
    seen = look(google)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.BUSY)
    assert openings(seen)


# --------------------------------------------------------------------------- answers that are not quite right

ENTRY = {"id": "home", "summary": "Home", "primary": False}
OWNER = {"role": "owner", "scope": {"type": "user", "value": "alice@gmail.test"}}
READER = {"role": "reader", "scope": {"type": "user", "value": "Bob@Mail.test"}}


def answering(entries: list[Any], rules: list[Any] | None) -> Answering:
    def answer(got: Got) -> bytes:
        if "batch" not in got.path:
            return reply({"kind": "calendar#calendarList", "items": entries})
        body = {"kind": "calendar#acl"} | ({} if rules is None else {"items": rules})
        part = b"HTTP/1.1 200 OK\r\n" + reply(body).partition(b"\r\n")[2]
        head = b"--b\r\nContent-Type: application/http\r\nContent-ID: <response-part + 0>\r\n\r\n"
        return reply((head + part + b"\r\n--b--\r\n").decode(), headers={"Content-Type": "multipart/mixed; boundary=b"})

    return answer


Serve = Callable[[Answering], Stub]


def told(serve: Serve, entries: list[Any], rules: list[Any] | None) -> Any:
    serve(answering(entries, rules))
    return SOURCES["calendar_sharing"].look(ask())


def test_a_good_answer(serve: Serve) -> None:
    seen = told(serve, [ENTRY], [OWNER, READER])
    assert seen.coverage.complete, seen.coverage
    [fact] = seen.facts
    assert isinstance(fact, CalendarAccess)
    assert (fact.calendar, fact.address) == ("Home", "bob@mail.test")


@pytest.mark.parametrize(
    "rule",
    [
        7,
        {},
        {"role": "reader"},
        {"role": "reader", "scope": "all"},
        {"role": "emperor", "scope": {"type": "user", "value": "x@y.test"}},
        {"role": "reader", "scope": {"type": "robot", "value": "x@y.test"}},
        {"role": "reader", "scope": {"type": "user"}},
        {"role": "reader", "scope": {"type": "user", "value": 7}},
        {"role": "reader", "scope": {"type": "user", "value": "x" * 400}},
        {"role": None, "scope": {"type": "default"}},
    ],
)
def test_a_rule_that_cannot_be_read_is_missing_and_said_to_be(serve: Serve, rule: Any) -> None:
    seen = told(serve, [ENTRY], [OWNER, rule, READER])
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.UNREADABLE)
    assert [fact.address for fact in seen.facts] == ["bob@mail.test"]


@pytest.mark.parametrize("rules", [None, []])
def test_a_calendar_without_an_owner_is_not_believed(serve: Serve, rules: Any) -> None:
    assert told(serve, [ENTRY], rules).coverage.why is Why.UNREADABLE


@pytest.mark.parametrize("entry", [None, {}, {"id": 7, "summary": "x"}, {"id": "x"}, ENTRY | {"primary": "yes"}])
def test_a_calendar_that_cannot_be_read_is_missing_and_said_to_be(serve: Serve, entry: Any) -> None:
    seen = told(serve, [entry, ENTRY], [OWNER, READER])
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.UNREADABLE)
    assert len(seen.facts) == 1


def test_an_account_that_manages_no_calendar_at_all_is_not_believed(serve: Serve) -> None:
    seen = told(serve, [], [])
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.INCOMPLETE_LIST)


def test_the_persons_own_rule_is_told_by_the_main_calendar_too(serve: Serve) -> None:
    """The address of the main calendar is the account's own, also where the person signs in with another form of it."""
    own = {"role": "owner", "scope": {"type": "user", "value": "alice@googlemail.test"}}
    seen = told(serve, [{"id": "alice@googlemail.test", "summary": "Alice", "primary": True}], [own])
    assert seen.coverage.complete
    assert seen.facts == ()


def test_a_name_plays_no_tricks(serve: Serve) -> None:
    seen = told(serve, [ENTRY | {"summary": "Work\u202egnp.\x00 <b>" + "x" * 999}], [OWNER, READER])
    [fact] = seen.facts
    assert "\u202e" not in fact.calendar
    assert len(fact.calendar) <= 300
