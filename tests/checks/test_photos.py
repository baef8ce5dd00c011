"""What a photo that the Person chose in Google Photos may say: a sign, a question, and never that a switch is on."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from audits.checks.catalogue import CHECKS
from audits.facts import Evidence, ItemAnswer, ItemKind, PickedPhoto, Rung, Strength, ToldAnswer, VerdictState, Why
from tests.checks.seen import AFTER, BEFORE, NOW, evidence, picked, storage, told

LOOK, FINE, UNSURE, UNCHECKED = (
    VerdictState.NEEDS_LOOK,
    VerdictState.LOOKS_FINE,
    VerdictState.COULD_NOT_TELL,
    VerdictState.NOT_CHECKED,
)
BACKUP, ACCOUNT, DEVICES = "photo_backup", "photo_backup_account", "photo_backup_devices"
ALL = (BACKUP, ACCOUNT, DEVICES)
HERS, STRANGE = picked(), picked("iPhone 14", "Apple", days_ago=9)
UNSAID = picked("", "", days_ago=12)
FUTURE, ANCIENT = picked("Old", days_ago=-900), picked("Old", days_ago=20_000)
WHOLE = ["photos_picker"]


def seen(*photos: PickedPhoto, **answers: ItemAnswer) -> Evidence:
    given = {(ItemKind.DEVICE, f"camera:{name.replace('_', ' ')}"): answer for name, answer in answers.items()}
    return evidence(*photos, whole=WHOLE, answers=given)


@pytest.mark.parametrize(
    ("given", "signs"),
    [
        (seen(HERS), ("photo_recent",)),
        (seen(HERS, STRANGE), ("photo_recent",)),
        (seen(UNSAID), ("photo_recent_unsaid",)),
        (seen(picked(days_ago=13.9)), ("photo_recent",)),
        (seen(picked(days_ago=14)), ("photo_older",)),
        (seen(picked("", "", days_ago=15)), ("photo_older_unsaid",)),
        (seen(picked(at=BEFORE)), ("photo_older",)),  # chosen long ago: a sign does not stay young
        (seen(FUTURE), ("photo_undated",)),
        (seen(ANCIENT), ("photo_undated",)),
        (seen(FUTURE, HERS), ("photo_recent",)),
        (evidence(HERS, storage(40), whole=[*WHOLE, "drive_storage"]), ("photo_recent", "storage_large")),
        (evidence(HERS, storage(0.1), whole=[*WHOLE, "drive_storage"]), ("photo_recent",)),
    ],
)
def test_a_photo_is_a_sign_of_backup_and_no_more(given: Evidence, signs: tuple[str, ...]) -> None:
    verdict = CHECKS[BACKUP].judge(given)
    assert (verdict.state, verdict.reason, verdict.signs) == (UNSURE, "nobody_says", signs)
    assert (verdict.rung, verdict.strength) == (Rung.LIVE, Strength.SUGGESTS)
    for sign in signs:
        assert not re.search(r"\bis (on|off)\b", CHECKS[BACKUP].words.says[sign].fill(verdict.values))


def test_the_sign_names_the_day_and_the_phone() -> None:
    verdict = CHECKS[BACKUP].judge(seen(HERS, STRANGE))
    assert verdict.values == {"taken_at": HERS.taken_at.isoformat(), "camera": "Google Pixel 8"}


@pytest.mark.parametrize(
    ("given", "sign"),
    [
        (seen(STRANGE, HERS), "photo_here"),
        (seen(UNSAID), "photo_here_unsaid"),
        (seen(FUTURE), "photo_here_unsaid"),
    ],
)
def test_a_photo_is_a_sign_of_where_pictures_go(given: Evidence, sign: str) -> None:
    verdict = CHECKS[ACCOUNT].judge(given)
    assert (verdict.state, verdict.reason, verdict.signs) == (UNSURE, "nobody_says", (sign,))


@pytest.mark.parametrize(
    ("given", "state", "reason"),
    [
        (seen(HERS, STRANGE), UNSURE, "cameras"),
        (seen(UNSAID), UNSURE, "no_camera"),
        (seen(HERS, STRANGE, Apple_iPhone_14=ItemAnswer.UNKNOWN), LOOK, "seen_partly"),
        (seen(HERS, STRANGE, Apple_iPhone_14=ItemAnswer.KNOWN, Google_Pixel_8=ItemAnswer.KNOWN), UNSURE, "cameras"),
        (seen(HERS, STRANGE, Apple_iPhone_14=ItemAnswer.LEAVE), UNSURE, "cameras"),
        (seen(FUTURE, Google_Old=ItemAnswer.UNKNOWN), LOOK, "seen_partly"),
    ],
)
def test_a_phone_is_a_question_and_needs_a_look_when_it_is_not_known(
    given: Evidence, state: VerdictState, reason: str
) -> None:
    verdict = CHECKS[DEVICES].judge(given)
    assert (verdict.state, verdict.reason) == (state, reason)


def test_each_phone_is_asked_about_once_with_its_newest_photo() -> None:
    older = picked("iPhone 14", "Apple", days_ago=90)
    verdict = CHECKS[DEVICES].judge(seen(older, STRANGE, HERS, UNSAID, FUTURE))
    assert [(item.identity, item.name, item.says) for item in verdict.items] == [
        ("camera:Apple iPhone 14", "Apple iPhone 14", "took"),
        ("camera:Google Old", "Google Old", "took_undated"),
        ("camera:Google Pixel 8", "Google Pixel 8", "took"),
    ]
    assert verdict.items[0].values == {"taken_at": STRANGE.taken_at.isoformat()}
    assert verdict.signs == ("photos_unsaid",)
    assert verdict.values["unsaid"] == 1


def test_her_word_stands_beside_the_phones_until_a_new_one_is_seen() -> None:
    before = told(DEVICES, ToldAnswer.AS_IT_SHOULD_BE, BEFORE)
    after = told(DEVICES, ToldAnswer.AS_IT_SHOULD_BE, AFTER)
    assert CHECKS[DEVICES].judge(evidence(before, HERS, whole=WHOLE)).state is UNSURE
    assert CHECKS[DEVICES].judge(evidence(after, HERS, whole=WHOLE)).state is FINE


@pytest.mark.parametrize("check", ALL)
@pytest.mark.parametrize("why", [Why.NOT_ASKED, Why.NOT_YET, Why.NOT_CONNECTED])
def test_no_photo_says_nothing(check: str, why: Why) -> None:
    assert CHECKS[check].judge(evidence(short={"photos_picker": why})).state is UNCHECKED


@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [
        ("Google", "Pixel 8", "Google Pixel 8"),
        ("NIKON", "Nikon D3500", "Nikon D3500"),
        ("Apple", "", ""),
        ("", "SM-G991B", "SM-G991B"),
    ],
)
def test_a_camera_has_one_name(make: str, model: str, camera: str) -> None:
    assert picked(model, make).camera == camera


def test_a_day_is_believed_from_the_first_cameras_to_tomorrow() -> None:
    photo = picked()
    assert replace(photo, taken_at=NOW + timedelta(hours=20)).dated
    assert not replace(photo, taken_at=NOW + timedelta(hours=25)).dated
    assert not replace(photo, taken_at=NOW.replace(year=1970)).dated
