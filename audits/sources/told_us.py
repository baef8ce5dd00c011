"""What the Person told us after looking for themselves. It is told, with its date, and never more than that."""

from __future__ import annotations

from dataclasses import dataclass

from audits.facts import Coverage, CoverageState, NamedThing, Strength, Told
from audits.sources.contract import Ask, NamedRecord, Seen, ToldRecord


@dataclass(frozen=True)
class ToldUs:
    name: str = "told_us"
    scope: str = ""
    calls: tuple[str, ...] = ()

    def asks_google(self, ask: Ask) -> bool:
        return False

    def look(self, ask: Ask) -> Seen:
        facts = (
            *(_told(self.name, ask, one) for one in ask.told),
            *(_named(self.name, ask, one) for one in ask.named_things),
        )
        coverage = Coverage(
            connection=ask.connection, source=self.name, state=CoverageState.COMPLETE, why=None, seen_at=ask.now()
        )
        return Seen(facts=facts, coverage=coverage)


def _told(source: str, ask: Ask, record: ToldRecord) -> Told:
    return Told(
        connection=ask.connection,
        source=source,
        seen_at=record.answered_at,
        rung=record.rung,
        strength=Strength.TOLD,
        check=record.check,
        answer=record.answer,
    )


def _named(source: str, ask: Ask, record: NamedRecord) -> NamedThing:
    return NamedThing(
        connection=ask.connection,
        source=source,
        seen_at=record.named_at,
        rung=record.rung,
        strength=Strength.TOLD,
        check=record.check,
        thing=record.thing,
        kind=record.kind,
        name=record.name,
    )


SOURCE = ToldUs()
