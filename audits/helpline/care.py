"""Breathing space for helpers: how long they were on calls, when a pause is offered, and lines for afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from audits.audit.helping import sessions
from audits.audit.helping.errors import NotNow
from audits.checks.helper_words import COMMON_WORDS
from audits.models import HelpEnd, Helper, HelpSession, LoggedBy, LogKind, SessionLog

HOURS = 12  # one shift, also one that goes past midnight
PAUSE_AFTER_MINUTES = 90
PAUSE_AFTER_CALLS = 3
MOST_LINES = 300
_FROM_HERE = (LogKind.LET_IN, LogKind.HANDED_OVER)
_TOLD = (*_FROM_HERE, LogKind.ENDED)


@dataclass(frozen=True, kw_only=True)
class Breath:
    """What a helper's page says of the last HOURS. `pause`: one is offered, never asked for. `held`: they take one."""

    calls: int
    minutes: int
    pause: bool
    held: bool

    @property
    def hours(self) -> int:
        return self.minutes // 60

    @property
    def rest(self) -> int:
        """Minutes beside the whole hours."""
        return self.minutes % 60


def breath_of(helper: Helper) -> Breath:
    """One query, of at most MOST_LINES rows."""
    now = timezone.now()
    spans = list(_spans(helper, now))
    calls = len({session for session, _ in spans})
    minutes = int(sum((spent for _, spent in spans), timedelta()).total_seconds()) // 60
    pause = minutes >= PAUSE_AFTER_MINUTES or calls >= PAUSE_AFTER_CALLS
    return Breath(calls=calls, minutes=minutes, pause=pause, held=helper.held_at is not None)


def _spans(helper: Helper, now: datetime) -> Iterator[tuple[int, timedelta]]:
    """How long this helper looked along, by session; one who handed over is free from then."""
    since = now - timedelta(hours=HOURS)
    mine = SessionLog.objects.filter(session=OuterRef("session"), helper=helper, kind__in=_FROM_HERE, at__gte=since)
    rows = SessionLog.objects.filter(Exists(mine), kind__in=_TOLD, at__gte=since).order_by("session", "at", "pk")
    read = rows.values("session", "kind", "at", "helper", "session__end", "session__touched_at")[:MOST_LINES]
    for _, of_session in groupby(read, key=lambda row: row["session"]):
        lines = list(of_session)
        for line, following in zip(lines, [*lines[1:], None], strict=True):
            if line["kind"] != LogKind.ENDED and line["helper"] == helper.pk:
                yield line["session"], max(_until(following, now) - line["at"], timedelta())


def _until(line: Mapping[str, Any] | None, now: datetime) -> datetime:
    """Nobody was on a call in the quiet hour after which a session ends by itself."""
    if line is None:
        return now
    quiet = line["kind"] == LogKind.ENDED and line["session__end"] == HelpEnd.QUIET
    at: datetime = line["session__touched_at"] if quiet else line["at"]
    return at


def after_a_call() -> tuple[str, ...]:
    """What stands on the page when a session has ended."""
    return COMMON_WORDS.care


def hold(helper: Helper) -> None:
    """A pause: nobody is offered to this helper, and who was offered just now stays where they are."""
    with transaction.atomic():
        Helper.objects.filter(pk=helper.pk, held_at=None).update(held_at=timezone.now())
        for session in HelpSession.objects.filter(next_helper=helper, state__in=sessions.ON):
            _take_back(session)


def _take_back(session: HelpSession) -> None:
    try:
        sessions.not_over(session, LoggedBy.APP)
    except NotNow:
        return  # it has just ended, or was answered


def go_on(helper: Helper) -> None:
    Helper.objects.filter(pk=helper.pk).update(held_at=None)
