"""What every Google source does the same way: who may look, the conversation, and an honest account of how it went.

A source is a `read` function that puts facts into a Reading and lets faults rise. What was put there before a fault
was really seen, so it is kept, and the coverage says what is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict

from audits.facts import Coverage, CoverageState, Fact, Rung, Strength, Why
from audits.sources.contract import Ask, Credentials, Seen
from audits.sources.google import values
from audits.sources.google.documents import JsonObject
from audits.sources.google.errors import GoogleFault, IncompleteList, TooMany, Unreadable
from audits.sources.google.session import Session

MOST_FACTS = 20_000
_STATES = {
    Why.NOT_ASKED: CoverageState.REFUSED,
    Why.UNTICKED: CoverageState.REFUSED,
    Why.NOT_CONNECTED: CoverageState.NOT_AVAILABLE,
    Why.CONSUMER_ACCOUNT: CoverageState.NOT_AVAILABLE,
    Why.NOT_ADMINISTRATOR: CoverageState.NOT_AVAILABLE,
    Why.NOBODY_NAMED: CoverageState.NOT_AVAILABLE,
    Why.NOT_SAID: CoverageState.NOT_AVAILABLE,
    Why.NO_SERVICE: CoverageState.NOT_AVAILABLE,
    Why.NOT_ELIGIBLE: CoverageState.NOT_AVAILABLE,
    Why.NOT_YET: CoverageState.NOT_AVAILABLE,
}


class Stamp(TypedDict):
    """What every fact of one look has in common."""

    connection: str
    source: str
    seen_at: datetime
    rung: Rung
    strength: Strength


@dataclass
class Reading:
    """One look as it goes on. Facts are kept by identity, so that a page served twice adds nothing."""

    ask: Ask
    session: Session
    stamp: Stamp
    facts: dict[str, Fact] = field(default_factory=dict)
    cursor: dict[str, Any] = field(default_factory=dict)  # for the next look; kept only when this one was whole
    whole_at: datetime | None = None  # when everything was last read whole; None: in this look
    answered: bool = False  # Google gave at least one answer that we could read
    why: Why | None = None
    detail: str = ""
    missing: int = 0  # how often something fell short so far

    def put(self, identity: str, fact: Fact) -> None:
        if identity not in self.facts and len(self.facts) >= MOST_FACTS:
            raise TooMany(f"more than {MOST_FACTS} facts")
        self.facts[identity] = fact

    def take(self, build: Callable[[], tuple[str, Fact]]) -> None:
        """Put the fact that `build` makes of one record. A record that cannot be read is missing, and said to be."""
        try:
            self.put(*build())
        except Unreadable as fault:
            self.falls_short(fault)

    def whole_list(self, answer: JsonObject, key: str) -> list[Any]:
        """The list in an answer that has no pages. Raises Unreadable when there is none."""
        found = values.records(answer, key)
        self.answered = True
        if answer.get("nextPageToken") is not None:
            self.falls_short(IncompleteList("a further page where there are no pages"))
        return found

    def begin_again(self) -> None:
        """Forget what this look found so far: it is read another way."""
        self.facts.clear()
        self.why, self.detail, self.answered = None, "", False

    def falls_short(self, fault: GoogleFault) -> None:
        """Something is missing from this look, and it goes on. The first reason stands."""
        self.missing += 1
        if self.why is None:
            self.why, self.detail = fault.why, fault.detail

    def breaks_off(self, fault: GoogleFault) -> None:
        """The look ends here. This reason stands above the smaller ones."""
        self.why, self.detail = fault.why, fault.detail

    def seen(self) -> Seen:
        return Seen(
            facts=tuple(self.facts.values()),
            coverage=Coverage(
                connection=self.ask.connection,
                source=self.stamp["source"],
                state=self._state(),
                why=self.why,
                seen_at=self.whole_at or self.stamp["seen_at"],
                requests=self.session.requests,
                detail=self.detail,
            ),
            cursor=self.cursor if self.why is None else {},
            refreshed=self.session.refreshed,
        )

    def _state(self) -> CoverageState:
        if self.why is None:
            return CoverageState.COMPLETE
        return CoverageState.PARTIAL if self.answered else _STATES.get(self.why, CoverageState.FAILED)


@dataclass(frozen=True)
class GoogleSource:
    """A Source over one of Google's APIs. Any one of `scopes` is enough, unless it needs `all_scopes`.

    `administrator` looks are for one audit.
    """

    name: str
    scopes: tuple[str, ...]
    calls: tuple[str, ...]
    read: Callable[[Reading], None]
    administrator: bool = False
    all_scopes: bool = False
    needs: Callable[[Ask], Why | None] = lambda ask: None  # what else must be there before it can look

    @property
    def scope(self) -> str:
        return self.scopes[0]

    def asks_google(self, ask: Ask) -> bool:
        return self._why_not(ask) is None and self._credentials(ask) is not None

    def look(self, ask: Ask) -> Seen:
        refused = self._why_not(ask)
        credentials = self._credentials(ask)
        if refused is not None or credentials is None:
            return without_asking(self.name, ask, refused or Why.NEEDS_RECONNECTING)
        with Session(
            credentials, now=ask.now, stopped=ask.stopped, account=ask.connection, outage=ask.outage
        ) as session:
            reading = Reading(ask, session, self._stamp(ask))
            try:
                self.read(reading)
            except GoogleFault as fault:
                reading.breaks_off(fault)
            return reading.seen()

    def _credentials(self, ask: Ask) -> Credentials | None:
        return ask.administrator if self.administrator else ask.credentials

    def _why_not(self, ask: Ask) -> Why | None:
        """Why no call may be made, or None."""
        if not ask.connection:
            return Why.NOT_CONNECTED
        if self.administrator and not ask.hosted_domain:
            return Why.CONSUMER_ACCOUNT
        if self.administrator and ask.administrator is None:
            return Why.NOT_ASKED
        if not self._enough(ask.granted):
            return Why.UNTICKED if self._enough(ask.asked) else Why.NOT_ASKED
        return self.needs(ask)

    def _enough(self, scopes: frozenset[str]) -> bool:
        return scopes.issuperset(self.scopes) if self.all_scopes else not scopes.isdisjoint(self.scopes)

    def _stamp(self, ask: Ask) -> Stamp:
        return Stamp(
            connection=ask.connection,
            source=self.name,
            seen_at=ask.now(),
            rung=Rung.ADMIN if self.administrator else Rung.LIVE,
            strength=Strength.PROVES,
        )


def without_asking(source: str, ask: Ask, why: Why) -> Seen:
    """Nothing was sent to Google, and this is why."""
    state = _STATES.get(why, CoverageState.FAILED)
    coverage = Coverage(connection=ask.connection, source=source, state=state, why=why, seen_at=ask.now())
    return Seen(facts=(), coverage=coverage)
