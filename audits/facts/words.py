"""The words every fact, coverage and verdict is made of."""

from __future__ import annotations

from enum import StrEnum


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
    BROUGHT = "brought"  # from a file that the Person took away before, and brought back
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
    NAMED_SINCE = "named_since"  # the Person named an address after this was looked at
    NO_SERVICE = "no_service"  # this account does not use that part of Google (no mailbox, no calendar)
    NOT_ELIGIBLE = "not_eligible"  # Google offers this way only to some accounts, and not to this one
    NOT_YET = "not_yet"  # it was opened, and waits: for the Person's choice, or for Google to make it ready
    STOPPED = "stopped"  # the audit was stopped first
    UNDER_18 = "under_18"  # the Person said so: we look at nobody's pictures and files who is not grown up
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
