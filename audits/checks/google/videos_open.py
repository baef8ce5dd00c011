"""Videos and playlists of the person's own YouTube channel that others can see (status.privacyStatus)."""

from __future__ import annotations

from audits.facts import Evidence, ItemKind, Rung, SeenItem, Strength, Verdict, VerdictState, Video, Why

SOURCES = ("youtube",)
REASONS: frozenset[str] = frozenset({"none", "seen", "seen_partly", *(why.value for why in Why)})
ITEM_SAYS: dict[str, frozenset[str]] = {
    "video_public": frozenset(),
    "video_unlisted": frozenset(),
    "playlist_public": frozenset(),
    "playlist_unlisted": frozenset(),
}


def judge(evidence: Evidence) -> Verdict:
    open_ones = {fact.video_id: fact for fact in evidence.of(Video, "youtube") if fact.privacy != "private"}
    found = sorted(open_ones.values(), key=lambda fact: (fact.playlist, fact.title.casefold(), fact.video_id))
    run, whole = evidence.coverage.get("youtube"), evidence.complete("youtube")
    why = "" if whole else evidence.why_not("youtube").value
    seen_at = run.seen_at if run else None
    if not found and not whole:
        return Verdict(state=VerdictState.COULD_NOT_TELL, reason=why, seen_at=seen_at)
    reason = ("seen" if whole else "seen_partly") if found else "none"
    return Verdict(
        state=VerdictState.NEEDS_LOOK if found else VerdictState.LOOKS_FINE,
        reason=reason,
        values={"why": why},
        rung=Rung.LIVE,
        strength=Strength.PROVES,
        seen_at=seen_at,
        items=tuple(_item(fact) for fact in found),
    )


def _item(fact: Video) -> SeenItem:
    kind = "playlist" if fact.playlist else "video"
    return SeenItem(
        kind=ItemKind.VIDEO,
        identity=fact.video_id,
        name=fact.title,
        says=f"{kind}_{'public' if fact.privacy == 'public' else 'unlisted'}",
        seen_at=fact.seen_at,
    )
