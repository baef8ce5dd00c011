"""ID tokens as clients check them: signature, claims, and what is only told when asked."""

import json
from typing import Any

import jwt
import pytest
from cryptography.x509 import load_pem_x509_certificate

from google_sandbox import start
from tests.google_sandbox.caller import ALEX, MAYA, NOOR, SAM, SIGN_IN, Caller

CLAIMS = json.dumps({"id_token": {"amr": {"essential": True}, "auth_time": {"essential": True}}})


def id_token(call: Caller, account: str, **asked: str) -> str:
    return str(call.exchange(call.code(account, **asked)).json()["id_token"])


def claims(call: Caller, token: str) -> dict[str, Any]:
    """Checked with the PEM certificate map, the way allauth does it."""
    certificates = call.send("GET", "/oauth2/v1/certs").json()
    pem = certificates[jwt.get_unverified_header(token)["kid"]]
    key = load_pem_x509_certificate(pem.encode()).public_key()
    audience = call.google.clients[0].id
    read: dict[str, Any] = jwt.decode(token, key, ["RS256"], audience=audience, issuer="https://accounts.google.com")
    return read


def test_the_usual_claims(call: Caller) -> None:
    told = claims(call, id_token(call, MAYA, nonce="n1"))
    assert told["email"] == MAYA
    assert told["email_verified"] is True
    assert told["name"] == "Maya Okafor"
    assert told["nonce"] == "n1"
    assert told["azp"] == told["aud"]
    assert told["sub"].isdigit()
    assert told["exp"] - told["iat"] == 3600
    assert not {"hd", "amr", "auth_time"} & set(told)


def test_each_token_has_its_own_jti(call: Caller) -> None:
    assert claims(call, id_token(call, MAYA))["jti"] != claims(call, id_token(call, MAYA))["jti"]


def test_scopes_open_claims(call: Caller) -> None:
    told = claims(call, id_token(call, MAYA, scope="openid"))
    assert not {"email", "name", "picture"} & set(told)
    no_identity = call.code(ALEX, scope="https://www.googleapis.com/auth/drive.metadata.readonly")
    assert "id_token" not in call.exchange(no_identity).json()


@pytest.mark.parametrize(("account", "amr"), [(MAYA, ["pwd"]), (ALEX, ["swk", "mfa"]), (NOOR, None)])
def test_amr_only_when_asked_and_only_where_google_knows(call: Caller, account: str, amr: list[str] | None) -> None:
    told = claims(call, id_token(call, account, claims=CLAIMS))
    assert told.get("amr") == amr
    assert told["auth_time"] < told["iat"]


def test_how_a_session_was_opened_can_change(call: Caller) -> None:
    call.google.change_account(MAYA, amr=["pwd", "mfa"], signed_in_seconds_ago=30)
    told = claims(call, id_token(call, MAYA, claims=CLAIMS))
    assert told["amr"] == ["pwd", "mfa"]
    assert told["iat"] - told["auth_time"] == 30


def test_workspace_accounts_name_their_domain(call: Caller) -> None:
    assert claims(call, id_token(call, SAM))["hd"] == "shelter.test"


def test_the_issuer_can_be_another() -> None:
    with start(issuer="http://issuer.test") as google, Caller(google) as call:
        token = id_token(call, MAYA)
        assert jwt.decode(token, options={"verify_signature": False})["iss"] == "http://issuer.test"
        assert call.send("GET", "/.well-known/openid-configuration").json()["issuer"] == "http://issuer.test"


def test_the_key_set_checks_it_too(call: Caller) -> None:
    token = id_token(call, MAYA)
    keys = jwt.PyJWKSet.from_dict(call.send("GET", "/oauth2/v3/certs").json())
    kid = jwt.get_unverified_header(token)["kid"]
    assert jwt.decode(token, keys[kid].key, ["RS256"], audience=call.google.clients[0].id)["email"] == MAYA


def test_tokeninfo_reads_id_tokens_and_refuses_spoilt_ones(call: Caller) -> None:
    token = id_token(call, MAYA)
    assert call.send("GET", "/tokeninfo", params={"id_token": token}).json()["email_verified"] == "true"
    assert call.send("GET", "/tokeninfo", params={"id_token": token[:-8] + "AAAAAAAA"}).status_code == 400
    call.google.shift_clock(4000)
    assert call.send("GET", "/tokeninfo", params={"id_token": token}).status_code == 400


def test_userinfo(call: Caller) -> None:
    told = call.send("GET", "/oauth2/v3/userinfo", call.google.token(SAM, SIGN_IN)).json()
    assert (told["email"], told["hd"], told["email_verified"]) == (SAM, "shelter.test", True)
    old = call.send("GET", "/oauth2/v2/userinfo", call.google.token(SAM, SIGN_IN)).json()
    assert (old["id"], old["verified_email"]) == (told["sub"], True)
    assert call.send("GET", "/oauth2/v3/userinfo").status_code == 401
    only_drive = call.google.token(SAM, ("https://www.googleapis.com/auth/drive.metadata.readonly",))
    assert call.send("GET", "/oauth2/v3/userinfo", only_drive).status_code == 403


def test_the_discovery_page_names_this_server(call: Caller) -> None:
    told = call.send("GET", "/.well-known/openid-configuration").json()
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "revocation_endpoint", "jwks_uri"):
        assert told[name].startswith(call.google.url)
