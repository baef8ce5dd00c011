"""Data Portability: copies of a person's data, made while time passes, fetched from signed addresses, and let go.

A persona without `exports` is not eligible. Its words: `apps`, `devices`, `extensions` (records as Google writes them),
`ready_after` (seconds by the sandbox's clock), `ends` (COMPLETE, FAILED or CANCELLED).
"""

import hashlib
import hmac
import json
import secrets
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Request

from google_sandbox.errors import GoogleError, api_error, bad_request, error_info, not_found
from google_sandbox.oauth.scopes import PORTABILITY
from google_sandbox.personas import Persona
from google_sandbox.reply import Reply
from google_sandbox.world import World

from .base import Api, Call, Endpoint

Json = dict[str, Any]

ARCHIVES = "/portability-archives"
URL_LIVES = 6 * 3600
MOST_TRIES = 3
READY_AFTER = 20
ENDS = ("COMPLETE", "FAILED", "CANCELLED")
WORDS = frozenset({"apps", "devices", "extensions", "ready_after", "ends"})
_KEY = secrets.token_bytes(32)

# By resource: the persona's word, the file in the archive, the key of one record, the key of the list.
_FILES: Mapping[str, tuple[str, str, str, str]] = {
    "play.installs": ("apps", "Portability/Google Play Store/Installs.json", "install", ""),
    "play.devices": ("devices", "Portability/Google Play Store/Devices.json", "device", ""),
    "chrome.extensions": ("extensions", "Portability/Chrome/Extensions.json", "", "Extensions"),
}


def initiate(call: Call) -> Json:
    if set(call.body) - {"resources", "startTime", "endTime"}:
        raise bad_request("Invalid JSON payload received. Unknown name.")
    resources = call.body.get("resources")
    if not isinstance(resources, list) or not resources:
        raise bad_request("At least one resource must be specified.", "resources")
    _check_scopes(call, resources)
    for resource in resources:
        if any(resource in job["resources"] for job in _jobs(call) if not job["retried"]):
            raise _exhausted()
    return {"archiveJobId": _begin(call, resources, 1), "accessType": "ACCESS_TYPE_ONE_TIME"}


def _check_scopes(call: Call, resources: list[Any]) -> None:
    if not all(f"{PORTABILITY}{resource}" in call.scopes for resource in resources):
        raise _denied("The requested resources are not authorized by the OAuth token.")
    if not set(resources) <= _FILES.keys():
        raise GoogleError(501, {"error": {"code": 501, "message": "The sandbox plays no such resource."}})
    if call.persona.exports is None:
        raise _denied("The user is not eligible.")


def _begin(call: Call, resources: list[str], tries: int) -> str:
    job = secrets.token_hex(16)
    words = call.persona.exports or {}
    call.persona.copies[job] = {
        "project": call.project,
        "resources": resources,
        "began": call.now,
        "ready": call.now + words.get("ready_after", READY_AFTER),
        "ends": words.get("ends", "COMPLETE"),
        "tries": tries,
        "retried": False,
    }
    return job


def state(call: Call) -> Json:
    job = _job(call)
    name = f"archiveJobs/{call['archiveJobsId']}/portabilityArchiveState"
    now = _state_of(job, call.now)
    answer: Json = {"name": name, "state": now, "exportTime": call.world.clock.stamp_at(job["began"])}
    if now == "COMPLETE":
        answer["urls"] = [_address(call, call["archiveJobsId"])]
    return answer


def _state_of(job: Json, now: float) -> str:
    if job["ends"] == "CANCELLED":
        return "CANCELLED"
    return str(job["ends"]) if now >= job["ready"] else "IN_PROGRESS"


def cancel(call: Call) -> Json:
    job = _job(call)
    if _state_of(job, call.now) != "IN_PROGRESS":
        raise _precondition("The job is not in progress.")
    job["ends"] = "CANCELLED"
    return {}


def retry(call: Call) -> Json:
    job = _job(call)
    if _state_of(job, call.now) != "FAILED" or job["tries"] > MOST_TRIES:
        raise _precondition("The job cannot be retried.")
    job["retried"] = True
    return {"archiveJobId": _begin(call, job["resources"], job["tries"] + 1)}


def check_access(call: Call) -> Json:
    granted = [scope.removeprefix(PORTABILITY) for scope in sorted(call.scopes) if scope.startswith(PORTABILITY)]
    return {"oneTimeResources": granted}


def reset(call: Call) -> Json:
    """Tokens of this project end for this person, and the archives may be thrown away."""
    copies = call.persona.copies
    for name in [name for name, job in copies.items() if job["project"] == call.project]:
        del copies[name]
    call.world.ledger.revoke(call.persona.account.email, call.project)
    return {}


def _jobs(call: Call) -> list[Json]:
    return [job for job in call.persona.copies.values() if job["project"] == call.project]


def _job(call: Call) -> Json:
    job: Json | None = call.persona.copies.get(call["archiveJobsId"])
    if job is None or job["project"] != call.project:
        raise not_found("Requested entity was not found.")
    return job


# --------------------------------------------------------------------------- archives


def _address(call: Call, job: str) -> str:
    expires = str(int(call.now + URL_LIVES))
    email = call.persona.account.email
    query = {"user": call.persona.account.sub, "job": job, "expires": expires, "signature": _sign(email, job, expires)}
    return f"{call.root}{ARCHIVES}?{urlencode(query)}"


def _sign(email: str, job: str, expires: str) -> str:
    return hmac.new(_KEY, "\n".join((email, job, expires)).encode(), hashlib.sha256).hexdigest()


def archive(world: World, request: Request) -> Reply:
    """No token is wanted here: whoever knows the address may fetch, until it expires."""
    persona = world.persona_by_hint(request.args.get("user", ""))
    job, expires = request.args.get("job", ""), request.args.get("expires", "")
    signature = _sign(persona.account.email, job, expires) if persona else ""
    if persona is None or not hmac.compare_digest(signature, request.args.get("signature", "")):
        return _storage_error(403, "SignatureDoesNotMatch")
    if world.clock.now() > int(expires):
        return _storage_error(400, "ExpiredToken")
    found = persona.copies.get(job)
    if found is None:
        return _storage_error(404, "NoSuchKey")
    return Reply(packed(persona, found["resources"]), content_type="application/zip")


def packed(persona: Persona, resources: list[str]) -> bytes:
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as opened:
        for resource in resources:
            word, file, inner, key = _FILES[resource]
            records = (persona.exports or {}).get(word, [])
            listed = [{inner: record} if inner else record for record in records]
            opened.writestr(file, json.dumps({key: listed} if key else listed, ensure_ascii=False))
    return whole.getvalue()


def _storage_error(status: int, code: str) -> Reply:
    return Reply(f"<Error><Code>{code}</Code></Error>", status=status, content_type="application/xml; charset=UTF-8")


# --------------------------------------------------------------------------- refusals, and the person's side


def _denied(message: str) -> GoogleError:
    return api_error(403, message, "forbidden", status=True)


def _precondition(message: str) -> GoogleError:
    error = api_error(400, message, "failedPrecondition")
    error.body["error"]["status"] = "FAILED_PRECONDITION"
    return error


def _exhausted() -> GoogleError:
    reason = "RESOURCE_EXHAUSTED_ONE_TIME"
    error = api_error(429, "The resource was exported with this consent.", reason, status=True)
    error.body["error"]["details"] = [error_info(reason)]
    return error


def change(persona: Persona, words: Mapping[str, Any]) -> None:
    """ValueError for an unknown word. Jobs that go on end as `ends` and `ready_after` say now."""
    if set(words) - WORDS or words.get("ends", "COMPLETE") not in ENDS:
        raise ValueError(f"known words: {', '.join(sorted(WORDS))}; ends: {', '.join(ENDS)}")
    persona.exports = {**(persona.exports or {}), **words}
    for job in persona.copies.values():
        job["ready"] = job["began"] + persona.exports.get("ready_after", READY_AFTER)
        job["ends"] = persona.exports.get("ends", "COMPLETE")


API = Api(
    "dataportability.v1",
    "dataportability.googleapis.com",
    {
        "dataportability.portabilityArchive.initiate": Endpoint(initiate),
        "dataportability.archiveJobs.getPortabilityArchiveState": Endpoint(state),
        "dataportability.archiveJobs.cancel": Endpoint(cancel),
        "dataportability.archiveJobs.retry": Endpoint(retry),
        "dataportability.accessType.check": Endpoint(check_access),
        "dataportability.authorization.reset": Endpoint(reset),
    },
)
