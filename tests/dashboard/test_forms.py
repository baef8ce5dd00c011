from __future__ import annotations

import pytest
from django.http import QueryDict

from audits.dashboard.forms import MOST_ANSWERS, item_answers, told_answer
from audits.facts import ItemAnswer, ToldAnswer

KEY = "a" * 32


def form(text: str) -> QueryDict:
    return QueryDict(text)


def test_what_was_chosen_counts() -> None:
    assert item_answers(form(f"item-{KEY}=known&was-{KEY}=")) == {KEY: ItemAnswer.KNOWN}


def test_an_answer_that_stood_before_keeps_its_date() -> None:
    assert item_answers(form(f"item-{KEY}=known&was-{KEY}=known")) == {}


@pytest.mark.parametrize(
    "text",
    [
        f"item-{KEY}=",
        f"item-{KEY}=KNOWN",
        f"item-{KEY}=drop table",
        "item-short=known",
        f"item-{KEY}{KEY}=known",
        f"{KEY}=known",
        f"was-{KEY}=known",
        "csrfmiddlewaretoken=x&page=2",
    ],
)
def test_what_the_page_never_offered_is_left_out(text: str) -> None:
    assert item_answers(form(text)) == {}


def test_one_answer_for_the_rest_leaves_what_was_answered() -> None:
    now, before, rest = "a" * 32, "b" * 32, "c" * 32
    said = form(f"item-{now}=unknown&was-{now}=&was-{before}=known&was-{rest}=&rest=leave")
    assert item_answers(said) == {now: ItemAnswer.UNKNOWN, rest: ItemAnswer.LEAVE}


def test_no_known_answer_for_the_rest_answers_nothing() -> None:
    assert item_answers(form(f"was-{KEY}=&rest=all")) == {}


def test_a_flood_of_answers_is_cut() -> None:
    text = "&".join(f"item-{number:032x}=known" for number in range(900))
    assert len(item_answers(form(text))) == MOST_ANSWERS


@pytest.mark.parametrize("text", ["", "answer=", "answer=yes", "answer=AS_IT_SHOULD_BE", "other=leave"])
def test_no_answer_to_a_check(text: str) -> None:
    assert told_answer(form(text)) is None


def test_an_answer_to_a_check() -> None:
    assert told_answer(form("answer=something_odd")) is ToldAnswer.SOMETHING_ODD
