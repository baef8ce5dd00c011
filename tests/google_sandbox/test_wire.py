"""HTTP as it goes over the socket: kept alive, bounded, answering only to loopback names."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from google_sandbox import Sandbox
from tests.google_sandbox.caller import MAYA, METADATA, Caller
from tests.google_sandbox.wire import exchange, once, open_connection, request

FILES = "/drive/v3/files?pageSize=2"


def test_one_connection_serves_many_requests(google: Sandbox) -> None:
    token = google.token(MAYA, [METADATA])
    with open_connection(google) as connection:
        for _ in range(5):
            answer = exchange(connection, request(FILES, token))
            assert (answer.status, answer.ended, answer.whole) == (200, "kept", True)
        refused = exchange(connection, request("/drive/v3/files?q=x", token))
        assert refused.status == 400
        form = request("/token", verb="POST", headers=("Content-Type: application/x-www-form-urlencoded",), body=b"a=b")
        assert exchange(connection, form).status == 400
        assert exchange(connection, request("/nowhere", verb="POST", body=b"x" * 9000)).status == 404
        assert exchange(connection, request(FILES, token)).status == 200


def test_close_is_honoured(google: Sandbox) -> None:
    answer = once(google, request("/oauth2/v3/userinfo", headers=("Connection: close",)))
    assert answer.headers["connection"] == "close"


def test_head_sends_no_body(google: Sandbox) -> None:
    with open_connection(google) as connection:
        connection.sendall(request("/__sandbox__/health", verb="HEAD"))
        assert b"\r\n\r\n" in connection.recv(4096)


@pytest.mark.parametrize("header", ["Content-Length: 99999999", "Transfer-Encoding: chunked", "Content-Length: -5"])
def test_bodies_that_are_too_large_or_unmeasured_are_refused(google: Sandbox, header: str) -> None:
    assert once(google, request("/token", verb="POST", headers=(header,))).status in (411, 413)


@pytest.mark.parametrize(
    "name", ["evil.example", "google.com", "10.0.0.1:80", "localhost.evil.example", "[2001:db8::1]"]
)
def test_a_name_that_points_here_from_elsewhere_is_not_answered(google: Sandbox, name: str) -> None:
    raw = f"GET /__sandbox__/state HTTP/1.1\r\nHost: {name}\r\n\r\n".encode()
    assert once(google, raw).status == 421


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1:9000", "localhost:9000", "[::1]:9000", "127.8.8.8"])
def test_loopback_names_are_answered(google: Sandbox, name: str) -> None:
    raw = f"GET /__sandbox__/health HTTP/1.1\r\nHost: {name}\r\n\r\n".encode()
    assert json.loads(once(google, raw).body) == {"ok": True}


def test_unknown_paths(call: Caller) -> None:
    for path in ("/drive/v3", "/drive/v2/files", "/batch/gmail/v1", "/%2e%2e/etc/passwd", "/gmail/v1/users/me"):
        assert call.send("GET", path).status_code == 404
    assert call.send("POST", "/drive/v3/apps").status_code == 404
    assert call.send("POST", "/batch/gmail/v1").status_code == 404


def test_the_log_counts_what_ran_at_once(google: Sandbox) -> None:
    token = google.token(MAYA, [METADATA])
    google.fault("/drive/v3/files", "hang")
    with ThreadPoolExecutor(6) as pool:
        answers = [pool.submit(once, google, request(FILES, token)) for _ in range(6)]
        google.wait_for_hanging(6)
        google.release()
        assert [answer.result().status for answer in answers] == [200] * 6
    log = google.log()
    assert (log.peak, log.running, log.counts) == (6, 0, {"drive.files.list": 6})


def test_latency(call: Caller) -> None:
    call.get(MAYA, "/drive/v3/files")
    quick = call.google.log().requests[-1]["seconds"]
    call.google.latency(60)
    call.get(MAYA, "/drive/v3/files")
    assert call.google.log().requests[-1]["seconds"] >= 0.06 > quick
