"""Where mail goes on to: all of it, what a filter catches, and addresses that are allowed and not used now."""

from __future__ import annotations

from audits.facts import Evidence, ItemKind, MailForwarding, Rung, SeenItem, Strength, Verdict, VerdictState, Why

SOURCES = ("gmail_settings",)
REASONS: frozenset[str] = frozenset({"none", "seen", "seen_partly", *(why.value for why in Why)})
ITEM_SAYS: dict[str, frozenset[str]] = {
    "all_kept": frozenset(),
    "all_hidden": frozenset(),
    "some_kept": frozenset({"matches"}),
    "some_hidden": frozenset({"matches"}),
    "allowed": frozenset(),
    "waiting": frozenset(),
    "listed": frozenset(),
}
_ORDER = ("all", "filter", "allowed")
_HIDDEN = ("archived", "binned", "read")
_ALLOWED = {True: "allowed", False: "waiting", None: "listed"}


def judge(evidence: Evidence) -> Verdict:
    found = sorted(evidence.of(MailForwarding, "gmail_settings"), key=lambda fact: _ORDER.index(fact.way))
    used = {fact.address for fact in found if fact.way != "allowed"}
    items = tuple(_item(fact) for fact in found if fact.way != "allowed" or fact.address not in used)
    whole, run = evidence.complete("gmail_settings"), evidence.coverage.get("gmail_settings")
    why = "" if whole else evidence.why_not("gmail_settings").value
    if not items and not whole:
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


def _item(fact: MailForwarding) -> SeenItem:
    """An address that one knows in one account, or for one filter, need not be known in another."""
    return SeenItem(
        kind=ItemKind.MAIL_RULE,
        identity=f"{fact.connection} {fact.way} {fact.address} {fact.filter_id}".strip(),
        name=fact.address,
        says=_says(fact),
        values={"matches": fact.matches} if fact.way == "filter" and fact.matches else {},
        seen_at=fact.seen_at,
    )


def _says(fact: MailForwarding) -> str:
    """A filter that looks for nothing catches every mail."""
    if fact.way == "allowed":
        return _ALLOWED[fact.confirmed]
    scope = "some" if fact.way == "filter" and fact.matches else "all"
    return f"{scope}_{'hidden' if fact.keeps in _HIDDEN else 'kept'}"
