"""Celery's doors: thin, named, safe to call twice. What there is to do stands in the database."""

from __future__ import annotations

import logging
import time

from celery import current_app, shared_task
from django.conf import settings
from kombu.exceptions import ChannelError, OperationalError
from redis.exceptions import RedisError

from audits.audit import again, alert_post, due, expiring, exporting, keep, picking, purging, revocations, run, work
from audits.audit.helping import sessions
from privacy_audit import worker_mark

logger = logging.getLogger(__name__)

MANY = 100  # audits that one sweep announces at most
FEW = 8  # the oldest are announced again in any case: the worker that had them may be gone


@shared_task(name="audits.run")
def run_audit(audit_id: int) -> None:
    run.run(audit_id)


@shared_task(name="audits.sweep")
def sweep() -> None:
    """Wake workers for everything that is queued or silent. Beat calls this, and a worker when it starts."""
    for audit_id in work.waiting(max(FEW, MANY - messages_waiting())):
        wake(audit_id)
    again.look_again(wake)
    keep.sweep_administrator_looks()
    exporting.forget_old()
    if exporting.due(limit=1):
        wake_exports()
    keep.forget_events()
    if picking.anything_due():
        wake_picks()


@shared_task(name="audits.start_due")
def start_due() -> None:
    """Begin the looks that are due by themselves, and wake workers for them."""
    left = due.room()
    while left > 0:
        batch = due.claim(min(left, settings.SCHEDULE_BATCH))
        for audit_id in batch.audits:
            wake(audit_id)
        left -= len(batch.audits)
        if not batch.more:
            return


@shared_task(name="audits.poll_picks")
def poll_picks() -> None:
    """Ask Google about rounds of choosing photos that are due."""
    picking.poll_due(wake)


@shared_task(name="audits.poll_exports")
def poll_exports() -> None:
    """Ask Google about copies that are due."""
    for export_id in exporting.due():
        exporting.poll(export_id, wake)


@shared_task(name="audits.send_reminders")
def send_reminders() -> None:
    """Hand over the messages that are due."""
    alert_post.send_due()


@shared_task(name="audits.worker_seen", expires=30)
def worker_seen() -> None:
    """Proof for /readyz that a worker really works."""
    if settings.REDIS_URL:
        with worker_mark.client(settings.REDIS_URL) as redis:
            redis.set(worker_mark.KEY, int(time.time()), ex=3600)


@shared_task(name="audits.revoke_waiting")
def revoke_waiting() -> None:
    """Ask Google again to take back permissions that it could not be asked about before."""
    revocations.try_waiting()


@shared_task(name="audits.end_empty_records")
def end_empty_records() -> None:
    """Delete some of the records that were begun without signing in and stayed empty."""
    expiring.end_empty()


@shared_task(name="audits.end_help_sessions")
def end_help_sessions() -> None:
    """Sessions in which nothing happens end, and codes whose time is over go."""
    sessions.end_quiet()


@shared_task(name="audits.purge")
def purge() -> None:
    """What is old goes: some of it now, the rest at the next beat."""
    purging.end_old_sessions()
    purging.purge_some()


def messages_waiting() -> int:
    """How many messages workers have not fetched yet. While there are many, nobody needs to be woken twice."""
    try:
        with current_app.connection_or_acquire() as connection:
            queue = connection.default_channel.queue_declare(current_app.conf.task_default_queue, passive=True)
            return int(queue.message_count)
    except (OperationalError, ChannelError, RedisError, OSError):
        return 0


def wake(audit_id: int) -> None:
    """Tell a worker about this audit. While Redis is down the audit waits: the sweep finds it."""
    try:
        run_audit.apply_async((audit_id,), retry=False, expires=max(60, 3 * settings.AUDIT_SWEEP_SECONDS))
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("audit %s waits, the queue does not answer: %s", audit_id, type(error).__name__)


def wake_picks() -> None:
    """Somebody waits for a round of choosing. While Redis is down it waits too: the sweep finds it."""
    try:
        poll_picks.apply_async(retry=False, expires=60)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("rounds of choosing wait, the queue does not answer: %s", type(error).__name__)


def wake_exports() -> None:
    """A copy is due. While Redis is down it waits: the sweep finds it."""
    try:
        poll_exports.apply_async(retry=False, expires=60)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("copies wait, the queue does not answer: %s", type(error).__name__)
