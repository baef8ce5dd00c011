"""Which devices add pictures. No app can list them; the phones of the photos that the Person chose can be asked about.

A picture that somebody sent carries the name of *their* phone, so a model is a question and never a finding by itself.
"""

from __future__ import annotations

from audits.facts import Evidence, ItemKind, PickedPhoto, Rung, SeenItem, Strength, Verdict, VerdictState

SOURCES = ("photos_picker",)
REASONS: frozenset[str] = frozenset({"not_checked", "cameras", "no_camera", "photos_unsaid", "seen_partly"})
VALUES = {"cameras": frozenset({"items"}), "photos_unsaid": frozenset({"unsaid"})}
ITEM_SAYS: dict[str, frozenset[str]] = {"took": frozenset({"taken_at"}), "took_undated": frozenset()}


def judge(evidence: Evidence) -> Verdict:
    photos = evidence.of(PickedPhoto, "photos_picker")
    if not photos:
        return Verdict(state=VerdictState.NOT_CHECKED, reason="not_checked")
    cameras = sorted({photo.camera for photo in photos if photo.camera}, key=lambda name: (name.casefold(), name))
    unsaid = sum(1 for photo in photos if not photo.camera)
    return Verdict(
        state=VerdictState.COULD_NOT_TELL,
        reason="cameras" if cameras else "no_camera",
        values={"unsaid": unsaid},
        rung=Rung.LIVE,
        strength=Strength.SUGGESTS,
        seen_at=max(photo.seen_at for photo in photos),
        items=tuple(_item(camera, [photo for photo in photos if photo.camera == camera]) for camera in cameras),
        signs=("photos_unsaid",) if cameras and unsaid else (),
    )


def _item(camera: str, photos: list[PickedPhoto]) -> SeenItem:
    dated = [photo.taken_at for photo in photos if photo.dated]
    return SeenItem(
        kind=ItemKind.DEVICE,
        identity=f"camera:{camera}",
        name=camera,
        says="took" if dated else "took_undated",
        values={"taken_at": max(dated).isoformat()} if dated else {},
        seen_at=max(photo.seen_at for photo in photos),
    )
