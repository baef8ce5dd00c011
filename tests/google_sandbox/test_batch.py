"""Batches, as google-api-python-client sends them and as raw multipart."""

import json
from typing import Any

import httplib2
import pytest
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.errors import HttpError

from google_sandbox import Sandbox
from tests.google_sandbox.caller import ALEX, MAYA, METADATA, SAM, SECURITY, USERS, Caller
from tests.google_sandbox.wire import once, request


def service(google: Sandbox, api: str, version: str, token: str) -> Any:
    published = json.loads(get_static_doc(api, version))
    published["rootUrl"] = google.url + "/"
    published.pop("mtlsRootUrl", None)
    published["baseUrl"] = published["rootUrl"] + published["servicePath"]
    http = AuthorizedHttp(Credentials(token), http=httplib2.Http(timeout=10))
    return build_from_document(published, http=http)


class Collected:
    def __init__(self) -> None:
        self.good: dict[str, Any] = {}
        self.bad: dict[str, HttpError] = {}

    def __call__(self, name: str, answer: Any, error: HttpError | None) -> None:
        if error:
            self.bad[name] = error
        else:
            self.good[name] = answer


def test_drive_through_the_client(google: Sandbox) -> None:
    drive = service(google, "drive", "v3", google.token(MAYA, [METADATA]))
    files = drive.files().list(fields="files(id,name)", pageSize=5).execute()["files"]
    seen = Collected()
    batch = drive.new_batch_http_request(callback=seen)
    for file in files:
        batch.add(drive.files().get(fileId=file["id"], fields="id,name"), request_id=file["id"])
    batch.add(drive.files().get(fileId="none"), request_id="none")
    batch.add(drive.files().list(q="colour = 'red'"), request_id="wrong")
    batch.add(drive.apps().list(), request_id="unscoped")
    batch.execute()
    assert seen.good == {file["id"]: file for file in files}
    assert {name: int(error.resp.status) for name, error in seen.bad.items()} == {
        "none": 404,
        "wrong": 400,
        "unscoped": 403,
    }


def test_the_directory_shares_the_plain_address(google: Sandbox) -> None:
    directory = service(google, "admin", "directory_v1", google.token(SAM, [USERS, SECURITY]))
    seen = Collected()
    batch = directory.new_batch_http_request(callback=seen)
    batch.add(directory.tokens().list(userKey=SAM), request_id="tokens")
    batch.add(directory.asps().list(userKey=SAM), request_id="asps")
    batch.add(directory.tokens().delete(userKey=SAM, clientId="anonymous"), request_id="delete")
    batch.execute()
    assert len(seen.good["asps"]["items"]) == 2
    assert "delete" in seen.good
    assert not seen.bad


def test_parts_are_logged_and_faulted_one_by_one(google: Sandbox) -> None:
    drive = service(google, "drive", "v3", google.token(MAYA, [METADATA]))
    files = drive.files().list(fields="files(id)", pageSize=3).execute()["files"]
    google.clear_log()
    google.fault("drive.files.get", 429, nth=2)
    seen = Collected()
    batch = drive.new_batch_http_request(callback=seen)
    for file in files:
        batch.add(drive.files().get(fileId=file["id"]), request_id=file["id"])
    batch.execute()
    assert list(seen.bad) == [files[1]["id"]]
    log = google.log()
    assert [entry["batch"] for entry in log.of("drive.files.get")] == [True] * 3
    assert log.counts == {"drive.files.get": 3, "POST /batch/drive/v3": 1}
    assert log.peak == 1


def test_each_part_costs_its_own_quota(google: Sandbox) -> None:
    drive = service(google, "drive", "v3", google.token(MAYA, [METADATA]))
    file = drive.files().list(fields="files(id)", pageSize=1).execute()["files"][0]["id"]
    google.quota("drive", 10)
    seen = Collected()
    batch = drive.new_batch_http_request(callback=seen)
    for number in range(4):
        batch.add(drive.files().get(fileId=file), request_id=str(number))
    batch.execute()
    assert (sorted(seen.good), sorted(seen.bad)) == (["0", "1"], ["2", "3"])


def raw_batch(google: Sandbox, parts: list[str], path: str = "/batch/drive/v3", token: str = "") -> Any:
    body = "".join(
        f"--b\r\nContent-Type: application/http\r\nContent-ID: <u + {n}>\r\n\r\n{part}\r\n"
        for n, part in enumerate(parts)
    )
    headers = ("Content-Type: multipart/mixed; boundary=b",)
    return once(google, request(path, token, verb="POST", headers=headers, body=f"{body}--b--\r\n".encode()))


def test_raw_parts_carry_their_ids_and_their_own_token(google: Sandbox) -> None:
    maya, alex = google.token(MAYA, [METADATA]), google.token(ALEX, [METADATA])
    about = "GET /drive/v3/about?fields=user/emailAddress HTTP/1.1\r\n"
    answer = raw_batch(google, [about, f"{about}Authorization: Bearer {alex}\r\n"], token=maya)
    text = answer.body.decode()
    assert answer.headers["content-type"].startswith("multipart/mixed; boundary=batch_")
    assert "Content-ID: <response-u + 0>" in text
    assert "Content-ID: <response-u + 1>" in text
    assert text.count("HTTP/1.1 200 OK") == 2
    assert text.index(MAYA) < text.index(ALEX)


def test_without_any_token_each_part_is_refused(google: Sandbox) -> None:
    answer = raw_batch(google, ["GET /drive/v3/files HTTP/1.1\r\n"])
    assert answer.status == 200
    assert b"HTTP/1.1 401 Unauthorized" in answer.body


FILES = "GET /drive/v3/files HTTP/1.1\r\n"
WRONG = [
    ([], "/batch/drive/v3"),
    ([FILES] * 101, "/batch/drive/v3"),
    (["GET /admin/directory/v1/users HTTP/1.1\r\n"], "/batch/drive/v3"),
    ([FILES, "GET /admin/directory/v1/users HTTP/1.1\r\n"], "/batch"),
    (["rubbish"], "/batch/drive/v3"),
]


@pytest.mark.parametrize(("parts", "path"), WRONG)
def test_batches_google_would_refuse(google: Sandbox, parts: list[str], path: str) -> None:
    assert raw_batch(google, parts, path).status == 400


def test_a_body_that_is_no_batch(call: Caller) -> None:
    for kind in ("application/json", "multipart/mixed", "multipart/mixed; boundary=zz"):
        answer = call.send("POST", "/batch/drive/v3", data=b"{}", headers={"Content-Type": kind})
        assert answer.status_code == 400


@pytest.mark.parametrize("kind", ["reset", "empty", "truncated"])
def test_faults_of_the_whole_batch(google: Sandbox, kind: str) -> None:
    google.fault("/batch/drive/v3", kind)
    answer = raw_batch(google, [FILES])
    if kind == "reset":
        assert answer.ended == "reset"
    elif kind == "empty":
        assert (answer.status, answer.body) == (200, b"")
    else:
        assert (answer.status, answer.whole) == (200, True)
        assert not answer.body.rstrip().endswith(b"--")


def test_a_torn_part_tears_the_batch(google: Sandbox) -> None:
    google.fault("drive.files.list", "reset")
    assert raw_batch(google, [FILES], token=google.token(MAYA, [METADATA])).ended == "reset"
