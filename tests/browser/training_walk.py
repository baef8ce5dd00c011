"""`make training-pictures`: the pictures of docs/helpline.md, from the walk that it describes, into docs/helpline/.

Each shows the caller's phone and the helper's desk beside each other, as they are at one moment. No test of the suite.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from tests.browser.calling import in_bar, make_code, press, sign_in_to_desk, type_code
from tests.browser.journey import Journey, go
from tests.helpline import cast

FOLDER = Path(__file__).parents[2] / "docs" / "helpline"
PHONE = {"width": 360, "height": 640}
DESK = {"width": 780, "height": 640}
BESIDE = """<!doctype html><title>Notes</title>
<body style="margin:0;display:flex;gap:14px;padding:14px;background:#c9cdc9">{pictures}"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.work,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("worker", "sandbox"),
]


@dataclass
class Walk:
    caller: Any
    desk: Any
    easel: Any
    live: str

    def take(self, name: str) -> None:
        """Both as they are now, in one picture."""
        shots = [base64.b64encode(page.screenshot()).decode() for page in (self.caller, self.desk)]
        self.easel.set_content(
            BESIDE.format(pictures="".join(f'<img src="data:image/png;base64,{one}">' for one in shots))
        )
        self.easel.screenshot(path=FOLDER / f"{name}.png", full_page=True)

    def show(self, caller: str, desk: str) -> None:
        """Scroll both to what the picture is about."""
        for page, place in ((self.caller, caller), (self.desk, desk)):
            page.locator(place).first.evaluate(
                "(one) => window.scrollBy(0, one.getBoundingClientRect().top - window.innerHeight * 0.35)"
            )


@pytest.fixture
def walk(browser: Any, browser_context_args: dict[str, Any], live: str) -> Iterator[Walk]:
    """A caller, and Hana of the practice helpline, who is signed in to the desk."""
    FOLDER.mkdir(exist_ok=True)
    wide = {"width": PHONE["width"] + DESK["width"] + 42, "height": PHONE["height"] + 28}
    contexts = [browser.new_context(**{**browser_context_args, "viewport": size}) for size in (PHONE, DESK, wide)]
    pages = [context.new_page() for context in contexts]
    for page in pages:
        page.set_default_timeout(20_000)
    sign_in_to_desk(pages[1], live, cast.hana(cast.line("Practice Line")))
    caller, desk, easel = pages
    yield Walk(caller, desk, easel, live)
    for context in contexts:
        context.close()


def choose_line(walk: Walk) -> None:
    walk.caller.goto(f"{walk.live}{reverse('help')}")
    go(walk.caller, walk.caller.get_by_role("button", name="Choose this helpline"))


def let_in(walk: Walk, digits: str) -> None:
    type_code(walk.desk, walk.live, digits)
    walk.caller.wait_for_url(f"{walk.live}{reverse('help-ask')}")


def test_maya(walk: Walk) -> None:
    caller, desk = walk.caller, walk.desk
    maya = Journey(caller, walk.live, "maya@gmail.test")
    maya.sign_in()
    for look in ("drive_apps", "drive_sharing"):
        maya.open_look(look)
    maya.look_now()
    choose_line(walk)
    go(caller, caller.get_by_role("button", name="Show it at Google"))
    go(caller, caller.get_by_role("link", name=maya.email))
    caller.wait_for_url(f"{walk.live}/**")
    digits, _ = make_code(caller)
    desk.locator("[name=code]").fill(digits)
    walk.take("code")
    let_in(walk, digits)
    walk.take("word")
    press(caller, "Yes, let them look along")
    desk.locator(".opened").wait_for()
    caller.goto(f"{walk.live}{reverse('overview')}")
    walk.take("titles")

    title = "Apps that can open all your Drive files"
    desk.get_by_role("link", name=title).first.click()
    desk.get_by_role("button", name="Point at this card").click()
    go(caller, caller.locator(".session__point a"))
    press(caller, "Open this card")
    name = caller.get_by_role("group", name="PicPolish", exact=True)
    go(caller, name.get_by_role("button", name="Show it to Hana"))
    desk.locator(".covers bdi").wait_for()
    walk.show("[role=group]:has(button:text('Cover it again'))", ".covers bdi")
    walk.take("uncovered")
    desk.locator(".step").nth(1).get_by_role("button").click()
    caller.locator(".step--pointed .pointed").wait_for()
    desk.locator(".step--pointed").wait_for()
    walk.show(".step--pointed", ".step--pointed")
    walk.take("pointing")
    press(caller, "Put this on your short list")
    in_bar(caller, "End")
    desk.get_by_text("This session is over").wait_for()
    walk.take("after")


def test_a_young_caller(walk: Walk) -> None:
    caller = walk.caller
    caller.goto(f"{walk.live}{reverse('begin')}")
    for label in ("Only I use it", "Under 18", "Snapchat"):
        caller.get_by_label(label, exact=True).check()
    press(caller, "Make my plan")
    go(caller, caller.get_by_role("button", name="I have kept it"))
    choose_line(walk)
    spoken, _ = make_code(caller)
    let_in(walk, spoken)
    press(caller, "Yes, let them look along")
    walk.desk.locator(".young-caller").wait_for()
    walk.take("young")
