"""Data Portability as Google publishes it: copies that take time, signed addresses, one copy for each consent."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
import requests

from google_sandbox.discovery import document
from tests.google_sandbox.caller import ALEX, AUTH, MAYA, METADATA, SAM, Caller
from tests.google_sandbox.schema import wrong_in

PUBLISHED = document("dataportability.v1")
INSTALLS, DEVICES = AUTH + "dataportability.play.installs", AUTH + "dataportability.play.devices"
EXTENSIONS = AUTH + "dataportability.chrome.extensions"
ALL = (INSTALLS, DEVICES, EXTENSIONS)
CLIENT = "privacy-audit-exports.apps.sandbox.test"


@pytest.fixture
def token(call: Caller) -> str:
    return call.google.token(MAYA, ALL, CLIENT)


def post(call: Caller, token: str, path: str, body: Any = None) -> requests.Response:
    return call.send("POST", f"/v1/{path}", token, json={} if body is None else body)


def begin(call: Caller, token: str, resource: str = "play.installs") -> str:
    answer = post(call, token, "portabilityArchive:initiate", {"resources": [resource]})
    assert answer.status_code == 200, answer.text
    assert wrong_in(answer.json(), {"$ref": "InitiatePortabilityArchiveResponse"}, PUBLISHED.schemas) == []
    return str(answer.json()["archiveJobId"])


def state(call: Caller, token: str, job: str) -> Any:
    answer = call.send("GET", f"/v1/archiveJobs/{job}/portabilityArchiveState", token)
    assert answer.status_code == 200, answer.text
    assert wrong_in(answer.json(), {"$ref": "PortabilityArchiveState"}, PUBLISHED.schemas) == []
    return answer.json()


@pytest.mark.parametrize(
    ("resource", "file"),
    [("play.installs", "Installs.json"), ("play.devices", "Devices.json"), ("chrome.extensions", "Extensions.json")],
)
def test_a_copy_is_made_in_time_and_fetched_without_a_token(call: Caller, token: str, resource: str, file: str) -> None:
    job = begin(call, token, resource)
    assert state(call, token, job)["state"] == "IN_PROGRESS"
    call.google.shift_clock(30)
    done = state(call, token, job)
    assert done["state"] == "COMPLETE"
    fetched = requests.get(done["urls"][0], timeout=5)
    with zipfile.ZipFile(io.BytesIO(fetched.content)) as archive:
        (name,) = archive.namelist()
        assert name.endswith(file)
        assert json.loads(archive.read(name))


def test_a_signed_address_dies_and_can_not_be_made_up(call: Caller, token: str) -> None:
    job = begin(call, token)
    call.google.shift_clock(30)
    url = state(call, token, job)["urls"][0]
    assert requests.get(url.replace("user=", "user=1"), timeout=5).status_code == 403
    call.google.shift_clock(6 * 3600)
    assert requests.get(url, timeout=5).status_code == 400


def test_one_copy_for_each_consent_until_it_is_reset(call: Caller, token: str) -> None:
    begin(call, token)
    again = post(call, token, "portabilityArchive:initiate", {"resources": ["play.installs"]})
    assert again.status_code == 429
    assert again.json()["error"]["details"][0]["reason"] == "RESOURCE_EXHAUSTED_ONE_TIME"
    assert post(call, token, "authorization:reset").json() == {}
    assert post(call, token, "accessType:check").status_code == 401, "its tokens have ended"
    begin(call, call.google.token(MAYA, ALL, CLIENT))


def test_a_reset_leaves_other_projects_alone(call: Caller, token: str) -> None:
    other = call.token(MAYA, (METADATA,))
    post(call, token, "authorization:reset")
    assert call.send("GET", "/drive/v3/files", other).status_code == 200


def test_only_what_was_allowed(call: Caller) -> None:
    token = call.google.token(MAYA, (DEVICES,), CLIENT)
    refused = post(call, token, "portabilityArchive:initiate", {"resources": ["play.installs"]})
    assert refused.status_code == 403
    assert refused.json()["error"]["status"] == "PERMISSION_DENIED"
    told = post(call, token, "accessType:check").json()
    assert told == {"oneTimeResources": ["play.devices"]}
    assert wrong_in(told, {"$ref": "CheckAccessTypeResponse"}, PUBLISHED.schemas) == []
    for body in ({}, {"resources": []}, {"resources": ["play.devices"], "colour": "red"}):
        assert post(call, token, "portabilityArchive:initiate", body).status_code == 400


@pytest.mark.parametrize("ends", ["FAILED", "CANCELLED"])
def test_a_copy_may_end_otherwise(call: Caller, token: str, ends: str) -> None:
    job = begin(call, token)
    call.google.edit(MAYA, "change_exports", ends=ends, ready_after=0)
    assert state(call, token, job)["state"] == ends
    tried = post(call, token, f"archiveJobs/{job}:retry")
    assert tried.status_code == (200 if ends == "FAILED" else 400)


def test_cancelling(call: Caller, token: str) -> None:
    job = begin(call, token)
    assert post(call, token, f"archiveJobs/{job}:cancel").json() == {}
    assert state(call, token, job)["state"] == "CANCELLED"
    assert post(call, token, f"archiveJobs/{job}:cancel").status_code == 400


def test_a_stranger_s_job_is_not_found(call: Caller, token: str) -> None:
    job = begin(call, token)
    other = call.google.token(ALEX, ALL, CLIENT)
    assert call.send("GET", f"/v1/archiveJobs/{job}/portabilityArchiveState", other).status_code == 404


def test_an_account_of_an_organisation_is_not_offered_it(call: Caller) -> None:
    address = (
        f"{call.google.url}/o/oauth2/v2/auth?response_type=code&client_id={CLIENT}&scope={INSTALLS}"
        "&redirect_uri=http%3A%2F%2Flocalhost%3A8000%2Fback"
    )
    form = {"account": SAM, "decision": "allow", "approved": "all"}
    assert requests.post(address, data=form, timeout=5, allow_redirects=False).status_code == 400
    form["account"] = MAYA
    assert requests.post(address, data=form, timeout=5, allow_redirects=False).status_code == 303
