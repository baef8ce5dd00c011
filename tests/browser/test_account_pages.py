"""Signing in, consent, names, leaving: each page fits a small phone, axe finds nothing, the content policy holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from audits.models import Connection, Person
from tests.browser.conftest import DESK, PHONE
from tests.browser.journey import GOOGLE, Journey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def good(page: Any, axe: Callable[[Any], None], fits: Callable[[], None]) -> Callable[[], None]:
    """good(): this page is fit for a phone and a desk, in light and dark."""

    def look() -> None:
        for size, colours in ((PHONE, "light"), (DESK, "dark")):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=colours)
            fits()
            axe(page)

    return look


@pytest.fixture
def sam(page: Any, live: str) -> Journey:
    journey = Journey(page, live, "sam@shelter.test")
    journey.sign_in()
    return journey


@pytest.mark.parametrize("path", ["/", "/privacy/", "/leaving/", "/sees/", "/nothing-here/"])
def test_pages_for_everybody(
    page: Any, live: str, good: Callable[[], None], path: str, request: pytest.FixtureRequest
) -> None:
    if path != "/nothing-here/":
        request.getfixturevalue("complaints")  # Chromium itself reports a 404 as an error
    page.goto(live + path)
    for summary in page.locator("summary").all():
        summary.click()
    good()


def test_pages_of_a_signed_in_person(sam: Journey, good: Callable[[], None], complaints: list[str]) -> None:
    sam.open_look("drive_apps")
    sam.open_look("drive_sharing", "See information about your Google Drive files")
    good()
    Connection.objects.update(state="needs_reconnecting", state_why="400 invalid_grant")
    public_id = Connection.objects.get().public_id
    for path in ("/looks/", "/account/", "/account/more/", "/account/delete/", f"/account/{public_id}/disconnect/"):
        sam.page.goto(sam.live + path)
        good()


def test_names(sam: Journey, good: Callable[[], None]) -> None:
    sam.name("not an address")
    assert "does not look like an e-mail address" in sam.text()
    good()
    sam.name("j.marsh@mail.test")
    sam.name(f"{'long' * 15}@{'very-long-name-' * 3}mail.test")
    good()
    sam.go(sam.page.get_by_role("button", name="Take out j.marsh@mail.test"))
    assert "j.marsh" not in sam.page.locator("ul.names").first.inner_text()


def test_a_wrong_account_at_google(sam: Journey, good: Callable[[], None]) -> None:
    sam.page.goto(f"{sam.live}/looks/")
    sam.go(sam.page.locator('form[action="/looks/drive_apps/open/"] button'))
    sam.page.wait_for_url(f"{GOOGLE}**")
    sam.page.goto(f"{sam.page.url}&account=noor%40shelter.test")
    sam.page.get_by_role("button", name="Continue").click()
    sam.page.get_by_role("heading", name="That was another Google account").wait_for()
    good()
    sam.go(sam.page.get_by_role("button", name="Try again at Google"))
    sam.agree()
    sam.page.get_by_text("Now open: Drive apps").wait_for()


def test_deleting_everything(sam: Journey, good: Callable[[], None], complaints: list[str]) -> None:
    sam.page.goto(f"{sam.live}/account/")
    sam.page.get_by_role("main").get_by_role("link", name="Delete everything").click()
    sam.page.get_by_role("button", name="Show it at Google").click()
    sam.page.wait_for_url(f"{GOOGLE}**")
    sam.page.get_by_role("link", name=sam.email).click()
    sam.page.get_by_role("button", name="Delete everything now").wait_for()
    good()
    sam.go(sam.page.get_by_role("button", name="Delete everything now"))
    sam.page.get_by_role("heading", name="Everything is deleted").wait_for()
    good()
    assert not Person.objects.exists()
    assert sam.page.context.cookies(sam.live) == []
