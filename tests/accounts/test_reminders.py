"""What was chosen of reminders is the Person's: it goes along when records are put together, and is taken away."""

from __future__ import annotations

import json

import pytest

from audits.accounts import merging
from audits.audit import alerting
from audits.audit.alerting import Chosen
from audits.audit.taking import content, reading
from audits.audit.taking.shape import Misshapen
from audits.models import AlertChoice, Channel, Person
from tests.audit import scenes

pytestmark = pytest.mark.django_db

MINE, OTHER = "elsewhere@example.net", "other@example.net"


def choose(person: Person, address: str) -> None:
    alerting.choose(person, Chosen(kinds=("app",), channel=Channel.EMAIL, address=address))


@pytest.mark.parametrize(("there", "stays"), [(False, MINE), (True, OTHER)])
def test_two_records_keep_one_choice(there: bool, stays: str) -> None:
    source, target = Person.objects.create_user(), Person.objects.create_user()
    choose(source, MINE)
    if there:
        choose(target, OTHER)
    merging._reminders(merging.Move(source, target, {}))
    source.delete()
    choice = AlertChoice.objects.get()
    assert (choice.person, choice.wanted["address"]) == (target, stays)


def test_it_is_taken_away_and_a_file_from_before_is_read() -> None:
    person, _ = scenes.person_with_connection()
    choose(person, MINE)
    file = json.loads(content.as_json(person))
    assert file["reminders"]["address"] == MINE
    reading.read(json.dumps(file).encode())
    del file["reminders"]
    reading.read(json.dumps(file).encode())


@pytest.mark.parametrize(
    "change", [{"channel": "pigeon"}, {"quiet_to": 24}, {"kinds": "app"}, {"more": 1}, {"address": "a" * 255}]
)
def test_a_choice_of_another_shape_is_not_read(change: dict[str, object]) -> None:
    person, _ = scenes.person_with_connection()
    choose(person, MINE)
    file = json.loads(content.as_json(person))
    file["reminders"].update(change)
    with pytest.raises(Misshapen):
        reading.read(json.dumps(file).encode())
