"""users.getProfile, messages.list and get, history.list."""

import re
from typing import Any

from google_sandbox.api.base import Call, Endpoint
from google_sandbox.api.page import page_of
from google_sandbox.errors import api_error, forbidden, invalid_value, not_built, not_found

from .mail import resource
from .search import search
from .store import FIRST_HISTORY, Event, Mailbox

Json = dict[str, Any]

MOST = 500
METADATA_ONLY = "https://www.googleapis.com/auth/gmail.metadata"


def mailbox_of(call: Call) -> Mailbox:
    """The caller's own. GoogleError for another's, and for an account without one."""
    if call["userId"] not in ("me", call.persona.account.email):
        raise forbidden(f"Delegation denied for {call.persona.account.email}")
    if call.persona.mailbox is None:
        raise api_error(400, "Mail service not enabled", "failedPrecondition")
    return call.persona.mailbox


def profile(call: Call) -> Json:
    mailbox = mailbox_of(call)
    return {
        "emailAddress": mailbox.owner,
        "messagesTotal": len(mailbox.mails),
        "threadsTotal": len(mailbox.mails),
        "historyId": str(mailbox.history_id),
    }


def listed(call: Call) -> Json:
    mailbox, query = mailbox_of(call), call["q"] or ""
    if query and call.scopes & {METADATA_ONLY} and not call.scopes & (call.method.scopes - {METADATA_ONLY}):
        raise forbidden("Metadata scope does not support 'q' parameter")
    test, hidden_too = search(query, call.now), bool(call["includeSpamTrash"])
    found = [mail for mail in mailbox.newest_first() if (hidden_too or not mail.hidden) and test(mail)]
    shown, token = page_of(call, found, _size(call), call["pageToken"], f"{query}\n{hidden_too}")
    answer: Json = {"resultSizeEstimate": len(found)}
    if shown:
        answer["messages"] = [mail.short() for mail in shown]
    return answer | ({"nextPageToken": token} if token else {})


def _size(call: Call) -> int:
    """More than 500 is no error at Gmail; it is 500."""
    return max(1, min(int(call["maxResults"]), MOST))


def got(call: Call) -> Json:
    mailbox = mailbox_of(call)
    mail = mailbox.mails.get(call["id"])
    if mail is None:
        raise not_found("Requested entity was not found.")
    if call["format"] not in ("metadata", "minimal"):
        raise not_built(f"{call.method.id} with format={call['format']}: mails have no body here")
    wanted = {name.lower() for name in (call["metadataHeaders"] or "").split(",") if name}
    return resource(mail, call["format"], wanted, mailbox.history_id)


def history(call: Call) -> Json:
    """What came and went after `startHistoryId`. A number that is too old is answered with 404."""
    mailbox = mailbox_of(call)
    begin = _position(call["startHistoryId"], mailbox)
    wanted = set(filter(None, (call["historyTypes"] or "").split(",")))
    events = [(n, one) for n, one in enumerate(mailbox.history) if n >= begin and (not wanted or one.kind in wanted)]
    shown, token = page_of(call, events, _size(call), call["pageToken"], f"{begin} {sorted(wanted)}")
    answer: Json = {"historyId": str(mailbox.history_id)}
    if shown:
        answer["history"] = [_entry(number, event) for number, event in shown]
    return answer | ({"nextPageToken": token} if token else {})


def _position(given: str | None, mailbox: Mailbox) -> int:
    if not given or not re.fullmatch(r"\d{1,20}", given, re.ASCII):
        raise invalid_value("startHistoryId")
    if not mailbox.oldest <= int(given) <= mailbox.history_id:
        raise not_found("Requested entity was not found.")
    return int(given) - FIRST_HISTORY


def _entry(number: int, event: Event) -> Json:
    named = {"messageAdded": "messagesAdded", "messageDeleted": "messagesDeleted"}[event.kind]
    short = event.mail.short()
    return {
        "id": str(FIRST_HISTORY + number + 1),
        "messages": [short],
        named: [{"message": {**short, "labelIds": list(event.mail.labels)}}],
    }


ENDPOINTS = {
    "gmail.users.getProfile": Endpoint(profile, units=1),
    "gmail.users.messages.list": Endpoint(listed, units=5),
    "gmail.users.messages.get": Endpoint(got, units=20),
    "gmail.users.history.list": Endpoint(history, units=2),
}
