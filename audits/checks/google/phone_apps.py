"""Apps that Google Play installed, held against published lists of apps that are made to watch somebody.

Nothing here ever looks fine: the lists are not complete, and an app can reach a phone without Google Play.
"""

from __future__ import annotations

from audits.facts import (
    Evidence,
    ItemKind,
    Listing,
    PhoneApp,
    Rung,
    SeenItem,
    Strength,
    Verdict,
    VerdictState,
    Why,
)

SOURCES = ("play_apps",)
REASONS: frozenset[str] = frozenset(
    {"listed", "not_listed", "no_lists", "none", "seen_partly", *(why.value for why in Why)}
)
VALUES = {
    "listed": frozenset({"listed"}),
    "not_listed": frozenset({"items", "lists"}),
    "no_lists": frozenset({"items"}),
}
_LISTED = frozenset({"listed", "list"})
ITEM_SAYS: dict[str, frozenset[str]] = {
    "secret": _LISTED,
    "secret_on": _LISTED | {"device"},
    "watching": _LISTED,
    "watching_on": _LISTED | {"device"},
    "ordinary": frozenset(),
    "ordinary_on": frozenset({"device"}),
}
_KINDS = {"stalkerware": "secret", "watchware": "watching"}
_ORDER = ("secret", "watching", "ordinary")


def judge(evidence: Evidence) -> Verdict:
    apps = _by_app(evidence)
    run = evidence.coverage.get("play_apps")
    if not apps:
        reason = "none" if evidence.complete("play_apps") else evidence.why_not("play_apps").value
        return Verdict(state=VerdictState.COULD_NOT_TELL, reason=reason, seen_at=run.seen_at if run else None)
    items = tuple(sorted((_item(app, evidence) for app in apps), key=_place))
    listed = sum(not item.says.startswith("ordinary") for item in items)
    return _verdict(evidence, items, listed)


def _verdict(evidence: Evidence, items: tuple[SeenItem, ...], listed: int) -> Verdict:
    """Even a list that was read whole is not all that is on a phone, so `why` always names a reason.

    Apps share names, so a match is a sign and no proof. It is worth a look all the same.
    """
    whole = evidence.complete("play_apps")
    why = Why.INCOMPLETE_LIST if whole else evidence.why_not("play_apps")
    compared = "not_listed" if evidence.lists else "no_lists"
    reason = "listed" if listed else compared if whole else why.value
    return Verdict(
        state=VerdictState.NEEDS_LOOK if listed else VerdictState.COULD_NOT_TELL,
        reason=reason,
        values={"why": why.value, "items": len(items), "listed": listed, "lists": "; ".join(evidence.lists)},
        rung=Rung.EXPORT,
        strength=Strength.SUGGESTS,
        seen_at=items[0].seen_at,
        items=items,
        signs=() if listed or whole else (compared,),
    )


def _by_app(evidence: Evidence) -> list[PhoneApp]:
    """Each app once, with the phone that used it last."""
    found: dict[str, PhoneApp] = {}
    for app in evidence.of(PhoneApp, "play_apps"):
        other = found.get(_identity(app))
        if other is None or _last(app) >= _last(other):
            found[_identity(app)] = app
    return list(found.values())


def _last(app: PhoneApp) -> str:
    last = app.last_updated_at or app.first_installed_at
    return last.isoformat() if last else ""


def _identity(app: PhoneApp) -> str:
    """An app of a phone is another thing than an app that is connected to the account, even with the same name."""
    return f"phone app {app.package or app.name}"


def _item(app: PhoneApp, evidence: Evidence) -> SeenItem:
    listing = _listing(app, evidence)
    kind = _KINDS.get(listing.kind, "ordinary") if listing else "ordinary"
    values = {"listed": listing.title, "list": listing.source} if listing else {}
    return SeenItem(
        kind=ItemKind.APP,
        identity=_identity(app),
        name=app.name,
        says=f"{kind}_on" if app.device else kind,
        values={**values, "device": app.device},
        seen_at=app.seen_at,
    )


def _listing(app: PhoneApp, evidence: Evidence) -> Listing | None:
    return evidence.listings.get(app.package) or evidence.listings.get(app.name)


def _place(item: SeenItem) -> tuple[int, str, str]:
    return _ORDER.index(item.says.removesuffix("_on")), item.name.casefold(), item.identity
