"""What leads read of people and of sessions: that somebody can sign in, and that a session happened. Never more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audits.audit.helping import codes
from audits.audit.helping.errors import CodesLocked
from audits.models import HelpEnd, Helper, Helpline, HelpSession, HelpState


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """`state`: invited, late (the invitation is over), joined, ended. `no_codes`: wrong codes stopped them, until
    `codes_until`, or (None) until a lead unlocks them."""

    helper: UUID
    name: str
    role: str
    state: str
    invited_until: datetime | None = None
    no_codes: bool = False
    codes_until: datetime | None = None


def person_row(helper: Helper) -> PersonRow:
    no_codes, until = _codes(helper)
    return PersonRow(
        helper=helper.public_id,
        name=helper.name,
        role=helper.role,
        state=_state(helper),
        invited_until=helper.invitation_ends_at,
        no_codes=no_codes and helper.ended_at is None,
        codes_until=until,
    )


def _state(helper: Helper) -> str:
    if helper.ended_at is not None:
        return "ended"
    if helper.invitation_key is None:
        return "joined"
    waits = helper.invitation_ends_at is not None and timezone.now() < helper.invitation_ends_at
    return "invited" if waits else "late"


def _codes(helper: Helper) -> tuple[bool, datetime | None]:
    try:
        codes.refuse_locked(helper)
    except CodesLocked as locked:
        return True, locked.until
    return False, None


@dataclass(frozen=True, kw_only=True)
class SessionRow:
    """That a session happened. `minutes` None: it did not begin, or is still on."""

    at: datetime
    helper: str
    minutes: int | None
    how: str


def sessions_of(helpline: Helpline) -> QuerySet[HelpSession]:
    """The newest first. Nothing of a caller is read, nor of what was looked at."""
    rows = HelpSession.objects.filter(helpline=helpline).select_related("helper")
    return rows.only("asked_at", "accepted_at", "ended_at", "touched_at", "state", "end", "helper__name")


def session_row(row: HelpSession) -> SessionRow:
    return SessionRow(at=row.asked_at, helper=row.helper.name, minutes=_minutes(row), how=_how(row))


def _minutes(row: HelpSession) -> int | None:
    """The quiet hour after which a session ends by itself is not counted."""
    if row.accepted_at is None or row.ended_at is None:
        return None
    until = row.touched_at if row.end == HelpEnd.QUIET else row.ended_at
    return max(0, int((until - row.accepted_at).total_seconds())) // 60


def _how(row: HelpSession) -> str:
    """In plain words. Whether a caller left quickly, or deleted everything, is nobody's business."""
    if row.state != HelpState.ENDED:
        return _("It is still on.") if row.accepted_at is not None else _("The caller has not answered yet.")
    if row.accepted_at is None:
        return _("It did not begin.")
    if row.end == HelpEnd.HELPER:
        return _("The helper ended it.")
    if row.end == HelpEnd.QUIET:
        return _("It ended by itself: nothing happened for a while.")
    if row.end == HelpEnd.CLOSED:
        return _("It ended because the helper’s access, or the helpline, ended.")
    return _("The caller ended it.")
