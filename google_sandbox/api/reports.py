"""Admin SDK Reports v1: the log of a Workspace, activities.list. For administrators.

A role that is missing answers 401, not 403, as public reports have it.
"""

from datetime import UTC, datetime
from typing import Any

from google_sandbox.errors import GoogleError, api_error, bad_request, forbidden, invalid_value, not_built
from google_sandbox.personas import Domain

from .base import Api, Call, Endpoint

Json = dict[str, Any]

KEPT = 180 * 86_400  # seconds that the log goes back
TOKEN_LIVES = 86_400
EVERYBODY = "all"
NOT_PLAYED = (
    "actorIpAddress",
    "agentInfoFilter",
    "applicationInfoFilter",
    "customerId",
    "deviceFilter",
    "filters",
    "groupIdFilter",
    "networkInfoFilter",
    "resourceDetailsFilter",
    "statusFilter",
)


def not_allowed() -> GoogleError:
    where = ("Authorization", "header")
    return api_error(401, "Access denied. You are not authorized to read activity records.", "authError", where=where)


def activities_list(call: Call) -> Json:
    domain = _domain(call)
    for name in NOT_PLAYED:
        if call[name]:
            raise not_built(f"{call.method.id} with {name}")
    rows = _matching(call, domain)
    bound = "\n".join(str(call[name] or "") for name in ("userKey", "applicationName", "startTime", "eventName"))
    start: int | None = 0
    if call["pageToken"]:
        start = call.world.pages.offset(call["pageToken"], query=bound, now=call.now)
    if start is None:
        raise invalid_value("pageToken")
    end = start + call["maxResults"]
    answer: Json = {"kind": "admin#reports#activities", "etag": '"sandbox-activities"'}
    if rows[start:end]:
        answer["items"] = [_activity(domain, row) for row in rows[start:end]]
    if end < len(rows):
        answer["nextPageToken"] = call.world.pages.token(offset=end, query=bound, expires=call.now + TOKEN_LIVES)
    return answer


def _domain(call: Call) -> Domain:
    """The Workspace whose log this is. Everybody but its administrators is refused."""
    domain = call.world.domain_of(call.persona)
    me = domain.user(call.persona.account.email) if domain else None
    if domain is None or not me or not me["isAdmin"]:
        raise not_allowed()
    return domain


def _matching(call: Call, domain: Domain) -> list[Json]:
    """The newest first."""
    start, end = _moment(call, "startTime", call.now - KEPT), _moment(call, "endTime", call.now)
    if start >= end:
        raise bad_request("Start time must be before end time.", "start_time")
    rows = domain.log if call["userKey"] == EVERYBODY else _of_one(call, domain)
    wanted = [row for row in rows if row["application"] == call["applicationName"]]
    if call["eventName"]:
        wanted = [row for row in wanted if row["name"] == call["eventName"]]
    found = [row for row in wanted if max(start, call.now - KEPT) <= row["at"] <= end]
    return sorted(found, key=lambda row: -row["at"])


def _of_one(call: Call, domain: Domain) -> list[Json]:
    user = domain.user(call["userKey"])
    if user is None:
        raise forbidden("Not Authorized to access this resource/api")
    return [row for row in domain.log if row["user"] == user["primaryEmail"]]


def _moment(call: Call, name: str, otherwise: float) -> float:
    if not call[name]:
        return otherwise
    try:
        found = datetime.fromisoformat(call[name])
    except ValueError:
        raise bad_request(f"Invalid value for {name}", name) from None
    if found.tzinfo is None:
        raise bad_request(f"Invalid value for {name}", name)
    return found.timestamp()


def _activity(domain: Domain, row: Json) -> Json:
    user = domain.user(row["user"]) or {}
    event: Json = {"type": row["type"], "name": row["name"]}
    if row["parameters"]:
        event["parameters"] = [_parameter(name, value) for name, value in row["parameters"].items()]
    found: Json = {
        "kind": "admin#reports#activity",
        "etag": f'"sandbox-{row["number"]}"',
        "id": {
            "time": datetime.fromtimestamp(row["at"], UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "uniqueQualifier": str(row["number"]),
            "applicationName": row["application"],
            "customerId": domain.customer,
        },
        "actor": {"callerType": "USER", "email": row["user"], "profileId": user.get("id", "")},
        "events": [event],
    }
    return {**found, "ipAddress": row["ip"]} if row["ip"] else found


def _parameter(name: str, value: Any) -> Json:
    if isinstance(value, bool):
        return {"name": name, "boolValue": value}
    return {"name": name, "multiValue": value} if isinstance(value, list) else {"name": name, "value": str(value)}


API = Api("admin.reports_v1", "admin.googleapis.com", {"reports.activities.list": Endpoint(activities_list)})
