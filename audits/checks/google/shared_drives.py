"""What lies in the shared drives of an organisation and is open beyond it: single files, and members from outside."""

from __future__ import annotations

from audits.facts import (
    DriveMember,
    Evidence,
    ItemKind,
    Rung,
    SeenItem,
    SharedFile,
    Strength,
    Verdict,
    VerdictState,
    Why,
)

SOURCES = ("drive_shared_drives",)
REASONS: frozenset[str] = frozenset({"none", "seen", "seen_partly", "not_at_work", *(why.value for why in Why)})
ITEM_SAYS: dict[str, frozenset[str]] = {
    "open_read": frozenset(),
    "open_change": frozenset(),
    "outside_read": frozenset({"who"}),
    "outside_change": frozenset({"who"}),
    "outside_several": frozenset({"who", "more"}),
    "member_read": frozenset({"file"}),
    "member_change": frozenset({"file"}),
}
_CHANGING = {"writer", "organizer", "fileOrganizer", "owner"}


def judge(evidence: Evidence) -> Verdict:
    items = (*_members(evidence), *_files(evidence))
    run, whole = evidence.coverage.get("drive_shared_drives"), evidence.complete("drive_shared_drives")
    why = "" if whole else evidence.why_not("drive_shared_drives").value
    seen_at = run.seen_at if run else None
    if not items and evidence.consumer and why == Why.CONSUMER_ACCOUNT:
        return Verdict(state=VerdictState.DOES_NOT_APPLY, reason="not_at_work", seen_at=seen_at)
    if not items and not whole:
        return Verdict(state=VerdictState.COULD_NOT_TELL, reason=why, seen_at=seen_at)
    reason = ("seen" if whole else "seen_partly") if items else "none"
    return Verdict(
        state=VerdictState.NEEDS_LOOK if items else VerdictState.LOOKS_FINE,
        reason=reason,
        values={"why": why},
        rung=Rung.LIVE,
        strength=Strength.PROVES,
        seen_at=seen_at,
        items=items,
    )


def _members(evidence: Evidence) -> tuple[SeenItem, ...]:
    found = {f"{fact.drive_id} {fact.address}": fact for fact in evidence.of(DriveMember, "drive_shared_drives")}
    return tuple(
        SeenItem(
            kind=ItemKind.PERSON,
            identity=identity,
            name=fact.address or fact.holds,
            says="member_change" if fact.role in _CHANGING else "member_read",
            values={"file": fact.holds},
            seen_at=fact.seen_at,
        )
        for identity, fact in sorted(found.items(), key=lambda pair: (pair[1].address, pair[0]))
    )


def _files(evidence: Evidence) -> tuple[SeenItem, ...]:
    found = {fact.file_id: fact for fact in evidence.of(SharedFile, "drive_shared_drives")}
    files = sorted(found.values(), key=lambda fact: (not fact.open_to_anyone, fact.name.casefold(), fact.file_id))
    return tuple(_item(fact) for fact in files)


def _item(fact: SharedFile) -> SeenItem:
    says, values = _says(fact)
    return SeenItem(
        kind=ItemKind.PICTURE if fact.picture else ItemKind.FILE,
        identity=f"drive {fact.file_id}",
        name=fact.name,
        says=says,
        values=values,
        link=fact.link,
        seen_at=fact.seen_at,
    )


def _says(fact: SharedFile) -> tuple[str, dict[str, str | int]]:
    anyone = [access for access in fact.access if access.kind in ("link", "public")]
    if fact.open_to_anyone or anyone:
        return "open_change" if any(access.role in _CHANGING for access in anyone) else "open_read", {}
    first = min(fact.access, key=lambda access: access.address, default=None)
    if first is None:
        return "open_read", {}
    if len(fact.access) > 1:
        return "outside_several", {"who": first.address, "more": len(fact.access) - 1}
    return "outside_change" if first.role in _CHANGING else "outside_read", {"who": first.address}
