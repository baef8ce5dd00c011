"""The log of a session: written once, read by the Person at any time."""

from __future__ import annotations

from django.utils import timezone

from audits.models import HelpSession, LoggedBy, LogKind, SessionLog


def write(
    session: HelpSession, kind: LogKind, by: LoggedBy, *, what: str = "", check_id: str = "", step: int | None = None
) -> None:
    SessionLog.objects.create(
        session=session,
        at=timezone.now(),
        kind=kind,
        by=by,
        helper_id=session.helper_id,
        what=what,
        check_id=check_id,
        step=step,
    )


def looked(session: HelpSession, check_id: str) -> None:
    """The Helper's page shows this card. A page that asks again for the same card is no second look."""
    last = SessionLog.objects.filter(session=session, kind=LogKind.LOOKED).order_by("-at", "-pk").first()
    if last is not None and (last.check_id, last.helper_id) == (check_id, session.helper_id):
        return
    write(session, LogKind.LOOKED, LoggedBy.HELPER, check_id=check_id)
