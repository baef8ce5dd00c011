"""docs/catalogue.md says what the catalogue says."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from django.core.management import call_command

from audits.checks.catalogue import CHECKS, PLATFORMS
from audits.checks.myths import MYTHS

PAGE = Path(__file__).parents[2] / "docs" / "catalogue.md"


def test_the_page_is_not_stale() -> None:
    out = StringIO()
    call_command("checks", "--markdown", stdout=out)
    assert PAGE.read_text() == out.getvalue(), "run `make catalogue`"


def test_every_check_place_and_card_stands_on_it() -> None:
    text = PAGE.read_text()
    assert [check for check in CHECKS if f"| `{check}` |" not in text] == []
    assert [place.name for place in PLATFORMS.values() if f"## {place.name}\n" not in text] == []
    assert [myth for myth in MYTHS if f"| `{myth}` |" not in text] == []


def test_no_cell_breaks_its_row() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    assert {line.count("|") for line in rows} == {8, 5}
