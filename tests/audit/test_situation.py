"""What was said at the start: only our own words are kept, sealed, and nothing said keeps nothing."""

from __future__ import annotations

import pytest

from audits.audit.situation import NOTHING, Said, forget, keep, said, said_from, situation_of
from audits.models import Person, Situation

pytestmark = pytest.mark.django_db

FULL = Said(uses=frozenset({"iphone", "whatsapp"}), worries=frozenset({"leak"}), young=True, danger=True)


def test_what_was_said_comes_back_and_is_replaced_whole() -> None:
    person = Person.objects.create_user()
    assert situation_of(person) == NOTHING
    keep(person, FULL)
    assert situation_of(person) == FULL
    keep(person, Said(uses=frozenset({"android"})))
    assert situation_of(person) == Said(uses=frozenset({"android"}))
    assert Situation.objects.count() == 1


def test_nothing_said_keeps_nothing_and_forgets_what_was() -> None:
    person = Person.objects.create_user()
    keep(person, FULL)
    keep(person, NOTHING)
    assert not Situation.objects.exists()
    forget(person)
    assert situation_of(person) == NOTHING


def test_it_is_sealed() -> None:
    person = Person.objects.create_user()
    keep(person, FULL)
    [row] = Situation.objects.all()
    assert b"whatsapp" not in bytes(row.said_sealed)
    assert b"danger" not in bytes(row.said_sealed)


@pytest.mark.parametrize("words", [["<script>"], ["\x00"], ["leak"], [""]])
def test_words_that_are_not_ours_are_left_out(words: list[str]) -> None:
    assert said(uses=words, worries=[], young=False, danger=False) == NOTHING


def test_what_the_catalogue_no_longer_has_is_left_out() -> None:
    assert said_from({"uses": ["myspace", "signal"]}) == Said(uses=frozenset({"signal"}))
    assert said_from({}) == NOTHING
