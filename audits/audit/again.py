"""Once more, later: what Google could not answer at that moment is asked again by itself, one single time.

Only for faults that pass. The audit it belongs to has ended and said what it could not tell; this one looks only at
the checks that stand on what failed. What fails again waits for the Person, or for the next whole audit.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from audits.audit import work
from audits.audit.collect import ADMINISTRATOR_SOURCES
from audits.checks.catalogue import CHECKS
from audits.facts import Why
from audits.models import Audit, AuditState, ConnectionState, SourceRun, Trigger

PASSING = (Why.BUSY.value, Why.UNREACHABLE.value, Why.GOOGLE_ERROR.value)
TOO_LATE = timedelta(days=1)
AT_ONCE = 20  # audits that one sweep begins: after an outage they do not all begin together


def look_again(wake: Callable[[int], None]) -> int:
    """Queue what is due. Returns how many audits."""
    begun = 0
    for audit in _ended()[:AT_ONCE]:
        sources = set(_failed().filter(audit=audit).values_list("source", flat=True))
        checks = [check.id for check in CHECKS.values() if sources & set(check.sources)]
        if checks:
            work.start(audit.person, trigger=Trigger.SCHEDULE, only_checks=checks, wake=wake)
            begun += 1
    return begun


def _failed() -> QuerySet[SourceRun]:
    """An administrator's look is for one audit, and a dead connection needs the Person."""
    found = SourceRun.objects.filter(why__in=PASSING, current=True, connection__state=ConnectionState.WORKING)
    return found.exclude(source__in=ADMINISTRATOR_SOURCES)


def _ended() -> QuerySet[Audit]:
    """Audits in which something failed, when no audit came after them, and they were not such a second look."""
    if not settings.LOOK_AGAIN_MINUTES:
        return Audit.objects.none()
    now = timezone.now()
    since, until = now - TOO_LATE, now - timedelta(minutes=settings.LOOK_AGAIN_MINUTES)
    newer = Audit.objects.filter(person=OuterRef("person"), created_at__gt=OuterRef("created_at"))
    ended = Audit.objects.filter(state=AuditState.FINISHED, heartbeat_at__gt=since, heartbeat_at__lt=until)
    first = ended.exclude(~Q(only_checks=[]), trigger=Trigger.SCHEDULE)
    return first.filter(Exists(_failed().filter(audit=OuterRef("pk"))), ~Exists(newer)).select_related("person")
