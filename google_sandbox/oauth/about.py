"""What can be asked about a token: tokeninfo in its two shapes, and userinfo."""

from binascii import Error as NotBase64
from typing import Any

import jwt
from werkzeug.wrappers import Request

from google_sandbox.errors import GoogleError, oauth_error
from google_sandbox.reply import Reply, json_reply
from google_sandbox.world import World

from .identity import person, signing_key
from .ledger import Access
from .scopes import SHORT, SIGN_IN

Json = dict[str, Any]


def _invalid_value() -> GoogleError:
    return oauth_error(400, "invalid_token", "Invalid Value")


def _known(world: World, request: Request) -> Access:
    access = world.ledger.access(request.values.get("access_token", ""))
    if access is None:
        raise _invalid_value()
    return access


def tokeninfo(world: World, request: Request) -> Reply:
    """As oauth2.googleapis.com/tokeninfo tells it: every value a string."""
    if "id_token" in request.values:
        return json_reply(_about_id_token(world, request.values["id_token"]))
    access = _known(world, request)
    account = world.personas[access.email].account
    told = {
        "azp": access.client.id,
        "aud": access.client.id,
        "sub": account.sub,
        "scope": " ".join(access.scopes),
        "exp": str(int(access.expires)),
        "expires_in": str(int(access.expires - world.clock.now())),
        "access_type": "offline" if access.offline else "online",
    }
    if SHORT["email"] in access.scopes:
        told |= {"email": account.email, "email_verified": str(account.email_verified).lower()}
    return json_reply(told)


def _about_id_token(world: World, value: str) -> Json:
    key = signing_key()
    try:
        payload = jwt.decode(
            value,
            key.private.public_key(),
            ["RS256"],
            options={"verify_aud": False, "verify_exp": False, "verify_iat": False},
        )
    except (jwt.InvalidTokenError, NotBase64):
        raise _invalid_value() from None
    if payload["exp"] < world.clock.now():
        raise _invalid_value()
    told = {name: value if isinstance(value, (str, list)) else str(value).lower() for name, value in payload.items()}
    return told | {"alg": "RS256", "kid": key.kid, "typ": "JWT"}


def tokeninfo_v2(world: World, request: Request) -> Reply:
    """The older shape, as oauth2.v2 documents it."""
    access = _known(world, request)
    account = world.personas[access.email].account
    told: Json = {
        "issued_to": access.client.id,
        "audience": access.client.id,
        "user_id": account.sub,
        "scope": " ".join(access.scopes),
        "expires_in": int(access.expires - world.clock.now()),
    }
    if SHORT["email"] in access.scopes:
        told |= {"email": account.email, "verified_email": account.email_verified}
    return json_reply(told)


def userinfo(world: World, request: Request) -> Reply:
    """OpenID Connect userinfo."""
    _, _, value = request.headers.get("Authorization", "").partition(" ")
    found = world.bearer(value.strip() or request.values.get("access_token", ""))
    if found is None:
        raise oauth_error(401, "invalid_request", "Invalid Credentials")
    access, persona = found
    if not set(access.scopes) & set(SIGN_IN):
        raise oauth_error(403, "insufficient_scope", "The request requires higher privileges.")
    return json_reply({"sub": persona.account.sub, **person(persona.account, access.scopes)})
