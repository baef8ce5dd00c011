"""Files, pictures, places and the bin: what is said for which evidence."""

from __future__ import annotations

from typing import Any

import pytest

from audits.checks.catalogue import CHECKS
from audits.facts import Access, Evidence, ItemAnswer, ItemKind, Rung, Strength, ToldAnswer, VerdictState, Why
from tests.checks.seen import (
    BEFORE,
    binned,
    evidence,
    file_for,
    open_file,
    open_picture,
    storage,
    told,
)

LOOK, FINE = VerdictState.NEEDS_LOOK, VerdictState.LOOKS_FINE
UNSURE, UNCHECKED = VerdictState.COULD_NOT_TELL, VerdictState.NOT_CHECKED
KNOWN, UNKNOWN, LEAVE = ItemAnswer.KNOWN, ItemAnswer.UNKNOWN, ItemAnswer.LEAVE
PUBLIC: dict[str, Any] = {"whole": ["drive_public"]}
NAMED: dict[str, Any] = {"whole": ["drive_named"]}
BIN: dict[str, Any] = {"whole": ["drive_trash"]}
EX = "J.Marsh@mail.test"


def falls_short(source: str, why: Why = Why.TOO_MANY) -> dict[str, Any]:
    return {"short": {source: why}}


FILES = [
    (evidence(**PUBLIC), FINE, "none"),
    (evidence(open_picture("beach"), **PUBLIC), FINE, "none"),
    (evidence(open_file("cv"), **PUBLIC), LOOK, "seen"),
    (evidence(open_file("cv", open_to_anyone=False), **PUBLIC), FINE, "none"),
    (evidence(open_file("cv"), **falls_short("drive_public")), LOOK, "seen_partly"),
    (evidence(**falls_short("drive_public")), UNSURE, "too_many"),
    (evidence(), UNSURE, "not_asked"),
    (evidence(connected=False), UNSURE, "not_connected"),
    (evidence(open_file("cv"), answers={(ItemKind.FILE, "file-cv"): KNOWN}, **PUBLIC), FINE, "all_known"),
    (evidence(open_file("cv"), answers={(ItemKind.FILE, "file-cv"): LEAVE}, **PUBLIC), FINE, "known_or_left"),
    (evidence(open_file("cv"), answers={(ItemKind.FILE, "file-cv"): UNKNOWN}, **PUBLIC), LOOK, "seen"),
    (evidence(told("open_files", ToldAnswer.AS_IT_SHOULD_BE)), UNSURE, "not_asked"),  # not a question we ask
]

PICTURES = [
    (evidence(**PUBLIC), FINE, "none"),
    (evidence(open_file("cv"), **PUBLIC), FINE, "none"),
    (evidence(open_picture("beach"), **PUBLIC), LOOK, "seen"),
    (evidence(open_file("film", mime="video/mp4"), **PUBLIC), LOOK, "seen"),
    (evidence(open_picture("beach"), **falls_short("drive_public")), LOOK, "seen_partly"),
    (evidence(**falls_short("drive_public", Why.UNTICKED)), UNSURE, "unticked"),
    (evidence(open_picture("beach"), answers={(ItemKind.PICTURE, "file-beach"): KNOWN}, **PUBLIC), FINE, "all_known"),
]

PLACE_KEY = (ItemKind.PICTURE, "place file-home")
PLACES = [
    (evidence(**PUBLIC), FINE, "no_open_pictures"),
    (evidence(open_file("cv"), **PUBLIC), FINE, "no_open_pictures"),
    (evidence(open_picture("beach"), **PUBLIC), FINE, "none"),
    (evidence(open_picture("home", located=True), open_picture("beach"), **PUBLIC), LOOK, "seen"),
    (evidence(open_picture("new", located=None), **PUBLIC), UNSURE, "not_said"),
    (evidence(open_picture("home", located=True), open_picture("new", located=None), **PUBLIC), LOOK, "seen_partly"),
    (evidence(open_picture("home", located=True), **falls_short("drive_public")), LOOK, "seen_partly"),
    (evidence(open_picture("beach"), **falls_short("drive_public")), UNSURE, "too_many"),
    (evidence(connected=False), UNSURE, "not_connected"),
    (evidence(open_picture("home", located=True), answers={PLACE_KEY: KNOWN}, **PUBLIC), FINE, "all_known"),
    (
        evidence(
            open_picture("home", located=True), open_picture("new", located=None), answers={PLACE_KEY: KNOWN}, **PUBLIC
        ),
        UNSURE,
        "not_said",
    ),
]

ONE_PERSON = [
    (evidence(**NAMED), FINE, "none"),
    (evidence(**falls_short("drive_named", Why.NOBODY_NAMED)), UNCHECKED, "nobody_named"),
    (evidence(**falls_short("drive_named", Why.UNTICKED)), UNSURE, "unticked"),
    (evidence(), UNSURE, "not_asked"),
    (evidence(connected=False), UNSURE, "not_connected"),
    (evidence(file_for(EX), **NAMED), LOOK, "seen"),
    (evidence(file_for(EX, "other@mail.test"), **NAMED), LOOK, "seen_several"),
    (evidence(file_for(EX), **falls_short("drive_named")), LOOK, "seen_partly"),
    (evidence(file_for(EX), **falls_short("drive_named", Why.NOBODY_NAMED)), LOOK, "seen_partly"),
    (evidence(open_file("cv", source="drive_named"), **NAMED), FINE, "none"),
    (
        evidence(file_for(EX), answers={(ItemKind.FILE, "j.marsh@mail.test file-plan"): KNOWN}, **NAMED),
        FINE,
        "all_known",
    ),
]

TRASH = [
    (evidence(**BIN), FINE, "none"),
    (evidence(binned("old"), **BIN), LOOK, "seen"),
    (evidence(binned("old"), **falls_short("drive_trash")), LOOK, "seen_partly"),
    (evidence(**falls_short("drive_trash", Why.UNREACHABLE)), UNSURE, "unreachable"),
    (evidence(connected=False), UNCHECKED, "not_checked"),
    (evidence(binned("old"), answers={(ItemKind.PICTURE, "bin file-old"): KNOWN}, **BIN), FINE, "all_known"),
    (evidence(told("pictures_in_bin", ToldAnswer.AS_IT_SHOULD_BE)), FINE, "told_as_it_should_be"),
    (evidence(told("pictures_in_bin", ToldAnswer.AS_IT_SHOULD_BE), binned("old"), **BIN), LOOK, "seen"),
    (evidence(told("pictures_in_bin", ToldAnswer.SOMETHING_ODD), **BIN), LOOK, "told_odd_seen_fine"),
    (evidence(told("pictures_in_bin", ToldAnswer.SOMETHING_ODD, BEFORE), **BIN), FINE, "none"),
]

BACKUP = [
    (evidence(), UNCHECKED, "not_checked"),
    (evidence(connected=False), UNCHECKED, "not_checked"),
    (evidence(storage(0.2), whole=["drive_storage"]), UNSURE, "nobody_says"),
    (evidence(storage(40), whole=["drive_storage"]), UNSURE, "nobody_says"),
    (evidence(told("photo_backup", ToldAnswer.AS_IT_SHOULD_BE), storage(40)), FINE, "told_as_it_should_be"),
    (evidence(told("photo_backup", ToldAnswer.SOMETHING_ODD)), LOOK, "told_something_odd"),
    (evidence(told("photo_backup", ToldAnswer.OFF)), UNCHECKED, "not_checked"),  # not one of its choices
]

GUIDED = [
    (evidence(), UNCHECKED, "not_checked"),
    (evidence(storage(40), whole=["drive_storage"]), UNCHECKED, "not_checked"),
]

TABLES = {
    "open_files": FILES,
    "open_pictures": PICTURES,
    "pictures_with_location": PLACES,
    "files_one_person": ONE_PERSON,
    "pictures_in_bin": TRASH,
    "photo_backup": BACKUP,
    "photo_backup_account": GUIDED,
    "photo_backup_devices": GUIDED,
}


@pytest.mark.parametrize(
    ("check", "given", "state", "reason"), [(check, *row) for check, rows in TABLES.items() for row in rows]
)
def test_verdict(check: str, given: Evidence, state: VerdictState, reason: str) -> None:
    verdict = CHECKS[check].judge(given)
    assert (verdict.state, verdict.reason) == (state, reason)


@pytest.mark.parametrize("check", ["photo_backup_account", "photo_backup_devices"])
def test_guided_checks_are_judged_by_her_word(check: str) -> None:
    verdict = CHECKS[check].judge(evidence(told(check, ToldAnswer.AS_IT_SHOULD_BE)))
    assert (verdict.state, verdict.rung, verdict.strength) == (FINE, Rung.TOLD, Strength.TOLD)


@pytest.mark.parametrize(
    ("access", "mime", "says"),
    [
        ((Access("link", "reader"),), "text/plain", "link_read"),
        ((Access("link", "commenter"),), "text/plain", "link_read"),
        ((Access("link", "writer"),), "text/plain", "link_change"),
        ((Access("public", "reader"),), "text/plain", "found_read"),
        ((Access("link", "reader"), Access("public", "writer")), "text/plain", "found_change"),
        ((Access("user", "writer", "a@b.test"),), "text/plain", "link_read"),
        ((), "text/plain", "link_read"),
        ((Access("link", "reader"),), "application/vnd.google-apps.folder", "folder_read"),
        ((Access("link", "writer"),), "application/vnd.google-apps.folder", "folder_change"),
    ],
)
def test_what_anyone_can_do_with_a_file(access: tuple[Access, ...], mime: str, says: str) -> None:
    (item,) = CHECKS["open_files"].judge(evidence(open_file("cv", access=access, mime=mime), **PUBLIC)).items
    assert (item.says, item.link) == (says, "https://drive.google.com/file/d/cv/view")


def test_a_picture_found_by_search_is_said_to_be() -> None:
    found = open_picture("beach", access=(Access("public", "reader"),))
    items = CHECKS["open_pictures"].judge(evidence(found, open_picture("home"), **PUBLIC)).items
    assert [item.says for item in items] == ["found", "link"]


@pytest.mark.parametrize(
    ("role", "pending", "says"),
    [("reader", False, "can_read"), ("writer", False, "can_change"), ("writer", True, "may_become_owner")],
)
def test_what_one_person_can_do_with_a_file(role: str, pending: bool, says: str) -> None:
    (item,) = CHECKS["files_one_person"].judge(evidence(file_for(EX, role=role, pending=pending), **NAMED)).items
    assert (item.says, item.values, item.identity) == (says, {"person": EX}, "j.marsh@mail.test file-plan")


def test_a_file_found_by_name_whose_access_we_did_not_see_can_still_be_opened() -> None:
    found = open_file("plan", access=(), source="drive_named", open_to_anyone=False, named=(EX,))
    (item,) = CHECKS["files_one_person"].judge(evidence(found, **NAMED)).items
    assert item.says == "can_open"


def test_two_named_people_with_one_file_are_two_items_and_one_file() -> None:
    verdict = CHECKS["files_one_person"].judge(evidence(file_for(EX, "other@mail.test"), **NAMED))
    assert len(verdict.items) == 2
    assert (verdict.values["files"], verdict.values["people"]) == (1, 2)


def test_one_person_is_named_in_the_sentence() -> None:
    verdict = CHECKS["files_one_person"].judge(evidence(file_for(EX), file_for(EX, name="diary"), **NAMED))
    said = CHECKS["files_one_person"].words.says[verdict.reason].fill(verdict.values)
    assert said == f"{EX}, an address you named, can open 2 of your files."


def test_knowing_a_picture_is_open_is_not_knowing_that_it_tells_a_place_or_lies_in_the_bin() -> None:
    given = evidence(
        open_picture("home", located=True),
        binned("home"),
        whole=["drive_public", "drive_trash"],
        answers={(ItemKind.PICTURE, "file-home"): KNOWN},
    )
    states = {check: CHECKS[check].judge(given).state for check in CHECKS}
    assert states["open_pictures"] is FINE
    assert states["pictures_with_location"] is LOOK
    assert states["pictures_in_bin"] is LOOK


def test_the_bin_says_what_is_still_shared_and_since_when() -> None:
    given = evidence(binned("b"), binned("a", at=None), binned("z", shared=True), **BIN)
    items = CHECKS["pictures_in_bin"].judge(given).items
    assert [(item.name, item.says) for item in items] == [("z", "shared_since"), ("a", "kept"), ("b", "kept_since")]
    assert items[0].values == {"binned_at": BEFORE.isoformat()}


@pytest.mark.parametrize(
    ("gigabytes", "pooled", "signs"),
    [
        (0.2, False, ()),
        (1, False, ()),
        (1.5, False, ("storage_large",)),
        (40, False, ("storage_large",)),
        (40, True, ()),
    ],
)
def test_much_storage_is_a_weak_sign_and_never_a_switch(gigabytes: float, pooled: bool, signs: tuple[str, ...]) -> None:
    verdict = CHECKS["photo_backup"].judge(evidence(storage(gigabytes, pooled=pooled), whole=["drive_storage"]))
    assert (verdict.state, verdict.signs) == (UNSURE, signs)
    assert verdict.strength is (Strength.SUGGESTS if signs else None)
    for sign in signs:
        said = CHECKS["photo_backup"].words.says[sign].fill(verdict.values)
        assert "Gmail, Photos and device backups together" in said
        assert "weak sign" in said
