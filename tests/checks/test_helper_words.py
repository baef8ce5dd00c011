"""The prepared words of a helper: each check has its own, they keep the rules, and mistakes name file and line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from audits.checks import catalogue, helper_words
from audits.checks.catalogue import CHECKS, PLATFORMS
from audits.checks.helper_words import COMMON_WORDS, HelperWords, Prepared, load, words_for
from tests.checks.reading_age import grade

OUR = catalogue.FOLDER / catalogue.HELPER_WORDS
COMMON = (OUR / "common.yaml").read_text()
PLACE = """\
place:
  ask: [Who else uses this account?]
  stop: [They are afraid of what comes next.]
checks:
  open_files:
    say: [Let us look at this one.]
    ask: [Would anyone notice?]
"""
WORDS = HelperWords(say=("Let us look at this one.",), ask=("Would anyone notice?",))


def folder_of(root: Path, files: dict[str, str]) -> Path:
    (root / catalogue.HELPER_WORDS).mkdir(parents=True)
    for name, text in files.items():
        (root / catalogue.HELPER_WORDS / name).write_text(text, encoding="utf-8")
    return root


def loaded(*folders: Path) -> tuple[Prepared, list[str]]:
    found: list[str] = []
    return load(folders, found), found


# --------------------------------------------------------------------------- ours


def test_they_have_no_problem() -> None:
    assert helper_words.problems() == []


def test_every_check_and_every_place_of_ours_has_its_own() -> None:
    prepared, _ = loaded(catalogue.FOLDER)
    assert sorted(CHECKS.keys() - prepared.checks.keys()) == []
    assert sorted(PLATFORMS.keys() - prepared.places.keys()) == []


def test_no_two_checks_say_the_same() -> None:
    """Words for every check alike would be words for none."""
    prepared, _ = loaded(catalogue.FOLDER)
    said = [words.say for words in prepared.checks.values()]
    first = [words.say[0] for words in prepared.checks.values()]
    assert len(set(said)) == len(said)
    assert len(set(first)) == len(first)


def test_every_question_is_one() -> None:
    prepared, _ = loaded(catalogue.FOLDER)
    questions = [(name, line) for name, words in prepared.checks.items() for line in words.ask]
    questions += [(name, line) for name, words in prepared.places.items() for line in words.ask]
    assert [found for found in questions if "?" not in found[1]] == []


def test_no_line_asks_for_what_a_helper_never_asks_for() -> None:
    """A password, a code, a name, or what is in a picture."""
    asked = re.compile(
        r"(tell|give|read|send|show|spell)( it| them)? (to )?me (your|the|its|their) (password|code|PIN|name|picture)"
        r"|what is (your|the) (password|code|PIN)|what (is|does it show) in (it|the picture)|is in the picture\?",
        re.IGNORECASE,
    )
    refused = re.compile(r"(need|do) not (tell|give|read|send|show|spell)", re.IGNORECASE)
    spoken = [line for check in CHECKS.values() for line in (*words_for(check).say, *words_for(check).ask)]
    assert [line for line in spoken if asked.search(line) and not refused.search(line)] == []


def test_that_nobody_is_told_is_never_more_than_we_know() -> None:
    claims = re.compile(
        r"nobody (you know )?(is told|gets a message)|no (message|alert) (goes out|is sent)", re.IGNORECASE
    )
    prepared, _ = loaded(catalogue.FOLDER)
    lines = [(name, line) for name, words in prepared.checks.items() for line in (*words.say, *words.ask, *words.stop)]
    claimed = [(name, line) for name, line in lines if claims.search(line)]
    assert len(claimed) > 20
    assert [one for one in claimed if "as far as we know" not in one[1].lower()] == []


def test_they_can_be_read_aloud_by_anybody() -> None:
    prepared, _ = loaded(catalogue.FOLDER)
    spoken = [line for words in prepared.checks.values() for line in (*words.say, *words.ask)]
    assert grade(" ".join(spoken)) < 6


def test_a_check_has_its_own_words_first_then_those_of_its_place() -> None:
    check = CHECKS["open_files"]
    prepared, _ = loaded(catalogue.FOLDER)
    own, place = prepared.checks[check.id], prepared.places["google"]
    assert words_for(check) == HelperWords(own.say, own.ask + place.ask, own.stop + place.stop)


def test_the_first_line_of_a_contact_asks_who_else_could_see_or_hear() -> None:
    assert "?" in COMMON_WORDS.start[0]
    assert "see your screen" in COMMON_WORDS.start[0]
    assert "hear us" in COMMON_WORDS.start[0]


# --------------------------------------------------------------------------- words of an operator


def test_a_check_or_a_place_without_words_gets_those_for_any(tmp_path: Path) -> None:
    anything = COMMON_WORDS.any_check
    check = CHECKS["open_files"]
    bare, found = loaded(folder_of(tmp_path / "a", {"common.yaml": COMMON}))
    assert found == []
    assert bare.words_for(check) == anything
    placed, found = loaded(folder_of(tmp_path / "b", {"common.yaml": COMMON, "google.yaml": PLACE}))
    assert found == []
    place = placed.places["google"]
    assert placed.words_for(CHECKS["two_step"]) == HelperWords(anything.say, place.ask, place.stop)


def test_a_folder_of_an_operator_speaks_for_what_it_names_alone(tmp_path: Path) -> None:
    theirs = folder_of(tmp_path, {"google.yaml": PLACE[PLACE.index("checks:") :]})
    ours, _ = loaded(catalogue.FOLDER)
    prepared, found = loaded(catalogue.FOLDER, theirs)
    assert found == []
    assert prepared.checks["open_files"] == WORDS
    assert prepared.checks["two_step"] == ours.checks["two_step"]
    assert prepared.places == ours.places
    assert prepared.common == ours.common


def test_a_common_file_of_an_operator_stands_for_ours(tmp_path: Path) -> None:
    theirs = COMMON.replace("One breath before you take the next call.", "Drink some water first.")
    prepared, found = loaded(catalogue.FOLDER, folder_of(tmp_path, {"common.yaml": theirs}))
    assert found == []
    assert prepared.common.care[0].startswith("Drink some water first.")


def test_the_folder_is_never_read_as_a_place(tmp_path: Path) -> None:
    words = (catalogue.FOLDER / "google" / "platform.yaml").read_text()
    theirs = folder_of(tmp_path, {"platform.yaml": words, "google.yaml": PLACE})
    found = catalogue.load((catalogue.FOLDER, theirs))
    assert catalogue.HELPER_WORDS not in found.platforms
    assert found.problems == []
    assert loaded(catalogue.FOLDER, theirs)[1] == [
        "helper_words/platform.yaml:1: 'platform' is no place of the catalogue"
    ]


# --------------------------------------------------------------------------- mistakes

SAY = "    say: [Let us look at this one.]"
ASK = "    ask: [Would anyone notice?]"


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        (SAY, "", "checks: open_files: say: is missing"),
        (ASK, "", "checks: open_files: ask: is missing"),
        (SAY, "    say: []", "say: has 0 lines, not between 1 and 3"),
        (SAY, "    say: [One., Two., Three., Four.]", "say: has 4 lines, not between 1 and 3"),
        (SAY, "    say: Look.", "say: is not a list"),
        (SAY, "    say: [1]", "say: holds something that is not a text of at most 220 characters"),
        (SAY, f"    say: [{'word. ' * 40}]", "say: holds something that is not a text of at most 220 characters"),
        (SAY, "    say: [Good., '']", "say: line 2 is empty"),
        (SAY, "    say: [You are safe now.]", "say: line 1 says 'safe', which may only be asked"),
        (SAY, "    say: [It must go.]", "say: line 1 uses the word 'must'"),
        (SAY, "    say: [You were hacked.]", "say: line 1 uses the word 'hacker'"),
        (SAY, "    say: [Press “See details”.]", "say: line 1 has quotation marks; the page puts them"),
        (SAY, "    say: ['It is {name}.']", "say: line 1 has a placeholder where none is filled"),
        (SAY, "    say: [Look — there.]", "say: line 1 has a long dash; use a full stop or a comma"),
        (ASK, f"{ASK}\n    stop: [Stop!]", "stop: line 1 has an exclamation mark"),
        (ASK, f"{ASK}\n    stop: [A., B., C.]", "stop: has 3 lines, not between 0 and 2"),
        (ASK, f"{ASK}\n    hint: A.", "hint: is not a known key"),
        ("  open_files:", "  no_such_check:", "google.yaml:5: checks: no_such_check: is no check of the catalogue"),
        ("  open_files:", "  photo_backup:", "is a check of photos, so its words belong into photos.yaml"),
        ("  stop: [They", "  halt: [They", "place: stop: is missing"),
        ("checks:", "check:", "google.yaml:4: check: is not a known key"),
        ("place:", "place: [", "is not readable YAML"),
    ],
)
def test_a_mistake_in_a_place_is_reported(tmp_path: Path, right: str, wrong: str, problem: str) -> None:
    assert right in PLACE
    text = PLACE.replace(right, wrong)
    _, found = loaded(folder_of(tmp_path, {"common.yaml": COMMON, "google.yaml": text}))
    assert any(one.startswith("helper_words/google.yaml:") and problem in one for one in found), found


def test_words_hang_on_the_id_of_today(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "ALIASES", {"old_open_files": "open_files"})
    text = PLACE.replace("  open_files:", "  old_open_files:")
    _, found = loaded(folder_of(tmp_path, {"common.yaml": COMMON, "google.yaml": text}))
    assert found == [
        "helper_words/google.yaml:5: checks: old_open_files: is an old id, 'open_files' is the one of today"
    ]


@pytest.mark.parametrize("key", ["start", "never", "stop", "close", "young", "danger", "words", "care", "any"])
def test_nothing_may_be_missing_in_common(tmp_path: Path, key: str) -> None:
    _, found = loaded(folder_of(tmp_path, {"common.yaml": re.sub(rf"^{key}:", "other:", COMMON, flags=re.MULTILINE)}))
    assert any(one.startswith("helper_words/common.yaml:") and one.endswith(f"{key}: is missing") for one in found), (
        found
    )


def test_what_is_not_to_be_said_may_hold_any_word(tmp_path: Path) -> None:
    pair = "words:\n  - {say: could not tell, not: 'all secure, you must relax!'}\n"
    prepared, found = loaded(folder_of(tmp_path, {"common.yaml": COMMON.replace("words:\n", pair)}))
    assert found == []
    assert prepared.common.words[0].avoid == "all secure, you must relax!"
