"""Pictures in the bin of Drive: for about 30 days they can be brought back, and those who could open them still can."""

from __future__ import annotations

from audits.facts import Evidence, ItemKind, Rung, SeenItem, Strength, TrashedPicture, Verdict, VerdictState, Why

SOURCES = ("drive_trash",)
REASONS: frozenset[str] = frozenset({"none", "seen", "seen_partly", *(why.value for why in Why)})
ITEM_SAYS: dict[str, frozenset[str]] = {
    "kept": frozenset(),
    "kept_since": frozenset({"binned_at"}),
    "shared": frozenset(),
    "shared_since": frozenset({"binned_at"}),
}


def judge(evidence: Evidence) -> Verdict:
    found = {fact.file_id: fact for fact in evidence.of(TrashedPicture, "drive_trash")}
    pictures = sorted(found.values(), key=lambda fact: (not fact.shared, fact.name.casefold(), fact.file_id))
    run, whole = evidence.coverage.get("drive_trash"), evidence.complete("drive_trash")
    why = "" if whole else evidence.why_not("drive_trash").value
    seen_at = run.seen_at if run else None
    if not pictures and not whole:
        return Verdict(state=VerdictState.COULD_NOT_TELL, reason=why, seen_at=seen_at)
    reason = ("seen" if whole else "seen_partly") if pictures else "none"
    return Verdict(
        state=VerdictState.NEEDS_LOOK if pictures else VerdictState.LOOKS_FINE,
        reason=reason,
        values={"why": why},
        rung=Rung.LIVE,
        strength=Strength.PROVES,
        seen_at=seen_at,
        items=tuple(_item(fact) for fact in pictures),
    )


def _item(fact: TrashedPicture) -> SeenItem:
    """Its own identity: what the Person said of the picture before it was deleted does not count for the bin."""
    since = {"binned_at": fact.trashed_at.isoformat()} if fact.trashed_at else {}
    return SeenItem(
        kind=ItemKind.PICTURE,
        identity=f"bin {fact.file_id}",
        name=fact.name,
        says=("shared" if fact.shared else "kept") + ("_since" if since else ""),
        values=since,
        link=fact.link,
        seen_at=fact.seen_at,
    )
