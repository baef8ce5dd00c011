"""Google's OAuth endpoints: exchange a code, refresh, look at a token, revoke.

Formats: https://developers.google.com/identity/protocols/oauth2/web-server . Tokens go in bodies only, never in an
address, so that no log on the way can keep them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from audits.sources.contract import Credentials, RefreshedToken
from audits.sources.google import endpoints, retry
from audits.sources.google.errors import (
    CutShort,
    GoogleFault,
    NeedsReconnecting,
    Unreadable,
    of_answer,
    reason_words,
)
from audits.sources.google.http import Answer, Http

_LONGEST_LIFE = 366 * 24 * 3600  # seconds; a token that claims to live longer is not believed
_HEADERS = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}


class RevokeResult(StrEnum):
    REVOKED = "revoked"
    ALREADY_GONE = "already_gone"  # Google does not know this token any more: nothing is left to revoke
    UNREACHABLE = "unreachable"  # no answer, or none that settles it: try again later


@dataclass(frozen=True, repr=False)
class TokenAnswer:
    """What a code was exchanged for. `scopes` is what was granted, which may be less than what was asked."""

    access_token: str
    expires_at: datetime
    refresh_token: str
    scopes: frozenset[str]
    id_token: str


@dataclass(frozen=True, repr=False)
class TokenInfo:
    """What Google says of a live access token."""

    client_id: str
    sub: str
    scopes: frozenset[str]
    expires_at: datetime


def _now() -> datetime:
    return datetime.now(UTC)


def exchange(
    code: str, *, redirect_uri: str, client_id: str, client_secret: str, code_verifier: str = "", timeout: float = 10.0
) -> TokenAnswer:
    """Exchange a code, once: a code that is sent twice makes Google revoke what it gave. Raises GoogleFault."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "client_id": client_id,
        "client_secret": client_secret,
    }
    if code_verifier:
        form["code_verifier"] = code_verifier
    with Http(timeout=timeout) as http:
        said = _post_for_token(http, endpoints.current().token, form)
    return TokenAnswer(
        access_token=_text(said, "access_token"),
        expires_at=_expiry(said, _now()),
        refresh_token=_text(said, "refresh_token", missing=""),
        scopes=frozenset(_text(said, "scope", missing="").split()),
        id_token=_text(said, "id_token", missing=""),
    )


def refresh(credentials: Credentials, http: Http, now: Callable[[], datetime] = _now) -> RefreshedToken:
    """A new access token. Raises NeedsReconnecting when Google says that the grant is gone, else a GoogleFault."""
    form = {
        "grant_type": "refresh_token",
        "refresh_token": credentials.refresh_token,
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
    }
    said = _post_for_token(http, endpoints.current().token, form)
    return RefreshedToken(access_token=_text(said, "access_token"), expires_at=_expiry(said, now()))


def token_info(access_token: str, *, timeout: float = 10.0) -> TokenInfo:
    """Raises NeedsReconnecting for a token that is not alive, else a GoogleFault."""
    patience = retry.Patience(tries=2, first=0.2, longest=1.0)
    with Http(timeout=timeout) as http:
        said = retry.patiently(
            lambda: _post_for_token(http, endpoints.current().tokeninfo, {"access_token": access_token}),
            patience,
            lambda: False,
        )
    return TokenInfo(
        client_id=_text(said, "aud"),
        sub=_text(said, "sub", missing=""),
        scopes=frozenset(_text(said, "scope", missing="").split()),
        expires_at=_expiry(said, _now()),
    )


def revoke(token: str, *, timeout: float = 10.0) -> RevokeResult:
    """Ask Google to forget a grant, by its access or refresh token. Never raises for the outside world.

    Google forgets everything it granted to this project for this account, whichever token is sent.
    """
    body = urlencode({"token": token}).encode()
    try:
        with Http(timeout=timeout) as http:
            answer = http.send("POST", endpoints.current().revoke, _HEADERS, body)
    except GoogleFault:
        return RevokeResult.UNREACHABLE
    if answer.status == 200:
        return RevokeResult.REVOKED
    gone = answer.status == 400 and _oauth_error(answer) == "invalid_token"
    return RevokeResult.ALREADY_GONE if gone else RevokeResult.UNREACHABLE


def _post_for_token(http: Http, url: str, form: Mapping[str, str]) -> Mapping[str, Any]:
    answer = http.send("POST", url, _HEADERS, urlencode(form).encode())
    if answer.status != 200:
        raise _token_fault(answer)
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise CutShort("token answer is not JSON") from None
    if not isinstance(said, dict):
        raise Unreadable("token answer is no object")
    return said


def _token_fault(answer: Answer) -> GoogleFault:
    """invalid_grant (refresh, exchange) and invalid_token (tokeninfo) mean a dead grant. invalid_client is ours."""
    error = _oauth_error(answer)
    if answer.status in (400, 401) and error in ("invalid_grant", "invalid_token"):
        return NeedsReconnecting(f"{answer.status} {error}", reason=error)
    if answer.status in (400, 401, 403):
        return GoogleFault(f"{answer.status} {error}".strip(), reason=error)
    return of_answer(answer.status, answer.headers, answer.body)


def _oauth_error(answer: Answer) -> str:
    """Google's error word in an OAuth answer, "" when there is none that reads like one."""
    try:
        error = json.loads(answer.body)["error"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
    if isinstance(error, str) and len(error) <= 60 and error.replace("_", "").isalnum():
        return error
    words = reason_words(answer.body)
    return words[0] if words else ""


def _text(said: Mapping[str, Any], key: str, missing: str | None = None) -> str:
    found = said.get(key, missing)
    if not isinstance(found, str) or (missing is None and not found) or len(found) > 16_384:
        raise Unreadable(f"token answer: {key}")
    return found


def _expiry(said: Mapping[str, Any], now: datetime) -> datetime:
    """`expires_in` is seconds: a number in token answers, digits in a string in tokeninfo's."""
    found = said.get("expires_in")
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 12:
        found = int(found)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= _LONGEST_LIFE:
        raise Unreadable("token answer: expires_in")
    return now + timedelta(seconds=found)
