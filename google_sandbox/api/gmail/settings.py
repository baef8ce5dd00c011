"""The settings of a mailbox. An empty list is left out, as Gmail does; delegates are for service accounts only."""

from typing import Any

from google_sandbox.api.base import Call, Endpoint
from google_sandbox.errors import forbidden

from .messages import mailbox_of

Json = dict[str, Any]

NOT_DELEGATED = "Access restricted to service accounts that have been delegated domain-wide authority"


def auto_forwarding(call: Call) -> Json:
    forwarding = mailbox_of(call).settings.get("forwarding")
    return {"enabled": True, "disposition": "leaveInInbox", **forwarding} if forwarding else {"enabled": False}


def forwarding_addresses(call: Call) -> Json:
    rows = mailbox_of(call).settings.get("forwarding_addresses", ())
    listed = [{"verificationStatus": "accepted", **row} for row in rows]
    return {"forwardingAddresses": listed} if listed else {}


def filters(call: Call) -> Json:
    listed = mailbox_of(call).filters
    return {"filter": listed} if listed else {}


def pop(call: Call) -> Json:
    return {"accessWindow": mailbox_of(call).settings.get("pop", "disabled"), "disposition": "leaveInInbox"}


def imap(call: Call) -> Json:
    enabled = bool(mailbox_of(call).settings.get("imap", True))
    return {"enabled": enabled, "autoExpunge": True, "expungeBehavior": "archive", "maxFolderSize": 0}


def send_as(call: Call) -> Json:
    """The mailbox's own address first, then the others. `primary` changes its own row."""
    mailbox, account = mailbox_of(call), call.persona.account
    rows = mailbox.settings.get("send_as", {})
    own = {
        "sendAsEmail": mailbox.owner,
        "displayName": account.name,
        "replyToAddress": "",
        "signature": "",
        "isPrimary": True,
        "isDefault": True,
    }
    others = [{"displayName": "", "verificationStatus": "accepted", **row} for row in rows.get("others", ())]
    return {"sendAs": [own | rows.get("primary", {}), *others]}


def vacation(call: Call) -> Json:
    usual = {"enableAutoReply": False, "restrictToContacts": False, "restrictToDomain": False}
    return {**usual, **mailbox_of(call).settings.get("vacation", {})}


def delegates(call: Call) -> Json:
    mailbox_of(call)
    raise forbidden(NOT_DELEGATED)


ENDPOINTS = {
    "gmail.users.settings.getAutoForwarding": Endpoint(auto_forwarding),
    "gmail.users.settings.forwardingAddresses.list": Endpoint(forwarding_addresses),
    "gmail.users.settings.filters.list": Endpoint(filters),
    "gmail.users.settings.getPop": Endpoint(pop),
    "gmail.users.settings.getImap": Endpoint(imap),
    "gmail.users.settings.sendAs.list": Endpoint(send_as),
    "gmail.users.settings.getVacation": Endpoint(vacation),
    "gmail.users.settings.delegates.list": Endpoint(delegates),
}
