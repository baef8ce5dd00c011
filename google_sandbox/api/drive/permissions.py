"""permissions.list and permissions.get."""

from typing import Any

from google_sandbox.api.base import Call, Endpoint
from google_sandbox.errors import api_error, invalid_value, not_found

from . import files

Json = dict[str, Any]

TOKEN_LIVES = 4 * 3600


def _readable(call: Call) -> list[Json]:
    """Google lists them only to those who can share the file; in shared drives, and of the drive, to its members."""
    members = call.persona.drive.members.get(call["fileId"])
    if members is not None and call["supportsAllDrives"]:
        return list(members)
    cohort, _ = files.find(call)
    if "permissions" not in cohort.resource and "driveId" not in cohort.resource:
        message = "The user does not have sufficient permissions for this file."
        raise api_error(403, message, "insufficientFilePermissions")
    return list(cohort.permissions)


def listed(call: Call) -> Json:
    found = _readable(call)
    size = call["pageSize"] or (100 if len(found) > 100 else len(found))
    bound = f"{call.method.id}\n{call.persona.account.email}\n{call['fileId']}"
    start: int | None = 0
    if call["pageToken"]:
        start = call.world.pages.offset(call["pageToken"], query=bound, now=call.now)
    if start is None:
        raise invalid_value("pageToken")
    answer: Json = {"kind": "drive#permissionList", "permissions": found[start : start + size]}
    if start + size < len(found):
        expires = call.now + TOKEN_LIVES
        answer["nextPageToken"] = call.world.pages.token(offset=start + size, query=bound, expires=expires)
    return answer


def get(call: Call) -> Json:
    for permission in _readable(call):
        if permission["id"] == call["permissionId"]:
            return permission
    raise not_found(f"Permission not found: {call['permissionId']}.", "permissionId")


SHORT = "kind,id,type,role"
ENDPOINTS = {
    "drive.permissions.list": Endpoint(listed, units=5, fields=f"kind,nextPageToken,permissions({SHORT})"),
    "drive.permissions.get": Endpoint(get, units=5, fields=SHORT),
}
