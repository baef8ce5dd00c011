"""Who can see the calendars that the person manages. Google Calendar's own rules say so (acl.list)."""

from __future__ import annotations

from audits.facts import CalendarAccess, Evidence, ItemKind, Rung, SeenItem, Strength, Verdict, VerdictState, Why

SOURCES = ("calendar_sharing",)
REASONS: frozenset[str] = frozenset({"none", "seen", "seen_partly", *(why.value for why in Why)})
VALUES = {reason: frozenset({"calendars"}) for reason in ("seen", "seen_partly", "all_known", "known_or_left")}
_DOES = {
    "freeBusyReader": "busy",
    "reader": "reads",
    "writerWithoutPrivateAccess": "changes_most",
    "writer": "changes",
    "owner": "manages",
}
ITEM_SAYS: dict[str, frozenset[str]] = {
    **{f"{kind}_{does}": frozenset({"who"}) for kind in ("user", "group", "domain") for does in _DOES.values()},
    "public_busy": frozenset(),
    "public_reads": frozenset(),
    "public_changes": frozenset(),
}


def judge(evidence: Evidence) -> Verdict:
    openings = {_identity(fact): fact for fact in evidence.of(CalendarAccess, "calendar_sharing")}
    found = sorted(openings.values(), key=_place)
    run, whole = evidence.coverage.get("calendar_sharing"), evidence.complete("calendar_sharing")
    why = "" if whole else evidence.why_not("calendar_sharing").value
    seen_at = run.seen_at if run else None
    if not found and not whole:
        return Verdict(state=VerdictState.COULD_NOT_TELL, reason=why, seen_at=seen_at)
    reason = ("seen" if whole else "seen_partly") if found else "none"
    return Verdict(
        state=VerdictState.NEEDS_LOOK if found else VerdictState.LOOKS_FINE,
        reason=reason,
        values={"why": why, "calendars": len({fact.calendar_id for fact in found})},
        rung=Rung.LIVE,
        strength=Strength.PROVES,
        seen_at=seen_at,
        items=tuple(_item(fact) for fact in found),
    )


def _place(fact: CalendarAccess) -> tuple[bool, bool, str, str]:
    """People the person named come first, then what is open to everyone."""
    return not fact.named, fact.kind != "public", fact.calendar.casefold(), _identity(fact)


def _identity(fact: CalendarAccess) -> str:
    """One opening: knowing that one person sees a calendar says nothing of the next."""
    return f"{fact.calendar_id} {fact.kind} {fact.address}".strip()


def _item(fact: CalendarAccess) -> SeenItem:
    return SeenItem(
        kind=ItemKind.CALENDAR,
        identity=_identity(fact),
        name=fact.calendar,
        says=_says(fact),
        values={"who": fact.address} if fact.address else {},
        seen_at=fact.seen_at,
    )


def _says(fact: CalendarAccess) -> str:
    if fact.kind != "public":
        return f"{fact.kind}_{_DOES[fact.role]}"
    return {"freeBusyReader": "public_busy", "reader": "public_reads"}.get(fact.role, "public_changes")
