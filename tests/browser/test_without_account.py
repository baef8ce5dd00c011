"""Without an account: begin, keep the code, leave, come back, take a passkey; then the code opens nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from audits.models import Person, ReturnCode
from tests.browser.conftest import DESK, PHONE
from tests.browser.journey import go, read

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def passkeys(page: Any) -> Iterator[None]:
    """A passkey maker in the browser, which says yes to everything."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    yield
    session.detach()


@pytest.fixture
def good(page: Any, axe: Callable[[Any], None], fits: Callable[[], None]) -> Callable[[], None]:
    def look() -> None:
        for size, colours in ((PHONE, "light"), (DESK, "dark")):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=colours)
            fits()
            axe(page)

    return look


def button(page: Any, name: str) -> Any:
    return page.get_by_role("main").get_by_role("button", name=name)


def digits_on(page: Any) -> str:
    return "".join(re.findall(r"\d", page.locator(".code__digits").inner_text()))


def type_code(page: Any, live: str, digits: str) -> None:
    page.goto(f"{live}/back/")
    page.get_by_role("textbox", name="Your return code").fill(digits)
    go(page, button(page, "Open my record"))


def sign_out(page: Any, live: str) -> None:
    page.goto(f"{live}/account/")
    go(page, button(page, "Sign out"))


def test_begin_leave_come_back_and_take_a_passkey(
    page: Any, live: str, passkeys: None, good: Callable[[], None], complaints: list[str]
) -> None:
    page.goto(f"{live}/begin/")
    go(page, button(page, "Skip the questions"))
    digits = digits_on(page)
    assert len(digits) == 20
    good()
    go(page, button(page, "I have kept it"))
    page.wait_for_url(f"{live}/overview/")
    sign_out(page, live)

    page.goto(f"{live}/back/")
    good()
    typed = " – ".join(re.findall("....", digits))
    type_code(page, live, typed)
    page.wait_for_url(f"{live}/overview/")
    page.goto(f"{live}/account/ways/")
    good()
    go(page, button(page, "Add a passkey"))
    assert "return code no longer opens it" in read(page.locator("main"))
    good()
    assert not ReturnCode.objects.exists()
    sign_out(page, live)

    page.goto(f"{live}/back/")
    go(page, button(page, "Use my passkey"))
    page.wait_for_url(f"{live}/overview/")
    page.goto(f"{live}/account/delete/")
    go(page, button(page, "Delete everything now"))  # who has just shown a passkey is not asked once more
    page.get_by_role("heading", name="Everything is deleted").wait_for()
    assert not Person.objects.exists()


def test_a_code_that_opens_nothing_is_said_calmly(page: Any, live: str, good: Callable[[], None]) -> None:
    type_code(page, live, "1" * 20)
    assert "This code opens nothing here" in read(page.locator("main"))
    good()


def test_the_printed_card_holds_the_digits_and_nothing_else(page: Any, live: str) -> None:
    page.goto(f"{live}/begin/")
    go(page, button(page, "Skip the questions"))
    digits = digits_on(page)
    page.emulate_media(media="print")
    printed = re.sub(r"\s+", " ", page.locator("body").inner_text()).strip()
    assert re.sub(r"[\d ]", "", printed) == "MynumberKeepthisnote."
    assert re.sub(r"\D", "", printed) == digits


def test_a_passkey_that_does_not_answer_changes_nothing(page: Any, live: str, passkeys: None) -> None:
    page.goto(f"{live}/back/")
    button(page, "Use my passkey").click()
    page.get_by_text("Nothing has changed. You can try again").wait_for()


def test_without_scripts_the_code_is_enough(without_script: Any, live: str, page: Any) -> None:
    without_script.goto(f"{live}/begin/")
    go(without_script, button(without_script, "Skip the questions"))
    digits = digits_on(without_script)
    go(without_script, button(without_script, "I have kept it"))
    sign_out(without_script, live)
    type_code(without_script, live, digits)
    without_script.wait_for_url(f"{live}/overview/")
    without_script.goto(f"{live}/back/")
    without_script.goto(f"{live}/account/ways/")
    assert "Passkeys need scripts" in read(without_script.locator("main"))
