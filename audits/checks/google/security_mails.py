"""What Google's own mails say has happened to the account, day by day. Signs only: mails can be deleted, Google does
not write one for everything, and no mail says how things stand today.

Apps that were let in stand in connected_apps, exports in exports_requested.
"""

from __future__ import annotations

from audits.facts import (
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

SOURCES = ("gmail_alerts",)
REASONS: frozenset[str] = frozenset(
    {"not_proof", "no_mail", "mails", "binned", "seen_partly", *(why.value for why in Why)}
)
VALUES = {"mails": frozenset({"mails"}), "binned": frozenset({"binned"})}
_ELSEWHERE = (MailKind.APP_GRANTED, MailKind.EXPORT_REQUESTED, MailKind.EXPORT_READY)
_BY_WORDS = "account_recovered_by_words"
ITEM_SAYS: dict[str, frozenset[str]] = {
    code: frozenset({"mail_at"}) for code in (*(kind.value for kind in MailKind if kind not in _ELSEWHERE), _BY_WORDS)
}


def judge(evidence: Evidence) -> Verdict:
    mails = [mail for mail in evidence.of(SecurityMail, "gmail_alerts") if mail.kind not in _ELSEWHERE]
    whole, run = evidence.complete("gmail_alerts"), evidence.coverage.get("gmail_alerts")
    reason = evidence.why_not("gmail_alerts").value
    if whole:
        reason = "not_proof" if mails else "no_mail"
    binned = sum(mail.binned for mail in mails)
    return Verdict(
        state=VerdictState.COULD_NOT_TELL,
        reason=reason,
        values={"mails": len(mails), "binned": binned},
        rung=Rung.LIVE if mails else None,
        strength=Strength.SUGGESTS if mails else None,
        seen_at=run.seen_at if run else mails[0].seen_at if mails else None,
        items=tuple(_item(mail) for mail in sorted(mails, key=_newest_first)),
        signs=(("mails",) if mails else ()) + (("binned",) if binned else ()),
    )


def _newest_first(mail: SecurityMail) -> tuple[float, str]:
    return -mail.at.timestamp(), mail.mail_id


def _item(mail: SecurityMail) -> SeenItem:
    recovered_by_words = mail.kind is MailKind.ACCOUNT_RECOVERED and not mail.by_number
    return SeenItem(
        kind=ItemKind.EVENT,
        identity=f"{mail.connection} mail {mail.mail_id}",
        name=mail.name or mail.subject or "Google",
        says=_BY_WORDS if recovered_by_words else mail.kind.value,
        values={"mail_at": mail.at.isoformat()},
        seen_at=mail.seen_at,
    )
