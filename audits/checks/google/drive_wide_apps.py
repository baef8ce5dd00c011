"""Which apps can open every file in Drive. Google Drive says so itself, for any account (apps.list).

An administrator's list can show such apps too, by the scopes they hold. It cannot show that there are none: it is
read by scopes that we know, and Google may have others.
"""

from __future__ import annotations

from audits.facts import ConnectedApp, Evidence, ItemKind, Rung, SeenItem, Strength, Verdict, VerdictState, Why

SOURCES = ("drive_apps", "directory_apps")
REASONS: frozenset[str] = frozenset({"none", "seen", "seen_partly", *(why.value for why in Why)})
ITEM_SAYS: dict[str, frozenset[str]] = {"opens_all": frozenset(), "opens_all_unregistered": frozenset()}


def judge(evidence: Evidence) -> Verdict:
    apps, why = _wide_apps(evidence), _why_not_whole(evidence)
    if not apps:
        return _nothing_seen(evidence, why)
    return Verdict(
        state=VerdictState.NEEDS_LOOK,
        reason="seen_partly" if why else "seen",
        values={"why": why},
        rung=apps[0].rung,
        strength=apps[0].strength,
        seen_at=apps[0].seen_at,
        items=tuple(_item(app) for app in apps),
    )


def _wide_apps(evidence: Evidence) -> list[ConnectedApp]:
    """Each app once, in the order of names. The administrator's list counts only where Drive gave none."""
    wide = [app for app in evidence.of(ConnectedApp, "drive_apps") if app.authorized and app.drive_wide]
    if not wide and not evidence.complete("drive_apps"):
        wide = [app for app in evidence.of(ConnectedApp, "directory_apps") if app.drive_wide]
    return sorted({_identity(app): app for app in wide}.values(), key=lambda app: (app.name.casefold(), app.app_id))


def _identity(app: ConnectedApp) -> str:
    """Apps that are not registered with Google share one client id, so the name belongs to the identity."""
    return f"{app.app_id} {app.name}" if app.anonymous else app.app_id


def _why_not_whole(evidence: Evidence) -> str:
    """Empty when Drive's list was read whole and said of every app how far it reaches."""
    if not evidence.complete("drive_apps"):
        return evidence.why_not("drive_apps").value
    unsaid = any(app.authorized and app.drive_wide is None for app in evidence.of(ConnectedApp, "drive_apps"))
    return Why.NOT_SAID.value if unsaid else ""


def _nothing_seen(evidence: Evidence, why: str) -> Verdict:
    run = evidence.coverage.get("drive_apps")
    seen_at = run.seen_at if run else None
    if why:
        return Verdict(state=VerdictState.COULD_NOT_TELL, reason=why, seen_at=seen_at)
    return Verdict(
        state=VerdictState.LOOKS_FINE, reason="none", rung=Rung.LIVE, strength=Strength.PROVES, seen_at=seen_at
    )


def _item(app: ConnectedApp) -> SeenItem:
    return SeenItem(
        kind=ItemKind.APP,
        identity=_identity(app),
        name=app.name,
        says="opens_all_unregistered" if app.anonymous else "opens_all",
        seen_at=app.seen_at,
    )
