"""Google's own mails about the account, and the settings of the mailbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from audits.facts.base import Fact


class MailKind(StrEnum):
    """What one of Google's security mails is about."""

    APP_GRANTED = "app_granted"
    SIGN_IN = "sign_in"
    APP_PASSWORD_CREATED = "app_password_created"  # noqa: S105
    APP_PASSWORD_REMOVED = "app_password_removed"  # noqa: S105
    TWO_STEP_ON = "two_step_on"
    TWO_STEP_PHONE_ADDED = "two_step_phone_added"
    PASSKEY_REMOVED = "passkey_removed"
    RECOVERY_PHONE_CHANGED = "recovery_phone_changed"
    ACCOUNT_RECOVERED = "account_recovered"
    EXPORT_REQUESTED = "export_requested"
    EXPORT_READY = "export_ready"
    OTHER_ACCOUNT = "other_account"  # a copy: another account names this one as its recovery address
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True, kw_only=True)
class SecurityMail(Fact):
    """One mail from Google about the account. It suggests, and never proves.

    `by_number`: told by Google's own number for the kind of mail; otherwise by an English subject that was seen once.
    `name` is what the mail names (an app, an app password, a device, the other account), hostile, "" when none that we
    could read; `subject` is its subject line as it came. `binned`: it lay in the bin or among spam. Only mails that
    passed the trust gate become facts.
    """

    mail_id: str
    kind: MailKind
    at: datetime
    name: str = ""
    subject: str = ""
    by_number: bool = False
    binned: bool = False


@dataclass(frozen=True, kw_only=True)
class MailForwarding(Fact):
    """An address that mail can be sent on to. `way`: all (every new mail), filter (some), allowed (not used now).

    `keeps` says what happens to the mail here: inbox, archived, binned, read, "" when not known. For `allowed`,
    `confirmed` says whether that address agreed.
    """

    address: str
    way: str
    keeps: str = ""
    filter_id: str = ""
    matches: str = ""  # for people: which mail the filter catches; hostile, cut
    confirmed: bool | None = None


@dataclass(frozen=True, kw_only=True)
class MailFilter(Fact):
    """A filter that takes mail out of sight. `alerts`: it catches, or may catch, Google's own security mails."""

    filter_id: str
    matches: str  # for people; hostile, cut
    bins: bool
    archives: bool
    marks_read: bool
    alerts: bool


@dataclass(frozen=True, kw_only=True)
class MailPickup(Fact):
    """Whether programs may fetch mail, by POP or IMAP. `window` for POP: disabled, allMail, fromNowOn."""

    protocol: str  # pop, imap
    enabled: bool
    window: str = ""


@dataclass(frozen=True, kw_only=True)
class SendAs(Fact):
    """An address that mail can be written as. `reply_to` is "" when answers come back to this account."""

    address: str
    name: str
    primary: bool
    reply_to: str
    confirmed: bool | None


@dataclass(frozen=True, kw_only=True)
class AutoReply(Fact):
    enabled: bool
    everyone: bool  # not only contacts or one's own organisation
