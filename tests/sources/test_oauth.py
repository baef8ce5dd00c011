"""Exchange, refresh, tokeninfo, revoke: what each answer of the token endpoints means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from audits.facts import Why
from audits.sources.google import oauth
from audits.sources.google.errors import GoogleFault, NeedsReconnecting, Unreadable
from audits.sources.google.http import Http
from audits.sources.google.oauth import RevokeResult
from tests.sources.conftest import NOW, credentials
from tests.sources.stub import Answering, Stub, reply

Serve = Callable[[Answering], Stub]
FRESH = {"access_token": "fresh", "expires_in": 3599, "token_type": "Bearer", "scope": "openid email"}


def refresh(http: Http) -> Any:
    return oauth.refresh(credentials(), http, lambda: NOW)


def test_refresh(serve: Serve) -> None:
    stub = serve(lambda got: reply(FRESH))
    with Http() as http:
        found = refresh(http)
    assert (found.access_token, found.expires_at) == ("fresh", NOW + timedelta(seconds=3599))
    assert stub.got[0].path == "/token"
    assert stub.got[0].form["grant_type"] == "refresh_token"
    assert "refresh-token" not in str(stub.got[0].query)


@pytest.mark.parametrize(
    ("said", "why", "retriable"),
    [
        (reply({"error": "invalid_grant", "error_description": "revoked"}, 400), Why.NEEDS_RECONNECTING, False),
        (reply({"error": "invalid_client"}, 401), Why.OUR_FAULT, False),
        (reply({"error": "admin_policy_enforced"}, 400), Why.OUR_FAULT, False),
        (reply(b"", 403), Why.OUR_FAULT, False),
        (reply({"error": "internal_failure"}, 500), Why.GOOGLE_ERROR, True),
        (reply(b"busy", 503), Why.GOOGLE_ERROR, True),
        (reply(b"", 429), Why.BUSY, True),
        (reply(b""), Why.UNREADABLE, True),
        (reply(b'{"access_token": "fr'), Why.UNREADABLE, True),
        (reply([FRESH]), Why.UNREADABLE, False),
        (reply('"fresh"'), Why.UNREADABLE, False),
        (reply({**FRESH, "access_token": 5}), Why.UNREADABLE, False),
        (reply({**FRESH, "access_token": ""}), Why.UNREADABLE, False),
        (reply({**FRESH, "expires_in": "soon"}), Why.UNREADABLE, False),
        (reply({**FRESH, "expires_in": True}), Why.UNREADABLE, False),
        (reply({**FRESH, "expires_in": -1}), Why.UNREADABLE, False),
        (reply({**FRESH, "expires_in": 10**12}), Why.UNREADABLE, False),
        (reply({"expires_in": 5}), Why.UNREADABLE, False),
        (None, Why.UNREACHABLE, True),
    ],
)
def test_a_refresh_that_fails_says_why(serve: Serve, said: bytes | None, why: Why, *, retriable: bool) -> None:
    serve(lambda got: said)
    with Http() as http, pytest.raises(GoogleFault) as caught:
        refresh(http)
    assert (caught.value.why, caught.value.retriable) == (why, retriable)


def exchange() -> oauth.TokenAnswer:
    return oauth.exchange(
        "code", redirect_uri="http://localhost/back", client_id="c", client_secret="s", code_verifier="v", timeout=0.3
    )


def test_exchange(serve: Serve) -> None:
    stub = serve(lambda got: reply({**FRESH, "refresh_token": "r", "id_token": "a.b.c"}))
    found = exchange()
    assert (found.access_token, found.refresh_token, found.id_token) == ("fresh", "r", "a.b.c")
    assert found.scopes == {"openid", "email"}
    assert stub.got[0].form["code_verifier"] == "v"


def test_an_administrator_look_has_no_refresh_token(serve: Serve) -> None:
    serve(lambda got: reply(FRESH))
    assert exchange().refresh_token == ""


def test_a_code_is_sent_once_whatever_happens(serve: Serve) -> None:
    stub = serve(lambda got: None)
    with pytest.raises(GoogleFault):
        exchange()
    assert len(stub.got) == 1


def test_a_used_code_says_so(serve: Serve) -> None:
    serve(lambda got: reply({"error": "invalid_grant"}, 400))
    with pytest.raises(NeedsReconnecting):
        exchange()


def test_token_info(serve: Serve) -> None:
    serve(lambda got: reply({"aud": "c", "sub": "1", "scope": "openid x", "expires_in": "120", "email": "a@b.test"}))
    found = oauth.token_info("token", timeout=0.3)
    assert (found.client_id, found.sub, found.scopes) == ("c", "1", {"openid", "x"})


def test_token_info_of_a_dead_token(serve: Serve) -> None:
    serve(lambda got: reply({"error": "invalid_token", "error_description": "Invalid Value"}, 400))
    with pytest.raises(NeedsReconnecting):
        oauth.token_info("token", timeout=0.3)


def test_token_info_that_is_no_answer(serve: Serve) -> None:
    serve(lambda got: reply({"aud": 5}))
    with pytest.raises(Unreadable):
        oauth.token_info("token", timeout=0.3)


@pytest.mark.parametrize(
    ("said", "result"),
    [
        (reply({}), RevokeResult.REVOKED),
        (reply(b""), RevokeResult.REVOKED),
        (reply({"error": "invalid_token", "error_description": "Token expired or revoked"}, 400), "already_gone"),
        (reply({"error": "invalid_request"}, 400), RevokeResult.UNREACHABLE),
        (reply(b"<html>", 400), RevokeResult.UNREACHABLE),
        (reply([], 400), RevokeResult.UNREACHABLE),
        (reply(b"", 302), RevokeResult.UNREACHABLE),
        (reply(b"", 429), RevokeResult.UNREACHABLE),
        (reply(b"", 500), RevokeResult.UNREACHABLE),
        (None, RevokeResult.UNREACHABLE),
    ],
)
def test_revoke(serve: Serve, said: bytes | None, result: RevokeResult) -> None:
    stub = serve(lambda got: said)
    assert oauth.revoke("a-token", timeout=0.3) == result
    assert stub.got[0].path == "/revoke"
    assert stub.got[0].form == {"token": "a-token"}
    assert not stub.got[0].query


def test_revoke_waits_no_longer_than_it_may(serve: Serve) -> None:
    stub = serve(lambda got: stub.wait_for_the_end(5))
    assert oauth.revoke("a-token", timeout=0.2) is RevokeResult.UNREACHABLE


def test_tokens_are_never_printed(serve: Serve) -> None:
    serve(lambda got: reply({**FRESH, "access_token": "ya29.x", "refresh_token": "ya29.y", "id_token": "ya29.z"}))
    with Http() as http:
        assert "ya29" not in f"{exchange()!r} {refresh(http)!r} {credentials()!r}"
