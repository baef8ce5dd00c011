"""One check, whole: what we saw, how we know, what to think of first, steps, undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext

from audits.audit import removable, young
from audits.audit.collect import ADMINISTRATOR_SOURCES
from audits.audit.guided import place_of
from audits.audit.situation import situation_of
from audits.audit.tell.changes import change_line, lines_of
from audits.audit.tell.history import days_of
from audits.audit.tell.ladder import ladder, unopened
from audits.audit.tell.progress import progress
from audits.audit.tell.rows import how_we_know, mark_of, mark_word, reason_sentence
from audits.audit.tell.sentences import (
    checked_and_reviewed,
    day,
    looking_changes_nothing,
    looking_tells_nobody,
    minutes,
    say,
)
from audits.audit.tell.shapes import Belief, Card, Choice, ItemCard, Mark, Page
from audits.audit.tell.steps import step_blocks, systems_of
from audits.audit.tell.told import (
    again_choices,
    again_note,
    items_title,
    named_line,
    named_rungs,
    newest_answers,
    paste_card,
    told_choices,
    told_note,
)
from audits.checks.answers import NAMED_REASONS, is_named
from audits.checks.catalogue import CHECKS, COMMON, Check
from audits.checks.myths import MYTHS, Myth
from audits.facts import ItemAnswer, VerdictState
from audits.models import AnswerToItem, Change, Finding, Item, SourceRun

ITEMS_A_PAGE = 25
LINES = 10
NO_NETWORK = frozenset({"told_us", "sign_in_claims"})


class NoSuchCheck(Exception):
    """The finding is of a check that this version no longer has."""


def card(finding: Finding, number: int = 1) -> Card:
    """The card of a finding, with one page of its items. Raises NoSuchCheck."""
    check = CHECKS.get(finding.check_id)
    if check is None:
        raise NoSuchCheck(finding.check_id)
    words, email = check.words, (finding.connection.email or "") if finding.connection else ""
    settled = VerdictState(finding.verdict) in (VerdictState.NEEDS_LOOK, VerdictState.LOOKS_FINE)
    page = page_of(finding, number)
    found = SourceRun.objects.filter(person=finding.person_id, connection=finding.connection_id, current=True)
    runs = {run.source: run for run in found}
    answers = newest_answers(finding)
    told = answers[0] if answers else None
    changed = _changes(finding)
    items = tuple(item_cards(finding, check, page))
    said = situation_of(finding.person)
    systems = systems_of(said.uses)
    return Card(
        finding=finding.public_id if finding.pk else None,
        place=place_of(check, finding.connection),
        check_id=check.id,
        title=gettext(words.short),
        mark=mark_of(finding),
        mark_word=mark_word(finding),
        lead=lead_of(finding, check),
        signs=tuple(signs_of(finding, check)),
        account=email,
        minutes=_minutes(check, settled),
        notice=_notice(check, settled),
        undo_short=gettext(words.undo_short) if settled else looking_changes_nothing(),
        how=how_we_know(finding.rung, finding.seen_at) if settled else gettext("We do not know yet"),
        items=items,
        page=page,
        items_hint=gettext(words.items_hint) if words.items_hint else "",
        rungs=ladder(finding, check, runs, named_rungs(finding, check)),
        ladder_hint=gettext(COMMON.lines["ladder_hint" if settled else "ladder_hint_unknown"]),
        limit=gettext(words.limit) if words.limit else "",
        why=gettext(words.why),
        notice_long=gettext(words.notice.long),
        notice_tried=words.notice.tried,
        lose=gettext(words.lose) if words.lose else "",
        evidence=gettext(words.evidence) if words.evidence else "",
        steps=step_blocks(words.steps, email, systems, after=len(words.look_steps)),
        undo=gettext(words.undo),
        told=told_choices(check, told),
        told_question=gettext(words.told.question) if words.told else "",
        told_note=told_note(told),
        look_steps=step_blocks(words.look_steps, email, systems),
        can_look_again=finding.pk is not None and bool(set(check.sources) - NO_NETWORK - ADMINISTRATOR_SOURCES),
        left=mark_of(finding) is Mark.LEFT,
        left_text=_left_text(finding.left_at),
        source_line=_source_line(check),
        changes=tuple(change_line(one) for one in changed if finding.audit_id and one.audit_id == finding.audit_id),
        progress=progress(finding.person),
        unopened=unopened(check.sources, finding, runs),
        at_google=check.about == "account",
        machine=check.rule is not None,
        items_title=items_title(items),
        can_name=bool(words.told and words.told.items),
        again=again_choices() if words.told else (),
        again_note=again_note(told),
        pasted=paste_card(check, email),
        myths=tuple(_belief(MYTHS[name]) for name in words.myths if name in MYTHS),
        read_only=young.reads(check, said),
        connection=str(finding.connection.public_id) if finding.connection else "",
        days=days_of(changed, answers),
    )


def lead_of(finding: Finding, check: Check, date: Callable[[datetime], str] = day) -> str:
    sentence = reason_sentence(finding, date)
    if finding.verdict == VerdictState.COULD_NOT_TELL and check.words.unknown:
        return f"{gettext(check.words.unknown)} {sentence}"
    if finding.verdict != VerdictState.NEEDS_LOOK:
        return sentence
    values = finding.values or {}
    tallies = () if finding.reason in NAMED_REASONS else _tallies(values)
    return " ".join(filter(None, [sentence, *tallies, named_line(finding, check, values, date)]))


def _tallies(values: Mapping[str, str | int]) -> Iterable[str]:
    """How many items were answered, and how. Nothing is said while none is."""
    if not any(values.get(name) for name in ("known", "unknown", "left")):
        return
    for sentence in COMMON.item_tally.values():
        if sentence.fits(values) and values[sentence.count]:
            yield say(sentence, values)


def signs_of(finding: Finding, check: Check, date: Callable[[datetime], str] = day) -> Iterable[str]:
    values = finding.values or {}
    for code in finding.signs:
        sentence = check.words.says.get(code)
        if sentence is not None and sentence.fits(values):
            yield say(sentence, values, date)


def _minutes(check: Check, settled: bool) -> str:
    if settled or not check.words.look_minutes:
        return gettext("About {minutes}").format(minutes=minutes(check.words.minutes))
    return gettext("About {minutes} to look").format(minutes=minutes(check.words.look_minutes))


def _notice(check: Check, settled: bool) -> str:
    if settled:
        return gettext(check.words.notice.short)
    if check.about == "account":
        return looking_tells_nobody()
    return gettext("As far as we know, looking tells nobody, unless you are asked to sign in")


def page_of(finding: Finding, number: int) -> Page | None:
    if not finding.item_count:
        return None
    total = Item.objects.filter(finding=finding).count()
    count = max(1, -(-total // ITEMS_A_PAGE))
    return Page(number=min(max(number, 1), count), count=count, total=total)


def item_cards(finding: Finding, check: Check, page: Page | None) -> Iterable[ItemCard]:
    if page is None:
        return
    start = (page.number - 1) * ITEMS_A_PAGE
    items = list(Item.objects.filter(finding=finding)[start : start + ITEMS_A_PAGE])
    keys = [item.key for item in items]
    answers = {a.item_key: a for a in AnswerToItem.objects.filter(person=finding.person_id, item_key__in=keys)}
    removing = removable.offered(finding)
    for item in items:
        yield replace(item_card(item, check, answers.get(item.key)), removable=removing)


def item_card(item: Item, check: Check, answer: AnswerToItem | None) -> ItemCard:
    content = item.content
    sentence = check.words.item_says.get(content["says"])
    fits = sentence is not None and sentence.fits(content["values"])
    given = answer.answer if answer else None
    says = say(sentence, content["values"]) if sentence is not None and fits else ""
    return ItemCard(
        key=item.key,
        name=content["name"] or says,  # what happened on one day has no name: its sentence is its heading
        says=says if content["name"] else "",
        link=content["link"],
        new=item.new,
        answer=given.value if given else "",
        answered=_answered(given, answer.answered_at) if given and answer else "",
        told_item=content["identity"] if is_named(content["says"]) else "",
        choices=tuple(
            Choice(value=one.value, label=gettext(COMMON.item_answers[one]), checked=one is given) for one in ItemAnswer
        ),
    )


def _answered(given: ItemAnswer, when: datetime) -> str:
    return gettext(COMMON.item_answered[given]).replace("{date}", day(when))


def _belief(myth: Myth) -> Belief:
    return Belief(claim=gettext(myth.claim), truth=gettext(myth.truth), so=gettext(myth.so))


def _left_text(when: datetime | None) -> str:
    return gettext("You left this on {day}. We will not bring it up again.").format(day=day(when)) if when else ""


def _source_line(check: Check) -> str:
    words = check.words
    checked = checked_and_reviewed(words.checked_on, words.reviewed_by)
    sources = gettext("Sources: {titles}.").format(titles="; ".join(source.title for source in words.sources))
    return f"{checked} {sources}" if words.sources else checked


def _changes(finding: Finding) -> Sequence[Change]:
    """The newest ones, of this look and those before."""
    if finding.pk is None:
        return []
    changes = lines_of(finding.person).filter(connection=finding.connection_id, check_id=finding.check_id)
    return list(changes[: 2 * LINES])
