"""The bar of a session, on every page of the Person: who looks along, where they point, and how to stop it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from audits.audit.helping import live
from audits.audit.helping.here import session_here
from audits.audit.helping.sessions import check_id_at
from audits.checks.catalogue import CHECKS
from audits.models import HelpSession


@dataclass(frozen=True, kw_only=True)
class Bar:
    """`state`: asked, open or paused. `pointed`: title of the card at which the Helper points, "" when at none, and
    `place` names that card; `there`: the Person is on it. `other`: who was offered to take over, "" while nobody.
    """

    session: UUID
    state: str
    helper: str
    line: str
    since: str
    version: int
    ticket: str
    pointed: str = ""
    place: str = ""
    there: bool = False
    other: str = ""
    other_id: UUID | None = None


def bar_here(request: HttpRequest) -> Bar | None:
    """None while nobody looks along or asks to. One query a page, and none without a session."""
    session = session_here(request)
    return bar_of(session) if session is not None else None


def bar_of(session: HelpSession) -> Bar:
    since = session.accepted_at or session.asked_at
    check = CHECKS.get(check_id_at(session.pointing_place))
    other = session.next_helper
    return Bar(
        session=session.public_id,
        state=session.state,
        helper=session.helper.name,
        line=session.helpline.name,
        since=date_format(timezone.localtime(since), "H:i"),
        version=session.version,
        ticket=live.sign(live.Ticket(session.pk, live.CALLER)),
        pointed=gettext(check.words.short) if check is not None else "",
        place=session.pointing_place if check is not None else "",
        there=session.pointing_place == session.caller_place,
        other=other.name if other is not None else "",
        other_id=other.public_id if other is not None else None,
    )
