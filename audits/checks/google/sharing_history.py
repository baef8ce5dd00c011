"""Who was let into the person's files in the last half year, as Google's own record tells it.

The record names no single people, and how far back it goes is written down nowhere. So it can show what happened, and
never that nothing did: without an entry, and when every entry is known, we could not tell.
"""

from __future__ import annotations

from audits.facts import Evidence, ItemKind, Rung, SeenItem, SharingEvent, Strength, Verdict, VerdictState, Why

SOURCES = ("drive_activity",)
REASONS: frozenset[str] = frozenset({"no_entry", "seen", "seen_partly", "all_answered", *(why.value for why in Why)})
_WHOM = {"anyone": "anyone", "domain": "domain", "group": "group"}
_BY = {True: "by_you", False: "by_other", None: "by_unsaid"}
_VALUES = {
    "anyone": {"shared_at"},
    "domain": {"shared_at", "who"},
    "group": {"shared_at", "who"},
    "person": {"shared_at"},
}
ITEM_SAYS: dict[str, frozenset[str]] = {
    f"{whom}_{by}": frozenset(values) for whom, values in _VALUES.items() for by in _BY.values()
}


def judge(evidence: Evidence) -> Verdict:
    events = {fact.event_id: fact for fact in evidence.of(SharingEvent, "drive_activity") if _counts(fact)}
    found = sorted(events.values(), key=lambda fact: (fact.by_me is True, -fact.at.timestamp(), fact.event_id))
    run, whole = evidence.coverage.get("drive_activity"), evidence.complete("drive_activity")
    why = evidence.why_not("drive_activity").value
    seen_at = run.seen_at if run else None
    if not found:
        reason = "no_entry" if whole else why
        return Verdict(state=VerdictState.COULD_NOT_TELL, reason=reason, seen_at=seen_at)
    return Verdict(
        state=VerdictState.NEEDS_LOOK,
        reason="seen" if whole else "seen_partly",
        values={"why": "all_answered" if whole else why},
        rung=Rung.LIVE,
        strength=Strength.SUGGESTS,
        seen_at=seen_at,
        items=tuple(_item(fact) for fact in found),
    )


def _counts(fact: SharingEvent) -> bool:
    """Letting somebody in. Not putting somebody out, and not what the person's own account was given."""
    return fact.added and fact.who != "me"


def _item(fact: SharingEvent) -> SeenItem:
    whom = _WHOM.get(fact.kind, "person") if fact.who else "person"
    values = {"shared_at": fact.at.isoformat(), "who": fact.who}
    says = f"{whom}_{_BY[fact.by_me]}"
    return SeenItem(
        kind=ItemKind.EVENT,
        identity=f"sharing {fact.event_id}",
        name=fact.file,
        says=says,
        values={name: value for name, value in values.items() if name in ITEM_SAYS[says]},
        seen_at=fact.seen_at,
    )
