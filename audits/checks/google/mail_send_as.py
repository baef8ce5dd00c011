"""Which other addresses mail can be written as, and where the answers go."""

from __future__ import annotations

from collections.abc import Iterator

from audits.facts import Evidence, ItemKind, Rung, SeenItem, SendAs, Strength, Verdict, VerdictState, Why

SOURCES = ("gmail_settings",)
REASONS: frozenset[str] = frozenset({"none", "seen", "seen_partly", *(why.value for why in Why)})
ITEM_SAYS: dict[str, frozenset[str]] = {
    "alias": frozenset(),
    "waiting": frozenset(),
    "answers_elsewhere": frozenset({"address"}),
}


def judge(evidence: Evidence) -> Verdict:
    found = evidence.of(SendAs, "gmail_settings")
    items = tuple(_items(found))
    whole, run = evidence.complete("gmail_settings"), evidence.coverage.get("gmail_settings")
    why = "" if whole else evidence.why_not("gmail_settings").value
    if not items and not (whole and any(fact.primary for fact in found)):
        why = why or Why.NOT_SAID.value
        return Verdict(state=VerdictState.COULD_NOT_TELL, reason=why, seen_at=run.seen_at if run else None)
    return Verdict(
        state=VerdictState.NEEDS_LOOK if items else VerdictState.LOOKS_FINE,
        reason=("seen" if whole else "seen_partly") if items else "none",
        values={"why": why},
        rung=Rung.LIVE,
        strength=Strength.PROVES,
        seen_at=run.seen_at if run else found[0].seen_at,
        items=items,
    )


def _items(found: tuple[SendAs, ...]) -> Iterator[SeenItem]:
    """Answers that come back to the account itself, or to the address the mail was written as, go nowhere else."""
    own = {fact.address for fact in found if fact.primary}
    for fact in found:
        if not fact.primary:
            yield _item(fact, fact.address, "waiting" if fact.confirmed is False else "alias", "as")
        if fact.reply_to and fact.reply_to not in own | {fact.address}:
            yield _item(fact, fact.reply_to, "answers_elsewhere", f"{fact.address} answers")


def _item(fact: SendAs, name: str, says: str, about: str) -> SeenItem:
    return SeenItem(
        kind=ItemKind.MAIL_RULE,
        identity=f"{fact.connection} {about} {name}",
        name=name,
        says=says,
        values={"address": fact.address} if says == "answers_elsewhere" else {},
        seen_at=fact.seen_at,
    )
