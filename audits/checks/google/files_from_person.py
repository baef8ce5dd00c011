"""Files that an address the person named owns and has opened to them. Drive is asked about that address (files.list).

Nothing here is wrong in itself: it shows where the person still depends on somebody, and meets them.
"""

from __future__ import annotations

from audits.facts import Evidence, IncomingFile, ItemKind, Rung, SeenItem, Strength, Verdict, VerdictState, Why

SOURCES = ("drive_incoming",)
REASONS: frozenset[str] = frozenset({"none", "seen", "seen_partly", *(why.value for why in Why)})
_ROLES = {"writer": "can_change", "commenter": "can_comment"}
ITEM_SAYS: dict[str, frozenset[str]] = {
    code: frozenset({"person"}) for code in ("can_open", "can_comment", "can_change")
}


def judge(evidence: Evidence) -> Verdict:
    by_id = {fact.file_id: fact for fact in evidence.of(IncomingFile, "drive_incoming")}
    files = sorted(by_id.values(), key=lambda fact: (fact.name.casefold(), fact.file_id))
    run, whole = evidence.coverage.get("drive_incoming"), evidence.complete("drive_incoming")
    if not files and not whole:
        return _could_not_tell(evidence)
    reason = ("seen" if whole else "seen_partly") if files else "none"
    return Verdict(
        state=VerdictState.NEEDS_LOOK if files else VerdictState.LOOKS_FINE,
        reason=reason,
        values={"why": "" if whole else evidence.why_not("drive_incoming").value},
        rung=Rung.LIVE,
        strength=Strength.PROVES,
        seen_at=run.seen_at if run else None,
        items=tuple(_item(fact) for fact in files),
    )


def _could_not_tell(evidence: Evidence) -> Verdict:
    """Without a name, or with one that was not asked about yet, there is no answer: that is not a look that failed."""
    why, run = evidence.why_not("drive_incoming"), evidence.coverage.get("drive_incoming")
    state = VerdictState.NOT_CHECKED if why in (Why.NOBODY_NAMED, Why.NAMED_SINCE) else VerdictState.COULD_NOT_TELL
    return Verdict(state=state, reason=why.value, seen_at=run.seen_at if run else None)


def _item(fact: IncomingFile) -> SeenItem:
    """Its own identity: an answer here says nothing of a file of the same id in another look."""
    picture = fact.mime_type.startswith(("image/", "video/"))
    return SeenItem(
        kind=ItemKind.PICTURE if picture else ItemKind.FILE,
        identity=f"from {fact.owner} {fact.file_id}",
        name=fact.name,
        says=_ROLES.get(fact.role, "can_open"),
        values={"person": fact.named or fact.owner},
        link=fact.link,
        seen_at=fact.seen_at,
    )
