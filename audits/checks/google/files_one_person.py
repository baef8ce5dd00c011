"""Files that an address the person named can open. Drive is asked about that address and no other (files.list)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from audits.facts import Evidence, ItemKind, Rung, SeenItem, SharedFile, Strength, Verdict, VerdictState, Why

SOURCES = ("drive_named",)
REASONS: frozenset[str] = frozenset({"none", "seen", "seen_several", "seen_partly", *(why.value for why in Why)})
VALUES = {
    "seen": frozenset({"person", "files"}),
    "seen_several": frozenset({"people", "files"}),
    "seen_partly": frozenset({"files"}),
    "all_known": frozenset({"files"}),
    "known_or_left": frozenset({"files"}),
}
_CODES = ("can_open", "can_read", "can_change", "may_become_owner")
ITEM_SAYS: dict[str, frozenset[str]] = {code: frozenset({"person"}) for code in _CODES}

_CHANGING = {"writer", "organizer", "fileOrganizer", "owner"}


def judge(evidence: Evidence) -> Verdict:
    files = {fact.file_id: fact for fact in evidence.of(SharedFile, "drive_named") if fact.named}
    whole = evidence.complete("drive_named")
    if not files and not whole:
        return _could_not_tell(evidence)
    people = {person for fact in files.values() for person in fact.named}
    run = evidence.coverage.get("drive_named")
    return Verdict(
        state=VerdictState.NEEDS_LOOK if files else VerdictState.LOOKS_FINE,
        reason=_reason(len(people), whole),
        values={
            "why": "" if whole else evidence.why_not("drive_named").value,
            "files": len(files),
            "people": len(people),
            "person": min(people, default=""),
        },
        rung=Rung.LIVE,
        strength=Strength.PROVES,
        seen_at=run.seen_at if run else None,
        items=tuple(_items(files.values())),
    )


def _reason(people: int, whole: bool) -> str:
    if not people:
        return "none"
    if not whole:
        return "seen_partly"
    return "seen" if people == 1 else "seen_several"


def _could_not_tell(evidence: Evidence) -> Verdict:
    """Without a name, or with one that was not asked about yet, there is no answer: that is not a look that failed."""
    why, run = evidence.why_not("drive_named"), evidence.coverage.get("drive_named")
    state = VerdictState.NOT_CHECKED if why in (Why.NOBODY_NAMED, Why.NAMED_SINCE) else VerdictState.COULD_NOT_TELL
    return Verdict(state=state, reason=why.value, seen_at=run.seen_at if run else None)


def _items(files: Iterable[SharedFile]) -> Iterator[SeenItem]:
    """One item for each file and address: knowing that one person can open it says nothing of another."""
    for fact in sorted(files, key=lambda fact: (fact.name.casefold(), fact.file_id)):
        for person in fact.named:
            yield SeenItem(
                kind=ItemKind.PICTURE if fact.picture else ItemKind.FILE,
                identity=f"{person.strip().lower()} {fact.file_id}",
                name=fact.name,
                says=_says(fact, person.strip().lower()),
                values={"person": person},
                link=fact.link,
                seen_at=fact.seen_at,
            )


def _says(fact: SharedFile, address: str) -> str:
    own = [access for access in fact.access if access.address.lower() == address]
    if any(access.pending_owner for access in own):
        return "may_become_owner"
    if any(access.role in _CHANGING for access in own):
        return "can_change"
    return "can_read" if own else "can_open"
