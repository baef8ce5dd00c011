"""Run one audit from claim to end: collect, judge (which compares), tidy."""

from __future__ import annotations

import logging

from django.db import DatabaseError, transaction
from django.utils import timezone

from audits.audit import keep, revocations
from audits.audit.collect import collect
from audits.audit.judge import judge
from audits.audit.named_looks import added_since, note_unasked
from audits.audit.work import Claim, ClaimLost, beating, claim
from audits.models import AdministratorLook, Audit, AuditState

logger = logging.getLogger(__name__)


def run(audit_id: int) -> AuditState | None:
    """Work on this audit if it can be claimed. The state it ended in, or None when it was not ours to end."""
    held = claim(audit_id)
    if held is None:
        return None
    try:
        audit = Audit.objects.select_related("person").get(pk=audit_id)
        with beating(held) as lost:
            judge(held, audit, collect(held, audit, lost))
    except ClaimLost:
        logger.info("audit %s: claim of attempt %s lost", audit_id, held.attempt)
        end_of_cancelled(audit_id)
        return None
    except DatabaseError as error:
        # Nothing can be written now. The audit falls silent and is taken over when the database is back.
        logger.warning("audit %s stopped, the database failed: %s", audit_id, type(error).__name__)
        return None
    except Exception as error:
        # A mistake of ours. The audit ends as failed, which the page says; it is not run in circles.
        logger.exception("audit %s failed: %s", audit_id, type(error).__name__)
        fail(held)
        return AuditState.FAILED
    audit.refresh_from_db(fields=["state", "finished_at"])
    end_administrator_look(audit)
    if added_since(audit):
        note_unasked(audit.person)
    keep.tidy(audit.person)
    logger.info("audit %s finished in %.1f s", audit_id, (timezone.now() - audit.created_at).total_seconds())
    return AuditState.FINISHED


def fail(held: Claim) -> None:
    try:
        with held.writing():
            held.finish(AuditState.FAILED)
    except ClaimLost:
        return
    end_administrator_look(Audit.objects.get(pk=held.audit_id))


def end_of_cancelled(audit_id: int) -> None:
    """A cancelled audit takes its administrator token with it; one that was taken over does not."""
    audit = Audit.objects.filter(pk=audit_id, state=AuditState.CANCELLED).first()
    if audit is not None:
        end_administrator_look(audit)


def end_administrator_look(audit: Audit) -> None:
    """The administrator's token was for this audit only. A look opened after this audit ended is for the next one."""
    ended = audit.finished_at or timezone.now()
    for look in AdministratorLook.objects.filter(person=audit.person_id, created_at__lte=ended):
        with transaction.atomic():
            waiting = revocations.begin_for_look(look)
            look.delete()
        if waiting is not None:
            revocations.try_one(waiting)
