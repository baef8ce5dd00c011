"""Which app passwords there are. Only an administrator's list has them (asps.list); for a personal account nobody
but the person can see them. Google writes a mail when one is made: a sign of its day, and the last such mail counts.
"""

from __future__ import annotations

from audits.facts import (
    AppPassword,
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

SOURCES = ("directory_app_passwords", "gmail_alerts")
_MAILS = {MailKind.APP_PASSWORD_CREATED: "mail_made", MailKind.APP_PASSWORD_REMOVED: "mail_removed"}
REASONS: frozenset[str] = frozenset(
    {"none", "seen", "seen_partly", "not_checked", *_MAILS.values(), *(why.value for why in Why)}
)
VALUES = {reason: frozenset({"mail_at"}) for reason in _MAILS.values()}
ITEM_SAYS: dict[str, frozenset[str]] = {
    "made_and_used": frozenset({"made_at", "used_at"}),
    "made": frozenset({"made_at"}),
    "used": frozenset({"used_at"}),
    "no_dates": frozenset(),
}


def judge(evidence: Evidence) -> Verdict:
    passwords = {_identity(fact): fact for fact in evidence.of(AppPassword, "directory_app_passwords")}
    whole = evidence.complete("directory_app_passwords")
    if not passwords and not whole:
        return _could_not_tell(evidence)
    run = evidence.coverage.get("directory_app_passwords")
    reason = ("seen" if whole else "seen_partly") if passwords else "none"
    return Verdict(
        state=VerdictState.NEEDS_LOOK if passwords else VerdictState.LOOKS_FINE,
        reason=reason,
        values={"why": "" if whole else evidence.why_not("directory_app_passwords").value},
        rung=Rung.ADMIN,
        strength=Strength.PROVES,
        seen_at=run.seen_at if run else None,
        items=tuple(_item(fact) for fact in passwords.values()),
    )


def _could_not_tell(evidence: Evidence) -> Verdict:
    mails = [mail for mail in evidence.of(SecurityMail, "gmail_alerts") if mail.kind in _MAILS]
    if mails:
        return _by_mail(evidence, max(mails, key=lambda mail: (mail.at, mail.mail_id)))
    if evidence.consumer:
        return Verdict(state=VerdictState.NOT_CHECKED, reason="not_checked")
    run = evidence.coverage.get("directory_app_passwords")
    why = evidence.why_not("directory_app_passwords")
    return Verdict(state=VerdictState.COULD_NOT_TELL, reason=why.value, seen_at=run.seen_at if run else None)


def _by_mail(evidence: Evidence, mail: SecurityMail) -> Verdict:
    why = Why.CONSUMER_ACCOUNT if evidence.consumer else evidence.why_not("directory_app_passwords")
    return Verdict(
        state=VerdictState.COULD_NOT_TELL,
        reason=why.value,
        values={"mail_at": mail.at.isoformat()},
        rung=Rung.LIVE,
        strength=Strength.SUGGESTS,
        seen_at=mail.seen_at,
        signs=(_MAILS[mail.kind],),
    )


def _identity(fact: AppPassword) -> str:
    """Google numbers app passwords within one account, so the account belongs to the identity."""
    return f"{fact.connection} {fact.code_id}"


def _item(fact: AppPassword) -> SeenItem:
    made = {"made_at": fact.created_at.isoformat()} if fact.created_at else {}
    used = {"used_at": fact.last_used_at.isoformat()} if fact.last_used_at else {}
    says = {(True, True): "made_and_used", (True, False): "made", (False, True): "used", (False, False): "no_dates"}
    return SeenItem(
        kind=ItemKind.PASSWORD,
        identity=_identity(fact),
        name=fact.name,
        says=says[bool(made), bool(used)],
        values={**made, **used},
        seen_at=fact.seen_at,
    )
