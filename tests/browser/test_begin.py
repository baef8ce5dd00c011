"""Somebody without an account: from the start page to the first thing done and a plan to print, in six screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import DESK, PHONE
from tests.browser.journey import go, read

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_SCREENS = 6


def to_the_first_thing_done(page: Any, live: str, look: Callable[[], None]) -> int:
    """Walk the whole way and look at each screen. Returns how many there were."""
    screens: list[str] = []

    def seen(way: Any = None) -> None:
        if way is not None:
            go(page, way)
        screens.append(page.url.removeprefix(live))
        look()

    page.goto(f"{live}/")
    seen()
    seen(page.get_by_role("link", name="Start here"))
    page.get_by_label("Only I use it").check()
    page.get_by_label("WhatsApp").check()
    page.get_by_label("iPhone or iPad").check()
    page.get_by_label("Somebody threatens me").check()
    seen(page.get_by_role("button", name="Make my plan"))
    seen(page.get_by_role("button", name="I have kept it"))
    assert page.get_by_role("heading", name="Your plan", exact=True).is_visible()
    first = page.locator(".first")
    title = first.get_by_role("heading").inner_text()
    seen(first.locator(".btn--main"))
    assert title in read(page.locator("h1"))
    page.locator('input[name="answer"]').first.check()
    go(page, page.get_by_role("button", name="Keep my answer"))
    seen(page.get_by_role("link", name="Overview").first)
    assert page.locator("#fine").get_by_text(title).count() or page.locator(".row--look").count()
    assert screens[-1] == "/overview/"
    assert not any("whatsapp" in screen or "threat" in screen for screen in screens)
    return len(screens)


def test_the_way_to_the_first_thing_done_is_short(
    page: Any, live_server: Any, axe: Callable[[Any], None], fits: Callable[[], None], complaints: list[str]
) -> None:
    def look() -> None:
        axe(page)
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            fits()

    assert to_the_first_thing_done(page, live_server.url, look) <= MOST_SCREENS
    page.emulate_media(media="print")
    for place in page.locator(".place .row").all()[:3]:
        assert place.is_visible(), "paper has nothing to press, so nothing is folded on it"
    assert page.get_by_text("Printed on").is_visible()


def test_it_is_as_short_without_scripts(without_script: Any, live_server: Any) -> None:
    assert to_the_first_thing_done(without_script, live_server.url, lambda: None) <= MOST_SCREENS


def test_a_calm_page_comes_first_where_somebody_else_can_see_the_device(
    page: Any, live_server: Any, axe: Callable[[Any], None], fits: Callable[[], None], complaints: list[str]
) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/")
    go(page, page.get_by_role("button", name="Somebody threatens me"))
    assert page.get_by_label("Somebody threatens me").is_checked()
    page.get_by_label("Somebody else can see it").check()
    page.get_by_label("Under 18").check()
    go(page, page.get_by_role("button", name="Make my plan"))
    axe(page)
    fits()
    go(page, page.get_by_role("button", name="Go on anyway"))
    go(page, page.get_by_role("button", name="I have kept it"))
    assert page.get_by_role("heading", name="You do not have to do this alone").is_visible()
    axe(page)
    fits()
    go(page, page.locator(".young__ways a").first)
    assert "This page is for you to read." in read(page.locator("main"))
    assert not page.get_by_role("radio").count()
    axe(page)
    page.goto(f"{live_server.url}/all/")
    for place in page.locator(".place > summary").all():
        place.click()
    axe(page)
    fits()
