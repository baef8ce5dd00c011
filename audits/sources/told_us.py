"""What the Person told us after looking for themselves. It is told, with its date, and never more than that."""

from __future__ import annotations

from dataclasses import dataclass

from audits.facts import Coverage, CoverageState, Rung, Strength, Told
from audits.sources.contract import Ask, Seen


@dataclass(frozen=True)
class ToldUs:
    name: str = "told_us"
    scope: str = ""
    calls: tuple[str, ...] = ()

    def asks_google(self, ask: Ask) -> bool:
        return False

    def look(self, ask: Ask) -> Seen:
        facts = tuple(
            Told(
                connection=ask.connection,
                source=self.name,
                seen_at=record.answered_at,
                rung=Rung.TOLD,
                strength=Strength.TOLD,
                check=record.check,
                answer=record.answer,
                names=record.names,
            )
            for record in ask.told
        )
        coverage = Coverage(
            connection=ask.connection, source=self.name, state=CoverageState.COMPLETE, why=None, seen_at=ask.now()
        )
        return Seen(facts=facts, coverage=coverage)


SOURCE = ToldUs()
