"""The log of a session in plain sentences: who did what, and when. Titles come from the catalogue; no name is in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop, ngettext

from audits.audit.helping.lasting import ANSWER_MINUTES
from audits.audit.tell.sentences import day_and_year
from audits.audit.tell.shapes import Page
from audits.checks.catalogue import CHECKS, id_now
from audits.models import HelpEnd, HelpSession, LoggedBy, LogKind, OpeningKind, SessionLog

LINES_A_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class LogLine:
    """`time`: hours and minutes on the reader's clock; `at` is the same moment for machines."""

    kind: str
    at: datetime
    time: str
    text: str


@dataclass(frozen=True, kw_only=True)
class LogDay:
    date: str
    lines: tuple[LogLine, ...]


@dataclass(frozen=True, kw_only=True)
class HelpLog:
    """The newest first."""

    days: tuple[LogDay, ...]
    page: Page


def lines(session: HelpSession, newest: int = 5, *, for_helper: bool = False) -> tuple[LogLine, ...]:
    """The last that happened, the newest first. One query.

    `for_helper`: *the caller* stands where it said *you*, and nothing of the time before this helper took over.
    """
    rows = list(_rows(session)[:newest])
    return _told(session, _since_taken_over(rows) if for_helper else rows, for_helper=for_helper)


def _since_taken_over(rows: Iterable[SessionLog]) -> Iterator[SessionLog]:
    """Of rows with the newest first. What another helper looked at is no matter of the next one."""
    for row in rows:
        yield row
        if row.kind == LogKind.HANDED_OVER:
            return


def help_log(session: HelpSession, number: int) -> HelpLog:
    """The whole log, a page at a time. Two queries."""
    rows = _rows(session)
    total = rows.count()
    count = max(1, -(-total // LINES_A_PAGE))
    number = min(max(number, 1), count)
    told = _told(session, rows[(number - 1) * LINES_A_PAGE : number * LINES_A_PAGE])
    by_day = groupby(told, key=lambda line: day_and_year(line.at))
    days = tuple(LogDay(date=date, lines=tuple(of_day)) for date, of_day in by_day)
    return HelpLog(days=days, page=Page(number=number, count=count, total=total))


def _rows(session: HelpSession) -> QuerySet[SessionLog]:
    return SessionLog.objects.filter(session=session).select_related("helper").order_by("-at", "-pk")


def _told(session: HelpSession, rows: Iterable[SessionLog], *, for_helper: bool = False) -> tuple[LogLine, ...]:
    return tuple(
        LogLine(kind=row.kind, at=row.at, time=_time(row.at), text=sentence_of(row, session.end, for_helper=for_helper))
        for row in rows
    )


def _time(at: datetime) -> str:
    return date_format(timezone.localtime(at), "H:i")


# --------------------------------------------------------------------------- the sentences

Pair = tuple[str, str]  # as the caller reads it, and as the helper does

_DONE: dict[str, Pair] = {
    LogKind.ASKED: (gettext_noop("{helper} typed your code."), gettext_noop("{helper} typed the code.")),
    LogKind.LET_IN: (gettext_noop("You let {helper} in."), gettext_noop("The caller let {helper} in.")),
    LogKind.REFUSED: (
        gettext_noop("You did not let {helper} in."),
        gettext_noop("The caller did not let {helper} in."),
    ),
    LogKind.LOOKED: (gettext_noop("{helper} looked at {card}."),) * 2,
    LogKind.POINTED: (gettext_noop("{helper} pointed at {card}."),) * 2,
    LogKind.HID_ALL: (gettext_noop("You hid all again."), gettext_noop("The caller hid all again.")),
    LogKind.PAUSED: (gettext_noop("You paused."), gettext_noop("The caller paused.")),
    LogKind.WENT_ON: (gettext_noop("You went on."), gettext_noop("The caller went on.")),
    LogKind.OFFERED: (gettext_noop("{helper} asked whether another helper may take over."),) * 2,
    LogKind.HANDED_OVER: (
        gettext_noop("You let {helper} take over."),
        gettext_noop("The caller let {helper} take over."),
    ),
}
_POINTED_AT_STEP = gettext_noop("{helper} pointed at step {step} of {card}.")

_OPENED: dict[str, Pair] = {
    OpeningKind.ALL: (
        gettext_noop("You opened all cards. Names stayed covered."),
        gettext_noop("The caller opened all cards. Names stayed covered."),
    ),
    OpeningKind.GROUP: (
        gettext_noop("You opened the cards of one place. Names stayed covered."),
        gettext_noop("The caller opened the cards of one place. Names stayed covered."),
    ),
    OpeningKind.CARD: (gettext_noop("You opened {card}."), gettext_noop("The caller opened {card}.")),
    OpeningKind.NAME: (
        gettext_noop("You uncovered a name, in {card}."),
        gettext_noop("The caller uncovered a name, in {card}."),
    ),
    OpeningKind.ACCOUNT: (
        gettext_noop("You uncovered the address of an account."),
        gettext_noop("The caller uncovered the address of an account."),
    ),
    OpeningKind.NOTE: (
        gettext_noop("You opened what you told us about {card}."),
        gettext_noop("The caller opened what they said about {card}."),
    ),
    OpeningKind.RECORD: (gettext_noop("You opened one record."), gettext_noop("The caller opened one record.")),
}
_HID: dict[str, Pair] = {
    OpeningKind.ALL: (gettext_noop("You hid all cards again."), gettext_noop("The caller hid all cards again.")),
    OpeningKind.GROUP: (
        gettext_noop("You hid the cards of one place again."),
        gettext_noop("The caller hid the cards of one place again."),
    ),
    OpeningKind.CARD: (gettext_noop("You hid {card} again."), gettext_noop("The caller hid {card} again.")),
    OpeningKind.NAME: (
        gettext_noop("You covered a name again, in {card}."),
        gettext_noop("The caller covered a name again, in {card}."),
    ),
    OpeningKind.ACCOUNT: (
        gettext_noop("You covered the address of an account again."),
        gettext_noop("The caller covered the address of an account again."),
    ),
    OpeningKind.NOTE: (
        gettext_noop("You hid what you told us about {card} again."),
        gettext_noop("The caller hid what they said about {card} again."),
    ),
    OpeningKind.RECORD: (gettext_noop("You hid one record again."), gettext_noop("The caller hid one record again.")),
}
_NOT_HANDED_OVER: dict[str, Pair] = {
    LoggedBy.CALLER: (gettext_noop("You stayed with {helper}."), gettext_noop("The caller stayed with {helper}.")),
    LoggedBy.HELPER: (gettext_noop("{helper} took that back."),) * 2,
    LoggedBy.APP: (gettext_noop("The other helper was no longer there."),) * 2,
}
_ENDED: dict[str, Pair] = {
    HelpEnd.CALLER: (gettext_noop("You ended it."), gettext_noop("The caller ended it.")),
    HelpEnd.HELPER: (gettext_noop("{helper} ended it."),) * 2,
    HelpEnd.REFUSED: _DONE[LogKind.REFUSED],
    HelpEnd.LEFT: (
        gettext_noop("You signed out or left, so it ended."),
        gettext_noop("The caller signed out or left, so it ended."),
    ),
    HelpEnd.DELETED: (gettext_noop("It ended."),) * 2,
    HelpEnd.CLOSED: (gettext_noop("The helpline ended it."),) * 2,
}
_QUIET: Pair = (
    "Nothing happened for {count} minute, so it ended by itself.",
    "Nothing happened for {count} minutes, so it ended by itself.",
)
_UNANSWERED: Pair = (
    "Nobody answered for {count} minute, so it ended by itself. {helper} saw nothing.",
    "Nobody answered for {count} minutes, so it ended by itself. {helper} saw nothing.",
)
_ANYTHING = gettext_noop("Something happened in this session.")


def sentence_of(row: SessionLog, end: str, *, for_helper: bool = False) -> str:
    """`end`: how the session ended, for the line that says so."""
    if row.kind == LogKind.ENDED:
        return ended(end, row.helper.name, for_helper=for_helper)
    step = str(row.step) if row.step is not None else ""
    words = {"helper": row.helper.name, "card": card_named(row.check_id), "step": step}
    return gettext(_pair(row)[for_helper]).format(**words)


def _pair(row: SessionLog) -> Pair:
    nothing = (_ANYTHING, _ANYTHING)
    if row.kind == LogKind.POINTED and row.step is not None:
        return _POINTED_AT_STEP, _POINTED_AT_STEP
    if row.kind == LogKind.NOT_HANDED_OVER:
        return _NOT_HANDED_OVER.get(row.by, nothing)
    if row.kind in (LogKind.OPENED, LogKind.HID):
        return (_OPENED if row.kind == LogKind.OPENED else _HID).get(row.what, nothing)
    return _DONE.get(row.kind, nothing)


def ended(end: str, helper: str, *, for_helper: bool = False) -> str:
    """How a session ended, as a sentence; "" while it goes on."""
    if end == HelpEnd.QUIET:
        return _after(_QUIET, settings.HELP_QUIET_MINUTES, helper)
    if end == HelpEnd.UNANSWERED:
        return _after(_UNANSWERED, ANSWER_MINUTES, helper)
    return gettext(_ENDED[end][for_helper]).format(helper=helper) if end in _ENDED else ""


def _after(words: Sequence[str], minutes: int, helper: str) -> str:
    return ngettext(words[0], words[1], minutes).format(count=minutes, helper=helper)


def card_named(check_id: str) -> str:
    """The title of a check in a sentence."""
    check = CHECKS.get(id_now(check_id)) if check_id else None
    return gettext("“{title}”").format(title=gettext(check.words.short)) if check else gettext("a card")
