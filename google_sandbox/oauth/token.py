"""The token endpoint and revocation. Errors in Google's words."""

import base64
import hashlib
import secrets
from typing import Any

from werkzeug.wrappers import Request

from google_sandbox.clients import Client
from google_sandbox.errors import oauth_error
from google_sandbox.reply import Reply, json_reply
from google_sandbox.world import World

from .identity import About, id_token
from .ledger import ACCESS_LIVES, Access, Code
from .scopes import SHORT, SIGN_IN

Json = dict[str, Any]


def token(world: World, request: Request) -> Reply:
    kind = request.form.get("grant_type", "")
    if kind not in ("authorization_code", "refresh_token"):
        raise oauth_error(400, "unsupported_grant_type", f"Invalid grant_type: {kind[:60]}")
    client = _client(world, request)
    answer = _exchange(world, request, client) if kind == "authorization_code" else _refresh(world, request, client)
    return json_reply(answer)


def _client(world: World, request: Request) -> Client:
    name, secret = request.form.get("client_id", ""), request.form.get("client_secret")
    if request.authorization and request.authorization.type == "basic":
        name, secret = request.authorization.username or "", request.authorization.password
    client = world.clients.get(name)
    if not name:
        raise oauth_error(400, "invalid_request", "Could not determine client ID from request.")
    if client is None:
        raise oauth_error(401, "invalid_client", "The OAuth client was not found.")
    if secret is None:
        raise oauth_error(400, "invalid_request", "client_secret is missing.")
    if not secrets.compare_digest(secret.encode(), client.secret.encode()):
        raise oauth_error(401, "invalid_client", "The provided client secret is invalid.")
    return client


def _exchange(world: World, request: Request, client: Client) -> Json:
    value = request.form.get("code")
    if not value:
        raise oauth_error(400, "invalid_request", "Missing required parameter: code")
    if not value.startswith("4/0A"):
        raise oauth_error(400, "invalid_grant", "Malformed auth code.")
    code = world.ledger.take_code(value)
    if code is None or code.client.id != client.id:
        raise oauth_error(400, "invalid_grant", "Bad Request")
    if request.form.get("redirect_uri") != code.redirect_uri:
        raise oauth_error(400, "redirect_uri_mismatch", "Bad Request")
    _check_verifier(code, request.form.get("code_verifier", ""))
    given = world.ledger.lasting(client, code.email, code.scopes, offline=code.offline)
    answer = _tokens(world, given, code.nonce, code.claims)
    refresh = world.ledger.refresh_token_for(code)
    if refresh:
        answer["refresh_token"] = refresh
        if client.testing and not set(code.scopes) <= set(SIGN_IN):
            answer["refresh_token_expires_in"] = 604_799
    return answer


def _check_verifier(code: Code, verifier: str) -> None:
    if not code.challenge and not verifier:
        return
    if not verifier:
        raise oauth_error(400, "invalid_grant", "Missing code verifier.")
    made = verifier
    if code.challenge_method == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        made = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    if not code.challenge or not secrets.compare_digest(made.encode(), code.challenge.encode()):
        raise oauth_error(400, "invalid_grant", "Invalid code verifier.")


def _refresh(world: World, request: Request, client: Client) -> Json:
    value = request.form.get("refresh_token")
    if not value:
        raise oauth_error(400, "invalid_request", "Missing required parameter: refresh_token")
    if not value.startswith("1//"):
        raise oauth_error(400, "invalid_grant", "Bad Request")
    found = world.ledger.use_refresh(value)
    if found is None:
        raise oauth_error(400, "invalid_grant", "Token has been expired or revoked.")
    if found.client.id != client.id:
        raise oauth_error(401, "unauthorized_client", "Unauthorized")
    scopes = _narrowed(found.scopes, request.form.get("scope", ""))
    answer = _tokens(world, world.ledger.lasting(client, found.email, scopes, offline=True))
    if client.testing and not set(found.scopes) <= set(SIGN_IN):
        answer["refresh_token_expires_in"] = int(world.ledger.refresh_dies(found) - world.clock.now())
    return answer


def _narrowed(granted: tuple[str, ...], asked: str) -> tuple[str, ...]:
    wanted = [SHORT.get(name, name) for name in asked.split()]
    if not set(wanted) <= set(granted):
        raise oauth_error(400, "invalid_scope", "Some requested scopes were not granted.")
    return tuple(wanted) or granted


def _tokens(world: World, given: Access, nonce: str = "", claims: frozenset[str] = frozenset()) -> Json:
    """What every successful answer holds. `given` says to whom, for whom and for what."""
    access = world.ledger.access_token(given)
    answer: Json = {
        "access_token": access,
        "expires_in": ACCESS_LIVES - 1,
        "scope": " ".join(given.scopes),
        "token_type": "Bearer",
    }
    if set(given.scopes) & set(SIGN_IN):
        about = About(world.options.issuer, given.client.id, given.scopes, access, world.clock.now(), nonce, claims)
        answer["id_token"] = id_token(world.personas[given.email].account, about)
    return answer


def revoke(world: World, request: Request) -> Reply:
    value = request.values.get("token", "")
    if not value:
        raise oauth_error(400, "invalid_request", "Missing required parameter: token")
    if not world.ledger.revoke_token(value):
        raise oauth_error(400, "invalid_token", "Token expired or revoked")
    return json_reply({})
