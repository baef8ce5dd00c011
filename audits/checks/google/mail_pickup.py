"""Whether programs may fetch the mail by POP. IMAP alone is no reason to look: it may be on for everybody."""

from __future__ import annotations

from audits.facts import Evidence, ItemKind, MailPickup, Rung, SeenItem, Strength, Verdict, VerdictState, Why

SOURCES = ("gmail_settings",)
REASONS: frozenset[str] = frozenset({"pop_off", "pop_off_imap_on", "seen", "seen_partly", *(why.value for why in Why)})
ITEM_SAYS: dict[str, frozenset[str]] = {"all_mail": frozenset(), "from_now_on": frozenset()}


def judge(evidence: Evidence) -> Verdict:
    pickups = evidence.of(MailPickup, "gmail_settings")
    items = tuple(_item(fact) for fact in pickups if fact.protocol == "pop" and fact.enabled)
    whole, run = evidence.complete("gmail_settings"), evidence.coverage.get("gmail_settings")
    why = "" if whole else evidence.why_not("gmail_settings").value
    if not items and not (whole and _said(pickups, "pop") and _said(pickups, "imap")):
        why = why or Why.NOT_SAID.value
        return Verdict(state=VerdictState.COULD_NOT_TELL, reason=why, seen_at=run.seen_at if run else None)
    return Verdict(
        state=VerdictState.NEEDS_LOOK if items else VerdictState.LOOKS_FINE,
        reason=("seen" if whole else "seen_partly") if items else _off(pickups),
        values={"why": why},
        rung=Rung.LIVE,
        strength=Strength.PROVES,
        seen_at=run.seen_at if run else pickups[0].seen_at,
        items=items,
    )


def _said(pickups: tuple[MailPickup, ...], protocol: str) -> bool:
    return any(fact.protocol == protocol for fact in pickups)


def _off(pickups: tuple[MailPickup, ...]) -> str:
    imap = any(fact.protocol == "imap" and fact.enabled for fact in pickups)
    return "pop_off_imap_on" if imap else "pop_off"


def _item(fact: MailPickup) -> SeenItem:
    return SeenItem(
        kind=ItemKind.MAIL_RULE,
        identity=f"{fact.connection} pop {fact.window}",
        name="POP",
        says="all_mail" if fact.window == "allMail" else "from_now_on",
        seen_at=fact.seen_at,
    )
