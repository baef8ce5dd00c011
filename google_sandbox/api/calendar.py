"""Calendar v3: the list of calendars, and who can see each of them.

A persona's words for a calendar: `name`; `primary`, `hidden`; `role` when it is somebody else's; `public` with a role;
`users`, `groups`, `domains` with a role for each address. A persona without `calendars` has its own one, shared with
nobody; `calendars: null` is an account that does not use Google Calendar.
"""

from typing import Any

from google_sandbox.errors import api_error, forbidden, not_found
from google_sandbox.personas import Persona

from .base import Api, Call, Endpoint
from .drive.resource import opaque
from .page import page_of

Json = dict[str, Any]

LARGEST_PAGE, USUAL_PAGE = 250, 100
ROLES = ("freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", "owner")
KINDS = {"users": "user", "groups": "group", "domains": "domain"}


def calendar_id(persona: Persona, words: Json) -> str:
    if words.get("primary"):
        return persona.account.email
    return f"{opaque(words['name'] + persona.account.sub)[:26].lower()}@group.calendar.google.com"


def calendars_listed(call: Call) -> Json:
    calendars = _calendars(call)
    if call["syncToken"]:
        raise api_error(410, "Sync token is no longer valid, a full sync is required.", "fullSyncRequired")
    lowest = ROLES.index(call["minAccessRole"]) if call["minAccessRole"] else 0
    rows = [
        _entry(call.persona, words)
        for words in calendars
        if ROLES.index(words.get("role", "owner")) >= lowest and (call["showHidden"] or not words.get("hidden"))
    ]
    return _list(call, "calendarList", rows, f"{call['minAccessRole']} {call['showHidden']}")


def _calendars(call: Call) -> list[Json]:
    if call.persona.calendars is None:
        message = "The user must be signed up for Google Calendar."
        raise api_error(403, message, "notACalendarUser", domain="calendar")
    return call.persona.calendars


def _list(call: Call, kind: str, rows: list[Json], about: str) -> Json:
    size = min(call["maxResults"] or USUAL_PAGE, LARGEST_PAGE)
    page, token = page_of(call, rows, size, call["pageToken"], about)
    answer: Json = {"kind": f"calendar#{kind}", "etag": '"sandbox"', "items": page}
    return answer | ({"nextPageToken": token} if token else {"nextSyncToken": "sandbox-sync"})


def _entry(persona: Persona, words: Json) -> Json:
    entry: Json = {
        "kind": "calendar#calendarListEntry",
        "etag": '"sandbox"',
        "id": calendar_id(persona, words),
        "summary": words["name"],
        "timeZone": "Europe/London",
        "colorId": "14",
        "backgroundColor": "#9fe1e7",
        "foregroundColor": "#000000",
        "selected": not words.get("hidden"),
        "accessRole": words.get("role", "owner"),
        "defaultReminders": [],
    }
    return entry | {name: True for name in ("primary", "hidden") if words.get(name)}


def rules_listed(call: Call) -> Json:
    words = _find(call)
    rows = [_rule(kind, address, role) for kind, address, role in _rules(call.persona, words)]
    return _list(call, "acl", rows, call["calendarId"])


def _find(call: Call) -> Json:
    wanted = call.persona.account.email if call["calendarId"] == "primary" else call["calendarId"]
    for words in _calendars(call):
        if calendar_id(call.persona, words) == wanted:
            if words.get("role", "owner") not in ("writer", "owner"):
                raise forbidden("Forbidden")
            return words
    raise not_found("Not Found")


def _rules(persona: Persona, words: Json) -> list[tuple[str, str, str]]:
    """The owner's own comes first, as at Google."""
    found = [("user", persona.account.email, "owner")]
    for word, kind in KINDS.items():
        found += [(kind, address, role) for address, role in words.get(word, {}).items()]
    return found + ([("default", "", words["public"])] if "public" in words else [])


def _rule(kind: str, address: str, role: str) -> Json:
    scope = {"type": kind, "value": address} if address else {"type": kind}
    identity = f"{kind}:{address}" if address else kind
    return {"kind": "calendar#aclRule", "etag": '"sandbox"', "id": identity, "scope": scope, "role": role}


API = Api(
    "calendar.v3",
    "calendar-json.googleapis.com",
    {
        "calendar.calendarList.list": Endpoint(calendars_listed),
        "calendar.acl.list": Endpoint(rules_listed),
    },
    batch_calls=50,
)
