"""A renamed check keeps what people answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from audits.audit import guided, renaming
from audits.checks.catalogue import CHECKS
from audits.facts import ItemKind, Rung, ToldAnswer
from audits.models import AnswerToCheck, Finding, Person, ToldItem

pytestmark = pytest.mark.django_db

OLD, NEW = "linked_screens", "whatsapp_linked_devices"


@pytest.fixture(autouse=True)
def renamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renaming, "ALIASES", {OLD: NEW})


@pytest.fixture
def alice() -> Person:
    return Person.objects.create_user()


def answered(person: Person, check_id: str, days_ago: int = 0) -> AnswerToCheck:
    row = AnswerToCheck(person=person, check_id=check_id, answered_at=timezone.now() - timedelta(days=days_ago))
    row.told = {"answer": ToldAnswer.AS_IT_SHOULD_BE.value}
    row.save()
    return row


def named(person: Person, check_id: str, key: str) -> ToldItem:
    row = ToldItem(person=person, check_id=check_id, kind=ItemKind.DEVICE, rung=Rung.TOLD, key=key)
    row.named_at = timezone.now()
    row.told = {"name": "Old laptop"}
    row.save()
    return row


def finding(person: Person, check_id: str) -> Finding:
    row = guided.blank(person, CHECKS[NEW], None)
    row.check_id = check_id
    row.save()
    return row


def test_answers_items_and_findings_get_the_id_of_today(alice: Person) -> None:
    answered(alice, OLD)
    named(alice, OLD, "k")
    finding(alice, OLD)
    assert renaming.rename_checks() == 3
    assert AnswerToCheck.objects.get().check_id == NEW
    assert ToldItem.objects.get().check_id == NEW
    assert guided.found(alice, CHECKS[NEW], None) is not None
    assert renaming.rename_checks() == 0


def test_where_both_names_stand_the_new_one_counts_and_every_answer_is_kept(alice: Person) -> None:
    answered(alice, OLD, days_ago=9)
    answered(alice, NEW)
    named(alice, OLD, "k")
    named(alice, NEW, "k")
    finding(alice, OLD)
    newer = finding(alice, NEW)
    renaming.rename_checks()
    assert AnswerToCheck.objects.filter(check_id=NEW).count() == 2
    assert ToldItem.objects.filter(check_id=NEW).count() == 1
    assert guided.found(alice, CHECKS[NEW], None) == newer
    assert not Finding.objects.filter(check_id=OLD).exists()


def test_somebody_else_s_rows_do_not_count_as_doubles(alice: Person) -> None:
    bob = Person.objects.create_user()
    finding(alice, OLD)
    finding(bob, NEW)
    named(alice, OLD, "k")
    named(bob, NEW, "k")
    renaming.rename_checks()
    assert guided.found(alice, CHECKS[NEW], None) is not None
    assert ToldItem.objects.filter(check_id=NEW).count() == 2


def test_it_happens_after_every_migration(alice: Person) -> None:
    answered(alice, OLD)
    call_command("migrate", verbosity=0)
    assert AnswerToCheck.objects.get().check_id == NEW
