"""The plan as it is printed: every check of the Person's plan, in finished sentences. Bounded, and counted where cut.

`named=False`: blacked out. Every text that came from outside, or that the Person wrote, is left out before a sentence
is made; names of checks and all counts stay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from audits.audit.guided import due
from audits.audit.situation import situation_of
from audits.audit.taking import help_sheet
from audits.audit.taking.parts import Entry, Section, Sheet, left_out
from audits.audit.tell.card import lead_of, signs_of
from audits.audit.tell.plan import Wishes, everything, fitting, in_order
from audits.audit.tell.record import name_of
from audits.audit.tell.rows import Found, how_we_know, mark_of, mark_word
from audits.audit.tell.sentences import day_and_year, minutes, say
from audits.audit.tell.shapes import Mark
from audits.checks.catalogue import CHECKS, COMMON, Check, id_now
from audits.facts import VerdictState
from audits.models import AnswerToItem, Connection, Finding, Item, Person, Record

ITEMS_A_CHECK = 40
ITEMS_IN_ALL = 600
MOST_RECORDS = 200

_OPEN = (Mark.LOOK, Mark.UNKNOWN, Mark.UNCHECKED)
_ORDER = (Mark.LOOK, Mark.UNKNOWN, Mark.UNCHECKED, Mark.FINE, Mark.LEFT)
_SETTLED = (VerdictState.NEEDS_LOOK.value, VerdictState.LOOKS_FINE.value)


def sheet_of(person: Person, *, named: bool) -> Sheet:
    """A constant number of queries."""
    connections = list(Connection.objects.filter(person=person))
    found = plan_of(person, connections)
    tellers = _Teller(found, accounts_of(connections, named=named), named=named)
    records = Record.objects.filter(person=person).defer("content_sealed")
    return Sheet(
        title=gettext("Notes"),
        date=day_and_year(timezone.now()),
        notes=tuple(_notes(found, named=named)),
        sections=(*_sections(found, tellers), *help_sheet.sections_of(person, named=named)),
        records_title=gettext("Records kept"),
        records=tuple(_records(records)),
    )


def plan_of(person: Person, connections: Sequence[Connection]) -> list[Found]:
    """As on the overview, in the same order."""
    current = Finding.objects.filter(person=person, current=True).select_related("connection")
    found = [Found(one, check) for one in current if (check := CHECKS.get(id_now(one.check_id)))]
    said = situation_of(person)
    mine = fitting(everything(person, connections, found), said, bool(connections))
    return in_order(mine, Wishes(said, due(person, timezone.localdate())))


def accounts_of(connections: Sequence[Connection], *, named: bool) -> Mapping[int, str]:
    """What an account is called on the sheet; by number where names are left out."""
    if named:
        return {one.pk: one.email or "" for one in connections}
    numbered = enumerate(connections, start=1)
    return {one.pk: gettext("Google account {number}").format(number=number) for number, one in numbered}


def without_names(values: Mapping[str, str | int]) -> dict[str, str | int]:
    """Numbers and days stay; every other text may be somebody's."""
    return {
        name: left_out() if isinstance(value, str) and value and not name.endswith("_at") else value
        for name, value in values.items()
    }


def _notes(found: Sequence[Found], *, named: bool) -> Iterator[str]:
    yield gettext("Prepared by the person who uses it, on {day}. Not verified by anyone else.").format(
        day=day_and_year(timezone.now())
    )
    counts = {mark: sum(1 for one in found if mark_of(one.finding) is mark) for mark in _ORDER}
    yield "; ".join(f"{gettext(COMMON.marks[mark.value])}: {number}" for mark, number in counts.items()) + "."
    yield gettext("Still open: {count} of {total}.").format(count=sum(counts[mark] for mark in _OPEN), total=len(found))
    if not named:
        yield gettext("Names, addresses and what things are called are left out here. All counts stay.")
    yield gettext("A letter that this paper cannot draw stands as its number, like [U+0416].")


def _sections(found: Sequence[Found], teller: _Teller) -> Iterator[Section]:
    for mark in _ORDER:
        mine = [one for one in found if mark_of(one.finding) is mark]
        if mine:
            yield Section(
                title=f"{gettext(COMMON.marks[mark.value])} ({len(mine)})",
                note=gettext(COMMON.mark_notes[mark.value]) if COMMON.mark_notes.get(mark.value) else "",
                entries=tuple(teller.entry(one) for one in mine),
            )


def _records(records: QuerySet[Record]) -> Iterator[str]:
    for record in records[:MOST_RECORDS]:
        yield gettext("{name}, kept on {day}").format(name=name_of(record), day=day_and_year(record.kept_at))


class _Teller:
    """Makes entries; holds the items of all findings and the answers to them, read in two queries."""

    def __init__(self, found: Iterable[Found], accounts: Mapping[int, str], *, named: bool) -> None:
        self.accounts, self.named = accounts, named
        self.left = ITEMS_IN_ALL
        self.items: dict[int, list[Item]] = defaultdict(list)
        ids = [one.finding.pk for one in found if one.begun and one.finding.item_count]
        rows = Item.objects.filter(finding__in=ids, place__lt=ITEMS_A_CHECK).order_by("finding_id", "place", "pk")
        for item in rows:
            self.items[item.finding_id].append(item)
        answers = AnswerToItem.objects.filter(item_key__in=rows.order_by().values("key"))
        self.answers = {one.item_key: one for one in answers.filter(person_id__in=rows.order_by().values("person_id"))}

    def entry(self, one: Found) -> Entry:
        finding, check = one.finding, one.check
        if not self.named:
            finding.values = without_names(finding.values or {})
        shown = self.items[finding.pk or 0][: self.left]
        self.left -= len(shown)
        return Entry(
            title=gettext(check.words.short),
            mark=mark_word(finding, day_and_year),
            lines=tuple(self._lines(one)),
            items=tuple(self._item(item, check) for item in shown),
            more=_more(finding.item_count - len(shown)) if one.begun else "",
        )

    def _lines(self, one: Found) -> Iterator[str]:
        finding, check = one.finding, one.check
        if not one.begun:
            yield gettext("Nobody has looked yet. It takes about {minutes}.").format(
                minutes=minutes(check.words.look_minutes or check.words.minutes)
            )
            return
        yield lead_of(finding, check, day_and_year)
        yield from signs_of(finding, check, day_and_year)
        known = how_we_know(finding.rung, finding.seen_at, day_and_year)
        if known and finding.verdict in _SETTLED:
            yield gettext("How we know: {how}").format(how=known)
        if finding.open_count:
            waiting = "{count} thing is still open.", "{count} things are still open."
            yield ngettext(*waiting, finding.open_count).format(count=finding.open_count)
        if account := self.accounts.get(finding.connection_id or 0):
            yield gettext("Account: {account}").format(account=account)

    def _item(self, item: Item, check: Check) -> tuple[str, str]:
        content = item.content
        values = content["values"] if self.named else without_names(content["values"])
        sentence = check.words.item_says.get(content["says"])
        says = say(sentence, values, day_and_year) if sentence and sentence.fits(values) else ""
        said = " ".join(filter(None, (says if content["name"] else "", self._answer(item))))
        return (content["name"] if self.named else left_out()) if content["name"] else says, said

    def _answer(self, item: Item) -> str:
        given = self.answers.get(item.key)
        if given is None:
            return gettext("No answer yet.")
        return gettext(COMMON.item_answered[given.answer]).replace("{date}", day_and_year(given.answered_at)) + "."


def _more(count: int) -> str:
    if count <= 0:
        return ""
    return ngettext("and {count} more, not listed here", "and {count} more, not listed here", count).format(count=count)
