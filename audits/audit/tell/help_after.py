"""After a session, for its Person alone: what is done, still open and for next time; and the sessions of before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

from audits.audit.helping.after import DONE, NEXT, OPEN, PARTS
from audits.audit.helping.sessions import is_over
from audits.audit.tell.help_log import ended
from audits.audit.tell.help_places import PlaceLine, lines_of
from audits.audit.tell.sentences import minutes
from audits.audit.tell.shapes import Page
from audits.models import HelpEnd, HelpSession, HelpState, Person, SessionNote

SESSIONS_A_PAGE = 25

PART_TITLES = {DONE: gettext_noop("Done"), OPEN: gettext_noop("Still open"), NEXT: gettext_noop("Next time")}
_NONE = {
    DONE: gettext_noop("Nothing is marked as done. Looking is something too."),
    OPEN: gettext_noop("Nothing."),
    NEXT: gettext_noop("Nothing."),
}
CHANNELS = {
    "phone": gettext_noop("A phone call"),
    "text": gettext_noop("A text message"),
    "mail": gettext_noop("An e-mail"),
    "other": gettext_noop("Another way"),
}
VOICEMAIL = {"yes": gettext_noop("A voice message is fine"), "no": gettext_noop("No voice message, please")}
_REACH_TITLES = {
    "time": gettext_noop("When"),
    "channel": gettext_noop("How"),
    "to": gettext_noop("Where"),
    "if_somebody_else": gettext_noop("If somebody else answers"),
    "voicemail": gettext_noop("Voice message"),
}


@dataclass(frozen=True, kw_only=True)
class SessionLine:
    """One session. `when`: day and time it was asked for; `length`: "" where nobody was let in; `has_note`: what stays
    of it has a page; `on`: it goes on now."""

    session: UUID
    helper: str
    helpline: str
    when: str
    length: str
    ended: str
    on: bool
    has_note: bool


@dataclass(frozen=True, kw_only=True)
class SessionList:
    rows: tuple[SessionLine, ...]
    page: Page


@dataclass(frozen=True, kw_only=True)
class Part:
    """`others`: value and name of the parts to which its lines can go."""

    id: str
    title: str
    none: str
    lines: tuple[PlaceLine, ...]
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class After:
    """`reach`: what it is about, and what the Person wrote; empty where nothing is kept."""

    line: SessionLine
    parts: tuple[Part, ...]
    note: str
    reach: tuple[tuple[str, str], ...]


def past(person: Person, number: int) -> SessionList:
    """All sessions of a Person, the newest first, a page at a time. Two queries."""
    rows = HelpSession.objects.filter(person=person).select_related("helper", "helpline")
    total = rows.count()
    count = max(1, -(-total // SESSIONS_A_PAGE))
    number = min(max(number, 1), count)
    shown = rows.annotate(noted=Exists(SessionNote.objects.filter(session=OuterRef("pk"), person=person)))
    start = (number - 1) * SESSIONS_A_PAGE
    lines = (session_line(row, has_note=row.noted) for row in shown[start : start + SESSIONS_A_PAGE])
    return SessionList(rows=tuple(lines), page=Page(number=number, count=count, total=total))


def session_line(session: HelpSession, *, has_note: bool) -> SessionLine:
    """`session` knows its helper and helpline."""
    over = is_over(session)
    return SessionLine(
        session=session.public_id,
        helper=session.helper.name,
        helpline=session.helpline.name,
        when=date_format(timezone.localtime(session.asked_at), "j F Y, H:i"),
        length=_length(session),
        ended=ended(_end_of(session), session.helper.name) if over else "",
        on=not over,
        has_note=has_note,
    )


def _length(session: HelpSession) -> str:
    if session.accepted_at is None or session.ended_at is None:
        return ""
    seconds = (session.ended_at - session.accepted_at).total_seconds()
    return minutes(max(1, round(seconds / 60)))


def _end_of(session: HelpSession) -> str:
    """Its time may have run out, and nobody has written that down yet."""
    if session.end:
        return session.end
    return HelpEnd.UNANSWERED if session.state == HelpState.ASKED else HelpEnd.QUIET


def after(note: SessionNote) -> After:
    """`note` knows its session. None, or three queries."""
    content = note.content
    told = lines_of(note.person, [place for part in PARTS for place in content[part]])
    return After(
        line=session_line(note.session, has_note=True),
        parts=tuple(_part(part, [told[place] for place in content[part]]) for part in PARTS),
        note=content["note"],
        reach=tuple(_reach(note.reach or {})),
    )


def _part(part: str, lines: list[PlaceLine]) -> Part:
    others = tuple((other, gettext(PART_TITLES[other])) for other in PARTS if other != part)
    return Part(id=part, title=gettext(PART_TITLES[part]), none=gettext(_NONE[part]), lines=tuple(lines), others=others)


def _reach(reach: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    words = {"channel": CHANNELS, "voicemail": VOICEMAIL}
    for name, title in _REACH_TITLES.items():
        if value := reach.get(name):
            known = words.get(name)
            yield gettext(title), gettext(known.get(value, value)) if known else value
