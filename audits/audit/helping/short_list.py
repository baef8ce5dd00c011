"""The short list of a session: both see it, only the Person changes it."""

from __future__ import annotations

from audits.audit.helping.errors import NotNow
from audits.audit.helping.sessions import ON, changing, check_id_at
from audits.models import HelpSession, ShortListEntry

MOST = 12  # a short list; more than this helps nobody


def entries(session: HelpSession) -> list[ShortListEntry]:
    return list(ShortListEntry.objects.filter(session=session)[:MOST])


def add(session: HelpSession, place: str) -> None:
    """At the end of the list, once. Raises NotNow where the list is full, or the place is none."""
    if not check_id_at(place):
        raise NotNow
    with changing(session, *ON) as row:
        places = [entry.place for entry in entries(row)]
        if place in places:
            return
        if len(places) >= MOST:
            raise NotNow
        ShortListEntry.objects.create(session=row, place=place, order=_next_order(row))


def take_off(session: HelpSession, place: str) -> None:
    with changing(session, *ON) as row:
        ShortListEntry.objects.filter(session=row, place=place).delete()


def mark(session: HelpSession, place: str, *, done: bool, another_day: bool) -> None:
    with changing(session, *ON) as row:
        found = ShortListEntry.objects.filter(session=row, place=place)
        found.update(done=done, another_day=another_day and not done)


def move(session: HelpSession, place: str, by: int) -> None:
    """Up (-1) or down (+1) by one."""
    with changing(session, *ON) as row:
        found = entries(row)
        at = next((index for index, entry in enumerate(found) if entry.place == place), None)
        if at is None or not 0 <= at + by < len(found):
            return
        found.insert(at + by, found.pop(at))
        for order, entry in enumerate(found, start=1):
            entry.order = order
        ShortListEntry.objects.bulk_update(found, ["order"])


def _next_order(row: HelpSession) -> int:
    last = ShortListEntry.objects.filter(session=row).order_by("-order").values_list("order", flat=True).first()
    return (last or 0) + 1
