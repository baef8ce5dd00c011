"""changes.getStartPageToken and changes.list. Their tokens are plain numbers and do not expire."""

from typing import Any

from google_sandbox.api.base import Call, Endpoint
from google_sandbox.errors import invalid_value

from .files import SEES_ALL
from .store import FIRST_CHANGE, Change

Json = dict[str, Any]


def start(call: Call) -> Json:
    latest = FIRST_CHANGE + len(call.persona.drive.changes)
    return {"kind": "drive#startPageToken", "startPageToken": str(latest)}


def listed(call: Call) -> Json:
    """Each changed file once, as it is now. Files removed are named without their contents."""
    changes = call.persona.drive.changes
    begin = _position(call["pageToken"], len(changes))
    page = changes[begin : begin + call["pageSize"]]
    answer: Json = {"kind": "drive#changeList", "changes": _shown(call, page)}
    after = begin + len(page)
    name = "nextPageToken" if after < len(changes) else "newStartPageToken"
    return answer | {name: str(FIRST_CHANGE + after)}


def _position(token: str, count: int) -> int:
    if not token.isascii() or not token.isdigit() or len(token) > 12:
        raise invalid_value("pageToken")
    position = int(token) - FIRST_CHANGE
    if not 0 <= position <= count:
        raise invalid_value("pageToken")
    return position


def _shown(call: Call, page: list[Change]) -> list[Json]:
    if not call.scopes & SEES_ALL:
        return []
    latest = {change.file_id: change for change in page}
    shown = [_change(call, change) for change in latest.values()]
    return [change for change in shown if call["includeRemoved"] or not change["removed"]]


def _change(call: Call, change: Change) -> Json:
    found = call.persona.drive.corpus.locate(change.file_id)
    row: Json = {
        "kind": "drive#change",
        "type": "file",
        "changeType": "file",
        "fileId": change.file_id,
        "time": change.time,
        "removed": found is None,
    }
    return row | ({"file": found[0].file(found[1])} if found else {})


ENDPOINTS = {
    "drive.changes.getStartPageToken": Endpoint(start, units=5),
    "drive.changes.list": Endpoint(
        listed,
        units=100,
        fields="kind,newStartPageToken,nextPageToken,"
        "changes(kind,removed,file(kind,id,name,mimeType),fileId,time,type,changeType)",
    ),
}
