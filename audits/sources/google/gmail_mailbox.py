"""The mailbox itself: whether this account has one, and where its history stands."""

from __future__ import annotations

from typing import Any

from audits.sources.google import call, values
from audits.sources.google.documents import GMAIL, service
from audits.sources.google.errors import BadQuestion, NoService, Unreadable
from audits.sources.google.source import Reading

CALL = "gmail.users.getProfile"
_NO_MAILBOX = "failedPrecondition"  # 400 “Mail service not enabled”


def mailbox(reading: Reading) -> Any:
    """The client for the Person's own mailbox. It only builds requests."""
    return service(GMAIL, reading.session.root(GMAIL)).users()


def history_id(reading: Reading) -> str:
    """Where the history of the mailbox stands now. Raises NoService when the account has no mailbox."""
    request = mailbox(reading).getProfile(userId="me", fields="historyId")
    try:
        profile = call.fetch(reading.session, request, None)
    except BadQuestion as fault:
        if fault.reason == _NO_MAILBOX:
            raise NoService(fault.detail) from fault
        raise
    return read_history_id(profile)


def read_history_id(found: values.Record) -> str:
    value = found.get("historyId")
    if not isinstance(value, str) or not value.isascii() or not value.isdigit() or len(value) > 20:
        raise Unreadable("historyId is no number")
    return value
