"""An account is disconnected while a Helper looks along: what was open of it is closed, and nobody points there."""

from __future__ import annotations

from django.db.models import Q

from audits.audit.helping.errors import NotNow
from audits.audit.helping.sessions import ON, changing, session_of
from audits.models import Connection, HelpSession, Item, Opening, OpeningKind, Person, ShortListEntry


def close_account(person: Person, connection: Connection) -> None:
    """Call it before the Connection is deleted: the names that came from it are found through it."""
    session = session_of(person)
    if session is None:
        return
    try:
        with changing(session, *ON) as row:
            _close(row, connection)
    except NotNow:
        return


def _close(row: HelpSession, connection: Connection) -> None:
    its_cards = f"-{connection.public_id}"
    names = Item.objects.filter(finding__connection=connection).values("key")
    Opening.objects.filter(session=row).filter(
        Q(kind=OpeningKind.ACCOUNT, key=str(connection.public_id))
        | Q(kind__in=(OpeningKind.CARD, OpeningKind.NOTE), key__endswith=its_cards)
        | Q(kind=OpeningKind.NAME, key__in=names)
    ).delete()
    ShortListEntry.objects.filter(session=row, place__endswith=its_cards).delete()
    if row.pointing_place.endswith(its_cards):
        row.pointing_place, row.pointing_step = "", None
    if row.caller_place.endswith(its_cards):
        row.caller_place = ""
