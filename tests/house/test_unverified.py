"""docs/unverified.md names only what there is, and every row can be settled or says that it cannot."""

from __future__ import annotations

import re

import pytest

from audits.checks.catalogue import CHECKS
from audits.sources.registry import SOURCES
from privacy_audit.environment import BASE_DIR

PAGE = (BASE_DIR / "docs" / "unverified.md").read_text(encoding="utf-8")
TABLES, RECIPE = PAGE.split("# The recipe")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in TABLES.splitlines()
    if line.startswith("| ") and not line.startswith("| what we")
]
STEPS = set(re.findall(r"^(\d+)\. ", RECIPE, re.MULTILINE))


def test_there_are_rows_for_each_part() -> None:
    assert len(ROWS) > 40
    assert [len(row) for row in ROWS] == [4] * len(ROWS)


@pytest.mark.parametrize("where", sorted({name for row in ROWS for name in re.findall(r"`([^`]+)`", row[1])}))
def test_it_names_what_there_is(where: str) -> None:
    here = where in SOURCES or where in CHECKS or where == "notice"
    assert here or (BASE_DIR / where).exists()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_each_can_be_settled_by_a_step_of_the_recipe(row: list[str]) -> None:
    assert row[2] in {*STEPS, "none"}
    assert row[3]


def test_every_step_settles_something() -> None:
    assert STEPS - {row[2] for row in ROWS} <= {"1"}
