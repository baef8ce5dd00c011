"""Which apps hold access to the account at all. Only an administrator's list is whole (tokens.list).

Google gives no such list of a personal account. The apps that Google Drive names are a part of it, and so are those
that Google wrote a mail about when they were let in. They are shown and can be answered, as a sign, and never make the
whole look fine. A mail says that an app was let in on its day; nothing says whether it still is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from audits.facts import (
    ConnectedApp,
    Evidence,
    ItemKind,
    MailKind,
    Rung,
    SecurityMail,
    SeenItem,
    Strength,
    Verdict,
    VerdictState,
    Why,
)

SOURCES = ("directory_apps", "drive_apps", "gmail_alerts")
REASONS: frozenset[str] = frozenset({"none", "seen", "seen_partly", "in_drive", "by_mail", *(why.value for why in Why)})
VALUES = {"in_drive": frozenset({"in_drive"}), "by_mail": frozenset({"by_mail"})}
_CODES = ("mail_and_drive", "mail", "all_drive", "some_access", "only_sign_in", "unregistered", "some_drive")
_DATED = ("all_drive_granted", "some_drive_granted", "granted", "granted_unnamed")
ITEM_SAYS: dict[str, frozenset[str]] = {
    **{code: frozenset() for code in _CODES},
    **{code: frozenset({"granted_at"}) for code in _DATED},
}

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
    in_drive = _items(app for app in evidence.of(ConnectedApp, "drive_apps") if app.authorized)
    by_mail = [mail for mail in evidence.of(SecurityMail, "gmail_alerts") if mail.kind is MailKind.APP_GRANTED]
    part = _sorted((*_dated(in_drive, by_mail), *_only_in_mails(in_drive, by_mail)))
    run = evidence.coverage.get("directory_apps")
    return Verdict(
        state=VerdictState.COULD_NOT_TELL,
        reason=why.value,
        values={"in_drive": len(in_drive), "by_mail": len(by_mail)},
        rung=Rung.LIVE if part else None,
        strength=Strength.SUGGESTS if part else None,
        seen_at=part[0].seen_at if part else run.seen_at if run else None,
        items=part,
        signs=(("in_drive",) if in_drive else ()) + (("by_mail",) if by_mail else ()),
    )


# --------------------------------------------------------------------------- apps that Google wrote a mail about


def _alike(name: str) -> str:
    """Names as they are compared: one app may be written in two ways."""
    return " ".join(name.split()).casefold()


def _newest(mails: list[SecurityMail]) -> dict[str, SecurityMail]:
    """The newest mail for each name. A mail whose app we could not read stands for itself."""
    found: dict[str, SecurityMail] = {}
    for mail in sorted(mails, key=lambda mail: (mail.at, mail.mail_id)):
        found[_alike(mail.name) or mail.mail_id] = mail
    return found


def _once(in_drive: tuple[SeenItem, ...]) -> set[str]:
    """Names that one app alone has: of two that are named alike, a mail does not say which."""
    names = [_alike(item.name) for item in in_drive]
    return {name for name in names if names.count(name) == 1}


def _dated(in_drive: tuple[SeenItem, ...], mails: list[SecurityMail]) -> Iterator[SeenItem]:
    newest, once = _newest(mails), _once(in_drive)
    for item in in_drive:
        mail = newest.get(_alike(item.name)) if _alike(item.name) in once else None
        yield _with_day(item, mail) if mail else item


def _with_day(item: SeenItem, mail: SecurityMail) -> SeenItem:
    return SeenItem(
        kind=item.kind,
        identity=item.identity,
        name=item.name,
        says=f"{item.says}_granted",
        values={"granted_at": mail.at.isoformat()},
        seen_at=item.seen_at,
    )


def _only_in_mails(in_drive: tuple[SeenItem, ...], mails: list[SecurityMail]) -> Iterator[SeenItem]:
    """Something that happened on a day: without the mail it is not gone."""
    once = _once(in_drive)
    for name, mail in _newest(mails).items():
        if name not in once:
            yield SeenItem(
                kind=ItemKind.EVENT,
                identity=f"{mail.connection} mail {name}",
                name=mail.name or mail.subject or "Google",
                says="granted" if mail.name else "granted_unnamed",
                values={"granted_at": mail.at.isoformat()},
                seen_at=mail.seen_at,
            )


# --------------------------------------------------------------------------- items


def _items(apps: Iterable[ConnectedApp]) -> tuple[SeenItem, ...]:
    """Each app once, in the order of names."""
    items = {item.identity: item for item in map(_item, apps)}
    return _sorted(items.values())


def _sorted(items: Iterable[SeenItem]) -> tuple[SeenItem, ...]:
    return tuple(sorted(items, key=lambda item: (item.name.casefold(), item.identity)))


def identity_of(app: ConnectedApp) -> str:
    """Apps that are not registered with Google share one client id, so the name belongs to the identity."""
    return f"{app.app_id} {app.name}" if app.anonymous else app.app_id


def _item(app: ConnectedApp) -> SeenItem:
    return SeenItem(
        kind=ItemKind.APP,
        identity=identity_of(app),
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
