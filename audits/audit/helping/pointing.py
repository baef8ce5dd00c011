"""Where both are: the card or step at which the Helper points, and the card on which the Person is."""

from __future__ import annotations

from audits.audit.helping import log
from audits.audit.helping.errors import NotNow
from audits.audit.helping.sessions import ON, changing, check_id_at
from audits.models import HelpSession, HelpState, LoggedBy, LogKind


def point(session: HelpSession, place: str, step: int | None = None, *, shown: int | None = None) -> None:
    """Light up a card, or one step of it (StepCard.point), on the Person's page. `shown`: the number beside that step.

    Raises NotNow: pausing stops pointing too.
    """
    check_id = check_id_at(place)
    if not check_id:
        raise NotNow
    with changing(session, HelpState.OPEN) as row:
        row.pointing_place, row.pointing_step = place, step
        log.write(row, LogKind.POINTED, LoggedBy.HELPER, check_id=check_id, step=shown or step)


def stop_pointing(session: HelpSession) -> None:
    with changing(session, *ON) as row:
        row.pointing_place, row.pointing_step = "", None


def caller_is_at(session: HelpSession, place: str) -> None:
    """The Person opened the page of a card, or another page (""). A page of theirs never fails because of it."""
    if session.caller_place == place:
        return
    try:
        with changing(session, *ON) as row:
            row.caller_place = place
    except NotNow:
        return
