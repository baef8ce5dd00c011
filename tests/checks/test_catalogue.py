"""Loading the catalogue: what is there, that it fits together, and that each mistake is reported in plain words."""

from __future__ import annotations

import ast
import dataclasses
import json
import re
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.checks import Error
from django.core.management import call_command

from audits import apps
from audits.checks import catalogue
from audits.checks.catalogue import CHECKS, COMMON, FOLDER, RULED
from audits.facts import Rung, ToldAnswer
from audits.sources.registry import SOURCES

Words = dict[str, Any]


def test_the_catalogue_has_no_problem() -> None:
    assert catalogue.problems() == []


def test_a_machine_judges_these_and_no_others() -> None:
    assert set(RULED) == {path.stem for path in FOLDER.glob("*/[a-z]*.py")}
    assert {check.platform.id for check in RULED.values()} == {"google", "photos"}
    assert "two_step" in RULED
    assert all(check.words.told for check in CHECKS.values() if check.id not in RULED)


def test_the_named_sources_are_those_that_exist() -> None:
    assert COMMON.sources.keys() == SOURCES.keys()
    assert {source for check in CHECKS.values() for source in check.sources} <= SOURCES.keys()


def test_what_nobody_notices_and_can_be_undone_comes_first() -> None:
    quiet = [check.words.first_rank for check in RULED.values() if check.words.notice.level == "nobody"]
    loud = [check.words.first_rank for check in RULED.values() if check.words.notice.level != "nobody"]
    assert max(quiet) < min(loud)
    assert list(RULED)[-1] == "files_one_person"


def test_nothing_claims_to_have_been_tried_or_reviewed_yet() -> None:
    assert not any(check.words.notice.tried or check.words.reviewed_by for check in CHECKS.values())


def test_a_check_can_not_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        CHECKS["two_step"].words.title = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        CHECKS["two_step"].words.says["on"] = "other"  # type: ignore[index]


def test_the_ladder_stands_strongest_first() -> None:
    assert list(CHECKS["two_step"].words.rungs) == [Rung.ADMIN, Rung.LIVE, Rung.TOLD]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*/[a-z]*.py")), ids=lambda path: path.stem)
def test_a_rule_imports_nothing_but_the_facts(path: Path) -> None:
    """Of ours only audits.facts; beyond that only what computes and keeps nothing."""
    tree = ast.walk(ast.parse(path.read_text()))
    named = [
        module
        for node in tree
        for module in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "."]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    ]
    assert set(named) <= {"__future__", "collections.abc", "audits.facts"}


def test_a_rung_without_sources_never_offers_itself() -> None:
    bare = [rung for check in CHECKS.values() for rung in check.words.rungs.values() if not rung.sources]
    assert all(rung.open == rung.none for rung in bare)


# --------------------------------------------------------------------------- mistakes in the words


def broken(tmp_path: Path, check: str, change: Callable[[Words], object]) -> list[str]:
    """The problems of a catalogue that holds this one check, changed."""
    source = next(FOLDER.glob(f"*/{check}.yaml"))
    folder = tmp_path / source.parent.name
    folder.mkdir()
    shutil.copy(source.with_name("platform.yaml"), folder)
    words = yaml.safe_load(source.read_text())
    change(words)
    (folder / source.name).write_text(yaml.safe_dump(words, allow_unicode=True, sort_keys=False))
    shutil.copy(FOLDER / "common.yaml", tmp_path)
    return [re.sub(r"\.yaml:\d+", ".yaml", problem) for problem in catalogue.load((tmp_path,)).problems]


def put(*path: str | int, value: object) -> Callable[[Words], None]:
    def change(words: Any) -> None:
        for key in path[:-1]:
            words = words[key]
        words[path[-1]] = value

    return change


def drop(*path: str | int) -> Callable[[Words], None]:
    def change(words: Any) -> None:
        for key in path[:-1]:
            words = words[key]
        del words[path[-1]]

    return change


APPS, FILES = "google/drive_wide_apps.yaml", "google/open_files.yaml"
MISTAKES = [
    (put("colour", value="red"), f"{APPS}: colour: is not a known key"),
    (drop("why"), f"{APPS}: why: is missing"),
    (put("why", value=""), f"{APPS}: why: is empty"),
    (put("why", value=7), f"{APPS}: why: is not a str"),
    (put("title", value="x" * 71), f"{APPS}: title: is 71 characters long, at most 70"),
    (put("title", value="Ensure apps are known"), f"{APPS}: title: gives an order; state the good state instead"),
    (put("title", value="All is known."), f"{APPS}: title: ends with a full stop"),
    (put("title", value="Only {items} apps"), f"{APPS}: title: has a placeholder where none is filled"),
    (put("why", value="Remove it now!"), f"{APPS}: why: has an exclamation mark"),
    (put("why", value="Then you are secure."), f"{APPS}: why: uses the word 'secure'"),
    (put("undo", value="You must not."), f"{APPS}: undo: uses the word 'you must'"),
    (put("id", value="other"), f"{APPS}: id: is not 'drive_wide_apps', as the file’s place says"),
    (put("platform", value="photos"), f"{APPS}: platform: is not 'google', as the file’s place says"),
    (put("group", value="weather"), f"{APPS}: group: is 'weather', not one of apps, calendars, devices"),
    (drop("minutes"), f"{APPS}: minutes: is missing"),
    (put("minutes", value=0), f"{APPS}: minutes: is 0, not between 1 and 60"),
    (put("minutes", value=True), f"{APPS}: minutes: is not a int"),
    (drop("look_minutes"), f"{APPS}: look_minutes: is missing"),
    (put("notice", "level", value="loud"), f"{APPS}: notice: level: is 'loud', not one of maybe, nobody"),
    (put("notice", "tried", value="no"), f"{APPS}: notice: tried: is not a bool"),
    (put("notice", value="nobody"), f"{APPS}: notice: is not a mapping"),
    (put("steps", value=[]), f"{APPS}: steps: has no step"),
    (put("steps", 0, "link", value="http://myaccount.google.com/connections"), "steps[1]: link: is not https"),
    (put("steps", 0, "link", value="https://evil.test/"), "steps[1]: link: is on evil.test, which is not an allowed"),
    (
        put("steps", 0, "link", value="https://myaccount.google.com/new"),
        "steps[1]: link: is marked verified, but does not stand in verified_links of platform.yaml",
    ),
    (put("steps", 0, "verified", value=False), "steps[1]: text: belongs to an unverified link"),
    (drop("steps", 0, "verified"), "steps[1]: verified: is missing"),
    (drop("look_steps"), f"{APPS}: look_steps: is missing"),
    (put("told", "choices", "maybe", value="Perhaps"), f"{APPS}: told: choices: maybe: is not a known key"),
    (drop("told", "choices", "leave"), f"{APPS}: told: choices: leave: is missing"),
    (put("rungs", "live", "sources", value=["crystal_ball"]), "names 'crystal_ball', which is not a known source"),
    (
        put("rungs", "live", "sources", value=["drive_trash"]),
        "live names 'drive_trash', which this check does not look",
    ),
    (put("rungs", "live", "strength", value="sure"), "rungs: live: strength: is 'sure', not one of proves"),
    (drop("rungs", "live", "stands"), "rungs: live: stands: is missing, though this rung can settle the check"),
    (put("rungs", "dream", value={}), f"{APPS}: rungs: dream: is not a known key"),
    (put("rungs", value={}), f"{APPS}: rungs: has no rung"),
    (drop("says", "none"), f"{APPS}: says: has no sentence for the reason 'none'"),
    (put("says", "seen", value="We saw {apples}."), f"{APPS}: says: seen names apples, which the rule does not give"),
    (put("says", "none", value="We saw {items}."), f"{APPS}: says: none names items, which the rule does not give"),
    (put("says", "unheard_of", value="Never."), f"{APPS}: says: 'unheard_of' is a reason that no verdict has"),
    (put("says", "seen", "count", value=""), "says: seen: count: is empty"),
    (drop("says", "seen", "one"), "says: seen: one: is missing"),
    (drop("item_says", "opens_all"), "item_says: 'opens_all' is not both in the words and in the rule"),
    (put("item_says", "other", value="Other."), "item_says: 'other' is not both in the words and in the rule"),
    (put("item_says", "opens_all", value="{x} opens."), "item_says: opens_all names x, which the rule does not give"),
    (drop("items_hint"), "items_hint: is missing, though this check has items"),
    (put("first", "title", value="{apples}"), "first: title names apples, which no verdict of this check gives"),
    (put("sources", value=[]), f"{APPS}: sources: names no source"),
    (put("sources", 0, "url", value="https://blog.test/"), "sources[1]: url: is on blog.test"),
    (put("checked_on", value="lately"), f"{APPS}: checked_on: is not a date"),
    (put("reviewed_by", value=[1]), f"{APPS}: reviewed_by: holds something that is not a text"),
]


@pytest.mark.parametrize(("change", "problem"), MISTAKES, ids=[problem[-60:] for _, problem in MISTAKES])
def test_each_mistake_is_reported(tmp_path: Path, change: Callable[[Words], object], problem: str) -> None:
    found = broken(tmp_path, "drive_wide_apps", change)
    assert any(problem in one for one in found), found


def test_the_unchanged_check_has_no_problem(tmp_path: Path) -> None:
    assert broken(tmp_path, "drive_wide_apps", lambda words: None) == []


def test_a_question_without_a_guided_look_is_reported(tmp_path: Path) -> None:
    found = broken(tmp_path, "open_files", put("look_minutes", value=3))
    assert found == [f"{FILES}: look_minutes: is not a known key"]


def test_on_and_off_are_words_and_not_truth_values() -> None:
    """In YAML 1.1 an unquoted `off:` is the key False."""
    told = CHECKS["two_step"].words.told
    assert told
    assert told.choices[ToldAnswer.OFF] == "It is off"


def test_common_words_are_checked_too(tmp_path: Path) -> None:
    common = yaml.safe_load((FOLDER / "common.yaml").read_text())
    del common["says"]["busy"], common["item_tally"]["open"], common["marks"]["fine"]
    common["rungs"]["live"]["how"] = "Seen live"
    (tmp_path / "common.yaml").write_text(yaml.safe_dump(common, allow_unicode=True))
    found = [re.sub(r"\.yaml:\d+", ".yaml", problem) for problem in catalogue.load((tmp_path,)).problems]
    assert set(found) == {
        "common.yaml: says: has no sentence for busy",
        "common.yaml: item_tally: has no sentence for open",
        "common.yaml: marks: fine: is missing",
        "common.yaml: rungs: live: how: needs {date} and no other placeholder",
    }


# --------------------------------------------------------------------------- at start, and for scripts


def test_a_problem_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "problems", lambda: ["two_step.yaml: why: is empty"])
    assert apps.catalogue_problems(None) == [Error("two_step.yaml: why: is empty", id="audits.E001")]


def test_the_system_check_is_registered() -> None:
    from django.core.checks.registry import registry

    assert apps.catalogue_problems in registry.get_checks()
    assert apps.catalogue_problems(None) == []


def test_the_command_prints_the_catalogue() -> None:
    out = StringIO()
    call_command("checks", stdout=out)
    assert len(out.getvalue().splitlines()) == len(CHECKS)
    assert "2-step sign-in is on" in out.getvalue()


def test_the_command_prints_json() -> None:
    out = StringIO()
    call_command("checks", "--json", stdout=out)
    rows = {row["id"]: row for row in json.loads(out.getvalue())}
    assert rows.keys() == CHECKS.keys()
    assert rows["two_step"] == {
        "id": "two_step",
        "platform": "google",
        "title": "2-step sign-in is on",
        "rungs": ["admin", "live", "told"],
        "rule": True,
    }
    assert not rows["mail_delegates"]["rule"]
