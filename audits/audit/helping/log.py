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


def looked(session: HelpSession, check_id: str, *, by_itself: bool = False) -> None:
    """The Helper's page shows this card. A page that asks again for the same card is no second look.

    `by_itself`: the page was made anew without the Helper. Then a card counts once until more is opened.
    """
    rows = SessionLog.objects.filter(session=session)
    if by_itself:
        opened = rows.filter(kind=LogKind.OPENED).order_by("-pk").values_list("pk", flat=True).first() or 0
        mine = rows.filter(kind=LogKind.LOOKED, helper=session.helper_id, check_id=check_id)
        if mine.filter(pk__gt=opened).exists():
            return
    last = rows.filter(kind=LogKind.LOOKED).order_by("-at", "-pk").first()
    if last is not None and (last.check_id, last.helper_id) == (check_id, session.helper_id):
        return
    write(session, LogKind.LOOKED, LoggedBy.HELPER, check_id=check_id)
