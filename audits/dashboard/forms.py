"""What the dashboard's forms may say. Anything else is left out, never an error page."""

from __future__ import annotations

from django.http import QueryDict

from audits.facts import ItemAnswer, ToldAnswer

MOST_ANSWERS = 100  # a page of a list holds 25
KEY_LENGTH = 32

_ITEM_ANSWERS = {answer.value: answer for answer in ItemAnswer}
_TOLD_ANSWERS = {answer.value: answer for answer in ToldAnswer}


def item_answers(form: QueryDict) -> dict[str, ItemAnswer]:
    """What the Person chose now, by item key. An answer that stood before keeps its date, so it is left out."""
    chosen: dict[str, ItemAnswer] = {}
    for field in list(form)[: 3 * MOST_ANSWERS]:
        key = field.removeprefix("item-")
        answer = _ITEM_ANSWERS.get(form.get(field, ""))
        if key == field or len(key) != KEY_LENGTH or answer is None:
            continue
        if form.get(f"was-{key}") != answer.value:
            chosen[key] = answer
    return dict(list({**rest_of(form), **chosen}.items())[:MOST_ANSWERS])


def rest_of(form: QueryDict) -> dict[str, ItemAnswer]:
    """One answer for all items of the page that have none, neither from before nor from now."""
    answer = _ITEM_ANSWERS.get(form.get("rest", ""))
    if answer is None:
        return {}
    keys = [field.removeprefix("was-") for field in list(form)[: 3 * MOST_ANSWERS] if field.startswith("was-")]
    return {key: answer for key in keys if len(key) == KEY_LENGTH and not form.get(f"was-{key}")}


def told_answer(form: QueryDict) -> ToldAnswer | None:
    """What the Person saw on a guided check; None when nothing, or nothing known, was chosen."""
    return _TOLD_ANSWERS.get(form.get("answer", ""))
