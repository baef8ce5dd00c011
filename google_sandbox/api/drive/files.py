"""files.list and files.get."""

import json
from typing import Any

from google_sandbox.api.base import Call, Endpoint
from google_sandbox.errors import api_error, invalid_value, not_found
from google_sandbox.fields import project

from . import order
from .asked import Asked, BadQueryError, Test
from .corpus import Cohort
from .query import parse

Json = dict[str, Any]

AUTH = "https://www.googleapis.com/auth/"
# The other scopes the methods accept show only what the asking app made itself, which here is nothing.
SEES_ALL = frozenset(AUTH + name for name in ("drive", "drive.readonly", "drive.metadata", "drive.metadata.readonly"))
TOKEN_LIVES = 4 * 3600
DEFAULT_LIST = "kind,incompleteSearch,nextPageToken,files(kind,id,name,mimeType)"
DEFAULT_FILE = "kind,id,name,mimeType"
CORPORA = frozenset({"user", "domain", "drive", "allDrives"})
SPACES = frozenset({"drive", "appDataFolder"})


def listed(call: Call) -> bytes:
    """One page. The files are put together from templates: see corpus.py."""
    _check_corpora(call)
    query, arrangement = call["q"] or "", call["orderBy"] or ""
    found = call.persona.drive.corpus.select(
        (f"{query}\n{_places(call)}", arrangement), _test(call, query), order.parse(arrangement)
    )
    if not _visible(call):
        found = found[:0]
    start = _start(call, f"{query}\n{arrangement}\n{_places(call)}")
    page = found[start : start + call["pageSize"]]
    head = {"kind": "drive#fileList", "incompleteSearch": call.persona.drive.incomplete}
    if start + len(page) < len(found):
        head["nextPageToken"] = call.world.pages.token(
            offset=start + len(page),
            query=_bound(call, f"{query}\n{arrangement}\n{_places(call)}"),
            expires=call.now + TOKEN_LIVES,
        )
    return _assemble(call, head, page)


def _assemble(call: Call, head: Json, page: Any) -> bytes:
    text = json.dumps(project(head, call.mask))
    below = {} if not call.mask else call.mask.get("files", call.mask.get("*"))
    if below is None:
        return text.encode()
    files = call.persona.drive.corpus.render(page, call.mask_text, below)
    joint = ", " if len(text) > 2 else ""
    return f'{text[:-1]}{joint}"files": [{files}]}}'.encode()


def _check_corpora(call: Call) -> None:
    corpora = call["corpora"] or "user"
    if corpora not in CORPORA:
        raise invalid_value("corpora")
    if corpora == "drive" and not call["driveId"]:
        raise api_error(400, "The driveId must be specified if corpora is set to drive.", "required")
    shared_too = call["includeItemsFromAllDrives"] and call["supportsAllDrives"]
    if corpora in ("drive", "allDrives") and not shared_too:
        message = "The includeItemsFromAllDrives and supportsAllDrives parameters must both be true."
        raise api_error(403, message, "invalidParameter")
    if not set((call["spaces"] or "drive").split(",")) <= SPACES:
        raise invalid_value("spaces")


def _places(call: Call) -> str:
    """Which files are looked at, beside the query: mine, one shared drive, or all."""
    corpora = call["corpora"] or "user"
    return f"{corpora} {call['driveId']}" if corpora in ("drive", "allDrives") else "user"


def _test(call: Call, query: str) -> Test:
    try:
        wanted = parse(query) if query.strip() else (lambda asked: True)
    except (BadQueryError, RecursionError):
        raise invalid_value("q") from None
    corpora, drive = call["corpora"] or "user", call["driveId"]

    def test(asked: Asked) -> bool | None:
        here = asked.file.get("driveId")
        if (corpora in ("user", "domain") and here) or (corpora == "drive" and here != drive):
            return False
        return wanted(asked)

    return test


def _visible(call: Call) -> bool:
    return bool(call.scopes & SEES_ALL) and "drive" in (call["spaces"] or "drive").split(",")


def _bound(call: Call, query: str) -> str:
    return f"{call.method.id}\n{call.persona.account.email}\n{query}"


def _start(call: Call, query: str) -> int:
    token = call["pageToken"]
    if not token:
        return 0
    offset = call.world.pages.offset(token, query=_bound(call, query), now=call.now)
    if offset is None:
        raise invalid_value("pageToken")
    return offset


def get(call: Call) -> Json:
    cohort, number = find(call)
    return cohort.file(number)


def find(call: Call) -> tuple[Cohort, int]:
    """The file the call names, or the 404 Google gives for the unknown and the unseen alike."""
    wanted = call["fileId"]
    drive = call.persona.drive
    if wanted == "root":
        return Cohort(_root(call), (), {}), 0
    found = drive.corpus.locate(wanted) if call.scopes & SEES_ALL else None
    in_shared_drive = found is not None and "driveId" in found[0].resource
    if found is None or (in_shared_drive and not call["supportsAllDrives"]):
        raise not_found(f"File not found: {wanted}.", "fileId")
    return found


def _root(call: Call) -> Json:
    return {
        "kind": "drive#file",
        "id": call.persona.drive.desk.root,
        "name": "My Drive",
        "mimeType": "application/vnd.google-apps.folder",
        "ownedByMe": True,
        "shared": False,
        "trashed": False,
    }


ENDPOINTS = {
    "drive.files.list": Endpoint(listed, units=100, fields=DEFAULT_LIST),
    "drive.files.get": Endpoint(get, units=5, fields=DEFAULT_FILE),
}
