"""Security events are believed only when Google signed them, for us, and when its keys can be had."""

from __future__ import annotations

import base64
import json
import threading
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from audits.accounts.risc import keys
from audits.accounts.risc.events import spellings
from audits.models import ReceivedEvent
from audits.sources.google.errors import GoogleFault, Unreachable, Unreadable
from google_sandbox.oauth.identity import signing_key
from tests.accounts import risc
from tests.accounts.risc import CLIENT, WHERE, address, post, token

DESCRIPTION, CERTS = "/.well-known/risc-configuration", "/oauth2/v3/certs"


@pytest.fixture(autouse=True)
def new_ring(monkeypatch, db, sandbox):
    monkeypatch.setattr(keys, "RING", keys.KeyRing())


@pytest.fixture(scope="module")
def stranger():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def stored():
    return list(ReceivedEvent.objects.values_list("kind", flat=True))


# --------------------------------------------------------------------------- what is believed


def test_a_good_one_is_stored_and_answered_with_202():
    assert post(token()).status_code == 202
    assert stored() == ["sessions-revoked"]
    assert ReceivedEvent.objects.get().person is None


@pytest.mark.parametrize("issuer", ["https://accounts.google.com/", "https://accounts.google.com"])
def test_both_spellings_of_google(issuer):
    assert post(token(iss=issuer)).status_code == 202


@pytest.mark.parametrize("audience", [CLIENT, [CLIENT], ["somebody", CLIENT], risc.ADMIN, risc.EXPORTS])
def test_any_client_of_ours_as_text_or_in_a_list(audience):
    assert post(token(aud=audience)).status_code == 202


def test_it_needs_no_end_but_one_that_is_there_counts():
    now = int(time.time())
    assert post(token(exp=now + 60)).status_code == 202
    assert post(token(exp=now - 3600)).status_code == 400


def test_several_events_in_one_token_are_several_rows():
    events = {address(name): risc.about("1") for name in ("sessions-revoked", "tokens-revoked")}
    assert post(token(events)).status_code == 202
    assert stored() == ["sessions-revoked", "tokens-revoked"]


def test_an_event_that_we_do_not_know_is_stored_and_not_acted_on():
    assert post(token({"https://schemas.openid.net/secevent/caep/event-type/new": risc.about("1")})).status_code == 202
    assert stored() == ["other"]


def test_a_test_token_is_stored():
    assert post(token({address("verification"): {"state": "hello"}})).status_code == 202
    assert stored() == ["verification"]


@pytest.mark.parametrize("details", [None, 1, [], {}, {"subject": None}, {"subject": {"subject_type": "iss-sub"}}])
def test_details_that_cannot_be_read_are_about_nobody(details):
    assert post(token({address("sessions-revoked"): details})).status_code == 202


# --------------------------------------------------------------------------- what is not


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "somebody-else"},
        {"aud": None},
        {"aud": []},
        {"aud": 5},
        {"iss": "https://evil.test"},
        {"iss": "https://accounts.google.com.evil.test/"},
        {"iss": None},
        {"iss": ["https://accounts.google.com/"]},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 300},
        {"jti": 7},
        {"iat": None},
        {"iat": "soon"},
        {"iat": 99999999999},
        {"iat": float("inf")},
        {"iat": -(10**30)},
        {"iat": 1},
        {"nbf": 99999999999},
    ],
    ids=str,
)
def test_claims_that_are_not_for_us_or_make_no_sense(changes):
    assert post(token(**changes)).status_code == 400
    assert not stored()


@pytest.mark.parametrize("events", [[], "x", {}, {f"{risc.RISC}{n}": {} for n in range(11)}], ids=len)
def test_events_that_are_none(events):
    assert post(token(events)).status_code == 400
    assert not stored()


def test_one_that_is_older_than_what_we_remember(settings):
    age = settings.KEEP_EVENT_DAYS * 86_400
    assert post(token(iat=int(time.time()) - age - 60)).status_code == 400
    assert post(token(iat=int(time.time()) - age + 3600)).status_code == 202


def test_another_key_under_googles_name(stranger):
    assert post(token(key=stranger)).status_code == 400
    assert post(token(key=stranger, headers={"jwk": {"kty": "RSA"}, "jku": "https://evil.test/"})).status_code == 400
    assert not stored()


def test_a_changed_body_under_a_good_signature():
    header, _, signature = token().split(".")
    other = token(events={address("account-purged"): risc.about("1")}).split(".")[1]
    assert post(f"{header}.{other}.{signature}").status_code == 400


def test_the_token_does_not_choose_how_it_is_checked():
    """Neither without a signature, nor with Google's public key used as a shared secret."""
    header, body, _ = token().split(".")
    kid = signing_key().kid
    pem = signing_key().private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )  # fmt: skip
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": kid}).encode()).decode().rstrip("=")
    hs256 = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": kid}).encode()).decode().rstrip("=")
    mac = jwt.get_algorithm_by_name("HS256").sign(f"{hs256}.{body}".encode(), pem)
    signed = f"{hs256}.{body}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
    for forged in (f"{none}.{body}.", f"{none}.{body}", f"{header}.{body}.", signed):
        assert post(forged).status_code == 400
    assert not stored()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x",
        b"a.b.c",
        b"....",
        b"\xff\xfe",
        b"{}",
        b"null",
        ("é" * 10).encode(),
        base64.urlsafe_b64encode(b"[" * 9000) + b".e30.x",
        base64.urlsafe_b64encode(b'{"alg":"RS256","kid":5}') + b".e30.x",
        base64.urlsafe_b64encode(b'{"alg":"RS256"}') + b".e30.x",
        b"x" * (16 * 1024 + 1),
        b"x" * (3 * 1024 * 1024),
    ],
    ids=lambda body: f"{body[:12]!r} {len(body)}",
)
def test_garbage_is_400_and_asks_google_nothing(body, sandbox):
    assert post(body).status_code == 400
    assert not stored()
    assert sandbox.log().total == 0


def test_a_deep_one_with_a_good_signature():
    deep = b'{"events":' + b"[" * 5000 + b"]" * 5000 + b"}"
    made = jwt.PyJWS().encode(deep, signing_key().private, "RS256", headers={"kid": signing_key().kid})
    assert post(made).status_code == 400


def test_a_good_one_that_is_too_large():
    assert post(token(more="x" * 16_000)).status_code == 400
    assert post(token() + " " * 17_000).status_code == 400


def test_an_id_token_is_no_security_event(sandbox):
    """Both are signed with the same keys for the same client."""
    now = int(time.time())
    made = token(events=None, sub="1", exp=now + 60, email="maya@gmail.test")
    claims = jwt.decode(made, options={"verify_signature": False})
    del claims["events"]
    plain = jwt.encode(claims, signing_key().private, "RS256", headers={"kid": signing_key().kid})
    assert post(plain).status_code == 400


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "head"])
def test_only_posting(method):
    assert getattr(Client(), method)(WHERE).status_code == 405


def test_what_is_answered_says_nothing_and_leaves_no_cookie():
    good, bad = post(token()), post("x")
    assert good.content == b""
    assert json.loads(bad.content) == {"err": "invalid_request"}
    assert not good.cookies
    assert not bad.cookies


# --------------------------------------------------------------------------- keys


def test_keys_are_kept(sandbox):
    assert [post(token()).status_code for _ in range(3)] == [202, 202, 202]
    assert (sandbox.log().paths().count(DESCRIPTION), sandbox.log().paths().count(CERTS)) == (1, 1)


def test_an_unknown_key_is_asked_for_once_and_then_at_most_once_a_minute(sandbox, monkeypatch):
    post(token())
    now = time.monotonic()
    monkeypatch.setattr(keys.time, "monotonic", lambda: now + 61)
    assert [post(token(kid=f"made up {n}")).status_code for n in range(5)] == [400] * 5
    assert sandbox.log().paths().count(CERTS) == 2
    monkeypatch.setattr(keys.time, "monotonic", lambda: now + 125)
    assert [post(token(kid="made up")).status_code for _ in range(3)] == [400] * 3
    assert sandbox.log().paths().count(CERTS) == 3
    assert post(token()).status_code == 202


def test_a_made_up_key_just_after_asking_is_not_asked_for(sandbox):
    post(token())
    assert post(token(kid="made up")).status_code == 400
    assert sandbox.log().paths().count(CERTS) == 1


def test_a_key_that_google_changed_to_is_found(sandbox, stranger, monkeypatch):
    numbers = stranger.public_key()
    old = keys.fetch_keys
    post(token())
    monkeypatch.setattr(keys, "fetch_keys", lambda *args: {**old(*args), "new": numbers})
    now = time.monotonic()
    monkeypatch.setattr(keys.time, "monotonic", lambda: now + 61)
    assert post(token(key=stranger, kid="new")).status_code == 202


def test_many_threads_ask_once(sandbox):
    ring = keys.KeyRing()
    sandbox.latency(50)
    found, gate = [], threading.Barrier(8)

    def ask(kid):
        gate.wait()
        try:
            found.append(type(ring.key(kid, timeout=5)))
        except GoogleFault as fault:
            found.append(type(fault))

    threads = [threading.Thread(target=ask, args=(kid,)) for kid in ["made up"] * 4 + [signing_key().kid] * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sandbox.log().paths().count(CERTS) == 1
    assert found.count(Unreadable) == 4


def test_a_thread_that_waits_too_long_for_another_gives_up():
    ring = keys.KeyRing()
    with ring._lock, pytest.raises(Unreachable):
        ring.key("x", timeout=0.01)


def test_keys_grow_old(sandbox, monkeypatch):
    post(token())
    now = time.monotonic()
    monkeypatch.setattr(keys.time, "monotonic", lambda: now + 3700)
    assert post(token()).status_code == 202
    assert sandbox.log().paths().count(CERTS) == 2


@pytest.mark.parametrize("path", [DESCRIPTION, CERTS])
@pytest.mark.parametrize("fault", [500, 404, "reset", "truncated", "empty", "list", "string"])
def test_without_googles_keys_it_asks_to_be_told_again(sandbox, path, fault):
    """503 and not 400: Google sends again what it believes was not delivered."""
    sandbox.fault(path, fault)
    answer = post(token())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert post(token()).status_code == 503
    assert sandbox.log().paths().count(DESCRIPTION) == 1  # and does not hurry Google meanwhile
    assert not stored()


def test_it_works_again_once_google_answers(sandbox, monkeypatch):
    sandbox.fault(CERTS, 503)
    assert post(token()).status_code == 503
    sandbox.clear_faults()
    now = time.monotonic()
    monkeypatch.setattr(keys.time, "monotonic", lambda: now + 61)
    assert post(token()).status_code == 202


def test_old_keys_and_google_away_is_not_an_unknown_key(sandbox, monkeypatch):
    post(token())
    sandbox.fault(CERTS, 503)
    now = time.monotonic()
    monkeypatch.setattr(keys.time, "monotonic", lambda: now + 61)
    assert [post(token(kid="perhaps new")).status_code for _ in range(2)] == [503, 503]
    assert post(token()).status_code == 202


@pytest.mark.parametrize(
    "said",
    [
        {"jwks_uri": "https://evil.test/certs"},
        {"jwks_uri": "http://www.googleapis.com/oauth2/v3/certs"},
        {"jwks_uri": "https://www.googleapis.com.evil.test/"},
        {"jwks_uri": "http://127.0.0.1:1/oauth2/v3/certs"},
        {"jwks_uri": "http://[::1/"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": 5},
        {},
        [],
    ],
    ids=str,
)
def test_keys_come_only_from_google(said, monkeypatch):
    class Answer:
        status, body = 200, json.dumps(said).encode()

    monkeypatch.setattr(keys.Http, "send", lambda *args: Answer)
    monkeypatch.setattr(keys, "fetch_keys", lambda *args: pytest.fail("keys were fetched from there"))
    with pytest.raises(Unreachable):
        keys._fetch(1.0)


def test_googles_own_address_of_keys_is_good(monkeypatch):
    class Answer:
        status, body = 200, b'{"jwks_uri": "https://www.googleapis.com/oauth2/v3/certs"}'

    monkeypatch.setattr(keys.Http, "send", lambda *args: Answer)
    monkeypatch.setattr(keys, "fetch_keys", lambda url, timeout: {"from": url})
    assert keys._fetch(1.0) == {"from": "https://www.googleapis.com/oauth2/v3/certs"}


def test_a_name_is_spelled_with_and_without_a_slash():
    assert {"https://accounts.google.com", "https://accounts.google.com/"} <= set(spellings())
