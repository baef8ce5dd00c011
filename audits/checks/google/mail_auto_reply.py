"""Whether Gmail answers by itself, and whom."""

from __future__ import annotations

from audits.facts import AutoReply, Evidence, ItemKind, Rung, SeenItem, Strength, Verdict, VerdictState, Why

SOURCES = ("gmail_settings",)
REASONS: frozenset[str] = frozenset({"none", "seen", "seen_partly", *(why.value for why in Why)})
ITEM_SAYS: dict[str, frozenset[str]] = {"everyone": frozenset(), "some": frozenset()}


def judge(evidence: Evidence) -> Verdict:
    said = evidence.of(AutoReply, "gmail_settings")
    items = tuple(_item(fact) for fact in said if fact.enabled)
    whole, run = evidence.complete("gmail_settings"), evidence.coverage.get("gmail_settings")
    why = "" if whole else evidence.why_not("gmail_settings").value
    if not items and not (whole and said):
        why = why or Why.NOT_SAID.value
        return Verdict(state=VerdictState.COULD_NOT_TELL, reason=why, seen_at=run.seen_at if run else None)
    return Verdict(
        state=VerdictState.NEEDS_LOOK if items else VerdictState.LOOKS_FINE,
        reason=("seen" if whole else "seen_partly") if items else "none",
        values={"why": why},
        rung=Rung.LIVE,
        strength=Strength.PROVES,
        seen_at=run.seen_at if run else said[0].seen_at,
        items=items,
    )


def _item(fact: AutoReply) -> SeenItem:
    return SeenItem(
        kind=ItemKind.MAIL_RULE,
        identity=f"{fact.connection} auto reply",
        name="Gmail",
        says="everyone" if fact.everyone else "some",
        seen_at=fact.seen_at,
    )
