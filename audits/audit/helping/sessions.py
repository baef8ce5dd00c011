"""How a session goes: asked, open, paused, ended. Whoever is not in the state for it changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from audits.audit.helping import live, log
from audits.audit.helping.errors import NotNow
from audits.audit.helping.lasting import ANSWER_MINUTES, ends_at
from audits.checks.catalogue import by_code
from audits.models import (
    CallWord,
    HelpCode,
    HelpEnd,
    Helper,
    HelperRole,
    Helpline,
    HelpSession,
    HelpState,
    LoggedBy,
    LogKind,
    Opening,
    Person,
    SessionLog,
    SessionNote,
    ShortListEntry,
)

TOUCH_SECONDS = 60
MANY = 200
ON = (HelpState.OPEN, HelpState.PAUSED)


# --------------------------------------------------------------------------- which one


def session_of(person: Person) -> HelpSession | None:
    """The Person's session that is asked for, open or paused. No query while there is none."""
    if person.help_session_id is None:
        return None
    found = HelpSession.objects.select_related("helper", "helpline", "next_helper")
    row = found.filter(pk=person.help_session_id, person=person).first()
    return row if row is not None and not is_over(row) else None


def session_for(helper: Helper) -> HelpSession | None:
    """The Helper's session that is asked for, open or paused. One query."""
    found = HelpSession.objects.select_related("helper", "helpline", "next_helper", "person")
    row = found.filter(helper=helper).exclude(state=HelpState.ENDED).first()
    return row if row is not None and not is_over(row) else None


def offered_to(helper: Helper) -> HelpSession | None:
    """A session that another Helper would hand over, while its Person has not answered."""
    rows = HelpSession.objects.select_related("helper").filter(next_helper=helper, state__in=ON)
    return next((row for row in rows[:5] if not is_over(row)), None)


def is_over(row: HelpSession) -> bool:
    """Ended, or its time is over and nobody has written that down yet."""
    return row.state == HelpState.ENDED or timezone.now() >= ends_at(row)


def touch(row: HelpSession) -> None:
    """One of both did something. Written once a minute at most, and no page needs to show it."""
    now = timezone.now()
    late = now - timedelta(seconds=TOUCH_SECONDS)
    HelpSession.objects.filter(pk=row.pk, touched_at__lt=late, state__in=ON).update(touched_at=now)


@contextmanager
def changing(session: HelpSession, *states: HelpState) -> Iterator[HelpSession]:
    """The session, locked, to be changed; it is saved as the next version, and both pages learn of it.

    Raises NotNow when it is in none of these states, or over.
    """
    with transaction.atomic():
        row = _locked(session)
        if row is None or row.state not in states or is_over(row):
            raise NotNow
        yield row
        row.version += 1
        row.touched_at = timezone.now()
        row.save()
        transaction.on_commit(partial(live.publish, row))


def _locked(session: HelpSession) -> HelpSession | None:
    """The session, to be changed. Whoever locks several locks Helper, Person, code and session in this order, so that
    no two wait for each other."""
    list(Person.objects.select_for_update(no_key=True, of=("self",)).filter(help_sessions=session.pk))
    return HelpSession.objects.select_for_update().filter(pk=session.pk).first()


# --------------------------------------------------------------------------- the Person's hand


def let_in(session: HelpSession) -> None:
    with changing(session, HelpState.ASKED) as row:
        row.state, row.accepted_at = HelpState.OPEN, timezone.now()
        log.write(row, LogKind.LET_IN, LoggedBy.CALLER)


def refuse(session: HelpSession) -> None:
    with changing(session, HelpState.ASKED) as row:
        log.write(row, LogKind.REFUSED, LoggedBy.CALLER)
        _end(row, HelpEnd.REFUSED)


def pause(session: HelpSession) -> None:
    with changing(session, HelpState.OPEN) as row:
        row.state = HelpState.PAUSED
        row.pointing_place, row.pointing_step = "", None
        log.write(row, LogKind.PAUSED, LoggedBy.CALLER)


def go_on(session: HelpSession) -> None:
    with changing(session, HelpState.PAUSED) as row:
        row.state = HelpState.OPEN
        log.write(row, LogKind.WENT_ON, LoggedBy.CALLER)


def end(session: HelpSession, why: HelpEnd, by: LoggedBy = LoggedBy.APP) -> None:
    """Ended twice is ended once: nobody is told that they came too late."""
    with transaction.atomic():
        row = _locked(session)
        if row is None or row.state == HelpState.ENDED:
            return
        log.write(row, LogKind.ENDED, by)
        _end(row, why)
        row.version += 1
        row.save()
        transaction.on_commit(partial(live.publish, row))


def caller_leaves(person: Person, why: HelpEnd = HelpEnd.LEFT) -> None:
    """The code in flight dies, and so does the session."""
    HelpCode.objects.filter(person=person).delete()
    for row in HelpSession.objects.filter(person=person).exclude(state=HelpState.ENDED):
        end(row, why, LoggedBy.CALLER)


def erase(person: Person) -> None:
    """For *delete everything*: what the sessions say of the Person goes; that they happened stays."""
    caller_leaves(person, HelpEnd.DELETED)
    SessionLog.objects.filter(session__person=person).erase_personal()


def _end(row: HelpSession, why: HelpEnd) -> None:
    """Everything that was open is closed; the short list stays with the Person alone."""
    row.state, row.end, row.ended_at = HelpState.ENDED, why, timezone.now()
    row.pointing_place, row.pointing_step, row.caller_place, row.next_helper = "", None, "", None
    if row.accepted_at is not None and row.person_id is not None and why != HelpEnd.DELETED:
        _keep_note(row, row.person_id)
    ShortListEntry.objects.filter(session=row).delete()
    Opening.objects.filter(session=row).delete()
    Person.objects.filter(help_session=row).update(help_session=None)


def _keep_note(row: HelpSession, person_id: int) -> None:
    entries = list(ShortListEntry.objects.filter(session=row))
    note = SessionNote(person_id=person_id, session=row, made_at=timezone.now())
    note.content = {
        "done": [entry.place for entry in entries if entry.done],
        "open": [entry.place for entry in entries if not entry.done and not entry.another_day],
        "next": [entry.place for entry in entries if not entry.done and entry.another_day],
        "note": "",
    }
    note.save()


# --------------------------------------------------------------------------- the helpline's side


def offer(session: HelpSession, other: Helper) -> None:
    """Ask the Person whether another Helper of the same helpline may take over. Raises NotNow."""
    with changing(session, *ON) as row:
        if not can_take_over(row, other):
            raise NotNow
        row.next_helper = other
        log.write(row, LogKind.OFFERED, LoggedBy.HELPER)


def can_take_over(row: HelpSession, other: Helper) -> bool:
    if (other.helpline_id, other.role) != (row.helpline_id, HelperRole.HELPER) or other.pk == row.helper_id:
        return False
    return other.ended_at is None and other.joined_at is not None and other.held_at is None and not _is_busy(other)


def hand_over(session: HelpSession, *, cover: bool) -> None:
    """The Person says yes; `cover`: what was open is hidden first. Raises NotNow."""
    try:
        with transaction.atomic():
            other = _locked_next(session)
            with changing(session, *ON) as row:
                if row.next_helper_id != other.pk or not can_take_over(row, other):
                    raise NotNow
                if cover:
                    Opening.objects.filter(session=row).delete()
                    log.write(row, LogKind.HID_ALL, LoggedBy.CALLER)
                row.helper, row.next_helper = other, None
                row.pointing_place, row.pointing_step = "", None
                log.write(row, LogKind.HANDED_OVER, LoggedBy.CALLER)
    except IntegrityError as error:  # the other Helper was let in elsewhere in this very moment
        raise NotNow from error


def _locked_next(session: HelpSession) -> Helper:
    """Who was offered to take over, locked before the session is, as where an access ends: so that nobody is handed a
    session in that very moment, and neither waits for the other. Raises NotNow."""
    offered = HelpSession.objects.filter(pk=session.pk).values("next_helper")
    other = Helper.objects.select_for_update(no_key=True).filter(pk__in=offered).first()
    if other is None:
        raise NotNow
    return other


def not_over(session: HelpSession, by: LoggedBy) -> None:
    """The Person says no, or the Helper takes the offer back."""
    with changing(session, *ON) as row:
        if row.next_helper is None:
            raise NotNow
        row.next_helper = None
        log.write(row, LogKind.NOT_HANDED_OVER, by)


def helper_goes(helper: Helper, why: HelpEnd = HelpEnd.CLOSED) -> None:
    """The Helper's access ended: so does what they look at, and what was offered to them."""
    for row in HelpSession.objects.filter(helper=helper).exclude(state=HelpState.ENDED):
        end(row, why)
    for row in HelpSession.objects.filter(next_helper=helper, state__in=ON):
        if not is_over(row):
            not_over(row, LoggedBy.APP)


def helpline_closes(helpline: Helpline) -> None:
    """Codes, sessions and call-back words of this helpline end."""
    CallWord.objects.filter(helpline=helpline).delete()
    HelpCode.objects.filter(helpline=helpline).delete()
    for row in HelpSession.objects.filter(helpline=helpline).exclude(state=HelpState.ENDED):
        end(row, HelpEnd.CLOSED)


def end_quiet() -> int:
    """Write down that sessions are over in which nothing happened, and forget codes whose time is over."""
    now = timezone.now()
    HelpCode.objects.filter(ends_at__lte=now).delete()
    late = now - timedelta(minutes=min(ANSWER_MINUTES, settings.HELP_QUIET_MINUTES))
    return end_over(HelpSession.objects.filter(touched_at__lte=late))


def end_over(sessions: QuerySet[HelpSession]) -> int:
    """Write down the end of those whose time ran out: how many."""
    over = [row for row in sessions.exclude(state=HelpState.ENDED)[:MANY] if is_over(row)]
    for row in over:
        end(row, HelpEnd.UNANSWERED if row.state == HelpState.ASKED else HelpEnd.QUIET)
    return len(over)


def _is_busy(helper: Helper) -> bool:
    return session_for(helper) is not None


def check_id_at(place: str) -> str:
    """The check of a place, for the log; "" for a place that is none."""
    check = by_code(place.partition("-")[0])
    return check.id if check is not None else ""
