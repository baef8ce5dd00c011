"""Things a Person named, from the form to the finding: kept once, judged at once, taken out without a trace."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audits.audit import answers, guided, naming, tell
from audits.audit.asks import build_ask
from audits.audit.compare import MOST_ITEMS
from audits.audit.forget import forget_sources
from audits.audit.judge import judge_again, kept_items
from audits.checks.catalogue import CHECKS
from audits.facts import ItemAnswer, ItemKind, Rung, SeenItem, ToldAnswer, VerdictState
from audits.models import AnswerToItem, Change, Finding, Item, Person, SourceRun, ToldItem
from tests.audit.scenes import audit_with, person_with_connection

pytestmark = pytest.mark.django_db

GUIDED = "telegram_sessions"
APPS = "connected_apps"
LOOK, FINE, UNCHECKED = VerdictState.NEEDS_LOOK, VerdictState.LOOKS_FINE, VerdictState.NOT_CHECKED


def begun(check: str = GUIDED) -> Finding:
    return guided.begin(Person.objects.create_user(), CHECKS[check], None)


def tell_us(finding: Finding, *names: str, answer: ToldAnswer = ToldAnswer.SOMETHING_ODD) -> None:
    answers.answer_check(finding.person, finding, answer, names=names)
    finding.refresh_from_db()


def paste(finding: Finding, *names: str) -> None:
    naming.name_things(finding, ItemKind.APP, names, Rung.PASTED)
    judge_again(finding)
    finding.refresh_from_db()


def names_of(finding: Finding) -> list[str]:
    return [item.content["name"] for item in Item.objects.filter(finding=finding)]


def say(finding: Finding, name: str, answer: ItemAnswer) -> None:
    key = next(item.key for item in Item.objects.filter(finding=finding) if item.content["name"] == name)
    assert answers.answer_items(finding.person, finding, {key: answer}) == 1
    finding.refresh_from_db()


def test_two_names_become_items_that_are_answered_like_any() -> None:
    finding = begun()
    tell_us(finding, "Old phone", "Windows")
    assert (finding.verdict, finding.item_count, finding.open_count, finding.new_count) == (LOOK, 2, 2, 0)
    assert names_of(finding) == ["Old phone", "Windows"]
    say(finding, "Old phone", ItemAnswer.KNOWN)
    say(finding, "Windows", ItemAnswer.LEAVE)
    assert (finding.verdict, finding.reason, finding.open_count) == (LOOK, "told_something_odd", 0)
    answers.answer_check(finding.person, finding, ToldAnswer.AS_IT_SHOULD_BE)
    assert Finding.objects.get(pk=finding.pk).verdict == FINE
    say(finding, "Windows", ItemAnswer.UNKNOWN)
    assert (finding.verdict, finding.reason, finding.rung) == (LOOK, "named_unknown", "told")
    assert "You named one thing here that you do not know" in tell.card(finding).lead


def test_all_known_it_is_as_if_nothing_had_been_named() -> None:
    finding = begun()
    naming.name_things(finding, ItemKind.DEVICE, ["Old phone"], Rung.PASTED)
    judge_again(finding)
    assert (finding.verdict, finding.rung) == (LOOK, "pasted")
    say(finding, "Old phone", ItemAnswer.KNOWN)
    assert (finding.verdict, finding.reason, finding.rung) == (UNCHECKED, "not_checked", "")
    assert names_of(finding) == ["Old phone"]


def test_an_answer_given_with_names_covers_them_and_a_name_given_later_is_news() -> None:
    finding = begun()
    tell_us(finding, "Mine", answer=ToldAnswer.AS_IT_SHOULD_BE)
    assert (finding.verdict, finding.open_count) == (FINE, 1)
    naming.name_things(finding, ItemKind.DEVICE, ["Not mine"], Rung.PASTED)
    judge_again(finding)
    assert (finding.verdict, finding.reason) == (LOOK, "named_open")


def test_a_name_is_kept_once_under_its_newest_day_and_keeps_its_answer() -> None:
    finding = begun()
    tell_us(finding, "Old phone")
    say(finding, "Old phone", ItemAnswer.KNOWN)
    first = ToldItem.objects.get()
    ToldItem.objects.update(named_at=timezone.now() - timedelta(days=90))
    naming.name_things(finding, ItemKind.DEVICE, ["OLD  PHONE"], Rung.PASTED)
    judge_again(finding)
    again = ToldItem.objects.get()
    assert (again.public_id, again.rung, again.told["name"]) == (first.public_id, "pasted", "OLD  PHONE")
    assert again.named_at > timezone.now() - timedelta(minutes=1)
    assert AnswerToItem.objects.get().answer is ItemAnswer.KNOWN
    [item] = Item.objects.filter(finding=finding)
    assert item.content["says"] == "named_pasted"


def test_taking_a_name_out_leaves_nothing_of_it() -> None:
    finding = begun()
    tell_us(finding, "Old phone", "Windows")
    say(finding, "Windows", ItemAnswer.UNKNOWN)
    for row in ToldItem.objects.all():
        assert naming.take_out(row) == finding
    finding.refresh_from_db()
    assert (finding.item_count, finding.reason) == (0, "told_something_odd")
    assert not ToldItem.objects.exists()
    assert not Item.objects.exists()
    assert not AnswerToItem.objects.exists()


def test_taking_out_the_only_reason_takes_the_verdict_back() -> None:
    finding = begun()
    naming.name_things(finding, ItemKind.DEVICE, ["Old phone"], Rung.TOLD)
    judge_again(finding)
    assert finding.verdict == LOOK
    naming.take_out(ToldItem.objects.get())
    assert Finding.objects.get(pk=finding.pk).verdict == UNCHECKED


def test_there_is_an_end_to_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    finding = begun()
    monkeypatch.setattr(naming, "FOR_A_CHECK", 3)
    assert naming.name_things(finding, ItemKind.DEVICE, ["a1", "b2"], Rung.TOLD) == 2
    assert naming.name_things(finding, ItemKind.DEVICE, ["c3", "d4", "A1"], Rung.TOLD) == 2, "one is new, one known"
    monkeypatch.setattr(naming, "FOR_A_PERSON", 3)
    other = guided.begin(finding.person, CHECKS["whatsapp_linked_devices"], None)
    assert naming.name_things(other, ItemKind.DEVICE, ["e5"], Rung.TOLD) == 0


def test_names_are_sealed_and_differ_between_people() -> None:
    for finding in (begun(), begun()):
        tell_us(finding, "Secret phone")
    rows = list(ToldItem.objects.all())
    assert len({row.key for row in rows}) == 2
    assert not any(b"Secret" in bytes(row.told_sealed) for row in rows)


# --------------------------------------------------------------------------- beside an audit


def at_google() -> tuple[Person, Any, Finding]:
    person, connection = person_with_connection("sam@shelter.test", "shelter.test")
    audit_with(person, connection, {"directory_apps": []})
    finding = Finding.objects.get(person=person, check_id=APPS, current=True)
    paste(finding, "PicPolish")
    return person, connection, finding


def current(person: Person) -> Finding:
    return Finding.objects.get(person=person, check_id=APPS, current=True)


def test_an_audit_takes_what_was_named_along_and_calls_it_neither_new_nor_gone() -> None:
    person, connection, finding = at_google()
    assert finding.reason == "named_open"
    audit_with(person, connection, {"directory_apps": []})
    found = current(person)
    assert (found.reason, names_of(found), found.new_count) == ("named_open", ["PicPolish"], 0)
    naming.take_out(ToldItem.objects.get())
    paste(current(person), "Other")
    ToldItem.objects.update(named_at=timezone.now())
    audit_with(person, connection, {"directory_apps": []})
    kinds = set(Change.objects.filter(check_id=APPS).values_list("kind", flat=True))
    assert kinds <= {"verdict"}


def test_a_run_keeps_no_name_so_that_one_taken_out_is_nowhere() -> None:
    person, connection, _ = at_google()
    audit_with(person, connection, {"directory_apps": []})
    assert build_ask(person, connection).named_things == ()
    assert SourceRun.objects.filter(person=person).exists()


def test_closing_a_look_leaves_what_was_named() -> None:
    person, connection, _ = at_google()
    forget_sources(connection, ["directory_apps"])
    found = current(person)
    assert (found.reason, names_of(found)) == ("named_open", ["PicPolish"])


def test_another_account_is_not_answered_for() -> None:
    person, _, finding = at_google()
    say(finding, "PicPolish", ItemAnswer.KNOWN)
    _, second = person_with_connection("sam2@shelter.test", "shelter.test")
    second.person = person
    for column in ("sub", "email", "hosted_domain", "access_token", "refresh_token"):
        setattr(second, f"{column}_sealed", None)
    second.save()
    audit_with(person, second, {"directory_apps": []})
    other = Finding.objects.get(person=person, connection=second, check_id=APPS, current=True)
    paste(other, "PicPolish")
    assert (other.verdict, other.reason) == (LOOK, "named_open")


def test_what_was_named_is_kept_however_much_was_seen() -> None:
    seen = [SeenItem(kind=ItemKind.FILE, identity=str(n), name="x", says="open") for n in range(MOST_ITEMS + 5)]
    named = SeenItem(kind=ItemKind.FILE, identity="t", name="mine", says="named_told")
    kept = kept_items([*seen, named])
    assert len(kept) == MOST_ITEMS + 1
    assert kept[-1] is named


def test_an_answer_costs_as_much_with_many_names_as_with_one() -> None:
    counted = []
    for count in (1, 40):
        finding = begun()
        naming.name_things(finding, ItemKind.DEVICE, [f"phone {n}" for n in range(count)], Rung.PASTED)
        judge_again(finding)
        with CaptureQueriesContext(database) as asked:
            answers.answer_check(finding.person, finding, ToldAnswer.NOT_FOUND)
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_look_again_is_due_on_its_day_and_not_after_another_answer() -> None:
    finding = begun()
    today = timezone.localdate()
    answers.answer_check(finding.person, finding, ToldAnswer.AS_IT_SHOULD_BE, again_on=today + timedelta(days=7))
    assert guided.due(finding.person, today + timedelta(days=6)) == set()
    assert guided.due(finding.person, today + timedelta(days=7)) == {(GUIDED, None)}
    assert "You wanted to look at this again on" in tell.card(finding).again_note
    answers.answer_check(finding.person, finding, ToldAnswer.AS_IT_SHOULD_BE)
    assert guided.due(finding.person, today + timedelta(days=700)) == set()
    assert tell.card(finding).again_note == ""
