"""Phones, their apps and browser extensions, from copies that Google made: what is said for which evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audits.checks.catalogue import CHECKS, COMMON
from audits.facts import Evidence, ItemAnswer, ItemKind, Listing, Rung, ToldAnswer, VerdictState, Why
from tests.checks.seen import AFTER, BEFORE, NOW, evidence, extension, phone_app, play_device, told
from tests.checks.test_words import texts

LOOK, FINE = VerdictState.NEEDS_LOOK, VerdictState.LOOKS_FINE
UNSURE, UNCHECKED = VerdictState.COULD_NOT_TELL, VerdictState.NOT_CHECKED
KNOWN, UNKNOWN, LEAVE = ItemAnswer.KNOWN, ItemAnswer.UNKNOWN, ItemAnswer.LEAVE
WHOLE = ["play_apps"]
LIST = "Made-up list, 2026, CC BY 4.0"
SECRET = Listing(kind="stalkerware", title="HushTrack", source=LIST)
WATCHING = Listing(kind="watchware", title="FamilyRing", source=LIST)
LISTINGS = {"HushTrack": SECRET, "FamilyRing": WATCHING, "com.hush": SECRET}
HUSH, RING, TORCH = phone_app("HushTrack"), phone_app("FamilyRing"), phone_app("Torch")
HUSH_KEY, TORCH_KEY = (ItemKind.APP, "phone app HushTrack"), (ItemKind.APP, "phone app Torch")


def listed(given: Evidence) -> Evidence:
    return replace(given, listings=LISTINGS, lists=(LIST,))


APPS = [
    (listed(evidence(HUSH, TORCH, whole=WHOLE)), LOOK, "listed"),
    (listed(evidence(RING, whole=WHOLE)), LOOK, "listed"),
    (listed(evidence(HUSH, short={"play_apps": Why.UNREADABLE})), LOOK, "listed"),
    (listed(evidence(TORCH, whole=WHOLE)), UNSURE, "not_listed"),
    (listed(evidence(TORCH, short={"play_apps": Why.UNREADABLE})), UNSURE, "unreadable"),
    (listed(evidence(whole=WHOLE)), UNSURE, "none"),
    (evidence(TORCH, HUSH, whole=WHOLE), UNSURE, "no_lists"),
    (evidence(), UNSURE, "not_asked"),
    (evidence(short={"play_apps": Why.NOT_YET}), UNSURE, "not_yet"),
    (evidence(short={"play_apps": Why.BUSY}), UNSURE, "busy"),
    (evidence(short={"play_apps": Why.NOT_ELIGIBLE}), UNSURE, "not_eligible"),
    (evidence(connected=False), UNSURE, "not_connected"),
    (listed(evidence(TORCH, whole=WHOLE, answers={TORCH_KEY: UNKNOWN})), LOOK, "seen_partly"),
    (listed(evidence(TORCH, whole=WHOLE, answers={TORCH_KEY: KNOWN})), UNSURE, "not_listed"),
    (listed(evidence(HUSH, whole=WHOLE, answers={HUSH_KEY: KNOWN})), UNSURE, "incomplete_list"),
    (listed(evidence(HUSH, whole=WHOLE, answers={HUSH_KEY: LEAVE})), UNSURE, "incomplete_list"),
    (listed(evidence(HUSH, whole=WHOLE, answers={HUSH_KEY: UNKNOWN})), LOOK, "listed"),
    (listed(evidence(HUSH, TORCH, whole=WHOLE, answers={TORCH_KEY: KNOWN})), LOOK, "listed"),
]


@pytest.mark.parametrize(("given", "state", "reason"), APPS)
def test_phone_apps(given: Evidence, state: VerdictState, reason: str) -> None:
    verdict = CHECKS["phone_apps"].judge(given)
    assert (verdict.state, verdict.reason) == (state, reason)
    assert CHECKS["phone_apps"].words.says[reason].fill(verdict.values)


def says(given: Evidence) -> dict[str, str]:
    check = CHECKS["phone_apps"]
    return {i.name: check.words.item_says[i.says].fill(i.values) for i in check.judge(given).items}


def test_what_is_on_a_list_comes_first_is_only_possible_and_names_the_list() -> None:
    nowhere = phone_app("HushTrack", device="")
    found = says(listed(evidence(TORCH, RING, HUSH, whole=WHOLE)))
    assert list(found) == ["HushTrack", "FamilyRing", "Torch"]
    assert "This may be HushTrack, an app made to spy secretly, as a list says" in found["HushTrack"]
    assert "This may be FamilyRing, an app made for watching, which may be agreed" in found["FamilyRing"]
    for name in ("HushTrack", "FamilyRing"):
        assert "Installed on Google Pixel 8." in found[name]
        assert LIST in found[name]
        assert "not certain" in found[name]
    assert "list" not in found["Torch"]
    assert "Installed on" not in says(listed(evidence(nowhere, whole=WHOLE)))["HushTrack"]


def test_an_app_is_found_by_exactly_its_package_too() -> None:
    by_package = phone_app("Sync", package="com.hush")
    other = phone_app("Sync", package="com.hush.more")
    assert CHECKS["phone_apps"].judge(listed(evidence(by_package, whole=WHOLE))).reason == "listed"
    assert CHECKS["phone_apps"].judge(listed(evidence(other, whole=WHOLE))).reason == "not_listed"


def test_an_app_on_two_phones_is_one_item_with_the_phone_that_had_it_last() -> None:
    newer = phone_app("HushTrack", device="New phone", at=NOW)
    for order in ([HUSH, newer], [newer, HUSH]):
        (text,) = says(listed(evidence(*order, whole=WHOLE))).values()
        assert "New phone" in text


def test_no_word_of_it_calls_a_phone_fine_or_tells_anybody_to_remove() -> None:
    words = CHECKS["phone_apps"].words
    assert words.told is None, "looking does not find what hides"
    assert "Leave the app where it is for now" in words.steps[0].text
    assert "Talk to somebody first" in words.steps[1].text
    whole = " ".join(texts(words)).lower()
    for never in ("uninstall", "delete the app", "remove the app now", "safe to", "nothing was found"):
        assert never not in whole
    for reason in ("not_listed", "no_lists", "none"):
        text = words.says[reason].other
        assert "does not mean" in text or "compared with nothing" in text


def test_the_story_names_which_lists_were_compared() -> None:
    verdict = CHECKS["phone_apps"].judge(listed(evidence(TORCH, whole=WHOLE)))
    assert LIST in CHECKS["phone_apps"].words.says["not_listed"].fill(verdict.values)


# --------------------------------------------------------------------------- phones and extensions

PIXEL, TABLET = play_device("Pixel"), play_device("Tablet", since=None, last=None)
PIXEL_KEY, TABLET_KEY = (ItemKind.DEVICE, "play device id Pixel"), (ItemKind.DEVICE, "play device id Tablet")
MIRROR, MIRROR_KEY = extension("Mirror", incognito=True), (ItemKind.APP, "extension id-Mirror")
PHONES, BROWSER = "phone_devices", "browser_extensions"
DEV, EXT = ["play_devices"], ["chrome_extensions"]

LISTS = [
    (PHONES, evidence(PIXEL, TABLET, whole=DEV), LOOK, "seen"),
    (PHONES, evidence(PIXEL, short={"play_devices": Why.UNREADABLE}), LOOK, "seen_partly"),
    (PHONES, evidence(whole=DEV), UNSURE, "none"),
    (PHONES, evidence(short={"play_devices": Why.UNTICKED}), UNSURE, "unticked"),
    (PHONES, evidence(short={"play_devices": Why.NOT_YET}), UNSURE, "not_yet"),
    (PHONES, evidence(), UNSURE, "not_asked"),
    (PHONES, evidence(connected=False), UNCHECKED, "not_checked"),
    (PHONES, evidence(PIXEL, whole=DEV, answers={PIXEL_KEY: KNOWN}), FINE, "all_known"),
    (PHONES, evidence(PIXEL, whole=DEV, answers={PIXEL_KEY: LEAVE}), FINE, "known_or_left"),
    (PHONES, evidence(PIXEL, TABLET, whole=DEV, answers={PIXEL_KEY: KNOWN}), LOOK, "seen"),
    (PHONES, evidence(PIXEL, TABLET, whole=DEV, answers={PIXEL_KEY: KNOWN, TABLET_KEY: UNKNOWN}), LOOK, "seen"),
    (
        PHONES,
        evidence(PIXEL, short={"play_devices": Why.UNREADABLE}, answers={PIXEL_KEY: KNOWN}),
        UNSURE,
        "unreadable",
    ),
    (PHONES, evidence(told(PHONES, ToldAnswer.AS_IT_SHOULD_BE)), FINE, "told_as_it_should_be"),
    (PHONES, evidence(told(PHONES, ToldAnswer.SOMETHING_ODD)), LOOK, "told_something_odd"),
    (PHONES, evidence(PIXEL, told(PHONES, ToldAnswer.AS_IT_SHOULD_BE), whole=DEV), LOOK, "seen"),
    (BROWSER, evidence(MIRROR, whole=EXT), LOOK, "seen"),
    (BROWSER, evidence(MIRROR, short={"chrome_extensions": Why.UNREADABLE}), LOOK, "seen_partly"),
    (BROWSER, evidence(whole=EXT), UNSURE, "none"),
    (BROWSER, evidence(), UNSURE, "not_asked"),
    (BROWSER, evidence(connected=False), UNCHECKED, "not_checked"),
    (BROWSER, evidence(MIRROR, whole=EXT, answers={MIRROR_KEY: KNOWN}), FINE, "all_known"),
    (BROWSER, evidence(MIRROR, whole=EXT, answers={MIRROR_KEY: UNKNOWN}), LOOK, "seen"),
    (BROWSER, evidence(told(BROWSER, ToldAnswer.AS_IT_SHOULD_BE, AFTER)), FINE, "told_as_it_should_be"),
]


@pytest.mark.parametrize(("check", "given", "state", "reason"), LISTS)
def test_phones_and_extensions(check: str, given: Evidence, state: VerdictState, reason: str) -> None:
    verdict = CHECKS[check].judge(given)
    assert (verdict.state, verdict.reason) == (state, reason)
    if reason in ("seen", "seen_partly", "all_known"):
        assert verdict.rung is Rung.EXPORT


@pytest.mark.parametrize(
    ("since", "last", "says"),
    [(BEFORE, NOW, "used_since"), (None, NOW, "used"), (BEFORE, None, "since"), (None, None, "unsaid")],
)
def test_what_is_said_of_a_phone(since: object, last: object, says: str) -> None:
    device = play_device("Pixel", since=since, last=last)  # type: ignore[arg-type]
    (item,) = CHECKS[PHONES].judge(evidence(device, whole=DEV)).items
    assert item.says == says
    assert CHECKS[PHONES].words.item_says[says].fill(item.values)


def test_the_phone_that_was_used_last_comes_first() -> None:
    old = play_device("Old", last=BEFORE)
    items = CHECKS[PHONES].judge(evidence(TABLET, old, PIXEL, whole=DEV)).items
    assert [item.name for item in items] == ["Pixel", "Old", "Tablet"]


def test_extensions_that_read_most_come_first() -> None:
    given = evidence(extension("Off", enabled=False), extension("Crab"), MIRROR, whole=EXT)
    items = CHECKS[BROWSER].judge(given).items
    assert [(item.name, item.says) for item in items] == [
        ("Mirror", "on_everywhere"),
        ("Crab", "switched_on"),
        ("Off", "switched_off"),
    ]


@pytest.mark.parametrize("check", ["phone_apps", PHONES, BROWSER])
def test_each_says_that_google_names_no_account_and_has_a_sentence_of_its_own_for_a_copy(check: str) -> None:
    words = CHECKS[check].words
    assert "not tell us whose list" in words.limit
    for why in (Why.NOT_YET, Why.BUSY, Why.NOT_ELIGIBLE, Why.STOPPED, Why.UNREACHABLE):
        assert words.says[why] != COMMON.says[why]
