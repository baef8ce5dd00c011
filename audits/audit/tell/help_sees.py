"""All that a Helper sees now, in words, and what the Person could open or hide. A constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from audits.audit.guided import place_of
from audits.audit.helping.openable import names_of
from audits.audit.helping.openings import Openings, openings_of
from audits.audit.situation import Said, situation_of
from audits.audit.tell.for_helper import is_for_helpers
from audits.audit.tell.overview import all_checks
from audits.audit.tell.record import name_of
from audits.audit.tell.shapes import Row
from audits.checks.catalogue import CHECKS, Check, by_code, id_now
from audits.models import Connection, HelpSession, HelpState, Item, Person, Record

MOST_NAMES = 100
MOST_RECORDS = 50


@dataclass(frozen=True, kw_only=True)
class SeenCard:
    row: Row
    open: bool


@dataclass(frozen=True, kw_only=True)
class SeenGroup:
    """The cards of one place of the catalogue. `open`: opened as a group. `opened`: how many of them are open."""

    id: str
    name: str
    icon: str
    open: bool
    opened: int
    cards: tuple[SeenCard, ...]


@dataclass(frozen=True, kw_only=True)
class SeenThing:
    """A name, an address, a note or a record. `where`: the card on which it stands; `place` names that card."""

    key: str
    name: str
    open: bool
    where: str = ""
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Sees:
    """`names`, `notes` and `records` are those that are open; `covered`: how many records are not."""

    helper: str
    line: str
    paused: bool
    young: bool
    all: bool
    opened: int
    groups: tuple[SeenGroup, ...]
    accounts: tuple[SeenThing, ...]
    names: tuple[SeenThing, ...]
    notes: tuple[SeenThing, ...]
    records: tuple[SeenThing, ...]
    has_records: bool

    @property
    def nothing(self) -> bool:
        """Nothing but titles and states."""
        addresses = any(account.open for account in self.accounts)
        return not (self.opened or addresses or self.names or self.notes or self.records)


def sees(person: Person, session: HelpSession) -> Sees:
    """`session`: open or paused."""
    opened, said = openings_of(session), situation_of(person)
    groups = tuple(_groups(person, opened, said))
    connections = list(Connection.objects.filter(person=person))
    return Sees(
        helper=session.helper.name,
        line=session.helpline.name,
        paused=session.state == HelpState.PAUSED,
        young=said.young,
        all=opened.all,
        opened=sum(group.opened for group in groups),
        groups=groups,
        accounts=tuple(_account(one, opened) for one in connections),
        names=_names(person, opened),
        notes=tuple(_notes(opened, {str(one.public_id): one.email or "" for one in connections})),
        records=_records(person, opened),
        has_records=Record.objects.filter(person=person).exists(),
    )


def _groups(person: Person, opened: Openings, said: Said) -> list[SeenGroup]:
    found = []
    for place in all_checks(person):
        shown = [row for row in place.rows if row.check_id in CHECKS and is_for_helpers(CHECKS[row.check_id], said)]
        cards = tuple(SeenCard(row=row, open=opened.card(CHECKS[row.check_id], row.place)) for row in shown)
        if not cards:
            continue
        found.append(
            SeenGroup(
                id=place.id,
                name=place.name,
                icon=place.icon,
                open=place.id in opened.groups,
                opened=sum(card.open for card in cards),
                cards=cards,
            )
        )
    return found


def _account(connection: Connection, opened: Openings) -> SeenThing:
    key = str(connection.public_id)
    return SeenThing(key=key, name=connection.email or gettext("Google account"), open=key in opened.accounts)


def _names(person: Person, opened: Openings) -> tuple[SeenThing, ...]:
    """A name that stands on several cards is told once, with an open one."""
    found: dict[str, SeenThing] = {}
    for item in names_of(person, opened.names):
        check = _check_of(item)
        if check is None:
            continue
        place = place_of(check, item.finding.connection)
        if item.key not in found and opened.card(check, place):
            found[item.key] = SeenThing(
                key=item.key, name=_called(item), open=True, where=gettext(check.words.short), place=place
            )
    return tuple(found.values())[:MOST_NAMES]


def _check_of(item: Item) -> Check | None:
    return CHECKS.get(id_now(item.finding.check_id))


def _called(item: Item) -> str:
    """What happened on one day has no name."""
    return item.content["name"] or gettext("An entry without a name")


def _notes(opened: Openings, addresses: Mapping[str, str]) -> list[SeenThing]:
    found = []
    for place in sorted(opened.notes):
        code, _, account = place.partition("-")
        check = by_code(code)
        if check is not None:
            title = gettext(check.words.short)
            found.append(SeenThing(key=place, name=title, open=True, where=addresses.get(account, ""), place=place))
    return found


def _records(person: Person, opened: Openings) -> tuple[SeenThing, ...]:
    rows = Record.objects.filter(person=person, public_id__in=opened.records).defer("content_sealed")
    return tuple(SeenThing(key=str(row.public_id), name=name_of(row), open=True) for row in rows[:MOST_RECORDS])
