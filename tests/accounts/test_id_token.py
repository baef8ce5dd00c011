"""ID tokens: only what Google signed, for us, now."""

import base64
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.utils import timezone

from audits.accounts.google_provider import id_token
from audits.accounts.grants import grant_of
from audits.sources.google.errors import GoogleFault, Unreachable, Unreadable
from audits.sources.google.oauth import TokenAnswer
from google_sandbox.oauth.identity import signing_key

CLIENT = "privacy-audit.apps.sandbox.test"


@pytest.fixture(autouse=True)
def no_kept_keys(monkeypatch, sandbox):
    monkeypatch.setattr(id_token, "_kept", {})


def token(key=None, kid=None, algorithm="RS256", **changes):
    now = int(time.time())
    claims = {"iss": "https://accounts.google.com", "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 3600} | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, key or signing_key().private, algorithm, headers={"kid": kid or signing_key().kid})


def read(text):
    return id_token.claims_of(text, CLIENT, timeout=3)


def test_a_good_one_is_read():
    assert read(token(email="maya@gmail.test"))["email"] == "maya@gmail.test"
    assert read(token(iss="accounts.google.com"))["sub"] == "1"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "somebody-else"},
        {"aud": None},
        {"iss": "https://evil.test"},
        {"iss": None},
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"iat": 99999999999},
        {"sub": None},
    ],
)
def test_one_that_is_not_for_us_or_not_for_now_is_refused(changes):
    with pytest.raises(Unreadable):
        read(token(**changes))


def test_clocks_may_differ_a_little():
    now = int(time.time())
    assert read(token(iat=now + 30, exp=now - 30))


def test_another_key_is_refused():
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(Unreadable):
        read(token(key=stranger))
    with pytest.raises(Unreadable):
        read(token(key=stranger, kid="unknown"))


def test_the_token_does_not_choose_how_it_is_checked():
    """Neither without a signature, nor with Google's public key used as a shared secret."""
    header, body, _ = token().split(".")
    bare = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": signing_key().kid}).encode()).decode().rstrip("=")
    public = signing_key().private.public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    secret = base64.urlsafe_b64encode(pem).decode()
    hmac = jwt.encode({"sub": "1", "aud": CLIENT}, secret * 2, "HS256", headers={"kid": signing_key().kid})
    for forged in (f"{bare}.{body}.", f"{header}.{body}.", hmac, "", "a.b.c", "x" * 5000):
        with pytest.raises(Unreadable):
            read(forged)


def test_keys_are_kept_and_asked_for_again_only_when_one_is_new(sandbox):
    for _ in range(3):
        read(token())
    assert sandbox.log().paths().count("/oauth2/v1/certs") == 1
    with pytest.raises(Unreadable):
        read(token(kid="rotated"))
    assert sandbox.log().paths().count("/oauth2/v1/certs") == 2


def test_keys_grow_old(sandbox, monkeypatch):
    read(token())
    monkeypatch.setattr(id_token, "KEYS_LIVE_SECONDS", -1.0)
    read(token())
    assert sandbox.log().paths().count("/oauth2/v1/certs") == 2


def test_a_key_set_is_understood_as_well(sandbox, monkeypatch):
    monkeypatch.setenv("GOOGLE_CERTS_URL", f"{sandbox.url}/oauth2/v3/certs")
    assert read(token())["sub"] == "1"


@pytest.mark.parametrize("fault", [500, 404, "reset", "truncated", "empty", "list", "string"])
def test_whatever_happens_to_the_keys_is_a_fault_of_google(sandbox, fault):
    sandbox.fault("/oauth2/v1/certs", fault)
    with pytest.raises((Unreachable, Unreadable)):
        read(token())


@pytest.mark.parametrize("said", [{"a": "no certificate"}, {"a": 1}, {"keys": [{"kty": "RSA"}]}, {"keys": [1]}, {}])
def test_damaged_keys_are_no_keys(said, monkeypatch):
    class Answer:
        status, body = 200, json.dumps(said).encode()

    monkeypatch.setattr(id_token.Http, "send", lambda *args: Answer)
    with pytest.raises(GoogleFault):
        read(token())


# --------------------------------------------------------------------------- what becomes of the claims


def grant(**claims):
    said = TokenAnswer("ya29.x", timezone.now(), "", frozenset({"openid", "email"}), "")
    return grant_of(said, {"sub": "1", **claims})


@pytest.mark.parametrize("amr", [None, "pwd", 1, {"pwd": 1}])
def test_an_amr_of_a_wrong_type_was_not_said(amr):
    assert grant(amr=amr).amr is None


def test_hostile_claims_are_cut():
    found = grant(amr=["x" * 100] * 100, auth_time=10**30, email="e" * 5000, name="n" * 5000, hd=["shelter.test"])
    assert len(found.amr) == 10
    assert max(map(len, found.amr)) == 20
    assert found.auth_time is None
    assert (len(found.email), len(found.name), found.hosted_domain) == (254, 200, "")


@pytest.mark.parametrize("sub", ["", None, 5, ["1"]])
def test_without_a_subject_there_is_no_account(sub):
    with pytest.raises(Unreadable, match="subject"):
        grant(sub=sub)


def test_short_names_of_scopes_become_long_ones():
    assert grant().scopes == {"openid", "https://www.googleapis.com/auth/userinfo.email"}
    assert "ya29" not in repr(grant())
