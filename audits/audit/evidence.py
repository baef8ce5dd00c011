"""Evidence: the current facts and coverage of one Connection, put together for the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from audits.audit.asks import named_records, told_records
from audits.audit.listings import listings_of, loaded_lists
from audits.audit.records import unpack
from audits.facts import (
    Coverage,
    CoverageState,
    Evidence,
    Fact,
    ItemAnswer,
    ItemKind,
    PhoneApp,
    Why,
)
from audits.models import Connection, Person, SourceRun
from audits.models.answer import AnswerToCheck, AnswerToItem, ToldItem
from audits.models.sealing import unseal
from audits.sources.contract import Ask
from audits.sources.registry import SOURCES

TOLD = "told_us"


@dataclass(frozen=True)
class Gathered:
    """One Connection (None: the Person has none) with what its sources last saw."""

    connection: Connection | None
    facts: tuple[Fact, ...]
    coverage: Mapping[str, Coverage]


def gather(
    connection: Connection | None, runs: Iterable[SourceRun], at_hand: Mapping[int, tuple[Fact, ...]] | None = None
) -> Gathered:
    """Facts and coverage from kept runs of this Connection. `at_hand`: facts by run that need not be opened again."""
    facts: list[Fact] = []
    coverage: dict[str, Coverage] = {}
    for run in runs:
        coverage[run.source] = coverage_of(run, connection)
        facts.extend(at_hand[run.pk] if at_hand and run.pk in at_hand else facts_of(run))
    return Gathered(connection, tuple(facts), coverage)


def facts_of(run: SourceRun) -> tuple[Fact, ...]:
    """What a run saw; nothing once its facts were forgotten."""
    if run.facts_sealed is None:
        return ()
    return unpack(unseal(run.facts_sealed, str(run.person_id)))


def coverage_of(run: SourceRun, connection: Connection | None) -> Coverage:
    return Coverage(
        connection=str(connection.public_id) if connection else "",
        source=run.source,
        state=CoverageState(run.state),
        why=Why(run.why) if run.why else None,
        seen_at=run.seen_at,
        requests=run.requests,
        detail=run.detail,
    )


def evidence_from(
    gathered: Gathered,
    items: Mapping[tuple[ItemKind, str], ItemAnswer],
    checks: Iterable[AnswerToCheck],
    named: Iterable[ToldItem] = (),
) -> Evidence:
    """What the rules get: `items` and `checks` are the Person's answers and `named` what they named, read now, so that
    each counts at once."""
    connection = str(gathered.connection.public_id) if gathered.connection else ""
    records, things = tuple(told_records(checks)), tuple(named_records(named))
    told = SOURCES[TOLD].look(Ask(connection=connection, told=records, named_things=things, now=timezone.now))
    return Evidence(
        now=timezone.now(),
        connected=gathered.connection is not None,
        consumer=None if gathered.connection is None else not gathered.connection.hosted_domain,
        facts=tuple(f for f in gathered.facts if f.source != TOLD) + told.facts,
        coverage={**gathered.coverage, TOLD: told.coverage},
        item_answers=items,
        listings=listings_of(gathered.facts),
        lists=loaded_lists() if any(isinstance(f, PhoneApp) for f in gathered.facts) else (),
    )


def item_answers(person: Person) -> dict[tuple[ItemKind, str], ItemAnswer]:
    """What the Person said of single items, by kind and identity (at most 20,000, the newest)."""
    found: dict[tuple[ItemKind, str], ItemAnswer] = {}
    for row in AnswerToItem.objects.filter(person=person).order_by("-answered_at")[:20_000]:
        meaning = row.meaning
        found[ItemKind(meaning["kind"]), meaning["identity"]] = ItemAnswer(meaning["answer"])
    return found


def current_runs(person: Person, connection: Connection | None, sources: Sequence[str] = ()) -> list[SourceRun]:
    runs = SourceRun.objects.filter(person=person, connection=connection, current=True)
    return list(runs.filter(source__in=sources) if sources else runs)
