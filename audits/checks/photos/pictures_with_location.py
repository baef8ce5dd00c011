"""Open pictures in Drive that carry the place where they were taken. Drive says that there is one; we keep no place.

Drive reads nothing from videos and from pictures it has not worked through yet: those it cannot vouch for.
"""

from __future__ import annotations

from audits.facts import Evidence, ItemKind, Rung, SeenItem, SharedFile, Strength, Verdict, VerdictState, Why

SOURCES = ("drive_public",)
REASONS: frozenset[str] = frozenset({"no_open_pictures", "none", "seen", "seen_partly", *(why.value for why in Why)})
VALUES = {"not_said": frozenset({"unsaid"}), "none": frozenset({"pictures"})}
ITEM_SAYS: dict[str, frozenset[str]] = {"tells_place": frozenset()}


def judge(evidence: Evidence) -> Verdict:
    found = evidence.of(SharedFile, "drive_public")
    pictures = {fact.file_id: fact for fact in found if fact.open_to_anyone and fact.picture}.values()
    located = sorted(
        (fact for fact in pictures if fact.has_location), key=lambda fact: (fact.name.casefold(), fact.file_id)
    )
    unsaid = sum(1 for fact in pictures if fact.has_location is None)
    why = _why_not_whole(evidence, unsaid)
    run = evidence.coverage.get("drive_public")
    state, reason = _state(len(pictures), len(located), why)
    tells = state is not VerdictState.COULD_NOT_TELL
    return Verdict(
        state=state,
        reason=reason,
        values={"why": why, "unsaid": unsaid, "pictures": len(pictures)},
        rung=Rung.LIVE if tells else None,
        strength=Strength.PROVES if tells else None,
        seen_at=run.seen_at if run else None,
        items=tuple(_item(fact) for fact in located),
    )


def _why_not_whole(evidence: Evidence, unsaid: int) -> str:
    if not evidence.complete("drive_public"):
        return evidence.why_not("drive_public").value
    return Why.NOT_SAID.value if unsaid else ""


def _state(pictures: int, located: int, why: str) -> tuple[VerdictState, str]:
    if located:
        return VerdictState.NEEDS_LOOK, "seen_partly" if why else "seen"
    if why:
        return VerdictState.COULD_NOT_TELL, why
    return VerdictState.LOOKS_FINE, "none" if pictures else "no_open_pictures"


def _item(fact: SharedFile) -> SeenItem:
    """Its own identity: knowing that a picture is open is not knowing that it tells a place."""
    return SeenItem(
        kind=ItemKind.PICTURE,
        identity=f"place {fact.file_id}",
        name=fact.name,
        says="tells_place",
        link=fact.link,
        seen_at=fact.seen_at,
    )
