"""Which account gets the pictures of a phone. No app can read it; a photo that is in this account is a sign."""

from __future__ import annotations

from audits.facts import Evidence, PickedPhoto, Rung, Strength, Verdict, VerdictState

SOURCES = ("photos_picker",)
REASONS: frozenset[str] = frozenset({"not_checked", "nobody_says", "photo_here", "photo_here_unsaid"})
VALUES = {"photo_here": frozenset({"taken_at", "camera"})}


def judge(evidence: Evidence) -> Verdict:
    photos = evidence.of(PickedPhoto, "photos_picker")
    if not photos:
        return Verdict(state=VerdictState.NOT_CHECKED, reason="not_checked")
    newest = max(
        (photo for photo in photos if photo.dated and photo.camera), key=lambda photo: photo.taken_at, default=None
    )
    return Verdict(
        state=VerdictState.COULD_NOT_TELL,
        reason="nobody_says",
        values={"taken_at": newest.taken_at.isoformat(), "camera": newest.camera} if newest else {},
        rung=Rung.LIVE,
        strength=Strength.SUGGESTS,
        seen_at=max(photo.seen_at for photo in photos),
        signs=("photo_here" if newest else "photo_here_unsaid",),
    )
