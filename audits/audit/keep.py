"""Nothing is kept that need not be: facts live for the next audits, items for as long as they are compared."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audits.audit import purging
from audits.models import AdministratorLook, Audit, AuditState, Item, Person, ReceivedEvent, SourceRun

UNUSED = (AuditState.CANCELLED, AuditState.FAILED)


def tidy(person: Person) -> None:
    """After an audit: forget what is no longer judged from or compared with. Nothing is locked where nothing is old."""
    whole = Audit.objects.filter(person=person, state=AuditState.FINISHED, only_checks=[])
    recent = list(whole.values_list("pk", flat=True)[: settings.KEEP_AUDITS + 1])
    if len(recent) > settings.KEEP_AUDITS:
        forget_before(person, min(recent))
    unused = SourceRun.objects.filter(person=person, current=False, audit__state__in=UNUSED).exclude(facts_sealed=None)
    if unused.exists():
        unused.update(facts_sealed=None, cursor_sealed=None)
    if person.created_at < purging.oldest_kept():  # else nothing of theirs is as old as that
        purging.purge(person)


@transaction.atomic
def forget_before(person: Person, audit_id: int) -> None:
    old_runs = SourceRun.objects.filter(person=person, current=False, audit_id__lt=audit_id)
    old_runs.exclude(facts_sealed=None).update(facts_sealed=None, cursor_sealed=None)
    Item.objects.filter(person=person, finding__current=False, finding__audit_id__lt=audit_id).delete()


def sweep_administrator_looks() -> int:
    """Tokens whose audit never came to an end."""
    deleted, _ = AdministratorLook.objects.filter(expires_at__lt=timezone.now()).delete()
    return deleted


def forget_events() -> int:
    """Security events whose tokens are refused for their age by now (see accounts/risc/token.py)."""
    before = timezone.now() - timedelta(days=settings.KEEP_EVENT_DAYS + 1)
    deleted, _ = ReceivedEvent.objects.filter(received_at__lt=before).delete()
    return deleted
