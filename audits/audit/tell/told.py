"""The parts of a card that are about what the Person tells us: answers, when to look again, names, a pasted page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

from audits.audit.guided import AGAIN_IN
from audits.audit.tell.sentences import address_of, day, in_account, say
from audits.audit.tell.shapes import Choice, ItemCard, PasteCard
from audits.checks.answers import NAMED_OPEN, NAMED_REASONS, NAMED_UNKNOWN
from audits.checks.catalogue import Check
from audits.facts import Rung, ToldAnswer, VerdictState
from audits.models import AnswerToCheck, Finding, ToldItem

ANSWERS = 10
AGAIN_WORDS = {
    "": gettext_noop("Not for now"),
    "week": gettext_noop("In a week"),
    "month": gettext_noop("In a month"),
    "season": gettext_noop("In three months"),
    "year": gettext_noop("In a year"),
}


def newest_told(finding: Finding) -> AnswerToCheck | None:
    return next(iter(newest_answers(finding)), None)


def newest_answers(finding: Finding) -> Sequence[AnswerToCheck]:
    """What the Person said of this check, the newest first; that one counts."""
    answers = AnswerToCheck.objects.filter(
        person=finding.person_id, connection=finding.connection_id, check_id=finding.check_id
    )
    return list(answers[:ANSWERS])


def told_choices(check: Check, told: AnswerToCheck | None) -> tuple[Choice, ...]:
    if check.words.told is None:
        return ()
    given = told.answer if told else None
    return tuple(
        Choice(value=answer.value, label=gettext(label), checked=answer is given)
        for answer, label in check.words.told.choices.items()
    )


def told_note(told: AnswerToCheck | None) -> str:
    if told is None or told.answer is ToldAnswer.LEAVE:
        return ""
    if told.rung == Rung.BROUGHT:
        return gettext("You answered this on {day}, as a file says that you brought.").format(day=day(told.answered_at))
    return gettext("You answered this on {day}.").format(day=day(told.answered_at))


def again_choices() -> tuple[Choice, ...]:
    """When to look again. Each new answer asks anew."""
    return tuple(Choice(value=name, label=gettext(AGAIN_WORDS[name]), checked=not name) for name in ("", *AGAIN_IN))


def again_note(told: AnswerToCheck | None) -> str:
    if told is None or told.again_on is None:
        return ""
    if told.again_on <= timezone.localdate():
        return gettext("You wanted to look at this again on {day}. That day has come.").format(day=_date(told.again_on))
    return gettext("You wanted to look at this again on {day}.").format(day=_date(told.again_on))


def _date(when: date) -> str:
    return date_format(when, "j F" if when.year == timezone.localdate().year else "j F Y")


def paste_card(check: Check, email: str) -> PasteCard | None:
    pasted = check.words.pasted
    if pasted is None:
        return None
    link = in_account(pasted.link, email) if check.about == "account" else pasted.link
    return PasteCard(page=gettext(pasted.page), link=link, where=address_of(pasted.link))


def named_rungs(finding: Finding, check: Check) -> frozenset[Rung]:
    """How things came here that the Person named for this check. One query, and none where nothing can be named."""
    can_name = check.words.pasted or (check.words.told and check.words.told.items)
    if finding.pk is None or not can_name:
        return frozenset()
    found = ToldItem.objects.filter(
        person=finding.person_id, connection=finding.connection_id, check_id=finding.check_id
    )
    return frozenset(Rung(rung) for rung in found.order_by().values_list("rung", flat=True).distinct())


def named_line(
    finding: Finding, check: Check, values: Mapping[str, str | int], date: Callable[[datetime], str] = day
) -> str:
    """What is to be said of named things where the verdict stands on something else."""
    if finding.verdict != VerdictState.NEEDS_LOOK or finding.reason in NAMED_REASONS:
        return ""
    for reason in (NAMED_UNKNOWN, NAMED_OPEN):
        if values.get(reason):
            return say(check.words.says[reason], values, date)
    return ""


def items_title(items: Collection[ItemCard]) -> str:
    named = sum(1 for item in items if item.told_item)
    if not named:
        return ""
    return gettext("What you named") if named == len(items) else gettext("What we saw, and what you named")
