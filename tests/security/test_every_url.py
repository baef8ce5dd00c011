"""Every address there is, found from the URL conf: its owner may, a stranger gets 404, nobody at all the start."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.audit import scenes
from tests.security.arguments import ARGUMENTS, FORMS, NAMED_IN_FORM, PUBLIC, build

METHODS = ("get", "post", "put", "patch", "delete")


def addresses(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and arguments of every address."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        else:
            yield (
                str(pattern.name),
                tuple(pattern.pattern.converters) or tuple(re.findall(r"\?P<(\w+)>", str(pattern.pattern))),
            )


# The desk has a door of its own, and the beat a ticket: test_matrix.py.
EVERY = sorted((name, arguments) for name, arguments in addresses() if not name.startswith(("desk-", "live")))
WITH_ARGUMENTS = [name for name, arguments in EVERY if arguments]
WITHOUT = [name for name, arguments in EVERY if not arguments]


@pytest.fixture(scope="module")
def built(built_once):
    with built_once():
        yield build()


@pytest.fixture
def world(built, db):
    """As it was built: what a test changes of it is undone."""
    return deepcopy(built)


def signed_in(person) -> Client:
    """Confirmed as well, so that a refusal is about whose it is and nothing else."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["confirmed"] = {"person": person.pk, "at": time.time()}
    session.save()
    return client


@pytest.fixture
def alice(world):
    return signed_in(world.alice)


@pytest.fixture
def bob(world):
    return signed_in(scenes.person_with_connection("bob@shelter.test", "shelter.test")[0])


def path_of(name, world):
    arguments = dict(EVERY)[name]
    for argument in arguments:
        assert argument in ARGUMENTS, f"say in tests/security/arguments.py what <{argument}> of {name} is"
    return reverse(name, kwargs={argument: ARGUMENTS[argument](world) for argument in arguments})


def test_every_address_has_a_name_and_only_one():
    names = [name for name, _ in EVERY]
    assert "None" not in names
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", sorted({*WITH_ARGUMENTS, *NAMED_IN_FORM}))
def test_the_owner_may_and_a_stranger_gets_404_by_the_same_method(name, world, alice, bob, sandbox):
    path, allowed = path_of(name, world), 0
    for method in METHODS:
        form = FORMS[name](world) if name in FORMS and method == "post" else {}
        stranger = getattr(bob, method)(path, form)
        owner = getattr(alice, method)(path, form)
        if owner.status_code == 405:
            assert stranger.status_code in (404, 405)
            continue
        allowed += 1
        assert owner.status_code < 400, (method, path, owner.status_code)
        assert stranger.status_code == 404, (method, path, stranger.status_code)
    assert allowed


@pytest.mark.parametrize("name", sorted({*WITHOUT} - PUBLIC - NAMED_IN_FORM))
def test_everybody_reaches_their_own_page_where_there_is_no_argument(name, world, bob, sandbox):
    path = path_of(name, world)
    form = FORMS[name](world) if name in FORMS else {}
    found = [getattr(bob, method)(path, form if method == "post" else {}).status_code for method in ("get", "post")]
    assert min(found) < 400, found
    assert max(found) <= 405, found


@pytest.mark.parametrize("name", [name for name, _ in EVERY if name not in PUBLIC])
def test_nobody_in_particular_is_sent_to_the_start(name, world):
    path = path_of(name, world)
    for method in METHODS:
        answer = getattr(Client(), method)(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/"), method


@pytest.mark.parametrize("name", [name for name, _ in EVERY if name not in PUBLIC])
def test_a_part_of_a_page_sends_the_whole_page_to_the_start(name, world):
    answer = Client().get(path_of(name, world), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/")


@pytest.mark.parametrize("name", sorted(PUBLIC & {name for name, _ in EVERY}))
def test_public_addresses_take_no_argument(name):
    assert dict(EVERY)[name] == ()


@pytest.mark.parametrize("name", WITH_ARGUMENTS)
@pytest.mark.parametrize("junk", ["0", "x", "..", "%00", "00000000-0000-4000-8000-000000000000", "é", "a" * 300])
def test_an_id_that_is_none_gets_404(name, junk, world, alice):
    path = path_of(name, world)
    for argument in dict(EVERY)[name]:
        path = path.replace(str(ARGUMENTS[argument](world)), junk)
    for method in ("get", "post"):
        assert getattr(alice, method)(path).status_code in (404, 405)


@pytest.mark.parametrize("junk", ["0", "x", "\x00", "00000000-0000-4000-8000-000000000000", "a" * 300])
@pytest.mark.parametrize("name", ["look-open", "look-close", "step-up"])
def test_an_id_in_a_form_that_is_none_gets_404(name, junk, world, alice):
    answer = alice.post(path_of(name, world), {"then": "disconnect", "account": junk})
    assert answer.status_code == 404


def test_pages_of_every_kind_are_never_stored(world, alice, sandbox):
    for name, _ in EVERY:
        if name in ("healthz", "readyz"):
            continue
        answer = alice.get(path_of(name, world))
        assert answer.headers["Cache-Control"] == "no-store", name
        if "html" in answer.headers.get("Content-Type", "") and answer.content and name != "help-bar":  # a part
            assert "<title>Notes</title>" in answer.text, name
