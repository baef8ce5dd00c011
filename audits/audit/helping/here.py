"""Which session is on while a page of the Person is made, and on which card they are. Asked for once a page."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone

from audits.audit.helping import pointing, sessions
from audits.models import HelpSession, HelpState, Person

logger = logging.getLogger(__name__)
_FOUND = "help_session_found"


def session_here(request: HttpRequest) -> HelpSession | None:
    """The session of who is signed in: asked for, open or paused. One query a page; none while there is no session."""
    person = getattr(request, "user", None)
    if not isinstance(person, Person) or person.help_session_id is None:
        return None
    if not hasattr(request, _FOUND):
        setattr(request, _FOUND, sessions.session_of(person))
    found: HelpSession | None = getattr(request, _FOUND)
    return found


def helped_here(request: HttpRequest) -> HelpSession | None:
    """The same, once the Person has let the Helper in."""
    session = session_here(request)
    return session if session is not None and session.state in sessions.ON else None


def caller_is_at(request: HttpRequest, place: str) -> None:
    """The Person opened a page: of this card, or another one (""). While they pause, nobody is told where they are.

    Their page comes all the same when this cannot be written down.
    """
    session = helped_here(request)
    if session is None:
        return
    place = place if session.state == HelpState.OPEN else ""
    try:
        if session.caller_place != place:
            pointing.caller_is_at(session, place)
            session.caller_place, session.version = place, session.version + 1
        elif timezone.now() - session.touched_at > timedelta(seconds=sessions.TOUCH_SECONDS):
            sessions.touch(session)
    except DatabaseError as error:
        logger.warning("where a caller is was not written down: %s", type(error).__name__)
