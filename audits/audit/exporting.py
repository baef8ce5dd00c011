"""The story of a copy that Google makes: begin, ask whether it is ready, read, end the permission, look again.

`next_poll_at` is the claim: whoever moves it on by a conditional UPDATE asks Google, and nobody else. What is written
afterwards is written only while that poll is still the newest, so a worker that wakes late writes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from audits.audit import revocations, work
from audits.audit.records import pack
from audits.checks.catalogue import CHECKS
from audits.facts import Rung, Strength, Why
from audits.models import Connection, Export, TimelineEntry, Trigger, WaitingRevocation, WaitState
from audits.sources.contract import Credentials
from audits.sources.google import exported, portability, portability_files, retry
from audits.sources.google.errors import GoogleFault, NeedsReconnecting
from audits.sources.google.http import Http
from audits.sources.google.oauth import TokenAnswer
from audits.sources.google.session import Session
from audits.sources.google.source import Stamp

logger = logging.getLogger(__name__)

SOURCES = tuple(source.name for source in exported.BY_RESOURCE.values())
LONGEST = timedelta(days=7)  # Google makes most copies in hours, and may take days
LONGEST_WAIT = timedelta(hours=1)
CLAIM_HOLDS = timedelta(minutes=5)  # longer than a poll takes; a worker that died in one is followed by another
BEHIND_AN_AUDIT = timedelta(seconds=20)
_ONE_MORE_TRY = retry.Patience(tries=2, first=0.2, longest=1.0)  # what fails now is asked again at the next poll

Wake = Callable[[int], None]


@dataclass(frozen=True)
class Ended:
    """A round that is deleted here, and its permission, which Google must be told to end."""

    export: Export
    waiting: WaitingRevocation


class Overtaken(Exception):
    """The Person stopped this, or another worker went on with it."""


# --------------------------------------------------------------------------- begin and end, by the Person


def begin(connection: Connection, said: TokenAnswer) -> Export:
    """The Person allowed at least one resource. A round that still waits gives way: this consent stands for both."""
    now = timezone.now()
    export = Export(person=connection.person, connection=connection)
    export.created_at = export.next_poll_at = now
    export.expires_at = now + LONGEST
    export.tokens = {
        "access_token": said.access_token,
        "refresh_token": said.refresh_token,
        "expires_at": said.expires_at.isoformat(),
    }
    export.jobs = {
        resource: {"id": "", "why": (Why.NOT_YET if scope in said.scopes else Why.UNTICKED).value}
        for resource, scope in portability.RESOURCES.items()
    }
    with transaction.atomic():
        Export.objects.filter(connection=connection, state=WaitState.WAITING).delete()
        revocations.forget(connection.sub, settings.GOOGLE_PORTABILITY_CLIENT_ID)
        export.save()
    return export


def forget(exports: QuerySet[Export]) -> list[Ended]:
    """Delete these rounds and what was read in them. Call it in a transaction, then `end_permissions`."""
    ended = []
    for export in exports:
        waiting = take_token(export)
        if waiting is not None:
            ended.append(Ended(export, waiting))
    exports.delete()
    return ended


def end_permissions(ended: Iterable[Ended]) -> None:
    for one in ended:
        end_permission(one.export, one.waiting)


def take_token(export: Export) -> WaitingRevocation | None:
    """The permission of this round, ready to be ended. None when it has ended already. Call it in a transaction."""
    tokens = export.tokens
    if not tokens:
        return None
    token = tokens["refresh_token"] or tokens["access_token"]
    return revocations.begin(token, export.connection.sub, settings.GOOGLE_PORTABILITY_CLIENT_ID)


def end_permission(export: Export, waiting: WaitingRevocation) -> None:
    """Google's own way first, which lets a new consent follow at once; else the way of every permission."""
    try:
        with _session(export, retry.Patience(tries=1), timeout=revocations.QUICK) as session:
            portability.reset(session)
    except GoogleFault as fault:
        logger.info("a consent was not reset: %s", fault.detail)
        revocations.try_one(waiting)
    else:
        waiting.delete()


def forget_old() -> None:
    """What was read lives no longer than the rest of what is kept."""
    before = timezone.now() - timedelta(days=settings.KEEP_HISTORY_DAYS)
    Export.objects.exclude(state=WaitState.WAITING).filter(created_at__lt=before).delete()


# --------------------------------------------------------------------------- asking Google, by a worker


def due(limit: int = 50) -> list[int]:
    waiting = Export.objects.filter(state=WaitState.WAITING, next_poll_at__lte=timezone.now())
    return list(waiting.order_by("next_poll_at").values_list("pk", flat=True)[:limit])


def poll(export_id: int, wake: Wake) -> None:
    """Take every job of this round one step further. `wake` is called with the audit that follows the end."""
    export = _claim(export_id)
    if export is None:
        return
    try:
        _steps(export)
        if _open(export):
            _write(export, next_poll_at=timezone.now() + _wait(export.polls))
        else:
            _finish(export, wake)
    except Overtaken:
        logger.info("export %s was overtaken", export_id)


def _claim(export_id: int) -> Export | None:
    now = timezone.now()
    due_now = Export.objects.filter(pk=export_id, state=WaitState.WAITING, next_poll_at__lte=now)
    export = due_now.select_related("connection", "person").first()
    if export is None:
        return None
    if not due_now.filter(polls=export.polls).update(polls=export.polls + 1, next_poll_at=now + CLAIM_HOLDS):
        return None
    export.polls += 1
    return export


def _wait(polls: int) -> timedelta:
    """Until the next poll: longer each time."""
    first = timedelta(seconds=settings.EXPORT_POLL_SECONDS)
    return min(first * int(2 ** min(polls - 1, 10)), LONGEST_WAIT)


def _open(export: Export) -> list[str]:
    """The resources that Google still works on, or has not been asked for yet."""
    return [resource for resource, job in export.jobs.items() if job["why"] == Why.NOT_YET]


def _steps(export: Export) -> None:
    if timezone.now() >= export.expires_at:
        _end_jobs(export, _open(export), Why.UNREACHABLE)
        return
    with _session(export, _ONE_MORE_TRY) as session:
        for resource in _open(export):
            try:
                _step(session, export, resource)
            except NeedsReconnecting:
                _end_jobs(export, _open(export), Why.NEEDS_RECONNECTING)
                return
            except GoogleFault as fault:
                logger.info("export %s, %s: %s", export.pk, resource, fault.detail)
                if not fault.retriable:
                    _end_jobs(export, [resource], fault.why)
        _keep_token(session, export)


def _step(session: Session, export: Export, resource: str) -> None:
    """Begin one job, or ask how it is; read it when it is ready. Raises GoogleFault."""
    job = export.jobs[resource]["id"]
    if not job:
        _keep_job(export, resource, {"id": portability.initiate(session, resource), "why": Why.NOT_YET.value})
        return
    found = portability.state_of(session, job)
    if found.state == portability.COMPLETE:
        archives = [portability.download(session, url) for url in found.urls]
        read = portability_files.read(resource, archives, _stamp(export, resource))
        export.facts = {**(export.facts or {}), resource: pack(read.facts)}
        _keep_job(export, resource, {"id": job, "why": read.why.value if read.why else ""})
    elif found.state != portability.IN_PROGRESS:
        _end_jobs(export, [resource], Why.STOPPED if found.state == portability.CANCELLED else Why.GOOGLE_ERROR)


def _end_jobs(export: Export, resources: list[str], why: Why) -> None:
    for resource in resources:
        _keep_job(export, resource, {**export.jobs[resource], "why": why.value})


def _keep_job(export: Export, resource: str, job: dict[str, str]) -> None:
    export.jobs = {**export.jobs, resource: job}
    _write(export, jobs_sealed=export.jobs_sealed, facts_sealed=export.facts_sealed)


def _keep_token(session: Session, export: Export) -> None:
    if session.refreshed is not None:
        fresh = {
            "access_token": session.refreshed.access_token,
            "expires_at": session.refreshed.expires_at.isoformat(),
        }
        export.tokens = {**export.tokens, **fresh}
        _write(export, tokens_sealed=export.tokens_sealed)


def _write(export: Export, **columns: Any) -> None:
    """Only while this poll is the newest and the Person has not stopped it."""
    same = Export.objects.filter(pk=export.pk, state=WaitState.WAITING, polls=export.polls)
    if not same.update(**columns):
        raise Overtaken


def _finish(export: Export, wake: Wake) -> None:
    """Everything ended, in one way or another. An audit that runs now may have looked already, so it goes first."""
    now = timezone.now()
    if work.active_audit(export.person) is not None:
        _write(export, next_poll_at=now + BEHIND_AN_AUDIT)
        return
    with transaction.atomic():
        _write(export, state=_end_state(export, now), read_at=now, tokens_sealed=None)
        waiting = take_token(export)
        _forget_earlier(export)
        entry = TimelineEntry(person=export.person, kind="export_ended", at=now)
        entry.values = {"connection": str(export.connection.public_id)}
        entry.save()
    if waiting is not None:
        end_permission(export, waiting)
    checks = [check.id for check in CHECKS.values() if set(check.sources) & set(SOURCES)]
    work.start(export.person, trigger=Trigger.RECHECK, only_checks=checks, wake=wake)


def _end_state(export: Export, now: datetime) -> WaitState:
    if export.facts:
        return WaitState.DONE
    return WaitState.EXPIRED if now >= export.expires_at else WaitState.FAILED


def _forget_earlier(export: Export) -> None:
    """An earlier round of which nothing is the newest any more."""
    read = set(export.facts or {})
    for earlier in Export.objects.filter(connection=export.connection).exclude(pk=export.pk):
        if set(earlier.facts or {}) <= read:
            earlier.delete()


def _session(export: Export, patience: retry.Patience, timeout: float | None = None) -> Session:
    tokens = export.tokens
    credentials = Credentials(
        access_token=tokens["access_token"],
        expires_at=datetime.fromisoformat(tokens["expires_at"]),
        refresh_token=tokens["refresh_token"],
        client_id=settings.GOOGLE_PORTABILITY_CLIENT_ID,
        client_secret=settings.GOOGLE_PORTABILITY_CLIENT_SECRET,
    )
    http = Http(timeout=timeout)
    return Session(credentials, now=timezone.now, stopped=lambda: False, http=http, patience=patience)


def _stamp(export: Export, resource: str) -> Stamp:
    return Stamp(
        connection=str(export.connection.public_id),
        source=exported.BY_RESOURCE[resource].name,
        seen_at=timezone.now(),
        rung=Rung.EXPORT,
        strength=Strength.PROVES,
    )
