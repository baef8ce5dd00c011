"""What a Person may open to a Helper, from the words of a form. What is not theirs, or is nothing: 404."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from audits.audit import guided, young
from audits.audit.guided import place_of
from audits.audit.helping.errors import NotForYoung
from audits.audit.situation import situation_of
from audits.audit.tell.for_helper import is_for_helpers
from audits.checks.catalogue import CHECKS, Check, by_code
from audits.models import Connection, Item, OpeningKind, Person, loading

# A note is what the Person told us of one check: there are none of checks that ask nothing.
OF_A_CARD = frozenset({OpeningKind.CARD, OpeningKind.NOTE})


@dataclass(frozen=True)
class Thing:
    """One thing that can be opened. `place`: the card in which a name or a note stands."""

    kind: OpeningKind
    key: str = ""
    place: str = ""


def thing_of(person: Person, kind: str, key: str, place: str) -> Thing:
    """The thing, its key written as we write it. Raises Http404, and NotForYoung for a card that no helper is shown."""
    if kind == OpeningKind.ALL:
        return Thing(OpeningKind.ALL)
    if kind == OpeningKind.GROUP:
        return Thing(OpeningKind.GROUP, _group(key))
    if kind in OF_A_CARD:
        return _of_a_card(person, OpeningKind(kind), key)
    if kind == OpeningKind.NAME:
        return _name(person, key, place)
    if kind == OpeningKind.ACCOUNT:
        return Thing(OpeningKind.ACCOUNT, str(loading.connection_of(person, key).public_id))
    if kind == OpeningKind.RECORD:
        return Thing(OpeningKind.RECORD, str(loading.record_of(person, key).public_id))
    raise Http404


def _group(key: str) -> str:
    if key not in {check.platform.id for check in CHECKS.values()}:
        raise Http404
    return key


def _of_a_card(person: Person, kind: OpeningKind, key: str) -> Thing:
    check, connection = _for_helpers(person, key)
    if kind == OpeningKind.NOTE and check.words.told is None:
        raise Http404
    place = place_of(check, connection)
    return Thing(kind, place, place if kind == OpeningKind.NOTE else "")


def _name(person: Person, key: str, place: str) -> Thing:
    """The name of an Item that stands on this very card now."""
    check, connection = _for_helpers(person, place)
    finding = guided.found(person, check, connection)
    if finding is None:
        raise Http404
    return Thing(OpeningKind.NAME, loading.item_of(finding, key).key, place_of(check, connection))


def _for_helpers(person: Person, place: str) -> tuple[Check, Connection | None]:
    found = card_at(person, place)
    if not is_for_helpers(found[0], situation_of(person)):
        raise NotForYoung
    return found


def card_at(person: Person, place: str) -> tuple[Check, Connection | None]:
    """The check and the account of a place, where this Person has such a card. Raises Http404."""
    code, _, account = place.partition("-")
    check = by_code(code)
    owner = loading.connection_of(person, account) if account else None
    if check is None or young.left_out(person, check):
        raise Http404
    if not guided.can_begin(check, owner) and guided.found(person, check, owner) is None:
        raise Http404
    return check, owner


def names_of(person: Person, keys: frozenset[str]) -> list[Item]:
    """The Items of current findings that have one of these keys, each with its finding and account. One query."""
    rows = Item.objects.filter(person=person, key__in=keys, finding__current=True)
    return list(rows.select_related("finding__connection").order_by("pk"))
