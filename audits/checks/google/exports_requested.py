"""Mails of Google's that say that somebody asked for a copy of everything (Takeout). A sign, and never proof.

Google's own page lists the exports; no app may read it.
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
REASONS: frozenset[str] = frozenset({"not_proof", "no_mail", "mails", "seen_partly", *(why.value for why in Why)})
VALUES = {"mails": frozenset({"mails"})}
ITEM_SAYS: dict[str, frozenset[str]] = {
    code: frozenset({"mail_at"}) for code in ("requested", "requested_binned", "ready", "ready_binned")
}
_CODES = {MailKind.EXPORT_REQUESTED: "requested", MailKind.EXPORT_READY: "ready"}


def judge(evidence: Evidence) -> Verdict:
    mails = [mail for mail in evidence.of(SecurityMail, "gmail_alerts") if mail.kind in _CODES]
    whole, run = evidence.complete("gmail_alerts"), evidence.coverage.get("gmail_alerts")
    reason = evidence.why_not("gmail_alerts").value
    if whole:
        reason = "not_proof" if mails else "no_mail"
    return Verdict(
        state=VerdictState.COULD_NOT_TELL,
        reason=reason,
        values={"mails": len(mails)},
        rung=Rung.LIVE if mails else None,
        strength=Strength.SUGGESTS if mails else None,
        seen_at=run.seen_at if run else mails[0].seen_at if mails else None,
        items=tuple(_item(mail) for mail in sorted(mails, key=lambda mail: (-mail.at.timestamp(), mail.mail_id))),
        signs=("mails",) if mails else (),
    )


def _item(mail: SecurityMail) -> SeenItem:
    return SeenItem(
        kind=ItemKind.EVENT,
        identity=f"{mail.connection} mail {mail.mail_id}",
        name=mail.subject or "Google",
        says=_CODES[mail.kind] + ("_binned" if mail.binned else ""),
        values={"mail_at": mail.at.isoformat()},
        seen_at=mail.seen_at,
    )
