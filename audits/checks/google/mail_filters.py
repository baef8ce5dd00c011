"""Filters that take Google's own security mails out of sight, or may. Other filters are nobody's business here."""

from __future__ import annotations

from audits.facts import Evidence, ItemKind, MailFilter, Rung, SeenItem, Strength, Verdict, VerdictState, Why

SOURCES = ("gmail_settings",)
REASONS: frozenset[str] = frozenset({"none", "seen", "seen_partly", *(why.value for why in Why)})
ITEM_SAYS: dict[str, frozenset[str]] = {"bins": frozenset(), "archives": frozenset(), "marks_read": frozenset()}
_CATCHES_ALL = "*"


def judge(evidence: Evidence) -> Verdict:
    hiding = [fact for fact in evidence.of(MailFilter, "gmail_settings") if fact.alerts]
    whole, run = evidence.complete("gmail_settings"), evidence.coverage.get("gmail_settings")
    why = "" if whole else evidence.why_not("gmail_settings").value
    if not hiding and not whole:
        return Verdict(state=VerdictState.COULD_NOT_TELL, reason=why, seen_at=run.seen_at if run else None)
    return Verdict(
        state=VerdictState.NEEDS_LOOK if hiding else VerdictState.LOOKS_FINE,
        reason=("seen" if whole else "seen_partly") if hiding else "none",
        values={"why": why},
        rung=Rung.LIVE,
        strength=Strength.PROVES,
        seen_at=run.seen_at if run else hiding[0].seen_at,
        items=tuple(_item(fact) for fact in hiding),
    )


def _item(fact: MailFilter) -> SeenItem:
    return SeenItem(
        kind=ItemKind.MAIL_RULE,
        identity=f"{fact.connection} hides {fact.filter_id}",
        name=fact.matches or _CATCHES_ALL,
        says="bins" if fact.bins else "archives" if fact.archives else "marks_read",
        seen_at=fact.seen_at,
    )
