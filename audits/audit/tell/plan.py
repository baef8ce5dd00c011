"""The plan: everything that is open, in an order that is safe to follow, and what is settled after it.

One thing stands first, a few follow in view, and the rest is folded by place. Nothing is left out without a count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext

from audits.audit import young
from audits.audit.guided import not_begun
from audits.audit.situation import Said
from audits.audit.tell.rows import Found, mark_of, row_of
from audits.audit.tell.shapes import Mark, Place, Plan, Row
from audits.checks.catalogue import CHECKS, PLATFORMS, Check
from audits.facts import VerdictState
from audits.models import Connection, Person

IN_VIEW = 7
GOOGLE = frozenset({"google", "google_photos"})  # whoever says one of these has an account there
HELPS = ("happened_tell_somebody", "happened_help_young")  # for somebody under 18
SAFETY = frozenset({"happened", "phone"})  # places that come first for somebody in danger
HAPPENED = "happened"
ACUTE = frozenset({"leak", "threat"})  # worries for which what helps now comes before what can be looked at
_SETTLED = (Mark.FINE, Mark.LEFT)

Due = Collection[tuple[str, int | None]]  # check and connection, as guided.due names them


@dataclass(frozen=True)
class Wishes:
    """What chooses and orders: what the Person said, and what they asked to see again."""

    said: Said
    due: Due

    def asked_again(self, one: Found) -> bool:
        return (one.check.id, one.finding.connection_id) in self.due


def everything(person: Person, connections: Sequence[Connection], found: Sequence[Found]) -> list[Found]:
    """Every check once for each account it can be about: found or answered already, or waiting for the Person."""
    applies = [one for one in found if one.finding.verdict != VerdictState.DOES_NOT_APPLY]
    waiting = not_begun(person, connections, [one.finding for one in found])
    return applies + [Found(one, CHECKS[one.check_id]) for one in waiting]


def fitting(found: Iterable[Found], said: Said, connected: bool) -> list[Found]:
    """What belongs in this Person's plan. What was found or answered always does."""
    return [one for one in found if meant(one, said) and (one.begun or fits(one.check, said, connected))]


def offered(one: Found, said: Said) -> bool:
    return not (said.young and young.how(one.check) == young.NOT)


def meant(one: Found, said: Said) -> bool:
    """Offered, and not written for somebody younger. That can be found among all checks."""
    return offered(one, said) and (one.begun or said.young or young.how(one.check) != young.ONLY)


def fits(check: Check, said: Said, connected: bool) -> bool:
    """Nothing said about apps and devices: everything does."""
    if not said.uses:
        return True
    if check.about == "account":
        return connected or not said.uses.isdisjoint(check.words.fits.uses | GOOGLE)
    return not check.words.fits.uses or not said.uses.isdisjoint(check.words.fits.uses)


def in_order(found: Iterable[Found], wishes: Wishes) -> list[Found]:
    """What needs a look, what they want to see again, safety, help, what worries them, what nobody notices."""
    return sorted(found, key=lambda one: _order(one, wishes))


def _order(one: Found, wishes: Wishes) -> tuple[object, ...]:
    check, said = one.check, wishes.said
    return (
        mark_of(one.finding) is not Mark.LOOK,
        not wishes.asked_again(one),
        not (said.danger and check.platform.id in SAFETY),
        check.platform.id != HAPPENED or not said.worries & ACUTE & check.words.fits.worries,
        said.worries.isdisjoint(check.words.fits.worries),
        check.words.notice.level != "nobody",
        check.words.first_rank,
        check.id,
        one.finding.connection_id or 0,
    )


def is_open(one: Found, wishes: Wishes) -> bool:
    """What looked fine or was left comes back on the day for which the Person asked."""
    return mark_of(one.finding) not in _SETTLED or wishes.asked_again(one)


def plan_of(
    found: Sequence[Found], wishes: Wishes, first: Found | None, accounts: Mapping[int, str], total: int
) -> Plan:
    """`found` in order; `first` stands above the plan already. `total`: with those that do not fit."""
    rows = {id(one): row_for(one, wishes, accounts) for one in found if one is not first}
    waiting = [one for one in found if one is not first and is_open(one, wishes)]
    settled = [one for one in found if one is not first and not is_open(one, wishes)]
    return Plan(
        next=tuple(rows[id(one)] for one in waiting[:IN_VIEW]),
        places=places((one.check.platform.id, rows[id(one)]) for one in waiting[IN_VIEW:]),
        fine=tuple(rows[id(one)] for one in settled if mark_of(one.finding) is Mark.FINE),
        left=tuple(rows[id(one)] for one in settled if mark_of(one.finding) is Mark.LEFT),
        elsewhere=total - len(found),
    )


def row_for(one: Found, wishes: Wishes, accounts: Mapping[int, str]) -> Row:
    row = row_of(one.finding, one.check, accounts)
    if wishes.asked_again(one):
        row = replace(row, due=True)
    if young.reads(one.check, wishes.said):
        row = replace(row, reading=True)
    return row


def places(rows: Iterable[tuple[str, Row]]) -> tuple[Place, ...]:
    """Rows by the place they are about, in the order of the places. What needs a look is counted apart."""
    by_place: dict[str, list[Row]] = {}
    for place, row in rows:
        by_place.setdefault(place, []).append(row)
    return tuple(
        Place(
            id=words.id,
            name=gettext(words.name),
            icon=words.icon,
            rows=tuple(by_place[words.id]),
            look=sum(1 for row in by_place[words.id] if row.mark is Mark.LOOK),
        )
        for words in PLATFORMS.values()
        if words.id in by_place
    )
