"""The account itself: signing in, apps that hold access, what its log says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from audits.facts.base import Fact


@dataclass(frozen=True, kw_only=True)
class SignIn(Fact):
    """How Google says this browser's session was opened. `amr` is None when Google did not say."""

    amr: tuple[str, ...] | None
    signed_in_at: datetime | None
    hosted_domain: str | None


@dataclass(frozen=True, kw_only=True)
class TwoStep(Fact):
    """2-step sign-in as an administrator's API states it. Never built from missing data."""

    enrolled: bool
    enforced: bool | None


@dataclass(frozen=True, kw_only=True)
class ConnectedApp(Fact):
    """An app that holds access. `via` is "drive" or "directory"."""

    app_id: str
    name: str
    via: str
    drive_wide: bool | None  # can open every file in Drive; None when this source cannot know
    authorized: bool  # holds access to data now
    installed: bool
    scopes: tuple[str, ...] = ()
    anonymous: bool = False  # not registered with Google
    native: bool = False


@dataclass(frozen=True, kw_only=True)
class AppPassword(Fact):
    code_id: str
    name: str
    created_at: datetime | None
    last_used_at: datetime | None  # None: Google names no use


@dataclass(frozen=True, kw_only=True)
class AccountBasics(Fact):
    """What an administrator's API says of the account itself.

    `recovery_email` and `recovery_phone` are "" when the directory names none: that is not proof that there is none.
    """

    is_admin: bool
    suspended: bool | None
    last_sign_in_at: datetime | None
    recovery_email: str = ""
    recovery_phone: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AccountEvent(Fact):
    """One entry of the organisation's own log about this account. `what` is Google's event name.

    A `login_success` is one that Google marked as suspicious; ordinary ones are no fact.
    """

    event_id: str
    application: str  # login, token, user_accounts
    what: str
    at: datetime
    name: str = ""  # what the entry names: the app, or where mail is sent on to; hostile
    app_id: str = ""  # for token events
