"""The vocabulary that every source and every rule shares.

A Fact is one typed, frozen statement. It names the Connection it is about, the source that made it, when it was
seen, on which rung of the evidence ladder it stands and how strong it is. Coverage says what a source managed;
without it an empty list of facts means nothing. This module imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar


class Strength(StrEnum):
    """What a fact can carry: it proves, it only suggests, or the Person told us."""

    PROVES = "proves"
    SUGGESTS = "suggests"
    TOLD = "told"


class Rung(StrEnum):
    """How we know, the strongest first."""

    ADMIN = "admin"
    LIVE = "live"
    EXPORT = "export"
    PASTED = "pasted"
    TOLD = "told"


class CoverageState(StrEnum):
    """What a source managed for one Connection in one audit."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    REFUSED = "refused"
    FAILED = "failed"
    NOT_AVAILABLE = "not_available"


class Why(StrEnum):
    """Why a source did not manage the whole. One sentence for each stands in checks/common.yaml."""

    NOT_ASKED = "not_asked"  # the Person was never asked for this look, or has not opened it
    UNTICKED = "unticked"  # asked for, but not ticked at Google
    NOT_CONNECTED = "not_connected"  # there is no Google account to ask
    NEEDS_RECONNECTING = "needs_reconnecting"  # Google no longer accepts our token
    BUSY = "busy"  # Google asked us to slow down and went on asking
    UNREACHABLE = "unreachable"  # no connection, reset, or no answer in time
    GOOGLE_ERROR = "google_error"  # Google answered with an error of its own (5xx)
    UNREADABLE = "unreadable"  # an answer came that we could not read or did not believe
    NOT_FOUND = "not_found"  # Google says there is no such thing
    FORBIDDEN = "forbidden"  # Google refuses, for a reason that is not a missing permission
    NOT_ADMINISTRATOR = "not_administrator"  # only an administrator may read this
    CONSUMER_ACCOUNT = "consumer_account"  # only a work or school account has this
    INCOMPLETE_LIST = "incomplete_list"  # Google said that its own list is not whole
    TOO_MANY = "too_many"  # more than we read in one audit
    NOT_SAID = "not_said"  # Google may say this at sign-in, and did not
    NOBODY_NAMED = "nobody_named"  # this needs a name from the Person, and there is none
    NO_SERVICE = "no_service"  # this account does not use that part of Google (no mailbox, no calendar)
    NOT_ELIGIBLE = "not_eligible"  # Google offers this way only to some accounts, and not to this one
    NOT_YET = "not_yet"  # it was opened, and waits: for the Person's choice, or for Google to make it ready
    STOPPED = "stopped"  # the audit was stopped first
    OUR_FAULT = "our_fault"  # a mistake in this program; nothing about the account


class VerdictState(StrEnum):
    NEEDS_LOOK = "needs_look"
    LOOKS_FINE = "looks_fine"
    COULD_NOT_TELL = "could_not_tell"
    DOES_NOT_APPLY = "does_not_apply"
    NOT_CHECKED = "not_checked"


class ItemAnswer(StrEnum):
    """What the Person said of one Item."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    LEAVE = "leave"


class ToldAnswer(StrEnum):
    """What the Person said after looking at one guided check."""

    AS_IT_SHOULD_BE = "as_it_should_be"
    SOMETHING_ODD = "something_odd"
    OFF = "off"  # only for checks about a switch
    NOT_FOUND = "not_found"
    LEAVE = "leave"


class ItemKind(StrEnum):
    APP = "app"
    DEVICE = "device"
    FILE = "file"
    PICTURE = "picture"
    PERSON = "person"
    PASSWORD = "password"  # noqa: S105  an app password, by its name
    MAIL_RULE = "mail_rule"  # a filter, a forwarding, an alias of the mailbox
    EVENT = "event"  # something that happened on one day
    CALENDAR = "calendar"
    VIDEO = "video"
    OTHER = "other"


# --------------------------------------------------------------------------- facts


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One statement. `connection` is the Connection's public id, or "" when the fact is about no account."""

    connection: str
    source: str
    seen_at: datetime  # aware, UTC
    rung: Rung
    strength: Strength


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


@dataclass(frozen=True)
class Access:
    """One party that can open a file. `kind`: user, group, domain, link (anyone with it), public (found by search)."""

    kind: str
    role: str  # reader, commenter, writer, organizer, fileOrganizer, owner
    address: str = ""  # e-mail for user and group, domain name for domain
    pending_owner: bool = False


@dataclass(frozen=True, kw_only=True)
class SharedFile(Fact):
    """A file of the Person that someone else can open. Holds no contents and no coordinates."""

    file_id: str
    name: str
    mime_type: str
    link: str  # webViewLink from Google, https on google.com only, else ""
    picture: bool  # image or video
    has_location: bool | None  # None: not a picture, or Google did not say
    open_to_anyone: bool
    access: tuple[Access, ...]  # without the owner
    named: tuple[str, ...] = ()  # the named people (as the Person wrote them) whom a named query found here


@dataclass(frozen=True, kw_only=True)
class TrashedPicture(Fact):
    file_id: str
    name: str
    mime_type: str
    link: str
    trashed_at: datetime | None
    shared: bool


@dataclass(frozen=True, kw_only=True)
class StorageUse(Fact):
    """Bytes. What is neither Drive nor its bin is Gmail, Google Photos and device backups together."""

    usage: int
    in_drive: int
    pooled: bool = False  # a Workspace may count the whole organisation

    @property
    def outside_drive(self) -> int:
        return max(self.usage - self.in_drive, 0)


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


@dataclass(frozen=True, kw_only=True)
class CalendarAccess(Fact):
    """One party that can see a calendar of the Person. `kind`: user, group, domain, public."""

    calendar_id: str
    calendar: str  # its name; hostile
    kind: str
    role: str  # freeBusyReader, reader, writerWithoutPrivateAccess, writer, owner
    address: str = ""
    named: bool = False  # the Person named this address


@dataclass(frozen=True, kw_only=True)
class Video(Fact):
    """A video or a playlist of the Person's own channel. `privacy`: public, unlisted, private."""

    video_id: str
    title: str
    playlist: bool
    privacy: str
    published_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class IncomingFile(Fact):
    """A file that somebody else owns and opened to the Person."""

    file_id: str
    name: str
    mime_type: str
    link: str
    owner: str  # e-mail, lower case
    named: str = ""  # the named person (as written) whose query found it
    role: str = ""  # what the Person may do: reader, commenter, writer, "" when not known


@dataclass(frozen=True, kw_only=True)
class DriveMember(Fact):
    """A party from outside the organisation that belongs to a shared drive, and so opens all that lies in it."""

    drive_id: str
    holds: str  # the name of one file in it, as Google does not name the drive itself; hostile
    kind: str  # user, group, domain
    role: str
    address: str


@dataclass(frozen=True, kw_only=True)
class SharingEvent(Fact):
    """One change of who can open a file.

    `who`: the address of a group, the name of a domain, "anyone" for a link. Of a single person Google gives only a
    number ("people/…"), which names nobody; "" when it gives not even that.
    """

    event_id: str
    at: datetime
    file_id: str
    file: str  # its name; hostile
    added: bool
    kind: str  # user, group, domain, anyone
    who: str
    role: str
    by_me: bool | None  # None: Google does not say who did it


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


@dataclass(frozen=True, kw_only=True)
class PickedPhoto(Fact):
    """A photo or video that the Person chose in Google Photos: it is there. Nothing else is known by it.

    `taken_at` is what the camera wrote, and its clock may be wrong. `make` and `model` are hostile, "" when not said.
    """

    photo_id: str
    taken_at: datetime
    make: str
    model: str
    video: bool

    @property
    def camera(self) -> str:
        """As people say it. Many makers write their own name into the model as well. "" when there is no model."""
        if not self.model or self.model.casefold().startswith(self.make.casefold()):
            return self.model
        return f"{self.make} {self.model}"

    @property
    def dated(self) -> bool:
        """Whether its day can be right: not to come, and not from before there were digital cameras."""
        return self.taken_at.year >= 1990 and self.taken_at <= self.seen_at + timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class PhoneApp(Fact):
    """An app that Google Play installed on some phone of this account. Apps from elsewhere are not on Google's list.

    `package` is mostly "": what Google publishes about the list names an app by its title only.
    """

    package: str
    name: str
    device: str  # the phone's name as Google writes it
    first_installed_at: datetime | None
    last_updated_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PlayDevice(Fact):
    """A phone or tablet that used Google Play with this account."""

    device_id: str
    name: str
    maker: str
    model: str
    registered_at: datetime | None
    last_seen_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class BrowserExtension(Fact):
    extension_id: str
    name: str
    enabled: bool
    incognito: bool


@dataclass(frozen=True, kw_only=True)
class Told(Fact):
    """What the Person told us about one check, after looking."""

    check: str
    answer: ToldAnswer
    names: tuple[str, ...] = ()


F = TypeVar("F", bound=Fact)


# --------------------------------------------------------------------------- coverage


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """What one source managed for one Connection. `why` is None only when complete."""

    connection: str
    source: str
    state: CoverageState
    why: Why | None
    seen_at: datetime
    requests: int = 0
    detail: str = ""  # for operators: an HTTP status and Google's reason word; never a name or a token

    def __post_init__(self) -> None:
        if (self.state is CoverageState.COMPLETE) != (self.why is None):
            raise ValueError("Coverage is complete exactly when it needs no reason")

    @property
    def complete(self) -> bool:
        return self.state is CoverageState.COMPLETE


# --------------------------------------------------------------------------- what a rule gets and gives


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What a published list says of an app. `kind`: stalkerware (made to watch in secret), watchware (made to watch,
    may be agreed)."""

    kind: str
    title: str
    source: str  # which list, with its date


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All that a rule may look at: one Connection's facts and coverage, and what the Person said of Items.

    `item_answers` is keyed by (item kind, identity), as the rule itself names its items.
    """

    now: datetime
    connected: bool
    consumer: bool | None  # a personal account; None when there is no account
    facts: tuple[Fact, ...]
    coverage: Mapping[str, Coverage]  # by source name
    item_answers: Mapping[tuple[ItemKind, str], ItemAnswer] = field(default_factory=dict)
    listings: Mapping[str, Listing] = field(default_factory=dict)  # by package, or by name as the fact has it
    lists: tuple[str, ...] = ()  # the lists this installation holds: title, version, licence

    def of(self, kind: type[F], source: str | None = None) -> tuple[F, ...]:
        return tuple(f for f in self.facts if isinstance(f, kind) and (source is None or f.source == source))

    def complete(self, source: str) -> bool:
        found = self.coverage.get(source)
        return found is not None and found.complete

    def why_not(self, source: str) -> Why:
        """Why this source gave no whole answer. A source that never ran was not asked."""
        found = self.coverage.get(source)
        if found is None:
            return Why.NOT_ASKED if self.connected else Why.NOT_CONNECTED
        return found.why or Why.NOT_ASKED


@dataclass(frozen=True, kw_only=True)
class SeenItem:
    """One thing inside a Verdict which the Person can answer about.

    `identity` is stable across audits (client id, address, file id). `says` is a key of the check's `item_says`,
    filled with `values`; `name` comes from outside and is hostile.
    """

    kind: ItemKind
    identity: str
    name: str
    says: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    link: str = ""  # https on a Google host, or ""
    seen_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A rule's judgement. `reason` is a key of the check's `says` (or a Why, said by checks/common.yaml)."""

    state: VerdictState
    reason: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    rung: Rung | None = None
    strength: Strength | None = None
    seen_at: datetime | None = None
    items: tuple[SeenItem, ...] = ()
    signs: tuple[str, ...] = ()  # reason codes of weak signs, shown beside a could-not-tell
