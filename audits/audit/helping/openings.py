"""What the Person opened to the Helper. Nothing but titles and states is open until they do."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from audits.audit.guided import place_of
from audits.audit.helping import log
from audits.audit.helping.errors import NotForYoung
from audits.audit.helping.sessions import ON, changing, check_id_at
from audits.audit.situation import situation_of
from audits.checks.catalogue import CHECKS, Check, id_now
from audits.models import HelpSession, Item, LoggedBy, LogKind, Opening, OpeningKind

MOST = 2000  # rows of one session; beyond that nothing more opens
# What somebody under 18 opens to nobody here: their own words, and what they keep for others.
NOT_FOR_YOUNG = frozenset({OpeningKind.ALL, OpeningKind.GROUP, OpeningKind.NOTE, OpeningKind.RECORD})


@dataclass(frozen=True)
class Openings:
    """Keys by kind. A name is sent only where its card is open too."""

    all: bool = False
    groups: frozenset[str] = frozenset()
    cards: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    notes: frozenset[str] = frozenset()
    records: frozenset[str] = frozenset()

    def card(self, check: Check, place: str) -> bool:
        return self.all or check.platform.id in self.groups or place in self.cards


def openings_of(session: HelpSession) -> Openings:
    """One query."""
    rows = Opening.objects.filter(session=session).values_list("kind", "key")[:MOST]
    keys: dict[str, set[str]] = {kind: set() for kind in OpeningKind.values}
    for kind, key in rows:
        keys[kind].add(key)
    return Openings(
        all=bool(keys[OpeningKind.ALL]),
        groups=frozenset(keys[OpeningKind.GROUP]),
        cards=frozenset(keys[OpeningKind.CARD]),
        names=frozenset(keys[OpeningKind.NAME]),
        accounts=frozenset(keys[OpeningKind.ACCOUNT]),
        notes=frozenset(keys[OpeningKind.NOTE]),
        records=frozenset(keys[OpeningKind.RECORD]),
    )


def open_up(session: HelpSession, kind: OpeningKind, key: str = "", *, place: str = "") -> None:
    """Open one thing. `place`: the card in which a name stands, which is opened with it.

    The view has made sure that the thing is the Person's. Raises NotNow, NotForYoung.
    """
    with changing(session, *ON) as row:
        if kind in NOT_FOR_YOUNG and row.person is not None and situation_of(row.person).young:
            raise NotForYoung
        if Opening.objects.filter(session=row).count() >= MOST:
            return
        if place and not _card_is_open(row, place):
            _add(row, OpeningKind.CARD, place)
        _add(row, kind, key)
        log.write(row, LogKind.OPENED, LoggedBy.CALLER, what=kind, check_id=check_id_at(place or key))


def hide(session: HelpSession, kind: OpeningKind, key: str = "", *, place: str = "") -> None:
    """Hide one thing again. With a card its names and note are hidden, where no other open card shows them."""
    with changing(session, *ON) as row:
        Opening.objects.filter(session=row, kind=kind, key=key).delete()
        if kind in (OpeningKind.ALL, OpeningKind.GROUP, OpeningKind.CARD):
            _hide_what_no_card_shows(row)
        log.write(row, LogKind.HID, LoggedBy.CALLER, what=kind, check_id=check_id_at(place or key))


def hide_all(session: HelpSession) -> None:
    with changing(session, *ON) as row:
        Opening.objects.filter(session=row).delete()
        row.pointing_step = None
        log.write(row, LogKind.HID_ALL, LoggedBy.CALLER)


def _add(row: HelpSession, kind: OpeningKind, key: str) -> None:
    Opening.objects.get_or_create(session=row, kind=kind, key=key, defaults={"opened_at": timezone.now()})


def _card_is_open(row: HelpSession, place: str) -> bool:
    check = CHECKS.get(check_id_at(place))
    return check is not None and openings_of(row).card(check, place)


def _hide_what_no_card_shows(row: HelpSession) -> None:
    """A name that was uncovered on a card shall not stand uncovered when the card is opened another time."""
    left = openings_of(row)
    here = Item.objects.filter(person=row.person_id, key__in=left.names, finding__current=True)
    shown = {item.key for item in here.select_related("finding__connection") if _shows(left, item)}
    Opening.objects.filter(session=row, kind=OpeningKind.NAME).exclude(key__in=shown).delete()
    notes = [place for place in left.notes if not _card_is_open(row, place)]
    Opening.objects.filter(session=row, kind=OpeningKind.NOTE, key__in=notes).delete()


def _shows(left: Openings, item: Item) -> bool:
    check = CHECKS.get(id_now(item.finding.check_id))
    return check is not None and left.card(check, place_of(check, item.finding.connection))
