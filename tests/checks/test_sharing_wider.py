"""Calendars, videos, files of others, offers, shared drives, the record of sharing: what is said for which evidence."""

from __future__ import annotations

from typing import Any

import pytest

from audits.checks.catalogue import CHECKS
from audits.facts import Access, Evidence, ItemAnswer, ItemKind, Strength, ToldAnswer, VerdictState, Why
from tests.checks.seen import (
    BEFORE,
    NOW,
    calendar,
    drive_member,
    evidence,
    file_for,
    incoming,
    open_file,
    sharing,
    told,
    video,
)

LOOK, FINE = VerdictState.NEEDS_LOOK, VerdictState.LOOKS_FINE
UNSURE, UNCHECKED, NOT_HERE = VerdictState.COULD_NOT_TELL, VerdictState.NOT_CHECKED, VerdictState.DOES_NOT_APPLY
KNOWN, UNKNOWN, LEAVE = ItemAnswer.KNOWN, ItemAnswer.UNKNOWN, ItemAnswer.LEAVE
EX = "J.Marsh@mail.test"

CALENDARS: dict[str, Any] = {"whole": ["calendar_sharing"]}
VIDEOS: dict[str, Any] = {"whole": ["youtube"]}
FROM: dict[str, Any] = {"whole": ["drive_incoming"]}
BOTH: dict[str, Any] = {"whole": ["drive_outsiders", "drive_public"]}
DRIVES: dict[str, Any] = {"whole": ["drive_shared_drives"], "consumer": False}
RECORD: dict[str, Any] = {"whole": ["drive_activity"]}
HOME_KEY = (ItemKind.CALENDAR, f"calendar-Home user {EX}")
OFFER_KEY = (ItemKind.FILE, f"offer {EX.lower()} file-plan")
EVENT_KEY = (ItemKind.EVENT, "sharing event-diary-user-True")
FINE_WORD, ODD_WORD = ToldAnswer.AS_IT_SHOULD_BE, ToldAnswer.SOMETHING_ODD


def falls_short(source: str, why: Why = Why.TOO_MANY) -> dict[str, Any]:
    return {"short": {source: why}}


CASES: list[tuple[str, Evidence, VerdictState, str]] = [
    ("calendar_sharing", evidence(**CALENDARS), FINE, "none"),
    ("calendar_sharing", evidence(calendar("Home", EX), **CALENDARS), LOOK, "seen"),
    ("calendar_sharing", evidence(calendar("Home", EX), **falls_short("calendar_sharing")), LOOK, "seen_partly"),
    ("calendar_sharing", evidence(**falls_short("calendar_sharing", Why.NO_SERVICE)), UNSURE, "no_service"),
    ("calendar_sharing", evidence(**falls_short("calendar_sharing", Why.UNTICKED)), UNSURE, "unticked"),
    ("calendar_sharing", evidence(), UNSURE, "not_asked"),
    ("calendar_sharing", evidence(calendar("Home", EX), answers={HOME_KEY: KNOWN}, **CALENDARS), FINE, "all_known"),
    ("calendar_sharing", evidence(calendar("Home", EX), answers={HOME_KEY: UNKNOWN}, **CALENDARS), LOOK, "seen"),
    ("calendar_sharing", evidence(told("calendar_sharing", FINE_WORD)), FINE, "told_as_it_should_be"),
    (
        "calendar_sharing",
        evidence(told("calendar_sharing", FINE_WORD), calendar("Home", EX), **CALENDARS),
        LOOK,
        "seen",
    ),
    ("calendar_sharing", evidence(told("calendar_sharing", ODD_WORD), **CALENDARS), LOOK, "told_odd_seen_fine"),
    ("videos_open", evidence(**VIDEOS), FINE, "none"),
    ("videos_open", evidence(video("secret", "private"), **VIDEOS), FINE, "none"),
    ("videos_open", evidence(video("garden"), **VIDEOS), LOOK, "seen"),
    ("videos_open", evidence(video("cakes", "public", playlist=True), **VIDEOS), LOOK, "seen"),
    ("videos_open", evidence(video("garden"), **falls_short("youtube", Why.INCOMPLETE_LIST)), LOOK, "seen_partly"),
    ("videos_open", evidence(**falls_short("youtube", Why.INCOMPLETE_LIST)), UNSURE, "incomplete_list"),
    ("videos_open", evidence(told("videos_open", FINE_WORD, BEFORE), video("garden"), **VIDEOS), LOOK, "seen"),
    ("files_from_person", evidence(**FROM), FINE, "none"),
    ("files_from_person", evidence(incoming("rent", EX), **FROM), LOOK, "seen"),
    ("files_from_person", evidence(incoming("rent", EX), **falls_short("drive_incoming")), LOOK, "seen_partly"),
    ("files_from_person", evidence(**falls_short("drive_incoming", Why.NOBODY_NAMED)), UNCHECKED, "nobody_named"),
    ("files_from_person", evidence(**falls_short("drive_incoming", Why.BUSY)), UNSURE, "busy"),
    ("ownership_offers", evidence(**BOTH), FINE, "none"),
    ("ownership_offers", evidence(whole=["drive_outsiders"]), UNSURE, "not_asked"),
    ("ownership_offers", evidence(whole=["drive_public"]), UNSURE, "not_asked"),
    ("ownership_offers", evidence(whole=["drive_named"]), UNSURE, "not_asked"),
    ("ownership_offers", evidence(whole=["drive_outsiders"], **falls_short("drive_public")), UNSURE, "too_many"),
    ("ownership_offers", evidence(file_for(EX), **BOTH), FINE, "none"),
    ("ownership_offers", evidence(file_for(EX, pending=True), **BOTH), LOOK, "seen"),
    ("ownership_offers", evidence(file_for(EX, pending=True), whole=["drive_named"]), LOOK, "seen_partly"),
    ("ownership_offers", evidence(file_for(EX, pending=True), answers={OFFER_KEY: KNOWN}, **BOTH), FINE, "all_known"),
    (
        "ownership_offers",
        evidence(file_for(EX, pending=True), answers={OFFER_KEY: KNOWN}, whole=["drive_outsiders"]),
        UNSURE,
        "not_asked",
    ),
    ("shared_drives", evidence(**DRIVES), FINE, "none"),
    ("shared_drives", evidence(drive_member("x@mail.test"), **DRIVES), LOOK, "seen"),
    ("shared_drives", evidence(open_file("leaflet", source="drive_shared_drives"), **DRIVES), LOOK, "seen"),
    ("shared_drives", evidence(open_file("leaflet"), **DRIVES), FINE, "none"),
    ("shared_drives", evidence(consumer=False, **falls_short("drive_shared_drives")), UNSURE, "too_many"),
    ("shared_drives", evidence(**falls_short("drive_shared_drives", Why.CONSUMER_ACCOUNT)), NOT_HERE, "not_at_work"),
    ("shared_drives", evidence(), UNSURE, "not_asked"),
    ("sharing_history", evidence(**RECORD), UNSURE, "no_entry"),
    ("sharing_history", evidence(sharing("diary"), **RECORD), LOOK, "seen"),
    ("sharing_history", evidence(sharing("diary"), **falls_short("drive_activity")), LOOK, "seen_partly"),
    ("sharing_history", evidence(**falls_short("drive_activity")), UNSURE, "too_many"),
    ("sharing_history", evidence(sharing("diary", added=False), sharing("x", who="me"), **RECORD), UNSURE, "no_entry"),
    ("sharing_history", evidence(sharing("diary"), answers={EVENT_KEY: KNOWN}, **RECORD), UNSURE, "all_answered"),
    ("sharing_history", evidence(sharing("diary"), answers={EVENT_KEY: LEAVE}, **RECORD), UNSURE, "all_answered"),
    ("sharing_history", evidence(sharing("diary"), answers={EVENT_KEY: UNKNOWN}, **RECORD), LOOK, "seen"),
]


@pytest.mark.parametrize(("check", "given", "state", "reason"), CASES)
def test_verdicts(check: str, given: Evidence, state: VerdictState, reason: str) -> None:
    verdict = CHECKS[check].judge(given)
    assert (verdict.state, verdict.reason) == (state, reason)


def names(check: str, *facts: Any, **more: Any) -> list[tuple[str, str]]:
    return [(item.name, item.says) for item in CHECKS[check].judge(evidence(*facts, **more)).items]


def test_a_person_who_was_named_comes_first_then_what_is_open_to_everyone() -> None:
    found = names(
        "calendar_sharing",
        calendar("Aunt", "aunt@mail.test", role="freeBusyReader"),
        calendar("Team", kind="public"),
        calendar("Zoo", EX, role="writer", named=True),
        **CALENDARS,
    )
    assert found == [("Zoo", "user_changes"), ("Team", "public_reads"), ("Aunt", "user_busy")]


@pytest.mark.parametrize("kind", ["user", "group", "domain"])
@pytest.mark.parametrize("role", ["freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", "owner"])
def test_each_role_says_what_it_can_do(kind: str, role: str) -> None:
    [item] = CHECKS["calendar_sharing"].judge(evidence(calendar("Home", "who", kind=kind, role=role))).items
    said = CHECKS["calendar_sharing"].words.item_says[item.says].fill(item.values)
    assert "who" in said
    assert ("change" in said) == (role in ("writerWithoutPrivateAccess", "writer", "owner"))
    assert ("busy" in said) == (role == "freeBusyReader")


def test_calendars_are_counted_and_not_their_openings() -> None:
    given = evidence(calendar("Home", EX), calendar("Home", "aunt@mail.test"), **CALENDARS)
    verdict = CHECKS["calendar_sharing"].judge(given)
    assert (verdict.values["calendars"], verdict.values["items"]) == (1, 2)


def test_an_answer_about_one_opening_is_no_answer_about_the_next() -> None:
    given = evidence(calendar("Home", EX), calendar("Home", "b@mail.test"), answers={HOME_KEY: KNOWN}, **CALENDARS)
    assert CHECKS["calendar_sharing"].judge(given).state is LOOK


def test_knowing_that_someone_can_open_a_file_is_not_knowing_of_the_offer() -> None:
    answers = {(ItemKind.FILE, f"{EX.lower()} file-plan"): KNOWN, (ItemKind.FILE, "file-plan"): KNOWN}
    assert CHECKS["ownership_offers"].judge(evidence(file_for(EX, pending=True), answers=answers, **BOTH)).state is LOOK


def test_one_offer_seen_by_two_looks_is_one_item() -> None:
    twice = [file_for(EX, pending=True), open_file("plan", access=(Access("user", "writer", EX.lower(), True),))]
    [item] = CHECKS["ownership_offers"].judge(evidence(*twice, **BOTH)).items
    assert item.values == {"who": EX.lower()}


def test_what_others_in_a_shared_drive_can_do() -> None:
    two = (Access("user", "reader", "a@mail.test"), Access("user", "writer", "b@mail.test"))
    drive: dict[str, Any] = {"source": "drive_shared_drives", "open_to_anyone": False}
    found = names(
        "shared_drives",
        open_file("one", access=two[1:], **drive),
        open_file("both", access=two, **drive),
        open_file("link", source="drive_shared_drives"),
        drive_member("m@mail.test", "fileOrganizer"),
        **DRIVES,
    )
    expected = [("m@mail.test", "member_change"), ("link", "open_read"), ("both", "outside_several")]
    assert found == [*expected, ("one", "outside_change")]


def test_what_the_person_did_not_do_comes_first_in_the_record() -> None:
    found = names(
        "sharing_history",
        sharing("mine", at=NOW),
        sharing("theirs", by_me=False),
        sharing("unsaid", "anyone", "anyone", by_me=None, at=NOW),
        **RECORD,
    )
    assert found == [("unsaid", "anyone_by_unsaid"), ("theirs", "person_by_other"), ("mine", "person_by_you")]


def test_the_record_never_makes_fine_and_never_proves() -> None:
    verdict = CHECKS["sharing_history"].judge(evidence(sharing("diary"), **RECORD))
    assert verdict.strength is Strength.SUGGESTS
    assert "people/7" not in repr(verdict), "a number of Google’s names nobody"
