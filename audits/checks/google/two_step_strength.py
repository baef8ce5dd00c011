"""Which second steps there are, and whose. Google tells this to nobody but the person: it is a guided look.

That a key or passkey was used at sign-in is a sign that there is one, and nothing about the other steps.
"""

from __future__ import annotations

from audits.facts import Evidence, Rung, SignIn, Strength, TwoStep, Verdict, VerdictState

SOURCES = ("directory_user", "sign_in_claims")
REASONS: frozenset[str] = frozenset({"two_step_off", "not_checked", "nobody_says", "key_used", "passkey_used"})
VALUES = {"key_used": frozenset({"sign_at"}), "passkey_used": frozenset({"sign_at"})}

_SIGNS = {"hwk": "key_used", "swk": "passkey_used"}


def judge(evidence: Evidence) -> Verdict:
    off = [fact for fact in evidence.of(TwoStep, "directory_user") if fact.rung is Rung.ADMIN and not fact.enrolled]
    if off:
        return Verdict(
            state=VerdictState.DOES_NOT_APPLY,
            reason="two_step_off",
            rung=Rung.ADMIN,
            strength=off[0].strength,
            seen_at=off[0].seen_at,
        )
    sign_in = max(evidence.of(SignIn), key=lambda fact: fact.seen_at, default=None)
    signs = tuple(_SIGNS[method] for method in _SIGNS if sign_in and method in (sign_in.amr or ()))
    if sign_in is None or not signs:
        return Verdict(state=VerdictState.NOT_CHECKED, reason="not_checked")
    return Verdict(
        state=VerdictState.COULD_NOT_TELL,
        reason="nobody_says",
        values={"sign_at": (sign_in.signed_in_at or sign_in.seen_at).isoformat()},
        rung=Rung.LIVE,
        strength=Strength.SUGGESTS,
        seen_at=sign_in.seen_at,
        signs=signs,
    )
