"""The practice pages with a real browser: usable without a script, on a narrow screen, with nothing axe objects to."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from google_sandbox import Sandbox
from tests.browser.journey import go
from tests.google_sandbox.caller import ALEX, APPS, EMAIL, MAYA, METADATA, Caller

pytestmark = pytest.mark.browser

SCOPE = f"openid email {METADATA} {APPS}"


def asking(call: Caller, **more: str) -> str:
    """The app is played by an address of the sandbox itself, so that the browser has somewhere to come back to."""
    return call.authorize_url(scope=SCOPE, redirect_uri=f"{call.google.url}/__sandbox__/health", **more)


def came_back_with(page: Any) -> dict[str, str]:
    page.wait_for_url("**/__sandbox__/health?*")
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


@pytest.fixture
def plain_page(browser: Any) -> Any:
    """No script, a narrow screen."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    yield context.new_page()
    context.close()


def test_choosing_unticking_and_allowing_without_a_script(plain_page: Any, call: Caller) -> None:
    plain_page.goto(asking(call, state="s"))
    plain_page.get_by_role("link", name="maya@gmail.test").click()
    plain_page.get_by_label("View your Google Drive apps").uncheck()
    plain_page.get_by_role("button", name="Continue").click()
    told = came_back_with(plain_page)
    assert set(told["scope"].split()) == {"openid", EMAIL, METADATA}
    assert told["state"] == "s"


def test_cancelling(plain_page: Any, call: Caller) -> None:
    plain_page.goto(asking(call, login_hint=ALEX))
    plain_page.get_by_role("button", name="Cancel").click()
    assert came_back_with(plain_page) == {"error": "access_denied"}


def pages(call: Caller) -> dict[str, str]:
    return {
        "chooser": asking(call),
        "consent": asking(call, login_hint=MAYA),
        "refusal": call.authorize_url(scope="made.up"),
        "controls": f"{call.google.url}/__sandbox__/",
    }


@pytest.mark.parametrize("name", ["chooser", "consent", "refusal", "controls"])
def test_pages_are_accessible_and_fit_a_narrow_screen(
    page: Any, axe: Callable[[Any], None], call: Caller, name: str
) -> None:
    call.google.fault("/nowhere", 500)
    call.google.token(ALEX, (METADATA,))
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(pages(call)[name])
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        axe(page)
    assert [text for text in complaints if "Content Security Policy" in text] == []


def test_the_handles_work_by_hand(page: Any, google: Sandbox) -> None:
    page.goto(f"{google.url}/__sandbox__/")
    page.get_by_label("Milliseconds each answer waits").fill("40")
    go(page, page.get_by_role("button", name="Set the wait"))
    assert "waits 40 ms" in page.inner_text("main")
    go(page, page.get_by_role("button", name="Put everything back as it was"))
    assert "waits 0 ms" in page.inner_text("main")


def test_hostile_names_stay_text(page: Any, google: Sandbox) -> None:
    opened: list[str] = []
    page.on("dialog", lambda dialog: opened.append(dialog.message))
    page.goto(f"{google.url}/__sandbox__/")
    assert page.get_by_text("<script>alert(1)</script>").count() >= 1
    assert opened == []
