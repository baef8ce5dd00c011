"""Maya opens the look called Calendar, which takes two ticks at Google, and sees who can see her calendars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.journey import Journey

pytestmark = [
    pytest.mark.browser,
    pytest.mark.work,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("worker", "sandbox"),
]

EX = "j.marsh@mail.test"
RULES = "See the sharing permissions of Google calendars you own"


def test_maya_ticks_one_of_two_then_both(
    page: Any, live: str, axe: Callable[[Any], None], complaints: list[str], fits: Callable[[], None]
) -> None:
    maya = Journey(page, live, "maya@gmail.test")
    maya.sign_in()
    maya.open_look("drive_sharing")
    maya.name(EX)
    maya.open_look("calendar", RULES)
    page.goto(f"{live}/looks/")
    assert "Not ticked by you at Google" in maya.text()
    maya.open_look("calendar")
    maya.look_now()
    assert "We saw 3 calendars of yours that others can see." in maya.under("Needs a look")
    maya.open_check("Who can see your calendars")
    assert list(maya.items())[:2] == ["Maya Okafor", "Old plans"], "whom she named comes first"
    axe(page)
    page.goto(f"{live}/overview/who/")
    maya.go(page.get_by_role("link", name=EX))
    said = maya.text()
    calendars, theirs = said.partition("Calendars of yours they can see")[2].split("Files of theirs that you can open")[
        :2
    ]
    assert "Maya Okafor" in calendars
    assert "Old plans" in calendars
    assert all(name in theirs for name in ("Moving out plan", "Who keeps what", "Song for you.mp4"))
    axe(page)
    page.set_viewport_size({"width": 320, "height": 640})
    fits()
