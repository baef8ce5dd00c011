"""Security event tokens of a test's own making, signed with the sandbox's key unless it says otherwise."""

from __future__ import annotations

import json
import secrets
import time
from typing import Any

import jwt
from django.test import Client

from google_sandbox.oauth.identity import signing_key

WHERE = "/events/google/"
CLIENT = "privacy-audit.apps.sandbox.test"
ADMIN = "privacy-audit-admin.apps.sandbox.test"
EXPORTS = "privacy-audit-exports.apps.sandbox.test"
RISC = "https://schemas.openid.net/secevent/risc/event-type/"
OAUTH = "https://schemas.openid.net/secevent/oauth/event-type/"


def address(name: str) -> str:
    return (OAUTH if name in ("token-revoked", "tokens-revoked") else RISC) + name


def about(sub: str, **more: Any) -> dict[str, Any]:
    """The details of an event about this account."""
    subject = {"subject_type": "iss-sub", "iss": "https://accounts.google.com/", "sub": sub}
    return {"subject": subject, **more}


def about_token(token: str, form: str) -> dict[str, Any]:
    subject = {"subject_type": "oauth_token", "token_type": "refresh_token"}
    return {"subject": {**subject, "token_identifier_alg": form, "token": token}}


def token(
    events: Any = None,
    *,
    key: Any = None,
    kid: str | None = None,
    algorithm: str = "RS256",
    headers: dict[str, Any] | None = None,
    **changes: Any,
) -> str:
    """`changes` replace claims; None takes one away."""
    claims = {
        "iss": "https://accounts.google.com/",
        "aud": CLIENT,
        "iat": int(time.time()),
        "jti": secrets.token_hex(8),
        "events": {address("sessions-revoked"): about("nobody")} if events is None else events,
    } | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    named = {"kid": signing_key().kid if kid is None else kid, **(headers or {})}
    body = json.dumps(claims).encode()  # PyJWT's own encode would refuse some of what tests want to send
    return jwt.PyJWS().encode(body, key or signing_key().private, algorithm, headers=named)


def post(body: str | bytes, **more: Any) -> Any:
    """As Google does: no cookies, no form token."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return client.post(WHERE, data=body, content_type="application/secevent+jwt", **more)


def tell(name: str, details: Any, **changes: Any) -> Any:
    return post(token({address(name): details}, **changes))
