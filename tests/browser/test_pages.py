"""Every state of every page: fits a small phone and a desk, and axe finds nothing, in light and dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import DESK, PHONE
from tests.dashboard.pages import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


NAMES = sorted(PAGES)
PARTS = 4  # a browser's profile and an empty database are had once for a part


@pytest.mark.parametrize("part", range(PARTS))
def test_a_page_fits_and_can_be_used_by_all(
    page: Any, shown: str, axe: Callable[[Any], None], fits: Callable[[], None], complaints: list[str], part: int
) -> None:
    wrong = []
    for name in NAMES[part::PARTS]:
        said_before = len(complaints)
        try:
            page.set_viewport_size(PHONE)
            page.emulate_media(color_scheme="light")
            page.goto(f"{shown}/{name}/")
            fits()
            axe(page)
            page.set_viewport_size(DESK)
            page.emulate_media(color_scheme="dark")
            fits()
            axe(page)
            assert complaints[said_before:] == []
        except AssertionError as error:
            wrong.append(f"{name}: {error}")
    assert not wrong, "\n".join(wrong)


def test_the_styleguide_fits_too(
    page: Any, shown: str, axe: Callable[[Any], None], fits: Callable[[], None], complaints: list[str]
) -> None:
    page.set_viewport_size(PHONE)
    page.goto(shown.replace("/specimen", "/styleguide/"))
    fits()
    axe(page)


@pytest.mark.parametrize("name", ["overview", "check", "hostile-check"])
def test_letters_twice_as_large_still_fit(page: Any, shown: str, fits: Callable[[], None], name: str) -> None:
    """A window of 1280 px at 200 % is one of 640 px; on top of that, letters alone are made twice as large."""
    page.set_viewport_size({"width": 640, "height": 450})
    page.goto(f"{shown}/{name}/")
    fits()
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    fits()


@pytest.mark.parametrize("name", ["overview", "check", "guided", "who", "timeline"])
def test_read_from_the_right_it_fits_too(page: Any, shown: str, fits: Callable[[], None], name: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{shown}/{name}/")
    page.evaluate("document.documentElement.dir = 'rtl'")
    fits()


@pytest.mark.parametrize("name", ["check", "guided"])
def test_a_check_prints_on_two_sheets(page: Any, shown: str, name: str) -> None:
    page.goto(f"{shown}/{name}/")
    sheets = page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")
    assert 1 <= sheets <= 2


def test_buttons_and_links_are_large_enough_to_hit(page: Any, shown: str) -> None:
    """24 px at least (WCAG 2.5.8); links inside a sentence are exempt."""
    page.set_viewport_size(PHONE)
    for name in ("overview", "check", "guided", "who"):
        page.goto(f"{shown}/{name}/")
        small = page.evaluate(
            """() => [...document.querySelectorAll("button, summary, .nav a, .top a:not(.skip), .actions a, .row a")]
            .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 24).map((e) => e.textContent)"""
        )
        assert small == []
