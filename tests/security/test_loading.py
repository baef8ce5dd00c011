"""The authorising loaders themselves."""

import uuid

import pytest
from django.http import Http404

from audits.models import loading
from tests.audit import scenes
from tests.security.arguments import build


@pytest.fixture
def world(db):
    return build()


@pytest.fixture
def bob(world):
    return scenes.person_with_connection("bob@gmail.test")[0]


LOADERS = [
    (loading.finding_of, lambda world: world.finding),
    (loading.connection_of, lambda world: world.connection),
    (loading.named_person_of, lambda world: world.named_person),
    (loading.audit_of, lambda world: world.finding.audit),
]


@pytest.mark.parametrize(("load", "thing"), LOADERS)
def test_only_for_the_owner(load, thing, world, bob):
    public_id = thing(world).public_id
    assert load(world.alice, public_id) == load(world.alice, str(public_id)) == thing(world)
    with pytest.raises(Http404):
        load(bob, public_id)


@pytest.mark.parametrize("junk", ["", "x", "\x00", None, 7, "é" * 200, uuid.uuid4(), [], {}])
@pytest.mark.parametrize(("load", "thing"), LOADERS)
def test_what_is_no_id_is_not_found(load, thing, world, junk):
    with pytest.raises(Http404):
        load(world.alice, junk)


def test_parties_and_items(world, bob):
    item = world.finding.items.first()
    assert loading.party_of(world.alice, world.party.key) == world.party
    assert loading.item_of(world.finding, item.key) == item
    for key in (world.party.key, "", "x", "\x00"):
        with pytest.raises(Http404):
            loading.party_of(bob, key)
    with pytest.raises(Http404):
        loading.item_of(world.finding, world.party.key + "x")
