"""Somebody says that they are under 18, or that they are not after all: what follows for looks and for what is kept."""

from __future__ import annotations

from contextlib import suppress

from audits.accounts.leaving import close_look, stop_looking
from audits.accounts.looks import LOOKS, Look, LookState, state_of
from audits.audit.forget import forget_pictures, has_pictures, look_at_pictures_again
from audits.audit.helping.errors import HelpRefused
from audits.audit.helping.openings import hide_all
from audits.audit.helping.sessions import session_of
from audits.audit.situation import Said, keep, situation_of
from audits.models import Connection, Person, PhotoPick


def would_forget(person: Person, said: Said) -> bool:
    """Whether keeping this deletes something that is kept now."""
    return said.young and not situation_of(person).young and (has_pictures(person) or bool(open_looks(person)))


def keep_said(person: Person, said: Said) -> None:
    """Keep what was said. Under 18, looks at pictures and files are closed and what came from them is forgotten."""
    before = situation_of(person)
    if said.young and not before.young:
        stop_looking(person)  # it would write down what it has seen
    keep(person, said)
    if said.young and not before.young:
        hide_what_is_open(person)
        for connection, look in open_looks(person):
            close_look(connection, look)
        forget_pictures(person)
    if before.young and not said.young:
        look_at_pictures_again(person)


def hide_what_is_open(person: Person) -> None:
    """Some of what a helper sees now may not be opened any more: all is hidden, and they open anew what they want."""
    session = session_of(person)
    if session is None:
        return
    with suppress(HelpRefused):
        hide_all(session)


def open_looks(person: Person) -> list[tuple[Connection, Look]]:
    """The looks at pictures and files that are open, or of which something is kept."""
    connections = Connection.objects.filter(person=person)
    picked = set(PhotoPick.objects.filter(person=person).values_list("connection_id", flat=True))
    return [
        (connection, look)
        for connection in connections
        for look in LOOKS.values()
        if look.of_pictures
        and (state_of(look, connection) is LookState.OPEN or (look.id == "photos" and connection.pk in picked))
    ]
