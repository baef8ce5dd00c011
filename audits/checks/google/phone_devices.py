"""Phones and tablets that use Google Play with the account. Each is for the person to know or not."""

from __future__ import annotations

from audits.facts import Evidence, ItemKind, PlayDevice, Rung, SeenItem, Strength, Verdict, VerdictState, Why

SOURCES = ("play_devices",)
REASONS: frozenset[str] = frozenset({"none", "seen", "seen_partly", *(why.value for why in Why)})
ITEM_SAYS: dict[str, frozenset[str]] = {
    "used": frozenset({"last_at"}),
    "used_since": frozenset({"last_at", "since_at"}),
    "since": frozenset({"since_at"}),
    "unsaid": frozenset(),
}


def judge(evidence: Evidence) -> Verdict:
    """An empty list proves nothing: Google does not say whose list it is."""
    devices = sorted(evidence.of(PlayDevice, "play_devices"), key=_newest_first)
    whole = evidence.complete("play_devices")
    why = "" if whole else evidence.why_not("play_devices").value
    run = evidence.coverage.get("play_devices")
    if not devices:
        seen_at = run.seen_at if run else None
        return Verdict(state=VerdictState.COULD_NOT_TELL, reason="none" if whole else why, seen_at=seen_at)
    return Verdict(
        state=VerdictState.NEEDS_LOOK,
        reason="seen" if whole else "seen_partly",
        values={"why": why},
        rung=Rung.EXPORT,
        strength=Strength.PROVES,
        seen_at=run.seen_at if run else devices[0].seen_at,
        items=tuple(_item(device) for device in devices),
    )


def _newest_first(device: PlayDevice) -> tuple[float, str, str]:
    last = device.last_seen_at or device.registered_at
    return -(last.timestamp() if last else 0.0), device.name.casefold(), device.device_id


def _item(device: PlayDevice) -> SeenItem:
    values = {}
    if device.last_seen_at:
        values["last_at"] = device.last_seen_at.isoformat()
    if device.registered_at:
        values["since_at"] = device.registered_at.isoformat()
    says = {(True, True): "used_since", (True, False): "used", (False, True): "since", (False, False): "unsaid"}
    return SeenItem(
        kind=ItemKind.DEVICE,
        identity=f"play device {device.device_id}",
        name=device.name,
        says=says["last_at" in values, "since_at" in values],
        values=values,
        seen_at=device.seen_at,
    )
