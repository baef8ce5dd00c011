"""How Google says the sign-in was done, from the ID token of the newest sign-in. Nothing is sent to Google.

It speaks of this browser's session and not of the account's settings, so it only suggests.
"""

from __future__ import annotations

from dataclasses import dataclass

from audits.facts import Coverage, CoverageState, Rung, SignIn, Strength, Why
from audits.sources.contract import Ask, Seen, SignInClaims
from audits.sources.google.source import without_asking
from audits.sources.google.values import tidy

_MOST_WORDS = 20
_LONGEST_WORD = 40


@dataclass(frozen=True)
class ClaimsSource:
    name: str = "sign_in_claims"
    scope: str = ""
    calls: tuple[str, ...] = ()

    def asks_google(self, ask: Ask) -> bool:
        return False

    def look(self, ask: Ask) -> Seen:
        if not ask.connection:
            return without_asking(self.name, ask, Why.NOT_CONNECTED)
        if ask.sign_in is None:
            return without_asking(self.name, ask, Why.NOT_SAID)
        said = ask.sign_in.amr is not None
        coverage = Coverage(
            connection=ask.connection,
            source=self.name,
            state=CoverageState.COMPLETE if said else CoverageState.PARTIAL,
            why=None if said else Why.NOT_SAID,
            seen_at=ask.sign_in.received_at,
        )
        return Seen(facts=(self._fact(ask, ask.sign_in),), coverage=coverage)

    def _fact(self, ask: Ask, claims: SignInClaims) -> SignIn:
        return SignIn(
            connection=ask.connection,
            source=self.name,
            seen_at=claims.received_at,
            rung=Rung.LIVE,
            strength=Strength.SUGGESTS,
            amr=None if claims.amr is None else tuple(tidy(w, _LONGEST_WORD) for w in claims.amr[:_MOST_WORDS]),
            signed_in_at=claims.auth_time,
            hosted_domain=ask.hosted_domain or None,
        )


SOURCE = ClaimsSource()
