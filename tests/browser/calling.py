"""What a caller and a helper press on the way to a session."""

from __future__ import annotations

from typing import Any

from audits.models import Helper
from tests.browser.journey import go, read
from tests.helpline import cast


def press(page: Any, name: str) -> None:
    go(page, page.get_by_role("main").get_by_role("button", name=name, exact=True))


def in_bar(page: Any, name: str) -> None:
    """A button of the bar that stands on every page of the caller."""
    go(page, page.locator("#session").get_by_role("button", name=name, exact=True))


def make_code(page: Any) -> tuple[str, str]:
    """After the caller showed that it is them: the eight digits, and the word."""
    page.get_by_label("No, not now").check()
    press(page, "Go on")
    return page.locator(".code__digits").inner_text(), read(page.locator(".word")).strip()


def sign_in_to_desk(page: Any, live: str, helper: Helper) -> None:
    """By name, password and a number."""
    page.goto(f"{live}/desk/")
    page.locator("[name=name]").fill(cast.sign_in_name(helper))
    page.locator("[name=password]").fill(cast.PASSWORD)
    go(page, page.locator("main button[type=submit]"))
    page.locator("[name=number]").fill(cast.number())
    go(page, page.locator("main form:has([name=number]) button[type=submit]"))
    page.get_by_role("heading", name="Calls").wait_for()


def type_code(page: Any, live: str, digits: str) -> str:
    """The word that the helper reads out."""
    page.goto(f"{live}/desk/calls/")
    page.locator("[name=code]").fill(digits)
    press(page, "Ask the caller to let me in")
    return str(page.locator(".word__words").inner_text()).strip()
