"""Cross-Account Protection: Google tells an app about an account by posting a signed token to it.

Formats, statuses and errors: https://developers.google.com/identity/protocols/risc . Google posts only to https
addresses; the sandbox posts only to this machine, and there also without it.
"""

import base64
import hashlib
import http.client
import ipaddress
import json
import secrets
import time
from typing import Any
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from werkzeug.wrappers import Request

from google_sandbox.errors import STATUS_WORDS, GoogleError
from google_sandbox.reply import Reply, json_reply
from google_sandbox.world import World

from .identity import signing_key

Json = dict[str, Any]

RISC = "https://schemas.openid.net/secevent/risc/event-type/"
OAUTH = "https://schemas.openid.net/secevent/oauth/event-type/"
OF_TOKENS = frozenset({"token-revoked", "tokens-revoked"})
PUSH = "https://schemas.openid.net/secevent/risc/delivery-method/push"
AUDIENCE = "https://risc.googleapis.com/google.identity.risc.v1beta.RiscManagementService"
ISSUER = "https://accounts.google.com/"
SERVICE_ACCOUNT = "events@privacy-audit.iam.sandbox.test"
SECONDS = 10


def configuration(world: World, request: Request) -> Reply:
    base = request.host_url.rstrip("/")
    return json_reply({
        "issuer": ISSUER,
        "jwks_uri": f"{base}/oauth2/v3/certs",
        "delivery_methods_supported": [PUSH],
    })  # fmt: skip


# --------------------------------------------------------------------------- what is sent


def send(world: World, body: Json) -> Json:
    """One event to one receiver on this machine. Answers the receiver's status, and the token, to send it again.

    `account`, `event` (the end of its address), `to`; where wanted `reason`, `client`, `jti`, `refresh_token` with
    `form`, `claims` (that replace those of the token) and `token` (sent as it is).
    """
    token = body.get("token") or signed(world, body)
    return {"status": _post(_on_this_machine(body["to"]), token), "token": token}


def signed(world: World, body: Json) -> str:
    claims = {
        "iss": ISSUER,
        "aud": body.get("client") or next(iter(world.clients)),
        "iat": int(world.clock.now()),
        "jti": body.get("jti") or secrets.token_hex(16),
        "events": {_address(body["event"]): _details(world, body)},
        **body.get("claims", {}),
    }
    key = signing_key()
    return jwt.encode(claims, key.private, algorithm="RS256", headers={"kid": key.kid})


def _address(event: str) -> str:
    if "://" in event:
        return event
    return (OAUTH if event in OF_TOKENS else RISC) + event


def _details(world: World, body: Json) -> Json:
    if body["event"] == "verification":
        return {"state": body.get("state", "")}
    details: Json = {"subject": _subject(world, body)}
    return details | ({"reason": body["reason"]} if body.get("reason") else {})


def _subject(world: World, body: Json) -> Json:
    if token := body.get("refresh_token"):
        form = body.get("form", "prefix")
        named = token[:16] if form == "prefix" else _hashed_twice(token)
        return {
            "subject_type": "oauth_token",
            "token_type": "refresh_token",
            "token_identifier_alg": form,
            "token": named,
        }
    persona = world.persona(body["account"])
    if persona is None:
        raise LookupError(f"account {body['account']!r}")
    return {"subject_type": "iss-sub", "iss": ISSUER, "sub": persona.account.sub}


def _hashed_twice(token: str) -> str:
    return base64.b64encode(hashlib.sha512(hashlib.sha512(token.encode()).digest()).digest()).decode()


def _on_this_machine(address: str) -> str:
    host = urlsplit(address).hostname or ""
    try:
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    if not here:
        raise ValueError("the sandbox sends events to this machine only")
    return address


def _post(address: str, token: str) -> int:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=SECONDS)
    try:
        connection.request("POST", parts.path or "/", token, {"Content-Type": "application/secevent+jwt"})
        return connection.getresponse().status
    finally:
        connection.close()


# --------------------------------------------------------------------------- the stream: where events are ordered


def service_account(world: World, body: Json) -> Json:
    """The JSON key file of the one service account that may manage the stream."""
    pem = signing_key().private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {
        "type": "service_account",
        "client_email": SERVICE_ACCOUNT,
        "private_key_id": signing_key().kid,
        "private_key": pem.decode(),
    }


def stream(world: World, request: Request) -> Reply:
    _check_caller(world, request)
    if world.stream is None:
        raise _refused(404, "Project has no RISC configuration.")
    return json_reply(world.stream)


def update(world: World, request: Request) -> Reply:
    _check_caller(world, request)
    body = _json(request)
    delivery = body.get("delivery")
    if not isinstance(delivery, dict) or "url" not in delivery:
        raise _refused(400, "Stream configuration must contain delivery field.")
    if not delivery["url"].startswith("https://"):
        _refuse_elsewhere(delivery["url"])
    world.stream = {"status": "enabled", **body}
    return json_reply({})


def _refuse_elsewhere(address: str) -> None:
    try:
        _on_this_machine(address)
    except ValueError:
        raise _refused(403, "The delivery endpoint must be an HTTPS URL.") from None


def verify(world: World, request: Request) -> Reply:
    """Google sends a token with this state to the receiver, some time later; the sandbox does so at once."""
    _check_caller(world, request)
    if world.stream is None:
        raise _refused(404, "Project has no RISC configuration.")
    address = world.stream["delivery"]["url"]
    send(world, {"event": "verification", "state": _json(request).get("state", ""), "to": address})
    return json_reply({})


def status(world: World, request: Request) -> Reply:
    _check_caller(world, request)
    if world.stream is None:
        raise _refused(404, "Project has no existing RISC configuration, cannot update status.")
    if request.method == "POST":
        wanted = _json(request).get("status")
        if wanted not in ("enabled", "disabled"):
            raise _refused(403, "Unsupported status.")
        world.stream["status"] = wanted
    return json_reply({"status": world.stream["status"]})


def _check_caller(world: World, request: Request) -> None:
    _, _, token = request.headers.get("Authorization", "").partition(" ")
    key = signing_key().private.public_key()
    try:
        claims = jwt.decode(token, key, ["RS256"], audience=AUDIENCE, options={"require": ["iss", "sub", "exp"]})
    except jwt.PyJWTError:
        raise _refused(401, "Unauthorized.") from None
    if not claims["iss"] == claims["sub"] == SERVICE_ACCOUNT or claims["exp"] > time.time() + 3700:
        raise _refused(403, "Stream management APIs should only be called by a service account.")


def _json(request: Request) -> Json:
    try:
        found = json.loads(request.get_data() or b"{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise _refused(400, "Stream configuration must contain delivery field.")
    return found


def _refused(status: int, message: str) -> GoogleError:
    return GoogleError(status, {"error": {"code": status, "message": message, "status": STATUS_WORDS[status]}})
