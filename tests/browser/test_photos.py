"""Maya chooses photos in Google Photos: from the consent page to a finding, through every part that is real."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.journey import Journey, read

pytestmark = [
    pytest.mark.browser,
    pytest.mark.work,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("worker", "sandbox"),
]


def test_a_phone_that_maya_does_not_know_needs_a_look(page: Any, live: str, axe: Any, complaints: list[str]) -> None:
    maya = Journey(page, live, "maya@gmail.test")
    maya.sign_in()
    page.goto(f"{live}/looks/")
    maya.go(page.locator('a[href^="/photos/"], form[action="/looks/photos/open/"] button').first)
    axe(page)
    maya.go(page.get_by_role("button", name="Go on to Google"))
    maya.agree()
    page.wait_for_url(f"{live}/photos/**")

    way = page.get_by_role("link", name="Choose a photo at Google (opens a new tab)")
    way.wait_for(timeout=20_000)  # the page asks by itself
    axe(page)
    with page.context.expect_page() as opened:
        way.click()
    google = opened.value
    assert google.evaluate("window.opener") is None
    google.get_by_label("PXL_kitchen.jpg").check()
    google.get_by_label("IMG_0412.heic").check()
    with google.expect_navigation():
        google.get_by_role("button", name="Done").click()
    google.close()

    page.get_by_role("heading", name="What Google told us").wait_for(timeout=20_000)
    said = read(page.locator("main"))
    assert "with Google Pixel 8 is in Google Photos." in said
    assert "with Apple iPhone 14 is in Google Photos." in said
    axe(page)

    check = page.get_by_role("link", name="Devices that add pictures")
    for _ in range(40):
        if check.count():
            break
        page.wait_for_timeout(250)
        page.reload()
    maya.go(check)
    page.get_by_role("group", name="Google Pixel 8").get_by_label("I know this").check()
    page.get_by_role("group", name="Apple iPhone 14").get_by_label("I don’t know this").check()
    maya.go(page.get_by_role("button", name="Keep my answers"))
    assert "Devices that add pictures" in maya.under("Needs a look")
    assert "Backup of your pictures" in maya.under("Could not tell")
