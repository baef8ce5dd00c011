"""No page is forgotten: the list of pages is held against the URL conf."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.dashboard.conftest import signed_in
from tests.dashboard.every_page import AFTER_A_STEP, FOR_A_PERSON, FOR_ALL, NO_PAGES, addresses, path_of
from tests.security.arguments import World, build

NAMES = sorted(name for name, _ in addresses())


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
