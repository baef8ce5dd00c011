"""A real Chromium on a live server; pages stand on made-up cards unless a test signs somebody in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from audits.models import Helper
from privacy_audit.security import spaces
from tests.helpline import cast

PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def shown(live_server: Any, settings: Any) -> str:
    """The address under which every specimen page stands. Quick exit stays on this machine."""
    settings.ROOT_URLCONF = "tests.browser.specimen_urls"
    settings.EXIT_URL = f"{live_server.url}/weather/"
    return f"{live_server.url}/specimen"


@pytest.fixture
def complaints(page: Any) -> Iterator[list[str]]:
    """What the browser complained of, such as a breach of the content policy: there must be nothing."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    yield found
    assert not found


@pytest.fixture
def fits(page: Any) -> Callable[[], None]:
    """fits(): nothing is wider than the window."""

    def look() -> None:
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond <= 0, f"{page.url} is {beyond} px too wide"

    return look


@pytest.fixture
def without_script(browser: Any, browser_context_args: dict[str, Any]) -> Iterator[Any]:
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    yield opened
    context.close()


@pytest.fixture
def sign_in(client: Any, live_server: Any) -> Callable[[Any, Any], None]:
    """sign_in(page, person): as if they had come back from Google."""

    def give_cookie(page: Any, person: Any) -> None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        go_on_as(page, client, live_server.url)

    return give_cookie


def go_on_as(page: Any, client: Client, address: str) -> None:
    """The browser goes on as whoever this client is signed in as."""
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])


def go_on_at_desk_as(page: Any, helper: Helper, address: str) -> None:
    """The browser goes on as this Helper, where the desk's cookie is sent and nowhere else."""
    client = cast.desk_client(helper)
    at_desk = f"{address}{spaces.DESK}"
    page.context.add_cookies([{"name": spaces.DESK_COOKIE, "value": client.cookies["desk"].value, "url": at_desk}])
