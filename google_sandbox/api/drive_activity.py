"""Drive Activity v2: who was let in and who was put out, newest first.

A persona's words: `activity`, a list of `file` (a name), `days_ago`, `by` (`me`, an address, or nothing when Google
does not say), and lists `added` and `removed` of permissions: `user`, `group` or `domain` with its address, or
`anyone: true`; and `role` as Drive Activity writes it. People appear under numbers only, as at Google.
"""

import re
from datetime import UTC, datetime
from typing import Any

from google_sandbox.errors import bad_request
from google_sandbox.personas import Persona

from .base import Api, Call, Endpoint
from .drive.access import number_for
from .drive.resource import file_id
from .page import page_of

Json = dict[str, Any]

USUAL_PAGE = 10
CLAUSE = re.compile(
    r"detail\.action_detail_case:\(?(?P<cases>[A-Z_ ]+?)\)?"
    r'|time (?P<sign><=|>=|<|>) "?(?P<time>[^" ]+)"?',
)


def queried(call: Call) -> Json:
    """An empty answer has no list at all, as Google leaves empty lists out here."""
    if call.body.get("ancestorName", "items/root") != "items/root" or "itemName" in call.body:
        raise bad_request("Request contains an invalid argument.", "ancestor_name")
    begins, wanted = _filter(str(call.body.get("filter", "")))
    told = sorted(call.persona.activity, key=lambda words: -words["at"])
    rows = [words for words in told if wanted and words["at"] >= begins]
    size = int(call.body.get("pageSize") or USUAL_PAGE)
    page, token = page_of(call, rows, size, call.body.get("pageToken"), str(call.body.get("filter")))
    answer: Json = {"activities": [_activity(call, words) for words in page]} if page else {}
    return answer | ({"nextPageToken": token} if token else {})


def _filter(text: str) -> tuple[float, bool]:
    """The earliest time, and whether changes of permissions are asked for. Only these two clauses are played."""
    begins, wanted = 0.0, True
    for part in text.split(" AND ") if text else ():
        clause = CLAUSE.fullmatch(part.strip())
        if clause is None or (clause["sign"] and clause["sign"] != ">="):
            raise bad_request("Invalid filter string.", "filter")
        if clause["cases"]:
            wanted = "PERMISSION_CHANGE" in clause["cases"].split()
        else:
            begins = _moment(clause["time"])
    return begins, wanted


def _moment(text: str) -> float:
    try:
        return int(text) / 1000 if text.isdigit() else datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        raise bad_request("Invalid filter string.", "filter") from None


def _activity(call: Call, words: Json) -> Json:
    change = {
        name: [_permission(call.persona, one) for one in words[word]]
        for word, name in (("added", "addedPermissions"), ("removed", "removedPermissions"))
        if word in words
    }
    detail = {"permissionChange": change}
    actor = _actor(call.persona, words.get("by"))
    target = {"driveItem": _item(call.persona, str(words["file"]))}
    when = datetime.fromtimestamp(words["at"], UTC)
    return {
        "primaryActionDetail": detail,
        "actors": [actor],
        "actions": [{"detail": detail}],
        "targets": [target],
        "timestamp": when.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def _permission(persona: Persona, words: Json) -> Json:
    found: Json = {"role": words["role"]}
    if "user" in words:
        return found | {"user": _user(persona, words["user"])}
    if "group" in words:
        return found | {"group": {"email": words["group"], "title": words["group"].partition("@")[0]}}
    if "domain" in words:
        return found | {"domain": {"name": words["domain"], "legacyId": number_for(words["domain"])}}
    return found | {"anyone": {}, "allowDiscovery": False}


def _user(persona: Persona, address: str) -> Json:
    mine = address in ("me", persona.account.email)
    number = number_for(persona.account.email if mine else address)
    known: Json = {"personName": f"people/{number}"}
    return {"knownUser": known | ({"isCurrentUser": True} if mine else {})}


def _actor(persona: Persona, by: str | None) -> Json:
    return {"user": _user(persona, by)} if by else {"anonymous": {}}


def _item(persona: Persona, name: str) -> Json:
    found = persona.drive.find(name)
    file = found[0].file(found[1]) if found else {"id": file_id(persona.account.email, name), "name": name}
    item: Json = {"name": f"items/{file['id']}", "title": file["name"], "driveFile": {}}
    owner = {"user": _user(persona, persona.account.email), "domain": {"name": persona.account.email.partition("@")[2]}}
    return item | {"mimeType": file.get("mimeType", "application/octet-stream"), "owner": owner}


API = Api(
    "driveactivity.v2",
    "driveactivity.googleapis.com",
    {"driveactivity.activity.query": Endpoint(queried)},
)
