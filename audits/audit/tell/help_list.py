"""The short list of a session, as its Person sees it: in order, each with where it is and how far it got."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext

from audits.audit.helping.here import helped_here
from audits.audit.helping.short_list import MOST, entries
from audits.audit.tell.help_places import PlaceLine, lines_of
from audits.models import HelpSession, Person, ShortListEntry
from audits.models.loading import person_of

_FOUND = "short_list_found"


@dataclass(frozen=True, kw_only=True)
class ListLine:
    """`here`: the page is about it. `first`, `last`: it goes no further up, or down."""

    line: PlaceLine
    state: str
    done: bool
    another_day: bool
    here: bool
    first: bool
    last: bool


@dataclass(frozen=True, kw_only=True)
class ShortList:
    """`place`: the card whose page this is, "" elsewhere. `listed`: it is on the list."""

    lines: tuple[ListLine, ...]
    place: str
    listed: bool
    full: bool
    most: int = MOST


def short_list(session: HelpSession, person: Person, place: str = "") -> ShortList:
    """One query while it is empty, else four."""
    rows = entries(session)
    told = lines_of(person, [row.place for row in rows])
    lines = tuple(
        _line(row, told[row.place], here=row.place == place, first=number == 0, last=number == len(rows) - 1)
        for number, row in enumerate(rows)
    )
    return ShortList(lines=lines, place=place, listed=any(one.here for one in lines), full=len(rows) >= MOST)


def _line(row: ShortListEntry, line: PlaceLine, *, here: bool, first: bool, last: bool) -> ListLine:
    return ListLine(
        line=line,
        state=_state(row),
        done=row.done,
        another_day=row.another_day,
        here=here,
        first=first,
        last=last,
    )


def _state(row: ShortListEntry) -> str:
    if row.done:
        return gettext("done")
    return gettext("for another day") if row.another_day else ""


def list_here(request: HttpRequest, place: str) -> ShortList | None:
    """For a page of the Person; None while nobody looks along. Asked for once a page, however often it is shown."""
    session = helped_here(request)
    if session is None:
        return None
    if not hasattr(request, _FOUND):
        setattr(request, _FOUND, short_list(session, person_of(request), place))
    found: ShortList = getattr(request, _FOUND)
    return found
