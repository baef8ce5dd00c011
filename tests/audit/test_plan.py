"""The plan: what belongs in it, in which order, and that nothing is left out without a count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audits.audit import answers, guided, tell
from audits.audit.situation import Said, keep
from audits.audit.tell.plan import IN_VIEW, SAFETY
from audits.audit.tell.shapes import Mark, Overview, Row
from audits.checks.catalogue import CHECKS, Check, by_code
from audits.facts import ToldAnswer, VerdictState
from audits.models import Finding, Person
from tests.audit.scenes import app, audit_with, person_with_connection

pytestmark = pytest.mark.django_db


def said(*, uses: Sequence[str] = (), worries: Sequence[str] = (), danger: bool = False) -> Said:
    return Said(uses=frozenset(uses), worries=frozenset(worries), danger=danger)


def somebody(**words: Any) -> Person:
    person = Person.objects.create_user()
    keep(person, said(**words))
    return person


def open_rows(overview: Overview) -> Iterator[Row]:
    """What is open below the first thing."""
    assert overview.plan is not None
    yield from overview.plan.next
    for place in overview.plan.places:
        yield from place.rows


def open_checks(person: Person) -> list[Check]:
    """The first thing, and what is in view after it; then by place."""
    overview = tell.overview(person)
    assert overview.first is not None
    first = by_code(overview.first.place.partition("-")[0])
    assert first is not None
    return [first, *(CHECKS[row.check_id] for row in open_rows(overview))]


def in_view(person: Person) -> list[Check]:
    return open_checks(person)[: IN_VIEW + 1]


def answer(person: Person, check_id: str, told: ToldAnswer, again_in: int | None = None) -> None:
    finding = guided.begin(person, CHECKS[check_id], None)
    again_on = None if again_in is None else timezone.localdate() + timedelta(days=again_in)
    answers.answer_check(person, finding, told, again_on)


def test_without_an_account_and_without_answers_every_check_has_its_place() -> None:
    person = somebody()
    overview = tell.overview(person)
    assert overview.plan is not None
    assert overview.heading == "Your plan"
    assert not overview.begin
    guided_ones = [check for check in CHECKS.values() if check.words.told and check.words.fits.young != "only"]
    assert len(open_checks(person)) == len(guided_ones)
    assert len(overview.plan.next) == IN_VIEW
    assert overview.plan.elsewhere == 0
    assert overview.tally is not None
    assert overview.tally.unchecked == overview.tally.total == len(guided_ones)


def test_what_they_do_not_use_is_counted_and_stands_among_all_checks() -> None:
    person = somebody(uses=["whatsapp"])
    found = open_checks(person)
    assert {check.platform.id for check in found} >= {"whatsapp", "happened"}
    assert not {"instagram", "google", "discord"} & {check.platform.id for check in found}
    plan = tell.overview(person).plan
    everything = [row.check_id for place in tell.all_checks(person) for row in place.rows]
    assert plan is not None
    for_the_young = [check_id for check_id in everything if CHECKS[check_id].words.fits.young == "only"]
    assert len(found) + plan.elsewhere == len(everything) - len(for_the_young)
    assert set(everything) == {check.id for check in CHECKS.values() if check.words.told}


@pytest.mark.parametrize("uses", [["google"], ["google_photos"], []])
def test_checks_of_an_account_are_for_who_has_one(uses: list[str]) -> None:
    assert "google" in {check.platform.id for check in open_checks(somebody(uses=uses))}


def test_a_connected_account_brings_its_checks_whatever_was_ticked() -> None:
    person, _ = person_with_connection()
    keep(person, said(uses=["signal"]))
    overview = tell.overview(person)
    assert overview.begin
    assert overview.first is None
    assert "google" in {CHECKS[row.check_id].platform.id for row in open_rows(overview)}


def test_danger_puts_safety_first() -> None:
    assert {check.platform.id for check in in_view(somebody(danger=True))} <= SAFETY


@pytest.mark.parametrize("worry", ["leak", "threat", "breakup"])
def test_what_worries_them_comes_first(worry: str) -> None:
    assert all(worry in check.words.fits.worries for check in in_view(somebody(worries=[worry])))


@pytest.mark.parametrize("worry", ["leak", "threat"])
def test_a_picture_that_is_out_or_a_threat_puts_help_first(worry: str) -> None:
    assert {check.platform.id for check in in_view(somebody(worries=[worry]))} == {"happened"}


def test_what_is_written_for_somebody_young_stands_in_no_other_plan_and_can_be_found() -> None:
    only = {check.id for check in CHECKS.values() if check.words.fits.young == "only"}
    older, younger = somebody(worries=["threat"]), somebody()
    keep(younger, Said(uses=frozenset(), worries=frozenset({"threat"}), young=True))
    assert only
    assert not only & {check.id for check in open_checks(older)}
    assert only <= {check.id for check in open_checks(younger)}
    assert only <= {row.check_id for place in tell.all_checks(older) for row in place.rows}


def test_what_nobody_notices_comes_before_what_somebody_may() -> None:
    levels = [check.words.notice.level == "nobody" for check in in_view(somebody())]
    assert levels == sorted(levels, reverse=True)


def test_what_needs_a_look_comes_before_everything() -> None:
    person, connection = person_with_connection()
    keep(person, said(danger=True, worries=["threat"]))
    audit_with(person, connection, {"drive_apps": [app("1")]})
    looks = Finding.objects.filter(person=person, current=True, verdict=VerdictState.NEEDS_LOOK)
    assert {check.id for check in open_checks(person)[: len(looks)]} == {one.check_id for one in looks}


@pytest.mark.parametrize(
    ("told", "again_in", "mark", "due"),
    [
        (ToldAnswer.AS_IT_SHOULD_BE, None, Mark.FINE, False),
        (ToldAnswer.AS_IT_SHOULD_BE, 1, Mark.FINE, False),
        (ToldAnswer.AS_IT_SHOULD_BE, 0, Mark.FINE, True),
        (ToldAnswer.LEAVE, -30, Mark.LEFT, True),
        (ToldAnswer.LEAVE, None, Mark.LEFT, False),
    ],
)
def test_what_is_settled_comes_back_on_the_day_they_asked_for(
    told: ToldAnswer, again_in: int | None, mark: Mark, due: bool
) -> None:
    person = somebody()
    answer(person, "whatsapp_linked_devices", told, again_in)
    overview = tell.overview(person)
    assert overview.plan is not None
    settled = [row.check_id for row in (*overview.plan.fine, *overview.plan.left)]
    assert (settled == ["whatsapp_linked_devices"]) is not due
    assert (open_checks(person)[0].id == "whatsapp_linked_devices") is due
    rows = [row for place in tell.all_checks(person) for row in place.rows if row.finding]
    assert [(row.mark, row.due) for row in rows] == [(mark, due)]


def test_a_newer_answer_takes_the_day_away() -> None:
    person = somebody()
    answer(person, "whatsapp_linked_devices", ToldAnswer.AS_IT_SHOULD_BE, 0)
    answer(person, "whatsapp_linked_devices", ToldAnswer.AS_IT_SHOULD_BE)
    assert guided.due(person, timezone.localdate()) == set()


def test_nothing_is_told_of_what_nobody_looked_at() -> None:
    for row in open_rows(tell.overview(somebody())):
        assert (row.finding, row.mark, row.how) == (None, Mark.UNCHECKED, "")


def test_the_counts_add_up() -> None:
    person = somebody()
    answer(person, "whatsapp_linked_devices", ToldAnswer.SOMETHING_ODD)
    answer(person, "whatsapp_locked_chats", ToldAnswer.AS_IT_SHOULD_BE)
    overview = tell.overview(person)
    assert overview.plan is not None
    assert overview.tally is not None
    shown = len(open_checks(person)) + len(overview.plan.fine) + len(overview.plan.left)
    assert overview.tally.total == shown
    assert overview.tally.look == 1
