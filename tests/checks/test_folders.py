"""A catalogue from several folders: a helpline adds and overrides checks without touching code."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from audits.checks import catalogue, myths
from audits.checks.catalogue import CHECKS, COMMON, FOLDER, PLATFORMS

GUIDED = Path(__file__).with_name("guided_check.yaml")
ICONS = Path(__file__).parents[2] / "static" / "icons.svg"
TEXT = GUIDED.read_text()


def folder_of(place: Path, files: dict[str, str]) -> Path:
    """A folder that holds these files."""
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    return place


def one_check(tmp_path: Path, files: dict[str, str]) -> Path:
    """Our own folder with one guided check of WhatsApp, and these files."""
    base = tmp_path / "base"
    folder_of(base, {"whatsapp/platform.yaml": (FOLDER / "whatsapp" / "platform.yaml").read_text(), **files})
    shutil.copy(FOLDER / "common.yaml", base)
    return base


def problems_of(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return catalogue.load((one_check(tmp_path, files),)).problems


def line_of(text: str, start: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if line.startswith(start))


NAME = "whatsapp/whatsapp_linked_devices.yaml"
BROKEN = [
    ("why_line:", "", "", "why_line: is missing"),
    ("title:", "title: Ensure every device is yours", "title:", "title: gives an order; state the good state instead"),
    ("title:", "title: Every <b>device</b> is yours", "title:", "title: has markup in it"),
    ("first_rank:", "rungs: {crystal: {}}\nfirst_rank: 280", "rungs:", "rungs: crystal: is not a known key"),
    ("first_rank:", "aliases: [whatsapp_linked_devices]\nfirst_rank: 280", "", "is also used by"),
    ("first_rank:", "aliases: [7]\nfirst_rank: 280", "aliases:", "aliases: holds something that is not a text"),
    ("first_rank:", "first_rank: soon", "first_rank:", "first_rank: is not a int"),
    ("  uses:", "  uses: [myspace]", "  uses:", "fits: uses: names 'myspace', which is not known"),
    ("  worries:", "  worries: [rain]", "  worries:", "fits: worries: names 'rain', which is not known"),
    ("  worries:", "  young: maybe", "  young:", "fits: young: is 'maybe', not one of not, only, read, same"),
    ("  items:", "  items: thing", "  items:", "told: items: is 'thing', not one of"),
    ("first_rank:", "pasted: {page: The list, items: soup}\nfirst_rank: 280", "pasted:", "pasted: items: is 'soup'"),
    ("first_rank:", "colour: red\nfirst_rank: 280", "colour:", "colour: is not a known key"),
]


@pytest.mark.parametrize(("start", "instead", "found_at", "problem"), BROKEN, ids=[row[3][:50] for row in BROKEN])
def test_a_mistake_is_reported_with_its_file_and_line(
    tmp_path: Path, start: str, instead: str, found_at: str, problem: str
) -> None:
    wrong = re.sub(rf"^{start}.*$", instead, TEXT, count=1, flags=re.MULTILINE)
    assert wrong != TEXT
    found = problems_of(tmp_path, {NAME: wrong})
    assert [one for one in found if problem in one], found
    if found_at:
        assert f"{NAME}:{line_of(wrong, found_at)}: {problem}" in " ".join(found)


def test_a_step_for_an_unknown_system_and_a_path_with_markup_are_reported(tmp_path: Path) -> None:
    wrong = TEXT.replace("on: iphone", "on: toaster", 1).replace("[Settings, Linked devices]", '["<b>", ""]', 1)
    assert wrong != TEXT
    found = " ".join(problems_of(tmp_path, {NAME: wrong}))
    assert "steps[1]: on: is 'toaster', not one of" in found
    assert "steps[1]: path: has markup or an empty label in it" in found


def test_a_check_that_nobody_can_answer_is_reported(tmp_path: Path) -> None:
    without = re.sub(r"^told:\n(  .*\n)+", "", TEXT, flags=re.MULTILINE)
    found = " ".join(problems_of(tmp_path, {NAME: without}))
    assert "told: is missing, and there is no rule either" in found


@pytest.mark.parametrize("key", [line.split(":")[0] for line in TEXT.splitlines() if re.match(r"[a-z_]+:", line)])
def test_every_field_of_a_guided_check_is_needed_or_says_what_it_stands_for(tmp_path: Path, key: str) -> None:
    shorter = re.sub(rf"^{key}:.*\n((  .*)?\n)*", "", TEXT, flags=re.MULTILINE)
    found = problems_of(tmp_path, {NAME: shorter})
    assert bool(found) is (key not in {"fits"}), found


def test_two_checks_may_not_share_an_alias(tmp_path: Path) -> None:
    first = TEXT.replace("first_rank: 280", "first_rank: 280\naliases: [linked]")
    second = first.replace("whatsapp_linked_devices", "whatsapp_other").replace("rank: 280", "rank: 281")
    found = problems_of(tmp_path, {NAME: first, "whatsapp/whatsapp_other.yaml": second})
    assert found == [f"whatsapp/whatsapp_other.yaml: the id 'linked' is also used by {NAME}"]


def test_an_alias_leads_to_the_check_of_today(tmp_path: Path) -> None:
    loaded = catalogue.load(
        (one_check(tmp_path, {NAME: TEXT.replace("first_rank:", "aliases: [linked]\nfirst_rank:")}),)
    )
    assert loaded.problems == []
    assert loaded.aliases == {"linked": "whatsapp_linked_devices"}


# --------------------------------------------------------------------------- more than one folder


def test_a_later_folder_overrides_a_check_and_adds_one_and_a_place_of_its_own(tmp_path: Path) -> None:
    base = one_check(tmp_path, {NAME: TEXT})
    own = folder_of(
        tmp_path / "helpline",
        {
            NAME: TEXT.replace("minutes: 4", "minutes: 9", 1),
            "whatsapp/whatsapp_ours.yaml": TEXT.replace("whatsapp_linked_devices", "whatsapp_ours").replace(
                "280", "900"
            ),
            "viber/platform.yaml": (
                "name: Viber\nicon: i-say\norder: 500\nabout: person\nhosts: [help.viber.com]\nverified_links: []\n"
            ),
            "viber/viber_devices.yaml": TEXT.replace("whatsapp_linked_devices", "viber_devices")
            .replace("platform: whatsapp", "platform: viber")
            .replace("rank: 280", "rank: 901")
            .replace("faq.whatsapp.com/378279804439436", "help.viber.com/1"),
        },
    )
    loaded = catalogue.load((base, own))
    assert loaded.problems == []
    assert set(loaded.checks) == {"whatsapp_linked_devices", "whatsapp_ours", "viber_devices"}
    assert loaded.checks["whatsapp_linked_devices"].words.minutes == 9
    assert [platform.name for platform in loaded.platforms.values()] == ["WhatsApp", "Viber"]


def test_words_from_another_folder_keep_our_rule_and_bring_none(tmp_path: Path) -> None:
    words = (FOLDER / "google" / "two_step.yaml").read_text()
    own = folder_of(
        tmp_path / "helpline",
        {"google/two_step.yaml": words, "google/two_step.py": "raise SystemExit('a rule from outside ran')\n"},
    )
    loaded = catalogue.load((FOLDER, own))
    assert loaded.problems == []
    assert loaded.checks["two_step"].rule is not None


def test_a_link_elsewhere_and_a_place_without_its_words_are_reported(tmp_path: Path) -> None:
    base = one_check(tmp_path, {NAME: TEXT})
    own = folder_of(tmp_path / "helpline", {"viber/viber_devices.yaml": TEXT})
    assert catalogue.load((base, own)).problems == ["viber/viber_devices.yaml: its folder has no platform.yaml"]


def test_a_folder_that_is_not_there_is_reported(tmp_path: Path) -> None:
    missing = tmp_path / "nothing"
    assert catalogue.load((one_check(tmp_path, {NAME: TEXT}), missing)).problems == [f"{missing}: is not a folder"]


def test_the_folders_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CATALOGUE_DIRS", f"{tmp_path}/one,{tmp_path}/two")
    assert catalogue.folders() == (FOLDER, tmp_path / "one", tmp_path / "two")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("id: a\nid: b\n", "repeated key id, line 2"),
        ("id: [\n", "is not readable YAML"),
        ("- one\n", "whatsapp/broken.yaml:1: is not a mapping"),
        ("", "whatsapp/broken.yaml:1: is not a mapping"),
        ("id: !!python/object/apply:os.system [ls]\n", "is not readable YAML"),
    ],
)
def test_a_file_that_is_no_catalogue_entry_is_reported(tmp_path: Path, text: str, problem: str) -> None:
    assert any(problem in one for one in problems_of(tmp_path, {"whatsapp/broken.yaml": text}))


# --------------------------------------------------------------------------- the catalogue as it stands


def test_every_place_has_a_drawing() -> None:
    drawn = set(re.findall(r'id="([a-z-]+)"', ICONS.read_text()))
    assert {platform.icon for platform in PLATFORMS.values()} <= drawn
    assert {group.icon for group in COMMON.groups.values()} <= drawn


PLACES = (
    *("google", "photos", "apple", "phone", "whatsapp", "instagram", "facebook", "snapchat", "telegram", "discord"),
    *("signal", "x", "tiktok", "microsoft", "web", "phishing", "happened"),
)


@pytest.mark.parametrize("place", PLACES)
def test_every_place_has_three_checks_that_need_no_connection(place: str) -> None:
    alone = [check for check in CHECKS.values() if check.platform.id == place and check.words.told]
    assert len(alone) >= 3


def test_codes_in_addresses_say_nothing_and_are_unique() -> None:
    codes = {check.code for check in CHECKS.values()}
    assert len(codes) == len(CHECKS)
    assert all(re.fullmatch(r"[0-9a-f]{10}", code) for code in codes)


# --------------------------------------------------------------------------- myth cards


def test_the_myth_cards_have_no_problem() -> None:
    assert myths.problems() == []


def test_every_app_with_a_myth_is_one_that_people_can_name() -> None:
    assert {use for myth in myths.MYTHS.values() for use in myth.uses} <= COMMON.uses.keys()


MYTH = (FOLDER / catalogue.MYTHS / "view_once.yaml").read_text()


@pytest.mark.parametrize(
    ("start", "instead", "problem"),
    [
        ("claim:", "", "claim: is missing"),
        ("truth:", "truth: It is gone!", "truth: has an exclamation mark"),
        ("uses:", "uses: [myspace]", "uses: names 'myspace', which is not known"),
        ("    url:", "    url: https://evil.test/", "sources[1]: url: is on evil.test"),
        ("id:", "id: other", "id: is not 'view_once', as the file’s place says"),
        ("checked_on:", "checked_on: lately", "checked_on: is not a date"),
    ],
)
def test_a_mistake_in_a_myth_card_is_reported(tmp_path: Path, start: str, instead: str, problem: str) -> None:
    wrong = re.sub(rf"^{start}.*$", instead, MYTH, count=1, flags=re.MULTILINE)
    found: list[str] = []
    myths.load(folder_of(tmp_path, {"view_once.yaml": wrong}), found)
    assert any(one.startswith("myth_cards/view_once.yaml:") and problem in one for one in found), found
