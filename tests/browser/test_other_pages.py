"""The pages around the dashboard: the start, looks, names, the account, leaving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.audit import scenes
from tests.browser.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPEN_TO_ALL = ("", "privacy/", "leaving/", "nowhere/")
SIGNED_IN = ("looks/", "names/", "account/", "account/more/", "account/delete/", "overview/", "changes/")


@pytest.fixture
def home(live_server: Any) -> str:
    return str(live_server.url)


def look_at(page: Any, address: str, axe: Callable[[Any], None], fits: Callable[[], None]) -> None:
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    page.goto(address)
    fits()
    axe(page)
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light")
    fits()
    axe(page)


@pytest.mark.parametrize("path", OPEN_TO_ALL)
def test_pages_for_everybody(
    page: Any, home: str, axe: Callable[[Any], None], fits: Callable[[], None], path: str
) -> None:
    look_at(page, f"{home}/{path}", axe, fits)


@pytest.mark.parametrize("path", SIGNED_IN)
def test_pages_for_who_is_signed_in(
    page: Any,
    home: str,
    axe: Callable[[Any], None],
    fits: Callable[[], None],
    sign_in: Callable[[Any, Any], None],
    path: str,
) -> None:
    person, _ = scenes.person_with_connection(
        "a.rather.long.address.of.a.workspace@some.organisation.test", "some.test"
    )
    sign_in(page, person)
    look_at(page, f"{home}/{path}", axe, fits)
