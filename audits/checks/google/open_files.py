"""Files and folders, other than pictures, that anyone can open. Google Drive finds them itself (visibility)."""

from __future__ import annotations

from audits.facts import Evidence, ItemKind, Rung, SeenItem, SharedFile, Strength, Verdict, VerdictState, Why

SOURCES = ("drive_public",)
REASONS: frozenset[str] = frozenset({"none", "seen", "seen_partly", *(why.value for why in Why)})
_CODES = ("folder_read", "folder_change", "link_read", "link_change", "found_read", "found_change")
ITEM_SAYS: dict[str, frozenset[str]] = {code: frozenset() for code in _CODES}

_FOLDER = "application/vnd.google-apps.folder"
_CHANGING = {"writer", "organizer", "fileOrganizer", "owner"}


def judge(evidence: Evidence) -> Verdict:
    found = [fact for fact in evidence.of(SharedFile, "drive_public") if fact.open_to_anyone and not fact.picture]
    files = sorted(
        {fact.file_id: fact for fact in found}.values(), key=lambda fact: (fact.name.casefold(), fact.file_id)
    )
    run, whole = evidence.coverage.get("drive_public"), evidence.complete("drive_public")
    why = "" if whole else evidence.why_not("drive_public").value
    seen_at = run.seen_at if run else None
    if not files and not whole:
        return Verdict(state=VerdictState.COULD_NOT_TELL, reason=why, seen_at=seen_at)
    reason = ("seen" if whole else "seen_partly") if files else "none"
    return Verdict(
        state=VerdictState.NEEDS_LOOK if files else VerdictState.LOOKS_FINE,
        reason=reason,
        values={"why": why},
        rung=Rung.LIVE,
        strength=Strength.PROVES,
        seen_at=seen_at,
        items=tuple(_item(fact) for fact in files),
    )


def _item(fact: SharedFile) -> SeenItem:
    return SeenItem(
        kind=ItemKind.FILE,
        identity=fact.file_id,
        name=fact.name,
        says=_says(fact),
        link=fact.link,
        seen_at=fact.seen_at,
    )


def _says(fact: SharedFile) -> str:
    """What anyone can do with it. A folder is named as one: what lies in it is open too."""
    anyone = [access for access in fact.access if access.kind in ("link", "public")]
    does = "change" if any(access.role in _CHANGING for access in anyone) else "read"
    if fact.mime_type == _FOLDER:
        return f"folder_{does}"
    return f"found_{does}" if any(access.kind == "public" for access in anyone) else f"link_{does}"
