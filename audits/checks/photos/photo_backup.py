"""Whether pictures are copied to Google Photos. No app can read this switch, so no verdict here says on or off.

A photo that the Person chose in Google Photos shows that it is there, with the day it was taken. A young one is a sign
that pictures of that phone come in; it may also have come in by hand. What the account holds outside Drive is Gmail,
Photos and device backups together: if it is much, that is a weak sign. Little of it says nothing, and a shared space
says nothing about one account.
"""

from __future__ import annotations

from collections.abc import Mapping

from audits.facts import Evidence, PickedPhoto, Rung, StorageUse, Strength, Verdict, VerdictState

SOURCES = ("photos_picker", "drive_storage")
_PHOTO_SIGNS = ("photo_recent", "photo_recent_unsaid", "photo_older", "photo_older_unsaid", "photo_undated")
REASONS: frozenset[str] = frozenset({"not_checked", "nobody_says", "storage_large", *_PHOTO_SIGNS})
VALUES = {
    "storage_large": frozenset({"gigabytes"}),
    "photo_recent": frozenset({"taken_at", "camera"}),
    "photo_recent_unsaid": frozenset({"taken_at"}),
    "photo_older": frozenset({"taken_at", "camera"}),
    "photo_older_unsaid": frozenset({"taken_at"}),
}

GIGABYTE = 2**30  # as Google counts
RECENT_DAYS = 14


def judge(evidence: Evidence) -> Verdict:
    storage = max(evidence.of(StorageUse, "drive_storage"), key=lambda fact: fact.seen_at, default=None)
    photos = evidence.of(PickedPhoto, "photos_picker")
    if storage is None and not photos:
        return Verdict(state=VerdictState.NOT_CHECKED, reason="not_checked")
    signs: dict[str, Mapping[str, str | int]] = {}
    if photos:
        signs |= _photo_sign(photos, evidence)
    if storage is not None and not storage.pooled and storage.outside_drive > GIGABYTE:
        signs["storage_large"] = {"gigabytes": storage.outside_drive // GIGABYTE}
    return Verdict(
        state=VerdictState.COULD_NOT_TELL,
        reason="nobody_says",
        values={name: value for values in signs.values() for name, value in values.items()},
        rung=Rung.LIVE if signs else None,
        strength=Strength.SUGGESTS if signs else None,
        seen_at=max(fact.seen_at for fact in (*photos, storage) if fact is not None),
        signs=tuple(signs),
    )


def _photo_sign(photos: tuple[PickedPhoto, ...], evidence: Evidence) -> dict[str, Mapping[str, str | int]]:
    """The newest photo speaks, and not for long. One whose day cannot be right says only that it is there."""
    newest = max((photo for photo in photos if photo.dated), key=lambda photo: photo.taken_at, default=None)
    if newest is None:
        return {"photo_undated": {}}
    code = "photo_recent" if (evidence.now - newest.taken_at).days < RECENT_DAYS else "photo_older"
    taken_at = newest.taken_at.isoformat()
    if not newest.camera:
        return {f"{code}_unsaid": {"taken_at": taken_at}}
    return {code: {"taken_at": taken_at, "camera": newest.camera}}
