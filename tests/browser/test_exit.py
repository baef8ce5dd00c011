"""Quick exit: by the link, by Shift three times, without scripts, with the content policy on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.audit import scenes
from tests.dashboard.pages import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WEATHER = "**/weather/"


def press_shift(page: Any, times: int) -> None:
    for _ in range(times):
        page.keyboard.press("Shift")


def test_the_link_leaves_and_signs_out(
    page: Any, shown: str, sign_in: Callable[[Any, Any], None], complaints: list[str]
) -> None:
    person, _ = scenes.person_with_connection()
    sign_in(page, person)
    overview = shown.replace("/specimen", "/overview/")
    page.goto(overview)
    page.get_by_role("link", name="Quick exit", exact=True).click()
    page.wait_for_url(WEATHER)
    page.goto(overview)
    assert "overview" not in page.url
    assert not [cookie for cookie in page.context.cookies() if cookie["name"] == "notes"]


def test_the_page_that_was_left_is_not_in_the_history(page: Any, shown: str) -> None:
    page.goto(f"{shown}/overview/")
    page.goto(f"{shown}/check/")
    page.get_by_role("link", name="Quick exit", exact=True).click()
    page.wait_for_url(WEATHER)
    page.go_back()
    assert page.url.endswith("/specimen/overview/")


def test_shift_three_times_leaves_every_page(page: Any, shown: str, complaints: list[str]) -> None:
    for name in PAGES:
        page.goto(f"{shown}/{name}/")
        press_shift(page, 3)
        page.wait_for_url(WEATHER)


def test_each_press_is_said_and_the_timer_starts_again(page: Any, shown: str) -> None:
    page.clock.install()
    page.goto(f"{shown}/overview/")
    said = page.locator("[data-exit-status]")
    press_shift(page, 1)
    assert "two more times" in said.inner_text()
    page.clock.run_for(4000)
    press_shift(page, 1)
    assert "once more" in said.inner_text()
    page.clock.run_for(4000)
    assert "once more" in said.inner_text()
    page.clock.run_for(1500)
    assert "no longer waiting" in said.inner_text()
    press_shift(page, 2)
    assert page.url.endswith("/overview/")


def test_writing_capital_letters_does_not_leave(page: Any, shown: str) -> None:
    page.goto(shown.replace("/specimen", "/styleguide/"))
    page.get_by_label("Another address").focus()
    for letter in "ABCDE":
        page.keyboard.press(f"Shift+{letter}")
    press_shift(page, 1)
    page.keyboard.press("a")
    press_shift(page, 2)
    assert page.url.endswith("/styleguide/")


def test_the_page_is_covered_at_once(page: Any, shown: str) -> None:
    """While the browser is still on its way out, nothing of the page can be seen or read aloud."""
    page.route("**/x/", lambda route: route.fulfill(status=204))
    page.goto(f"{shown}/check/")
    press_shift(page, 3)
    cover = page.get_by_role("alert")
    cover.wait_for()
    assert cover.inner_text() == "Loading."
    assert not page.get_by_role("heading").count()
    box = cover.bounding_box()
    assert box == {"x": 0, "y": 0, **page.viewport_size}


def test_coming_back_uncovers_the_page(page: Any, shown: str) -> None:
    page.route("**/x/", lambda route: route.fulfill(status=204))
    page.goto(f"{shown}/check/")
    press_shift(page, 3)
    page.get_by_role("alert").wait_for()
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert page.get_by_role("heading", level=1).is_visible()


def test_without_scripts_the_link_leaves(without_script: Any, shown: str) -> None:
    without_script.goto(f"{shown}/check/")
    without_script.get_by_role("link", name="Quick exit", exact=True).click()
    without_script.wait_for_url(WEATHER)


def test_it_stays_in_reach_while_scrolling(page: Any, shown: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{shown}/full/")
    page.keyboard.press("End")
    assert page.get_by_role("link", name="Quick exit", exact=True).bounding_box()["y"] < 100


def test_it_is_the_first_stop_of_the_tab_key(page: Any, shown: str) -> None:
    page.goto(f"{shown}/check/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Quick exit"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
