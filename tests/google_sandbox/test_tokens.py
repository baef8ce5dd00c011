"""Codes, access tokens, refresh tokens and their deaths, in Google's words."""

import base64
import hashlib

import pytest

from google_sandbox import Client, start
from tests.google_sandbox.caller import (
    ALEX,
    APPS,
    EMAIL,
    MAYA,
    METADATA,
    SIGN_IN,
    Caller,
    secrets_of,
)

VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
OFFLINE = {"access_type": "offline"}


def refused(answer: object, status: int, error: str, words: str) -> None:
    body = answer.json()  # type: ignore[attr-defined]
    assert (answer.status_code, body["error"], body["error_description"]) == (status, error, words)  # type: ignore[attr-defined]


def test_the_scope_in_the_answer_is_what_was_granted(call: Caller) -> None:
    code = call.code(MAYA, scope=f"openid email {METADATA} {APPS}", untick=(APPS,))
    answer = call.exchange(code).json()
    assert set(answer["scope"].split()) == {"openid", EMAIL, METADATA}
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 3599
    assert "refresh_token" not in answer


def test_pkce(call: Caller) -> None:
    asked = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    assert call.exchange(call.code(MAYA, **asked), code_verifier=VERIFIER).status_code == 200
    refused(call.exchange(call.code(MAYA, **asked)), 400, "invalid_grant", "Missing code verifier.")
    wrong = call.exchange(call.code(MAYA, **asked), code_verifier="w" * 50)
    refused(wrong, 400, "invalid_grant", "Invalid code verifier.")
    unasked = call.exchange(call.code(MAYA), code_verifier=VERIFIER)
    refused(unasked, 400, "invalid_grant", "Invalid code verifier.")
    plain = call.code(MAYA, code_challenge=VERIFIER)
    assert call.exchange(plain, code_verifier=VERIFIER).status_code == 200


def test_a_code_works_once(call: Caller) -> None:
    code = call.code(MAYA)
    assert call.exchange(code).status_code == 200
    refused(call.exchange(code), 400, "invalid_grant", "Bad Request")


def test_a_code_dies_after_ten_minutes(call: Caller) -> None:
    code = call.code(MAYA)
    call.google.shift_clock(601)
    refused(call.exchange(code), 400, "invalid_grant", "Bad Request")


def test_a_code_is_bound_to_its_client_and_its_redirect_address(call: Caller) -> None:
    other = call.google.clients[1]
    refused(call.exchange(call.code(MAYA), other), 400, "invalid_grant", "Bad Request")
    elsewhere = call.exchange(call.code(MAYA), redirect_uri="http://localhost:8000/other/")
    refused(elsewhere, 400, "redirect_uri_mismatch", "Bad Request")


WRONG_FORMS = [
    ({"grant_type": "password"}, 400, "unsupported_grant_type", "Invalid grant_type: password"),
    ({"client_id": "nobody"}, 401, "invalid_client", "The OAuth client was not found."),
    ({"client_id": ""}, 400, "invalid_request", "Could not determine client ID from request."),
    ({"client_secret": "wrong"}, 401, "invalid_client", "The provided client secret is invalid."),
    ({"client_secret": None}, 400, "invalid_request", "client_secret is missing."),
    ({"code": ""}, 400, "invalid_request", "Missing required parameter: code"),
    ({"code": "rubbish"}, 400, "invalid_grant", "Malformed auth code."),
    ({"code": "4/0Anever"}, 400, "invalid_grant", "Bad Request"),
    ({"grant_type": "refresh_token"}, 400, "invalid_request", "Missing required parameter: refresh_token"),
    ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, "invalid_grant", "Bad Request"),
    (
        {"grant_type": "refresh_token", "refresh_token": "1//gone"},
        400,
        "invalid_grant",
        "Token has been expired or revoked.",
    ),
]


@pytest.mark.parametrize(("form", "status", "error", "words"), WRONG_FORMS)
def test_wrong_forms(call: Caller, form: dict[str, str], status: int, error: str, words: str) -> None:
    whole = {"grant_type": "authorization_code", "code": "4/0Ax", **secrets_of(call.google.clients[0]), **form}
    refused(call.send("POST", "/token", data=whole), status, error, words)


def test_the_client_may_come_in_a_header(call: Caller) -> None:
    client = call.google.clients[0]
    form = {"grant_type": "refresh_token", "refresh_token": call.google.tokens(MAYA, SIGN_IN)["refresh_token"]}
    assert call.send("POST", "/token", data=form, auth=(client.id, client.secret)).status_code == 200


def test_refresh_tokens_need_offline_and_come_the_first_time_or_with_consent(call: Caller) -> None:
    assert "refresh_token" not in call.exchange(call.code(MAYA)).json()
    assert "refresh_token" in call.exchange(call.code(MAYA, **OFFLINE)).json()
    assert "refresh_token" not in call.exchange(call.code(MAYA, **OFFLINE)).json()
    assert "refresh_token" in call.exchange(call.code(MAYA, prompt="consent", **OFFLINE)).json()
    call.google.revoke(MAYA)
    assert "refresh_token" in call.exchange(call.code(MAYA, **OFFLINE)).json()


def test_refreshing_keeps_the_scopes_and_can_narrow_them(call: Caller) -> None:
    token = call.google.tokens(MAYA, (*SIGN_IN, METADATA))["refresh_token"]
    answer = call.refresh(token).json()
    assert set(answer["scope"].split()) == {*SIGN_IN, METADATA}
    assert "id_token" in answer
    assert "refresh_token" not in answer
    assert call.refresh(token, scope="openid").json()["scope"] == "openid"
    refused(call.refresh(token, scope=APPS), 400, "invalid_scope", "Some requested scopes were not granted.")
    refused(call.refresh(token, call.google.clients[1]), 401, "unauthorized_client", "Unauthorized")


def test_access_tokens_expire_by_the_sandbox_clock(call: Caller) -> None:
    pair = call.google.tokens(MAYA, (METADATA,))
    files = ("GET", "/drive/v3/files")
    assert call.send(*files, pair["access_token"]).status_code == 200
    call.google.shift_clock(3601)
    dead = call.send(*files, pair["access_token"])
    assert dead.status_code == 401
    assert call.send(*files, call.refresh(pair["refresh_token"]).json()["access_token"]).status_code == 200


def test_refresh_tokens_die_of_six_months_of_rest(call: Caller) -> None:
    used, unused = (call.google.tokens(MAYA, (METADATA,))["refresh_token"] for _ in range(2))
    call.google.shift_clock(120 * 86_400)
    assert call.refresh(used).status_code == 200
    call.google.shift_clock(120 * 86_400)
    assert call.refresh(used).status_code == 200
    refused(call.refresh(unused), 400, "invalid_grant", "Token has been expired or revoked.")


def test_the_hundred_and_first_refresh_token_kills_the_first(call: Caller) -> None:
    tokens = [call.google.tokens(MAYA, (METADATA,))["refresh_token"] for _ in range(101)]
    assert call.refresh(tokens[0]).status_code == 400
    assert call.refresh(tokens[1]).status_code == 200


def test_an_unpublished_app_loses_its_refresh_tokens_after_seven_days() -> None:
    with start(clients=[Client("c", "s", "p", testing=True)]) as google, Caller(google) as call:
        answer = call.exchange(call.code(MAYA, scope=METADATA, **OFFLINE)).json()
        assert answer["refresh_token_expires_in"] == 604_799
        only_identity = call.exchange(call.code(ALEX, **OFFLINE)).json()
        google.shift_clock(7 * 86_400 + 1)
        assert call.refresh(answer["refresh_token"]).status_code == 400
        assert call.refresh(only_identity["refresh_token"]).status_code == 200


def test_a_changed_password_kills_refresh_tokens_and_leaves_the_grant(call: Caller) -> None:
    token = call.google.tokens(MAYA, (METADATA,))["refresh_token"]
    assert call.google.kill_refresh_tokens(MAYA) == 1
    assert call.refresh(token).status_code == 400
    assert call.google.state()["grants"]


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking_ends_the_grant_for_every_client_of_the_project(which: str) -> None:
    one, two = Client("one", "s1", "shared"), Client("two", "s2", "shared")
    other = Client("other", "s3", "apart")
    with start(clients=(one, two, other)) as google, Caller(google) as call:
        held = {client.id: google.tokens(MAYA, (METADATA,), client.id) for client in (one, two, other)}
        alex = google.tokens(ALEX, (METADATA,), one.id)
        assert call.send("POST", "/revoke", data={"token": held["one"][which]}).status_code == 200
        for client in (one, two):
            assert call.refresh(held[client.id]["refresh_token"], client).status_code == 400
            assert call.send("GET", "/drive/v3/files", held[client.id]["access_token"]).status_code == 401
        assert call.refresh(held["other"]["refresh_token"], other).status_code == 200
        assert call.refresh(alex["refresh_token"], one).status_code == 200


def test_revoking_what_is_unknown(call: Caller) -> None:
    refused(call.send("POST", "/revoke", data={"token": "x"}), 400, "invalid_token", "Token expired or revoked")
    refused(call.send("POST", "/revoke"), 400, "invalid_request", "Missing required parameter: token")
    token = call.google.token(MAYA, SIGN_IN)
    assert call.send("POST", "/revoke", params={"token": token}).status_code == 200


def test_tokeninfo(call: Caller) -> None:
    token = call.google.token(MAYA, (EMAIL, METADATA))
    told = call.send("GET", "/tokeninfo", params={"access_token": token}).json()
    assert told["email"] == MAYA
    assert told["access_type"] == "offline"
    assert set(told["scope"].split()) == {EMAIL, METADATA}
    assert all(isinstance(value, str) for value in told.values())
    bare = call.send("GET", "/tokeninfo", params={"access_token": call.google.token(MAYA, (METADATA,))}).json()
    assert "email" not in bare
    refused(call.send("GET", "/tokeninfo", params={"access_token": "x"}), 400, "invalid_token", "Invalid Value")
    call.google.shift_clock(4000)
    refused(call.send("GET", "/tokeninfo", params={"access_token": token}), 400, "invalid_token", "Invalid Value")
