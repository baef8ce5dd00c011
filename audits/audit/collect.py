"""Collect: run the sources of an audit side by side and keep what each of them saw.

Sources run in threads and know no database; this module writes, one small transaction a source, while the claim
holds. A run that is kept is not repeated when another worker takes the audit over.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.utils import timezone

from audits.audit.records import pack
from audits.audit.work import Claim, ClaimLost
from audits.checks.catalogue import CHECKS
from audits.facts import Coverage, CoverageState, Why
from audits.models import (
    AdministratorLook,
    AnswerToCheck,
    Audit,
    Connection,
    ConnectionState,
    NamedPerson,
    Person,
    SourceRun,
    TimelineEntry,
)
from audits.models.sealing import seal
from audits.sources.contract import Ask, Credentials, Seen, SignInClaims, Source, ToldRecord
from audits.sources.registry import SOURCES

logger = logging.getLogger(__name__)

ADMINISTRATOR_SOURCES = frozenset({"directory_user", "directory_apps", "directory_app_passwords"})


@dataclass(frozen=True)
class Errand:
    """One source to run for one Connection (None: the Person has none)."""

    connection: Connection | None
    source: Source
    ask: Ask


def collect(held: Claim, audit: Audit, lost: threading.Event) -> None:
    """Run every source that has not been kept yet. Raises ClaimLost when the audit is no longer ours."""
    errands = plan(audit, lost.is_set)
    kept = set(SourceRun.objects.filter(audit=audit).values_list("connection_id", "source"))
    open_errands = [e for e in errands if (e.connection and e.connection.pk, e.source.name) not in kept]
    with held.writing():
        Audit.objects.filter(pk=audit.pk).update(total=len(errands), done=len(errands) - len(open_errands))
    run_side_by_side(open_errands, lambda errand, seen: keep(held, audit, errand, seen), lost)


def plan(audit: Audit, stopped: Callable[[], bool]) -> list[Errand]:
    connections: list[Connection | None] = list(
        Connection.objects.filter(person=audit.person).exclude(state=ConnectionState.ENDED)
    )
    names = wanted_sources(audit.only_checks)
    return [
        Errand(connection, SOURCES[name], ask)
        for connection in connections or [None]
        for ask in [build_ask(audit.person, connection, stopped)]
        for name in names
    ]


def wanted_sources(only_checks: Sequence[str]) -> list[str]:
    """All sources, or only those that the named checks stand on."""
    if not only_checks:
        return sorted(SOURCES)
    return sorted({name for check in only_checks if check in CHECKS for name in CHECKS[check].sources})


def build_ask(person: Person, connection: Connection | None, stopped: Callable[[], bool] = lambda: False) -> Ask:
    told = tuple(told_records(person, connection))
    if connection is None:
        return Ask(connection="", told=told, now=timezone.now, stopped=stopped)
    return Ask(
        connection=str(connection.public_id),
        email=connection.email or "",
        hosted_domain=connection.hosted_domain or "",
        credentials=credentials_of(connection),
        administrator=administrator_credentials(connection),
        granted=connection.usable_scopes,
        asked=frozenset(connection.asked),
        told=told,
        named_people=tuple(named.address for named in NamedPerson.objects.filter(person=person)[:20]),
        sign_in=sign_in_of(connection),
        now=timezone.now,
        stopped=stopped,
    )


def credentials_of(connection: Connection) -> Credentials | None:
    if connection.state != ConnectionState.WORKING or not (connection.access_token or connection.refresh_token):
        return None
    return Credentials(
        access_token=connection.access_token or "",
        expires_at=connection.access_expires_at,
        refresh_token=connection.refresh_token or "",
        client_id=settings.GOOGLE_CLIENT_ID,
        client_secret=settings.GOOGLE_CLIENT_SECRET,
    )


def administrator_credentials(connection: Connection) -> Credentials | None:
    """The one-audit token of an administrator look, if it still lives."""
    look = AdministratorLook.objects.filter(connection=connection, expires_at__gt=timezone.now()).last()
    if look is None:
        return None
    return Credentials(
        access_token=look.access_token,
        expires_at=look.expires_at,
        refresh_token="",
        client_id=settings.GOOGLE_ADMIN_CLIENT_ID,
        client_secret=settings.GOOGLE_ADMIN_CLIENT_SECRET,
    )


def sign_in_of(connection: Connection) -> SignInClaims | None:
    claims = connection.claims
    if not claims:
        return None
    return SignInClaims(
        amr=None if claims.get("amr") is None else tuple(claims["amr"]),
        auth_time=_moment(claims.get("auth_time")),
        received_at=_moment(claims.get("received_at")) or connection.created_at,
    )


def _moment(epoch: float | None) -> datetime | None:
    return None if epoch is None else datetime.fromtimestamp(epoch, UTC)


def told_records(person: Person, connection: Connection | None) -> Iterable[ToldRecord]:
    """The newest answer to each guided check."""
    newest: dict[str, AnswerToCheck] = {}
    for answer in AnswerToCheck.objects.filter(person=person, connection=connection)[:1000]:
        newest.setdefault(answer.check_id, answer)
    for answer in newest.values():
        told = answer.told
        yield ToldRecord(
            check=answer.check_id,
            answer=answer.answer,
            answered_at=answer.answered_at,
            names=tuple(told.get("names", ())),
        )


def run_side_by_side(
    errands: Sequence[Errand], keep_one: Callable[[Errand, Seen], None], lost: threading.Event
) -> None:
    """Run the errands in a bounded pool; `keep_one` is called in this thread as each of them answers."""
    with ThreadPoolExecutor(max_workers=settings.AUDIT_SOURCES_AT_ONCE, thread_name_prefix="source") as pool:
        running: dict[Future[Seen], Errand] = {pool.submit(look, errand): errand for errand in errands}
        try:
            while running:
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    keep_one(running.pop(future), future.result())
        except ClaimLost:
            lost.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def look(errand: Errand) -> Seen:
    """One source's answer. A mistake of ours in one source never harms another."""
    try:
        return errand.source.look(errand.ask)
    except Exception as error:
        # Our own mistake, whatever it is. The message may hold data of the Person: only its type is logged.
        logger.exception("source %s broke: %s", errand.source.name, type(error).__name__, exc_info=_bare(error))
        coverage = Coverage(
            connection=errand.ask.connection,
            source=errand.source.name,
            state=CoverageState.FAILED,
            why=Why.OUR_FAULT,
            seen_at=timezone.now(),
            detail=type(error).__name__[:80],
        )
        return Seen(facts=(), coverage=coverage)


def _bare(error: Exception) -> Exception:
    """The same traceback without the message."""
    return RuntimeError("hidden").with_traceback(error.__traceback__)


def keep(held: Claim, audit: Audit, errand: Errand, seen: Seen) -> None:
    """Write one source's answer while the claim holds."""
    coverage, owner = seen.coverage, str(audit.person_id)
    with held.writing():
        SourceRun.objects.create(
            audit=audit,
            person_id=audit.person_id,
            connection=errand.connection,
            source=errand.source.name,
            state=coverage.state.value,
            why=coverage.why.value if coverage.why else "",
            detail=coverage.detail[:80],
            requests=coverage.requests,
            fact_count=len(seen.facts),
            seen_at=coverage.seen_at,
            facts_sealed=seal(pack(seen.facts), owner),
            cursor_sealed=seal(dict(seen.cursor), owner) if seen.cursor else None,
        )
        Audit.objects.filter(pk=audit.pk).update(done=SourceRun.objects.filter(audit=audit).count())
        if errand.connection is not None and errand.source.name not in ADMINISTRATOR_SOURCES:
            keep_token(errand.connection, seen)


def keep_token(connection: Connection, seen: Seen) -> None:
    """A refreshed token is kept; a dead one turns the Connection to *needs reconnecting*, once."""
    if seen.coverage.why is Why.NEEDS_RECONNECTING:
        mark_dead(connection, seen.coverage.detail)
    if seen.refreshed is None:
        return
    connection.access_token = seen.refreshed.access_token
    connection.access_expires_at = seen.refreshed.expires_at
    Connection.objects.filter(pk=connection.pk, state=ConnectionState.WORKING).update(
        access_token_sealed=connection.access_token_sealed, access_expires_at=connection.access_expires_at
    )


def mark_dead(connection: Connection, detail: str) -> None:
    working = Connection.objects.filter(pk=connection.pk, state=ConnectionState.WORKING)
    if working.update(state=ConnectionState.NEEDS_RECONNECTING, state_why=detail[:40], access_token_sealed=None):
        entry = TimelineEntry(person_id=connection.person_id, kind="needs_reconnecting", at=timezone.now())
        entry.values = {"connection": str(connection.public_id)}
        entry.save()
