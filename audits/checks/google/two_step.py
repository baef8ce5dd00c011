"""Whether 2-step sign-in is on. Only an administrator's API can say so, and only it can say that it is off.

How this browser signed in (`amr`) is at most a sign: "mfa" may have been a single extra question, and "pwd" alone is
also what a remembered computer sends with 2-step on, so it says nothing. A mail of Google's tells of its own day only,
and so does an entry of the organisation's log.
"""

from __future__ import annotations

from audits.facts import (
    AccountEvent,
    Evidence,
    MailKind,
    Rung,
    SecurityMail,
    SignIn,
    Strength,
    TwoStep,
    Verdict,
    VerdictState,
    Why,
)

SOURCES = ("directory_user", "sign_in_claims", "gmail_alerts", "reports_account")
_LOG = {"2sv_enroll": "log_switched_on", "2sv_disable": "log_switched_off"}
_MAILS = {
    MailKind.TWO_STEP_ON: "mail_switched_on",
    MailKind.TWO_STEP_PHONE_ADDED: "mail_phone_added",
    MailKind.APP_PASSWORD_CREATED: "mail_app_password",
}
REASONS: frozenset[str] = frozenset(
    {
        *("on", "on_enforced", "off", "signed_in_with_key", "second_step_used"),
        *_MAILS.values(),
        *_LOG.values(),
        *(why.value for why in Why),
    }
)
VALUES = {
    **{reason: frozenset({"sign_at"}) for reason in ("signed_in_with_key", "second_step_used")},
    **{reason: frozenset({"mail_at"}) for reason in _MAILS.values()},
    **{reason: frozenset({"log_at"}) for reason in _LOG.values()},
}


def judge(evidence: Evidence) -> Verdict:
    return _with_log(_by_what_is_now(evidence), evidence)


def _with_log(seen: Verdict, evidence: Evidence) -> Verdict:
    """The last change that the log has, beside what was said of today and never in its place."""
    changes = [event for event in evidence.of(AccountEvent, "reports_account") if event.what in _LOG]
    last = max(changes, key=lambda event: (event.at, event.event_id), default=None)
    if last is None:
        return seen
    values = {**seen.values, "log_at": last.at.isoformat()}
    return Verdict(**{**vars(seen), "values": values, "signs": (*seen.signs, _LOG[last.what])})


def _by_what_is_now(evidence: Evidence) -> Verdict:
    said = [fact for fact in evidence.of(TwoStep, "directory_user") if fact.rung is Rung.ADMIN]
    if any(not fact.enrolled for fact in said):
        return _by_administrator(VerdictState.NEEDS_LOOK, "off", said)
    if said and evidence.complete("directory_user"):
        enforced = all(fact.enforced for fact in said)
        return _by_administrator(VerdictState.LOOKS_FINE, "on_enforced" if enforced else "on", said)
    return _could_not_tell(evidence)


def _by_administrator(state: VerdictState, reason: str, said: list[TwoStep]) -> Verdict:
    newest = max(said, key=lambda fact: fact.seen_at)
    return Verdict(state=state, reason=reason, rung=Rung.ADMIN, strength=newest.strength, seen_at=newest.seen_at)


def _could_not_tell(evidence: Evidence) -> Verdict:
    why, run = _why(evidence), evidence.coverage.get("directory_user")
    sign_in = max(evidence.of(SignIn), key=lambda fact: fact.seen_at, default=None)
    mail = _newest_mail(evidence)
    signs = _signs(sign_in) + ((_MAILS[mail.kind],) if mail else ())
    if not signs:
        return Verdict(state=VerdictState.COULD_NOT_TELL, reason=why.value, seen_at=run.seen_at if run else None)
    said_at = {"sign_at": (sign_in.signed_in_at or sign_in.seen_at).isoformat()} if sign_in else {}
    mailed_at = {"mail_at": mail.at.isoformat()} if mail else {}
    return Verdict(
        state=VerdictState.COULD_NOT_TELL,
        reason=why.value,
        values={**said_at, **mailed_at},
        rung=Rung.LIVE,
        strength=Strength.SUGGESTS,
        seen_at=sign_in.seen_at if sign_in else mail.seen_at if mail else None,
        signs=signs,
    )


def _newest_mail(evidence: Evidence) -> SecurityMail | None:
    """The last word that a mail has about the second step. No known mail says that it was switched off."""
    mails = [mail for mail in evidence.of(SecurityMail, "gmail_alerts") if mail.kind in _MAILS]
    return max(mails, key=lambda mail: (mail.at, mail.mail_id), default=None)


def _why(evidence: Evidence) -> Why:
    """A whole answer without the field is not "off": Google did not say."""
    if evidence.complete("directory_user"):
        return Why.NOT_SAID
    return Why.CONSUMER_ACCOUNT if evidence.consumer else evidence.why_not("directory_user")


def _signs(sign_in: SignIn | None) -> tuple[str, ...]:
    methods = set(sign_in.amr or ()) if sign_in else set()
    key = ("signed_in_with_key",) if methods & {"hwk", "swk"} else ()
    return key + (("second_step_used",) if "mfa" in methods else ())
