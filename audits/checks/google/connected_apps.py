"""Which apps hold access to the account at all. Only an administrator's list is whole (tokens.list).

Google gives no such list of a personal account. The apps that Google Drive names are a part of it: they are shown and
can be answered, as a sign, and never make the whole look fine.
"""

from __future__ import annotations

from collections.abc import Iterable

from audits.facts import ConnectedApp, Evidence, ItemKind, Rung, SeenItem, Strength, Verdict, VerdictState, Why

SOURCES = ("directory_apps", "drive_apps")
REASONS: frozenset[str] = frozenset({"none", "seen", "seen_partly", "in_drive", *(why.value for why in Why)})
VALUES = {"in_drive": frozenset({"items"})}
_CODES = ("mail_and_drive", "mail", "all_drive", "some_access", "only_sign_in", "unregistered", "some_drive")
ITEM_SAYS: dict[str, frozenset[str]] = {code: frozenset() for code in _CODES}

_AUTH = "https://www.googleapis.com/auth/"
_MAIL = {"https://mail.google.com/", f"{_AUTH}gmail.readonly", f"{_AUTH}gmail.modify"}
_SIGN_IN = {"openid", "email", "profile", f"{_AUTH}userinfo.email", f"{_AUTH}userinfo.profile"}


def judge(evidence: Evidence) -> Verdict:
    listed = _items(evidence.of(ConnectedApp, "directory_apps"))
    if evidence.complete("directory_apps"):
        return _by_administrator(evidence, listed, "")
    if listed:
        return _by_administrator(evidence, listed, evidence.why_not("directory_apps").value)
    return _could_not_tell(evidence)


def _by_administrator(evidence: Evidence, listed: tuple[SeenItem, ...], why: str) -> Verdict:
    reason = ("seen_partly" if why else "seen") if listed else "none"
    run = evidence.coverage.get("directory_apps")
    return Verdict(
        state=VerdictState.NEEDS_LOOK if listed else VerdictState.LOOKS_FINE,
        reason=reason,
        values={"why": why},
        rung=Rung.ADMIN,
        strength=Strength.PROVES,
        seen_at=run.seen_at if run else listed[0].seen_at,
        items=listed,
    )


def _could_not_tell(evidence: Evidence) -> Verdict:
    why = Why.CONSUMER_ACCOUNT if evidence.consumer else evidence.why_not("directory_apps")
    part = _items(app for app in evidence.of(ConnectedApp, "drive_apps") if app.authorized)
    run = evidence.coverage.get("directory_apps")
    return Verdict(
        state=VerdictState.COULD_NOT_TELL,
        reason=why.value,
        rung=Rung.LIVE if part else None,
        strength=Strength.SUGGESTS if part else None,
        seen_at=part[0].seen_at if part else run.seen_at if run else None,
        items=part,
        signs=("in_drive",) if part else (),
    )


def _items(apps: Iterable[ConnectedApp]) -> tuple[SeenItem, ...]:
    """Each app once, in the order of names."""
    items = {item.identity: item for item in map(_item, apps)}
    return tuple(sorted(items.values(), key=lambda item: (item.name.casefold(), item.identity)))


def _item(app: ConnectedApp) -> SeenItem:
    """Apps that are not registered with Google share one client id, so the name belongs to the identity."""
    return SeenItem(
        kind=ItemKind.APP,
        identity=f"{app.app_id} {app.name}" if app.anonymous else app.app_id,
        name=app.name,
        says=_reach(app),
        seen_at=app.seen_at,
    )


def _reach(app: ConnectedApp) -> str:
    """The widest thing we know it can do."""
    scopes = set(app.scopes)
    if scopes & _MAIL:
        return "mail_and_drive" if app.drive_wide else "mail"
    if app.drive_wide:
        return "all_drive"
    if app.via == "drive":
        return "some_drive"
    if scopes and scopes <= _SIGN_IN:
        return "only_sign_in"
    return "unregistered" if app.anonymous else "some_access"
