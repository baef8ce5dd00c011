"""One card as a helper may see it. Covered means absent: a name is put in only where the Person uncovered it.

Sentences are the Person's own, filled anew: numbers and dates pass, and *a covered name* stands for every other value.
Steps lead to no account, and things have a number instead of a key.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from audits.audit import guided, young
from audits.audit.tell.card import ITEMS_A_PAGE, lead_of, page_of, signs_of
from audits.audit.tell.for_helper import Sight, is_for_helpers
from audits.audit.tell.record import ITEMS_A_PAGE as RECORD_ITEMS
from audits.audit.tell.record import RecordPage, record_page
from audits.audit.tell.rows import how_we_know, mark_of, mark_word
from audits.audit.tell.sentences import minutes, say
from audits.audit.tell.shapes import Mark, Page, StepBlock
from audits.audit.tell.steps import step_blocks, systems_of
from audits.audit.tell.told import again_note, newest_told, told_note
from audits.checks.answers import told_reasons
from audits.checks.catalogue import COMMON, Check, by_code
from audits.checks.helper_words import words_for
from audits.facts import ItemAnswer, Rung, ToldAnswer, VerdictState
from audits.models import AnswerToCheck, AnswerToItem, Connection, Finding, Item, Record
from audits.models.sealing import SealBroken

LONGEST_NAME = 200
BY_WORD = frozenset({Rung.TOLD.value, Rung.BROUGHT.value})


class NoSuchCard(Exception):
    """No card of this Person stands at this place, or it is not for helpers."""


@dataclass(frozen=True, kw_only=True)
class HelperItem:
    """`name` "": covered. `says`: what is seen of it, with every other name covered."""

    number: int
    name: str
    says: str
    new: bool
    answered: str


@dataclass(frozen=True, kw_only=True)
class HelperSpeech:
    """What to say and to ask, and when not to go on."""

    say: tuple[str, ...]
    ask: tuple[str, ...]
    stop: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class HelperContent:
    """What stands on a card that is open. `told` is empty unless the Person opened what they told us."""

    lead: str
    signs: tuple[str, ...]
    minutes: str
    notice: str
    how: str
    items: tuple[HelperItem, ...]
    page: Page | None
    limit: str
    why: str
    notice_long: str
    notice_tried: bool
    lose: str
    evidence: str
    look_steps: tuple[StepBlock, ...]
    steps: tuple[StepBlock, ...]
    undo: str
    told: tuple[str, ...]
    read_only: bool
    changing_first: bool  # something settled it, so what to change stands before how to look


@dataclass(frozen=True, kw_only=True)
class HelperCard:
    """`content` is None while the Person has not opened the card."""

    place: str
    check_id: str
    title: str
    mark: Mark
    mark_word: str
    account: str
    here: bool
    pointed: bool
    pointed_step: int | None
    speech: HelperSpeech
    content: HelperContent | None

    @property
    def steps(self) -> Mapping[int, int]:
        """The number that stands beside each step, by the one at which is pointed."""
        if self.content is None:
            return {}
        blocks = (*self.content.look_steps, *self.content.steps)
        return {step.point: step.number for block in blocks for step in block.steps}


def card(sight: Sight, place: str, number: int = 1) -> HelperCard:
    """The card at a place, with one page of its things. A constant number of queries. Raises NoSuchCard."""
    finding, check = at(sight, place)
    session, words = sight.session, words_for(check)
    pointed = session.pointing_place == place
    return HelperCard(
        place=place,
        check_id=check.id,
        title=gettext(check.words.short),
        mark=mark_of(finding),
        mark_word=mark_word(finding),
        account=sight.accounts.get(finding.connection_id or 0, ""),
        here=session.caller_place == place,
        pointed=pointed,
        pointed_step=session.pointing_step if pointed else None,
        speech=HelperSpeech(
            say=tuple(map(gettext, words.say)), ask=tuple(map(gettext, words.ask)), stop=tuple(map(gettext, words.stop))
        ),
        content=_content(sight, finding, check, number) if sight.is_open(check, place) else None,
    )


def at(sight: Sight, place: str) -> tuple[Finding, Check]:
    """What a place names, of this Person: the finding, or a blank one. One query. Raises NoSuchCard."""
    code, _, account = place.partition("-")
    check = by_code(code)
    if check is None or not is_for_helpers(check, sight.said):
        raise NoSuchCard
    owner = _owner(sight, account) if account else None
    finding = guided.found(sight.person, check, owner)
    if finding is not None and finding.verdict != VerdictState.DOES_NOT_APPLY:
        return finding, check
    if not guided.can_begin(check, owner):
        raise NoSuchCard
    return guided.blank(sight.person, check, owner), check


def _owner(sight: Sight, account: str) -> Connection:
    for one in sight.connections:
        if str(one.public_id) == account:
            return one
    raise NoSuchCard


def _content(sight: Sight, finding: Finding, check: Check, number: int) -> HelperContent:
    words, covered = check.words, _covered(finding)
    settled = VerdictState(finding.verdict) in (VerdictState.NEEDS_LOOK, VerdictState.LOOKS_FINE)
    told = newest_told(finding) if guided.place_of(check, finding.connection) in sight.openings.notes else None
    systems = systems_of(sight.said.uses)
    read_only = young.reads(check, sight.said)
    page = None if read_only else page_of(finding, number)
    return HelperContent(
        lead=_lead(covered, check, told),
        signs=tuple(signs_of(covered, check)),
        minutes=gettext("About {minutes}").format(minutes=minutes(_effort(check, settled))),
        notice=gettext(words.notice.short),
        how=how_we_know(finding.rung, finding.seen_at) if settled else "",
        items=tuple(_items(sight, finding, check, page)),
        page=page,
        limit=gettext(words.limit) if words.limit else "",
        why=gettext(words.why),
        notice_long=gettext(words.notice.long),
        notice_tried=words.notice.tried,
        lose=gettext(words.lose) if words.lose else "",
        evidence=gettext(words.evidence) if words.evidence else "",
        look_steps=step_blocks(words.look_steps, "", systems),
        steps=step_blocks(words.steps, "", systems, after=len(words.look_steps)),
        undo=gettext(words.undo),
        told=tuple(_told(check, told)),
        read_only=read_only,
        changing_first=mark_of(finding) in (Mark.LOOK, Mark.FINE),
    )


def _effort(check: Check, settled: bool) -> int:
    return check.words.minutes if settled or not check.words.look_minutes else check.words.look_minutes


def _covered(finding: Finding) -> Finding:
    """The same finding with its names covered. It is never saved."""
    same = copy.copy(finding)
    same.values = cover(finding.values or {})
    return same


def cover(values: Mapping[str, str | int]) -> dict[str, str | int]:
    """Numbers pass, and so do days; anything else could be a name."""
    covered = gettext("a covered name")
    return {
        name: value if isinstance(value, int) or name.endswith("_at") else covered for name, value in values.items()
    }


def _lead(covered: Finding, check: Check, told: AnswerToCheck | None) -> str:
    """What the Person told us stays with them until they open it, also where a verdict stands on it."""
    if told is None and _stands_on_their_word(covered, check):
        return gettext("The caller answered this themselves. They have not opened to you what they said.")
    return lead_of(covered, check)


def _stands_on_their_word(finding: Finding, check: Check) -> bool:
    if finding.pk is None or finding.verdict == VerdictState.NOT_CHECKED:
        return False
    said = told_reasons(check.words.told.choices) if check.words.told else frozenset()
    return finding.rung in BY_WORD or finding.reason in said


def _told(check: Check, told: AnswerToCheck | None) -> Iterable[str]:
    if told is None or check.words.told is None or told.answer is ToldAnswer.LEAVE:
        return
    yield gettext(check.words.told.choices.get(told.answer, COMMON.told_choices[told.answer]))
    yield told_note(told)
    if again := again_note(told):
        yield again


def _items(sight: Sight, finding: Finding, check: Check, page: Page | None) -> Iterable[HelperItem]:
    if page is None:
        return
    start = (page.number - 1) * ITEMS_A_PAGE
    items = list(Item.objects.filter(finding=finding)[start : start + ITEMS_A_PAGE])
    keys = [item.key for item in items]
    answers = {a.item_key: a.answer for a in AnswerToItem.objects.filter(person=sight.person, item_key__in=keys)}
    for number, item in enumerate(items, start=start + 1):
        if sight.said.young and item.kind in young.PICTURES_AND_FILES:
            continue
        yield _item(item, number, check, item.key in sight.openings.names, answers.get(item.key))


def _item(item: Item, number: int, check: Check, uncovered: bool, answer: ItemAnswer | None) -> HelperItem:
    content = item.content
    says = _says(check, content["says"], cover(content["values"]))
    name = ""
    if uncovered:  # what happened on one day has no name: its sentence stands in its place
        name = content["name"] or _says(check, content["says"], content["values"])
    return HelperItem(
        number=number,
        name=name[:LONGEST_NAME],
        says="" if uncovered and not content["name"] else says,
        new=item.new,
        answered=gettext(COMMON.item_answers[answer]) if answer else "",
    )


def _says(check: Check, code: str, values: Mapping[str, str | int]) -> str:
    sentence = check.words.item_says.get(code)
    return say(sentence, values) if sentence is not None and sentence.fits(values) else ""


def record(sight: Sight, public_id: str, number: int = 1) -> tuple[RecordPage, str]:
    """A record that the Person opened, as it stands on their own page, and the id of its check. Raises NoSuchCard."""
    if public_id not in sight.openings.records:
        raise NoSuchCard
    found = Record.objects.filter(person=sight.person, public_id=public_id).first()
    if found is None:
        raise NoSuchCard
    try:
        return record_page(found, number, items=RECORD_ITEMS), found.check_id
    except SealBroken as error:
        raise NoSuchCard from error
