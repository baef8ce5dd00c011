"""The style guide shows every component that there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import RequestFactory

from audits.dashboard.views.styleguide import PRINT, styleguide
from audits.models import Person

SHEETS = sorted(path for path in Path(finders.find("css/components") or "").glob("*.css") if path.name != PRINT)
# Of every page, or the ground of all: they need no specimen.
EVERYWHERE = {"ground.css", "print.css"}


@pytest.fixture(scope="module")
def guide() -> str:
    request = RequestFactory().get("/styleguide/")
    request.user = Person()
    request.session = {}  # type: ignore[assignment]
    return styleguide(request).text


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_every_component_is_shown_in_its_own_style(guide: str, sheet: Path) -> None:
    assert f"css/components/{sheet.name}" in guide
    if sheet.name in EVERYWHERE:
        return
    used = set(re.findall(r"[\w-]+", " ".join(re.findall(r'class="([^"]*)"', guide))))
    styled = set(re.findall(r"\.([a-z][\w-]*)", sheet.read_text(encoding="utf-8")))
    assert used & styled, f"show it in templates/dashboard/styleguide_more.html: {sorted(styled)}"


def test_ids_are_unique(guide: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', guide)
    assert sorted(ids) == sorted(set(ids))
