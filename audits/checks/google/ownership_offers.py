"""Files of the person that have been offered to somebody as their next owner (permissions.pendingOwner).

Two looks together see every file of the person that others can open: those shared with people, and those open to
anyone. Only both, read whole, prove that there is no offer. What was seen of a named address is added.
"""

from __future__ import annotations

from collections.abc import Iterator

from audits.facts import Access, Evidence, ItemKind, Rung, SeenItem, SharedFile, Strength, Verdict, VerdictState, Why

SOURCES = ("drive_outsiders", "drive_public", "drive_named")
REASONS: frozenset[str] = frozenset({"none", "seen", "seen_partly", *(why.value for why in Why)})
ITEM_SAYS: dict[str, frozenset[str]] = {"offered": frozenset({"who"}), "offered_unnamed": frozenset()}
_PROOF = ("drive_outsiders", "drive_public")


def judge(evidence: Evidence) -> Verdict:
    items = {item.identity: item for item in _items(evidence)}
    missing = [source for source in _PROOF if not evidence.complete(source)]
    why = evidence.why_not(missing[0]).value if missing else ""
    seen = [run.seen_at for source in _PROOF if (run := evidence.coverage.get(source))]
    seen_at = min(seen, default=None)
    if not items and missing:
        return Verdict(state=VerdictState.COULD_NOT_TELL, reason=why, seen_at=seen_at)
    reason = ("seen_partly" if missing else "seen") if items else "none"
    return Verdict(
        state=VerdictState.NEEDS_LOOK if items else VerdictState.LOOKS_FINE,
        reason=reason,
        values={"why": why},
        rung=Rung.LIVE,
        strength=Strength.PROVES,
        seen_at=seen_at or min((item.seen_at for item in items.values() if item.seen_at), default=None),
        items=tuple(sorted(items.values(), key=lambda item: (item.name.casefold(), item.identity))),
    )


def _items(evidence: Evidence) -> Iterator[SeenItem]:
    for fact in evidence.of(SharedFile):
        if fact.source in SOURCES:
            yield from (_item(fact, access) for access in fact.access if access.pending_owner)


def _item(fact: SharedFile, access: Access) -> SeenItem:
    """Its own identity: knowing that somebody can open a file is not knowing that it may become theirs."""
    who = {"who": access.address} if access.address else {}
    return SeenItem(
        kind=ItemKind.PICTURE if fact.picture else ItemKind.FILE,
        identity=f"offer {access.address} {fact.file_id}",
        name=fact.name,
        says="offered" if who else "offered_unnamed",
        values=who,
        link=fact.link,
        seen_at=fact.seen_at,
    )
