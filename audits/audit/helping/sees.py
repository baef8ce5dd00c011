"""What the Helper sees of one card or one record, for the Person's own page of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from audits.audit.guided import place_of
from audits.audit.helping.here import helped_here
from audits.audit.helping.openings import Openings, openings_of
from audits.audit.situation import situation_of
from audits.audit.tell.for_helper import is_for_helpers
from audits.checks.catalogue import CHECKS, Check, id_now
from audits.models import Finding, HelpState, OpeningKind, Record


@dataclass(frozen=True, kw_only=True)
class CardSees:
    """`by`: through what the card is open (all, group, card), "" while it is not. `names`: keys of the Items whose
    names are uncovered. `never`: no helper is shown anything of this card but that it is there.

    `pointed`: the Helper points at this card; `step`: at which step of it, None for the whole.
    """

    helper: str
    paused: bool
    place: str
    group: str
    by: str
    names: frozenset[str]
    account: bool
    note: bool
    young: bool
    never: bool
    pointed: bool
    step: int | None


@dataclass(frozen=True, kw_only=True)
class RecordSees:
    helper: str
    paused: bool
    open: bool
    young: bool


def card_sees(request: HttpRequest, finding: Finding) -> CardSees | None:
    """None while nobody looks along; then no query at all. Else two."""
    session = helped_here(request)
    check = CHECKS.get(id_now(finding.check_id))
    if session is None or check is None:
        return None
    opened, place = openings_of(session), place_of(check, finding.connection)
    said = situation_of(finding.person)
    account = str(finding.connection.public_id) if finding.connection else ""
    pointed = session.pointing_place == place
    return CardSees(
        helper=session.helper.name,
        paused=session.state == HelpState.PAUSED,
        place=place,
        group=check.platform.id,
        by=opened_by(opened, check, place),
        names=opened.names,
        account=account in opened.accounts,
        note=place in opened.notes,
        young=said.young,
        never=not is_for_helpers(check, said),
        pointed=pointed,
        step=session.pointing_step if pointed else None,
    )


def opened_by(opened: Openings, check: Check, place: str) -> str:
    """The widest kind of opening through which a card is open, "" while it is not."""
    if opened.all:
        return OpeningKind.ALL.value
    if check.platform.id in opened.groups:
        return OpeningKind.GROUP.value
    return OpeningKind.CARD.value if place in opened.cards else ""


def record_sees(request: HttpRequest, record: Record) -> RecordSees | None:
    """None while nobody looks along."""
    session = helped_here(request)
    if session is None:
        return None
    return RecordSees(
        helper=session.helper.name,
        paused=session.state == HelpState.PAUSED,
        open=str(record.public_id) in openings_of(session).records,
        young=situation_of(record.person).young,
    )
