"""How far the newest audit is: one row, whatever it holds."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from audits.audit.tell.shapes import Progress
from audits.models import Audit, AuditState, Person


def progress(person: Person) -> Progress | None:
    """None before the first audit. One query."""
    newest = Audit.objects.filter(person=person).first()
    return None if newest is None else progress_of(newest)


def progress_of(audit: Audit) -> Progress:
    return Progress(
        state=audit.state,
        done=audit.done,
        total=audit.total,
        sentence=_sentence(audit),
        active=audit.active,
        waiting_long=_waits_long(audit),
        can_cancel=audit.active,
    )


def _waits_long(audit: Audit) -> bool:
    """Nobody has worked on it for a while: the worker or the queue may be down."""
    quiet = timezone.now() - timedelta(seconds=max(15.0, settings.AUDIT_STALE_SECONDS))
    last_sign = audit.heartbeat_at or audit.created_at
    return audit.active and last_sign < quiet


def _sentence(audit: Audit) -> str:
    if _waits_long(audit):
        return gettext("This takes longer than usual. You need not stay: it goes on by itself, and nothing is lost.")
    if audit.state == AuditState.QUEUED:
        return gettext("Waiting to begin.")
    if audit.state == AuditState.RUNNING and not audit.total:
        return gettext("Beginning to look.")
    if audit.state == AuditState.RUNNING:
        text = ngettext(
            "Looking: {done} of {total} place done.", "Looking: {done} of {total} places done.", audit.total
        )
        return text.format(done=audit.done, total=audit.total)
    return _ending(audit)


def _ending(audit: Audit) -> str:
    if audit.state == AuditState.CANCELLED:
        return gettext("You stopped this look. What we knew before is still here.")
    if audit.state == AuditState.FAILED:
        return gettext("This look did not finish, because of a mistake on our side. What we knew before is still here.")
    return gettext("Done.")
