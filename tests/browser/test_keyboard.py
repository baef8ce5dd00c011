"""A check is read, answered and left with the keyboard alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from audits.dashboard import specimens
from tests.dashboard.rendering import rendered

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOCUS = "(document.activeElement.textContent || document.activeElement.value || '').trim()"


def walk(page: Any, most: int = 60) -> list[str]:
    """What the tab key reaches, in order, until it leaves the page."""
    reached: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            return reached
        assert page.evaluate(SEEN), f"the focus on {page.evaluate(FOCUS)!r} cannot be seen"
        reached.append(page.evaluate(FOCUS))
    return reached


# The focused thing is in the window, not under the bar at the top, and has a ring: its own, or that of its whole row.
SEEN = """() => {
  const focused = document.activeElement, box = focused.getBoundingClientRect();
  const ring = (pseudo) => getComputedStyle(focused, pseudo).outlineStyle !== "none";
  return (ring(null) || ring("::after")) && box.bottom > 0 && box.top < innerHeight;
}"""


def test_the_tab_key_reaches_everything_in_reading_order(page: Any, shown: str) -> None:
    page.goto(f"{shown}/check/")
    reached = walk(page)
    wanted = ["Quick exit", "Skip to the page", "Overview", "Keep my answers", "I changed it, look again"]
    places = [next(n for n, text in enumerate(reached) if text.startswith(one)) for one in wanted]
    assert places == sorted(places)
    assert any("Leave this as it is for now" in text for text in reached)


def test_the_overview_is_walked_row_by_row(page: Any, shown: str) -> None:
    page.goto(f"{shown}/overview/")
    reached = walk(page)
    first = reached.index("Look at these apps")
    assert reached.index("Apps that can read all your Drive files") > first
    assert "Backup of your pictures" not in reached


def test_an_answer_is_given_with_the_arrow_keys(page: Any, shown: str) -> None:
    page.goto(f"{shown}/check/")
    first = page.get_by_role("radio", name="I know this").first
    first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert page.get_by_role("radio", name="I don’t know this").first.is_checked()


def test_news_of_a_look_does_not_take_the_focus_away(page: Any, shown: str) -> None:
    further = replace(specimens.RUNNING, done=4, sentence="We have heard from 4 of 7 places.")
    news = rendered(("components/progress.html", {"progress": further}))
    page.route("**/look/progress/**", lambda route: route.fulfill(body=news, content_type="text/html"))
    page.goto(f"{shown}/running/")
    page.get_by_role("button", name="Stop looking").focus()
    page.get_by_text("We have heard from 4 of 7 places.").wait_for()
    assert page.evaluate(FOCUS) == "Stop looking"


def test_an_answer_that_stands_opens_with_enter(page: Any, shown: str) -> None:
    page.goto(f"{shown}/check/")
    group = page.get_by_role("group", name="Backup Buddy").first
    group.locator("summary").focus()
    page.keyboard.press("Enter")
    assert group.get_by_role("radio", name="I know this").is_visible()
