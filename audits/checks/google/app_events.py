"""When apps were let in and removed, by the organisation's own log. Only an administrator may read it.

It says what was done on a day, and nothing about what is connected now: that is a check of its own. An app that was
let in twice on one day is one line.
"""

from __future__ import annotations

from audits.facts import AccountEvent, Evidence, ItemKind, Rung, SeenItem, Strength, Verdict, VerdictState, Why

SOURCES = ("reports_apps",)
REASONS: frozenset[str] = frozenset({"none", "seen", "seen_partly", *(why.value for why in Why)})
ITEM_SAYS: dict[str, frozenset[str]] = {"let_in": frozenset({"happened_at"}), "removed": frozenset({"happened_at"})}

_SAYS = {"authorize": "let_in", "revoke": "removed"}


def judge(evidence: Evidence) -> Verdict:
    events = [event for event in evidence.of(AccountEvent, "reports_apps") if event.what in _SAYS]
    whole = evidence.complete("reports_apps")
    if not events and not whole:
        return _could_not_tell(evidence)
    run = evidence.coverage.get("reports_apps")
    oldest_first = sorted(events, key=lambda event: (event.at, event.event_id))
    items = {item.identity: item for item in map(_item, oldest_first)}
    return Verdict(
        state=VerdictState.NEEDS_LOOK if events else VerdictState.LOOKS_FINE,
        reason=("seen" if whole else "seen_partly") if events else "none",
        values={"why": "" if whole else evidence.why_not("reports_apps").value},
        rung=Rung.ADMIN,
        strength=Strength.PROVES,
        seen_at=run.seen_at if run else events[0].seen_at,
        items=tuple(reversed(items.values())),
    )


def _could_not_tell(evidence: Evidence) -> Verdict:
    if evidence.consumer:
        return Verdict(state=VerdictState.DOES_NOT_APPLY, reason=Why.CONSUMER_ACCOUNT.value)
    run = evidence.coverage.get("reports_apps")
    why = evidence.why_not("reports_apps")
    return Verdict(state=VerdictState.COULD_NOT_TELL, reason=why.value, seen_at=run.seen_at if run else None)


def _item(event: AccountEvent) -> SeenItem:
    """Apps that are not registered with Google share one client id, so the name belongs to the identity."""
    return SeenItem(
        kind=ItemKind.EVENT,
        identity=f"{event.connection} {event.what} {event.at:%Y-%m-%d} {event.app_id} {event.name}",
        name=event.name,
        says=_SAYS[event.what],
        values={"happened_at": event.at.isoformat()},
        seen_at=event.seen_at,
    )
