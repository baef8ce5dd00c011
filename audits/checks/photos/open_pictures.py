"""Pictures and videos in Drive that anyone can open. Google Drive finds them itself (visibility)."""

from __future__ import annotations

from audits.facts import Evidence, ItemKind, Rung, SeenItem, SharedFile, Strength, Verdict, VerdictState, Why

SOURCES = ("drive_public",)
REASONS: frozenset[str] = frozenset({"none", "seen", "seen_partly", *(why.value for why in Why)})
ITEM_SAYS: dict[str, frozenset[str]] = {"link": frozenset(), "found": frozenset()}


def judge(evidence: Evidence) -> Verdict:
    found = [fact for fact in evidence.of(SharedFile, "drive_public") if fact.open_to_anyone and fact.picture]
    pictures = sorted(
        {fact.file_id: fact for fact in found}.values(), key=lambda fact: (fact.name.casefold(), fact.file_id)
    )
    run, whole = evidence.coverage.get("drive_public"), evidence.complete("drive_public")
    why = "" if whole else evidence.why_not("drive_public").value
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


def _item(fact: SharedFile) -> SeenItem:
    return SeenItem(
        kind=ItemKind.PICTURE,
        identity=fact.file_id,
        name=fact.name,
        says="found" if any(access.kind == "public" for access in fact.access) else "link",
        link=fact.link,
        seen_at=fact.seen_at,
    )
