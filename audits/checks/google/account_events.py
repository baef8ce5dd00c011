"""What the organisation's own log says of the sign-in of this account. Only an administrator may read it.

The log ends after 180 days and may be late, so an empty one says only that. An entry of a kind that we do not know is
counted and never guessed at: with one, the log was not understood as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence

from audits.facts import (
    AccountEvent,
    Evidence,
    ItemKind,
    Rung,
    SeenItem,
    Strength,
    Verdict,
    VerdictState,
    Why,
)

SOURCES = ("reports_account",)
REASONS: frozenset[str] = frozenset({"none", "seen", "seen_partly", "not_understood", *(why.value for why in Why)})
VALUES = {"not_understood": frozenset({"strange"})}

SAYS = {
    "2sv_enroll": "two_step_on",
    "2sv_disable": "two_step_off",
    "password_edit": "password_changed",
    "recovery_email_edit": "recovery_email_changed",
    "recovery_phone_edit": "recovery_phone_changed",
    "recovery_secret_qa_edit": "recovery_question_changed",
    "titanium_enroll": "advanced_protection_on",
    "titanium_unenroll": "advanced_protection_off",
    "passkey_enrolled": "passkey_added",
    "passkey_removed": "passkey_removed",
    "email_forwarding_out_of_domain": "mail_sent_on",
    "login_success": "odd_sign_in",
    "suspicious_login": "odd_sign_in_noticed",
    "suspicious_login_less_secure_app": "odd_sign_in_noticed",
    "suspicious_programmatic_login": "odd_sign_in_noticed",
    "user_signed_out_due_to_suspicious_session_cookie": "signed_out_by_google",
    "account_disabled_password_leak": "paused_password_leak",
    "account_disabled_hijacked": "paused_taken_over",
    "account_disabled_generic": "paused",
    "account_disabled_spamming": "paused",
    "account_disabled_spamming_through_relay": "paused",
    "gov_attack_warning": "state_warning",
}
ITEM_SAYS: dict[str, frozenset[str]] = {code: frozenset({"happened_at"}) for code in sorted(set(SAYS.values()))}


def judge(evidence: Evidence) -> Verdict:
    events = evidence.of(AccountEvent, "reports_account")
    known = [event for event in events if event.what in SAYS]
    strange, whole = len(events) - len(known), evidence.complete("reports_account")
    if known:
        unread = Why.UNREADABLE if strange else None
        return _seen(evidence, known, unread if whole else evidence.why_not("reports_account"))
    if whole and strange:
        return _verdict(evidence, VerdictState.COULD_NOT_TELL, "not_understood", {"strange": strange})
    if whole:
        return _verdict(evidence, VerdictState.LOOKS_FINE, "none", {})
    return _could_not_tell(evidence)


def _seen(evidence: Evidence, events: Sequence[AccountEvent], why: Why | None) -> Verdict:
    newest_first = sorted(events, key=lambda event: (event.at, event.event_id), reverse=True)
    items = {item.identity: item for item in map(_item, newest_first)}
    reason, values = "seen_partly" if why else "seen", {"why": why.value if why else ""}
    return _verdict(evidence, VerdictState.NEEDS_LOOK, reason, values, tuple(items.values()))


def _verdict(
    evidence: Evidence,
    state: VerdictState,
    reason: str,
    values: dict[str, str | int] | dict[str, str] | dict[str, int],
    items: tuple[SeenItem, ...] = (),
) -> Verdict:
    run = evidence.coverage.get("reports_account")
    return Verdict(
        state=state,
        reason=reason,
        values=dict(values),
        rung=Rung.ADMIN,
        strength=Strength.PROVES,
        seen_at=run.seen_at if run else items[0].seen_at if items else None,
        items=items,
    )


def _could_not_tell(evidence: Evidence) -> Verdict:
    if evidence.consumer:
        return Verdict(state=VerdictState.DOES_NOT_APPLY, reason=Why.CONSUMER_ACCOUNT.value)
    run = evidence.coverage.get("reports_account")
    why = evidence.why_not("reports_account")
    return Verdict(state=VerdictState.COULD_NOT_TELL, reason=why.value, seen_at=run.seen_at if run else None)


def _item(event: AccountEvent) -> SeenItem:
    return SeenItem(
        kind=ItemKind.EVENT,
        identity=f"{event.connection} {event.event_id}",
        name=event.name,
        says=SAYS[event.what],
        values={"happened_at": event.at.isoformat()},
        seen_at=event.seen_at,
    )
