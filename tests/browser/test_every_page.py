"""Every page that there is, with something of everything on it: fits a small phone and a desk, and axe finds nothing.

States of the dashboard's pages that are hard to reach stand in test_pages.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.browser.conftest import DESK, PHONE, go_on_as, go_on_at_desk_as
from tests.dashboard.conftest import signed_in
from tests.dashboard.every_page import (
    AFTER_A_STEP,
    AT_DESK_FOR_ALL,
    BEFORE_SECOND_FACTOR,
    FOR_A_HELPER,
    FOR_A_LEAD,
    FOR_A_PERSON,
    FOR_ALL,
    FOR_AN_OPERATOR,
    path_of,
)
from tests.helpline import cast
from tests.security.arguments import World, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "a.rather.long.address.of.a.workspace@some.organisation.test"


@pytest.fixture
def world(transactional_db: None) -> World:
    made = build()
    made.connection.email = LONG
    made.connection.save()
    return made


@pytest.fixture
def good(page: Any, axe: Callable[[Any], None], fits: Callable[[], None], live_server: Any) -> Callable[[str], None]:
    """good(path): light on a small phone, dark on a desk, and read from the right."""

    def look(path: str) -> None:
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="light")
        page.goto(f"{live_server.url}{path}")
        assert page.url == f"{live_server.url}{path}"
        page.evaluate("document.querySelectorAll('details').forEach((fold) => fold.open = true)")
        fits()
        axe(page)
        page.evaluate("document.documentElement.dir = 'rtl'")
        fits()
        page.set_viewport_size(DESK)
        page.emulate_media(color_scheme="dark")
        fits()
        axe(page)

    return look


def test_pages_for_everybody(world: World, good: Callable[[str], None], complaints: list[str]) -> None:
    for name in FOR_ALL:
        good(path_of(name, world))


@pytest.mark.parametrize("names", [FOR_A_PERSON[::2], FOR_A_PERSON[1::2]], ids=["half", "other-half"])
def test_pages_of_a_person(
    page: Any,
    live_server: Any,
    world: World,
    good: Callable[[str], None],
    complaints: list[str],
    names: Sequence[str],
) -> None:
    go_on_as(page, signed_in(world.alice), live_server.url)
    for name in names:
        good(path_of(name, world))


def test_pages_at_the_desk_for_everybody(world: World, good: Callable[[str], None], complaints: list[str]) -> None:
    for name in AT_DESK_FOR_ALL:
        good(path_of(name, world))


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("hana", (*BEFORE_SECOND_FACTOR, *FOR_A_HELPER)),
        ("lena", FOR_A_LEAD),
        ("omar", FOR_AN_OPERATOR),
    ],
)
def test_pages_of_the_desk(
    page: Any,
    live_server: Any,
    world: World,
    good: Callable[[str], None],
    complaints: list[str],
    role: str,
    names: Sequence[str],
) -> None:
    who = {"hana": lambda: world.hana, "lena": lambda: cast.lena(world.line), "omar": cast.omar}[role]()
    go_on_at_desk_as(page, who, live_server.url)
    for name in names:
        good(path_of(name, world))


@pytest.mark.parametrize("name", AFTER_A_STEP)
def test_pages_after_a_step(
    page: Any, live_server: Any, world: World, good: Callable[[str], None], complaints: list[str], name: str
) -> None:
    client = signed_in(world.alice)
    AFTER_A_STEP[name](client, world)
    go_on_as(page, client, live_server.url)
    good(path_of(name, world))


def test_a_page_that_is_not_there(world: World, good: Callable[[str], None]) -> None:
    good("/nowhere/")


def test_the_page_for_somebody_under_18_and_the_list(
    page: Any, live_server: Any, axe: Callable[[Any], None], fits: Callable[[], None], complaints: list[str]
) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/six/")
    page.get_by_label("They keep asking, or I am afraid to say no").check()
    page.get_by_label("My face can be seen").check()
    page.get_by_role("button", name="Show me my list").click()
    page.get_by_role("heading", name="Your list").wait_for()
    assert page.url == f"{live_server.url}/six/"
    fits()
    axe(page)
    page.goto(f"{live_server.url}/six/")
    page.get_by_role("button", name="Show me that page").click()
    page.get_by_role("heading", name="You are not in trouble with us").wait_for()
    fits()
    axe(page)
