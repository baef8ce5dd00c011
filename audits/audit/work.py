"""Who may work on an audit. The database says so; Redis only wakes workers.

A worker claims an audit by a conditional UPDATE that counts the attempt up. Whatever it writes afterwards, it writes
in a transaction that first renews the heartbeat of *its* attempt; when another worker has taken the audit over, or
the Person stopped it, that update finds no row and the write does not happen. So a worker that was paused and wakes
late writes nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from audits.models import ACTIVE, Audit, AuditState, Person, Trigger

logger = logging.getLogger(__name__)


class ClaimLost(Exception):
    """The audit is no longer ours: cancelled, deleted, or taken over by another worker."""


@dataclass(frozen=True)
class Claim:
    audit_id: int
    attempt: int

    def held(self) -> bool:
        """Renew the heartbeat; false when the audit is no longer ours."""
        return self._row().update(heartbeat_at=timezone.now()) == 1

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction in which this claim holds. Raises ClaimLost before anything is written."""
        with transaction.atomic():
            if not self.held():
                raise ClaimLost
            yield

    def finish(self, state: AuditState) -> None:
        """End the audit. Call inside `writing`."""
        self._row().update(state=state, finished_at=timezone.now())

    def _row(self) -> QuerySet[Audit]:
        return Audit.objects.filter(pk=self.audit_id, attempt=self.attempt, state=AuditState.RUNNING)


def start(
    person: Person, *, trigger: Trigger, only_checks: Sequence[str] = (), wake: Callable[[int], None] | None = None
) -> Audit:
    """Queue an audit, or return the one that is already active. `wake` is called after commit with its id."""
    with transaction.atomic():
        audit = active_audit(person)
        if audit is not None and trigger is Trigger.ADMINISTRATOR:
            # The administrator's token is for one audit that has not planned its work yet.
            cancel(audit)
            audit = None
        if audit is None:
            audit = _queue(person, trigger, only_checks)
        if wake is not None:
            audit_id = audit.pk
            transaction.on_commit(lambda: wake(audit_id))
    return audit


def _queue(person: Person, trigger: Trigger, only_checks: Sequence[str]) -> Audit:
    try:
        with transaction.atomic():
            return Audit.objects.create(
                person=person, trigger=trigger, only_checks=list(only_checks), created_at=timezone.now()
            )
    except IntegrityError:
        found = active_audit(person)
        if found is None:
            raise
        return found


def active_audit(person: Person) -> Audit | None:
    return Audit.objects.filter(person=person, state__in=ACTIVE).first()


def cancel(audit: Audit) -> bool:
    """Stop an audit. True when it was still active. What it wrote of its sources stays unused."""
    ended = Audit.objects.filter(pk=audit.pk, state__in=ACTIVE)
    return ended.update(state=AuditState.CANCELLED, finished_at=timezone.now()) == 1


def _claimable() -> Q:
    silent = timezone.now() - timedelta(seconds=settings.AUDIT_STALE_SECONDS)
    return Q(state=AuditState.QUEUED) | Q(state=AuditState.RUNNING, heartbeat_at__lt=silent)


def claim(audit_id: int) -> Claim | None:
    """Take a queued or silent audit; None when there is nothing to take."""
    audit = Audit.objects.filter(_claimable(), pk=audit_id).first()
    if audit is None:
        return None
    now = timezone.now()
    row = Audit.objects.filter(_claimable(), pk=audit_id, attempt=audit.attempt)
    if audit.attempt >= settings.AUDIT_ATTEMPTS:
        row.update(state=AuditState.FAILED, finished_at=now)
        logger.error("audit %s failed: taken over too often", audit_id)
        return None
    attempt = audit.attempt + 1
    taken = row.update(state=AuditState.RUNNING, claimed_at=now, heartbeat_at=now, attempt=attempt)
    return Claim(audit_id, attempt) if taken else None


def waiting(limit: int = 100) -> list[int]:
    """Ids of audits that a worker should take now: queued or silent, the oldest first."""
    return list(Audit.objects.filter(_claimable()).order_by("created_at").values_list("pk", flat=True)[:limit])


@contextmanager
def beating(held: Claim) -> Iterator[threading.Event]:
    """Keep the heartbeat going in a thread. The event is set once the audit is no longer ours."""
    lost, done = threading.Event(), threading.Event()
    thread = threading.Thread(target=_beat, args=(held, lost, done), name=f"heartbeat-{held.audit_id}", daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        done.set()
        thread.join()


def _beat(held: Claim, lost: threading.Event, done: threading.Event) -> None:
    try:
        while not done.wait(settings.AUDIT_HEARTBEAT_SECONDS):
            if not _still_held(held):
                lost.set()
                return
    finally:
        connection.close()


def _still_held(held: Claim) -> bool:
    try:
        return held.held()
    except DatabaseError as error:
        # The database may be away for a moment. If it stays away, another worker takes over and our writes fail.
        logger.warning("heartbeat of audit %s failed: %s", held.audit_id, type(error).__name__)
        connection.close()
        return True
