"""No page is forgotten: the list of pages is held against the URL conf."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

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
    NO_PAGES,
    NO_PAGES_AT_DESK,
    addresses,
    at_desk,
    path_of,
)
from tests.helpline import cast
from tests.security.arguments import World, build

NAMES = sorted(name for name, _ in addresses() if not at_desk(name))
AT_DESK = sorted(name for name, _ in addresses() if at_desk(name))


@pytest.fixture
def world(db: None) -> World:
    return build()


def is_page(answer: Any) -> bool:
    return answer.status_code == 200 and "<main" in answer.text


def test_every_address_that_is_a_page_is_in_the_list(world: World, sandbox: Any) -> None:
    known = {*FOR_ALL, *FOR_A_PERSON, *AFTER_A_STEP, *NO_PAGES}
    for name in NAMES:
        path = path_of(name, world)
        nobody, alice = Client().get(path), signed_in(world.alice).get(path)
        assert is_page(nobody) is (name in FOR_ALL), f"{name}: a page for everybody? tests/dashboard/every_page.py"
        assert is_page(alice) or name not in FOR_A_PERSON, f"{name} is no page for Alice"
        assert alice.status_code == 405 or name in known, f"put {name} into tests/dashboard/every_page.py"


def test_the_list_names_no_address_that_is_gone() -> None:
    assert {*FOR_ALL, *FOR_A_PERSON, *AFTER_A_STEP, *NO_PAGES} <= {*NAMES}


@pytest.mark.parametrize("name", AFTER_A_STEP)
def test_a_page_after_a_step_is_shown_then_and_not_before(world: World, name: str) -> None:
    client = signed_in(world.alice)
    assert not is_page(client.get(path_of(name, world)))
    AFTER_A_STEP[name](client, world)
    assert is_page(client.get(path_of(name, world)))


def test_every_page_of_the_desk_is_in_the_list_of_who_sees_it(world: World) -> None:
    """Who has the password alone has no second factor yet in `new`, and has one in `half`."""
    new = cast.hana(world.line, "Mira")
    new.totp_sealed = None
    new.save()
    seen_by = {
        cast.desk_client(new, second=False): {*AT_DESK_FOR_ALL, "desk-factor"} - {"desk-sign-in"},
        cast.desk_client(world.hana, second=False): {*AT_DESK_FOR_ALL, "desk-second"} - {"desk-sign-in"},
        Client(): {*AT_DESK_FOR_ALL},
        signed_in(world.alice): {*AT_DESK_FOR_ALL},
    }
    in_full = {world.hana: FOR_A_HELPER, cast.lena(world.line): FOR_A_LEAD, cast.omar(): FOR_AN_OPERATOR}
    for helper, pages in in_full.items():
        seen_by[cast.desk_client(helper)] = {*pages, *BEFORE_SECOND_FACTOR, *AT_DESK_FOR_ALL} - {"desk-sign-in"}
    for client, expected in seen_by.items():
        asked = [name for name in AT_DESK if name not in NO_PAGES_AT_DESK]
        found = {name for name in asked if is_page(client.get(path_of(name, world)))}
        assert found == expected, "a page of the desk? tests/dashboard/every_page.py"


def test_the_list_names_no_page_of_the_desk_that_is_gone() -> None:
    listed = {*AT_DESK_FOR_ALL, *BEFORE_SECOND_FACTOR, *FOR_A_HELPER, *FOR_A_LEAD, *FOR_AN_OPERATOR}
    assert listed | NO_PAGES_AT_DESK <= {*AT_DESK}
