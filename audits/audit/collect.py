"""Collect: run the sources of an audit side by side and keep what each of them saw.

Sources run in threads and know no database; this module writes, in small transactions, while the claim holds. A run
that is kept is not repeated when another worker takes the audit over.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from audits.audit.asks import build_ask, mark_dead, store_token, with_tokens
from audits.audit.evidence import facts_of
from audits.audit.records import pack
from audits.audit.situation import situation_of
from audits.audit.work import Claim, ClaimLost
from audits.audit.young import OF_PICTURES_AND_FILES, LeftOut
from audits.checks.catalogue import CHECKS
from audits.facts import Coverage, CoverageState, Fact, Why
from audits.models import (
    Audit,
    Connection,
    ConnectionState,
    Person,
    SourceRun,
    Trigger,
)
from audits.models.sealing import seal, unseal
from audits.sources.contract import Ask, Seen, Source
from audits.sources.registry import SOURCES

logger = logging.getLogger(__name__)

ADMINISTRATOR_SOURCES = frozenset(name for name, source in SOURCES.items() if getattr(source, "administrator", False))


KEPT_TOGETHER = 0.25  # seconds: what answers within them is written in one transaction


@dataclass(frozen=True)
class Errand:
    """One source to run for one Connection (None: the Person has none)."""

    connection: Connection | None
    source: Source
    ask: Ask

    @property
    def connection_id(self) -> int | None:
        return self.connection.pk if self.connection else None


def collect(held: Claim, audit: Audit, lost: threading.Event) -> dict[int, tuple[Fact, ...]]:
    """Run every source that is not kept yet; what they saw, by run. Raises ClaimLost when it is not ours any more."""
    errands = sorted(plan(audit, lost.is_set), key=lambda errand: -len(errand.source.calls))  # the longest go first
    kept = kept_before(held, audit)
    left = [errand for errand in errands if (errand.connection_id, errand.source.name) not in kept]
    asking = [errand for errand in left if errand.source.asks_google(errand.ask)]
    at_once = [(errand, look(errand)) for errand in left if not errand.source.asks_google(errand.ask)]
    seen = keep(held, audit, at_once, total=len(errands))
    run_side_by_side(asking, lambda answered: seen.update(keep(held, audit, answered)), lost)
    return seen


def kept_before(held: Claim, audit: Audit) -> set[tuple[int | None, str]]:
    """What an earlier attempt has kept: connection and source."""
    if held.attempt == 1:
        return set()
    return set(SourceRun.objects.filter(audit=audit).values_list("connection_id", "source"))


def plan(audit: Audit, stopped: Callable[[], bool]) -> list[Errand]:
    connections: list[Connection | None] = list(
        Connection.objects.filter(person=audit.person).exclude(state=ConnectionState.ENDED)
    )
    sources = sources_for(audit)
    errands: list[Errand] = []
    for connection in connections or [None]:
        ask = build_ask(audit.person, connection)
        ask = with_tokens(ask, connection, stopped, by_itself=audit.trigger == Trigger.SCHEDULE)
        remembered = remembered_of(audit.person, connection)
        errands += [Errand(connection, source, replace(ask, **remembered.get(source.name, {}))) for source in sources]
    return errands


def sources_for(audit: Audit) -> list[Source]:
    """What this audit wants to know; for somebody under 18 pictures and files are left out."""
    wanted = [SOURCES[name] for name in wanted_sources(audit.only_checks)]
    if not situation_of(audit.person).young:
        return wanted
    return [LeftOut(one) if one.name in OF_PICTURES_AND_FILES else one for one in wanted]


def remembered_of(person: Person, connection: Connection | None) -> dict[str, dict[str, Any]]:
    """By source: where its last whole look ended and what it saw, for sources that ask only for what changed."""
    runs = SourceRun.objects.filter(
        person=person, connection=connection, current=True, state=CoverageState.COMPLETE, cursor_sealed__isnull=False
    )
    return {
        run.source: {"cursor": unseal(run.cursor_sealed, str(person.pk)), "before": facts_of(run)}
        for run in runs
        if run.cursor_sealed is not None and run.facts_sealed is not None
    }


def wanted_sources(only_checks: Sequence[str]) -> list[str]:
    """All sources, or only those that the named checks stand on."""
    if not only_checks:
        return sorted(SOURCES)
    return sorted({name for check in only_checks if check in CHECKS for name in CHECKS[check].sources})


def run_side_by_side(
    errands: Sequence[Errand], keep_some: Callable[[list[tuple[Errand, Seen]]], None], lost: threading.Event
) -> None:
    """Run the errands in a bounded pool; `keep_some` is called in this thread with those that have answered.

    The pool is this audit's own: in one for the whole process an audit whose sources hang would hold up the others.
    """
    with ThreadPoolExecutor(max_workers=settings.AUDIT_SOURCES_AT_ONCE, thread_name_prefix="source") as pool:
        running: dict[Future[Seen], Errand] = {pool.submit(look, errand): errand for errand in errands}
        try:
            while running:
                done, _ = wait(running, timeout=KEPT_TOGETHER)
                if done:
                    keep_some([(running.pop(future), future.result()) for future in done])
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


def keep(
    held: Claim, audit: Audit, answered: Sequence[tuple[Errand, Seen]], **counts: int
) -> dict[int, tuple[Fact, ...]]:
    """Write what these sources answered, in one transaction in which the claim holds. Their facts, by run."""
    rows = [source_run(audit, errand, seen) for errand, seen in answered]
    with held.writing():
        SourceRun.objects.bulk_create(rows)
        Audit.objects.filter(pk=audit.pk).update(done=F("done") + len(rows), **counts)
        for errand, seen in answered:
            if errand.connection is not None and errand.source.name not in ADMINISTRATOR_SOURCES:
                keep_token(errand.connection, seen)
    return {row.pk: seen.facts for row, (_, seen) in zip(rows, answered, strict=True)}


def source_run(audit: Audit, errand: Errand, seen: Seen) -> SourceRun:
    coverage, owner = seen.coverage, str(audit.person_id)
    return SourceRun(
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
        facts_sealed=seal(pack(seen.facts), owner) if seen.facts or seen.cursor else None,
        cursor_sealed=seal(dict(seen.cursor), owner) if seen.cursor else None,
    )


def keep_token(connection: Connection, seen: Seen) -> None:
    """A refreshed token is kept; a dead one turns the Connection to *needs reconnecting*, once."""
    if seen.coverage.why is Why.NEEDS_RECONNECTING:
        mark_dead(connection, seen.coverage.detail)
    if seen.refreshed is not None:
        store_token(connection, seen.refreshed)
