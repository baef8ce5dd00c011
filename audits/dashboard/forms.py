"""What the dashboard's forms may say. Anything else is left out, never an error page."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, QueryDict

from audits.audit.guided import AGAIN_IN
from audits.audit.naming import AT_ONCE, tidied
from audits.audit.pasted import MOST_CANDIDATES, could_be_name
from audits.facts import ItemAnswer, ToldAnswer

MOST_ANSWERS = 100  # a page of a list holds 25
KEY_LENGTH = 32
MOST_TYPED = 20_000  # letters in the box for names

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


def typed_names(form: QueryDict) -> tuple[str, ...]:
    """Names of what the Person found, one on each line: the first AT_ONCE, tidied, each once."""
    return tidied(form.get("names", "")[:MOST_TYPED].splitlines(), AT_ONCE)


def ticked_names(form: QueryDict) -> tuple[str, ...]:
    """Names that were offered from a pasted page, looked at again: what comes back may be anything."""
    names = tidied(form.getlist("name")[:MOST_CANDIDATES], MOST_CANDIDATES)
    return tuple(name for name in names if could_be_name(name))


def again_on(form: QueryDict, today: date) -> date | None:
    """The day on which the Person wants to look again; None when not, or for what the page never offered."""
    days = AGAIN_IN.get(form.get("again", ""))
    return today + timedelta(days=days) if days else None


def length_of(request: HttpRequest) -> int:
    """How many bytes the browser sends, as it says itself; the server holds it to that."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdecimal() else 0
