"""Security events: what is signed, where it may be sent, and the stream it is ordered from."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import jwt
import pytest
from jwt.algorithms import RSAAlgorithm

from google_sandbox import ControlError
from tests.google_sandbox.caller import ALEX, MAYA, Caller

STREAM = "/v1beta/stream"
AUDIENCE = "https://risc.googleapis.com/google.identity.risc.v1beta.RiscManagementService"


class Receiver:
    """An app that takes whatever is posted to it."""

    def __init__(self) -> None:
        self.got: list[str] = []
        got = self.got

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                got.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.send_response(202)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/events"
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    yield found
    found.server.shutdown()
    found.server.server_close()


def read(call: Caller, token: str) -> dict[str, Any]:
    """As an app would: by way of the description, and with the key that the token names."""
    description = call.send("GET", "/.well-known/risc-configuration").json()
    path = description["jwks_uri"].removeprefix(call.google.url)
    keys = {key["kid"]: RSAAlgorithm.from_jwk(key) for key in call.send("GET", path).json()["keys"]}
    kid = jwt.get_unverified_header(token)["kid"]
    found: dict[str, Any] = jwt.decode(
        token, keys[kid], ["RS256"], audience=call.google.clients[0].id, issuer=description["issuer"]
    )  # type: ignore[arg-type]
    return found


def test_an_event_is_signed_and_posted(call: Caller, receiver: Receiver) -> None:
    told = call.google.risc("account-disabled", receiver.url, MAYA, reason="hijacking")
    assert (told["status"], receiver.got) == (202, [told["token"]])
    claims = read(call, told["token"])
    assert "exp" not in claims
    ((address, details),) = claims["events"].items()
    assert address == "https://schemas.openid.net/secevent/risc/event-type/account-disabled"
    assert details["reason"] == "hijacking"
    state = call.google.state()["accounts"]
    assert details["subject"]["sub"] == next(one["sub"] for one in state if one["email"] == MAYA)


@pytest.mark.parametrize("event", ["tokens-revoked", "token-revoked"])
def test_events_of_tokens_have_another_address(call: Caller, receiver: Receiver, event: str) -> None:
    claims = read(call, call.google.risc(event, receiver.url, ALEX)["token"])
    assert list(claims["events"]) == [f"https://schemas.openid.net/secevent/oauth/event-type/{event}"]


def test_a_refresh_token_is_named_in_two_forms(call: Caller, receiver: Receiver) -> None:
    twice = base64.b64encode(hashlib.sha512(hashlib.sha512(b"1//03-a-refresh-token").digest()).digest()).decode()
    for form, named in (("prefix", "1//03-a-refresh-"), ("hash_base64_sha512_sha512", twice)):
        token = call.google.risc("token-revoked", receiver.url, refresh_token="1//03-a-refresh-token", form=form)
        (details,) = read(call, token["token"])["events"].values()
        assert (details["subject"]["token"], details["subject"]["token_identifier_alg"]) == (named, form)


def test_the_same_token_again(call: Caller, receiver: Receiver) -> None:
    token = call.google.risc("sessions-revoked", receiver.url, MAYA)["token"]
    call.google.risc("", receiver.url, token=token)
    assert receiver.got == [token, token]


@pytest.mark.parametrize("to", ["http://203.0.113.7/", "https://example.org/", "http://localhost.evil.test/", "x", ""])
def test_only_to_this_machine(call: Caller, to: str) -> None:
    with pytest.raises(ControlError, match="this machine only"):
        call.google.risc("sessions-revoked", to, MAYA)


def test_an_unknown_account(call: Caller) -> None:
    with pytest.raises(ControlError, match="nobody"):
        call.google.risc("sessions-revoked", "http://127.0.0.1:9/", "nobody@gmail.test")


# --------------------------------------------------------------------------- the stream


def bearer(call: Caller, **changes: Any) -> str:
    account = call.google.service_account()
    now = int(time.time())
    claims = {"iss": account["client_email"], "sub": account["client_email"], "aud": AUDIENCE, "exp": now + 3600}
    return jwt.encode(claims | changes, account["private_key"], "RS256", headers={"kid": account["private_key_id"]})


def order(url: str) -> dict[str, Any]:
    return {"delivery": {"delivery_method": "push", "url": url}, "events_requested": []}


def test_ordering_asking_and_testing(call: Caller, receiver: Receiver) -> None:
    token = bearer(call)
    assert call.send("GET", STREAM, token).status_code == 404
    assert call.send("POST", f"{STREAM}:update", token, json=order(receiver.url)).status_code == 200
    assert call.send("GET", STREAM, token).json()["delivery"]["url"] == receiver.url
    assert call.send("POST", f"{STREAM}:verify", token, json={"state": "hello"}).status_code == 200
    (details,) = read(call, receiver.got[0])["events"].values()
    assert details == {"state": "hello"}
    assert call.send("POST", f"{STREAM}/status:update", token, json={"status": "disabled"}).status_code == 200
    assert call.send("GET", f"{STREAM}/status", token).json() == {"status": "disabled"}
    call.google.reset()
    assert call.send("GET", STREAM, token).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        (":update", {}, 400, "Stream configuration must contain delivery field."),
        (":update", order("http://203.0.113.7/"), 403, "The delivery endpoint must be an HTTPS URL."),
        (":update", [], 400, "Stream configuration must contain delivery field."),
        (":verify", {}, 404, "Project has no RISC configuration."),
        ("/status:update", {}, 404, "Project has no existing RISC configuration, cannot update status."),
    ],
)
def test_what_is_refused(call: Caller, path: str, body: Any, status: int, message: str) -> None:
    answer = call.send("POST", STREAM + path, bearer(call), data=json.dumps(body))
    assert (answer.status_code, answer.json()["error"]["message"]) == (status, message)


@pytest.mark.parametrize(
    "changes", [{"aud": "https://elsewhere.test"}, {"exp": 5}, {"sub": "else@elsewhere.test"}, {"exp": 9**12}]
)
def test_only_the_service_account_for_a_while(call: Caller, changes: dict[str, Any]) -> None:
    assert call.send("GET", STREAM, bearer(call, **changes)).status_code in (401, 403)
    assert call.send("GET", STREAM, "junk").status_code == 401
    assert call.send("GET", STREAM).status_code == 401
