"""What an app asks for when it sends a person to the authorize page."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from google_sandbox.clients import Client
from google_sandbox.world import World

from . import scopes
from .scopes import RefusedError

PROMPTS = frozenset({"none", "consent", "select_account"})


@dataclass(frozen=True)
class Asking:
    client: Client
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    offline: bool
    incremental: bool
    prompts: frozenset[str]
    hint: str
    challenge: str
    challenge_method: str
    nonce: str
    claims: frozenset[str]


def read(world: World, query: Mapping[str, str]) -> Asking:
    """RefusedError for what Google answers with an error page and no redirect."""
    client = _client(world, query)
    asked = scopes.normalise(query.get("scope", ""))
    incremental = query.get("include_granted_scopes", "false") == "true"
    scopes.check(asked, incremental=incremental)
    if query.get("response_type") != "code":
        raise RefusedError("unsupported_response_type", "The sandbox plays response_type=code only.")
    return Asking(
        client=client,
        redirect_uri=query["redirect_uri"],
        scopes=asked,
        state=query.get("state", ""),
        offline=query.get("access_type") == "offline",
        incremental=incremental,
        prompts=_prompts(query.get("prompt", "")),
        hint=query.get("login_hint", ""),
        challenge=query.get("code_challenge", ""),
        challenge_method=_challenge_method(query),
        nonce=query.get("nonce", ""),
        claims=_claims(query.get("claims", "")),
    )


def _client(world: World, query: Mapping[str, str]) -> Client:
    client = world.clients.get(query.get("client_id", ""))
    if client is None:
        raise RefusedError("invalid_client", "The OAuth client was not found.")
    redirect_uri = query.get("redirect_uri")
    if not redirect_uri:
        raise RefusedError("invalid_request", "Missing required parameter: redirect_uri")
    if not client.may_redirect_to(redirect_uri):
        raise RefusedError("redirect_uri_mismatch", "The redirect URI in the request is not one of this client.")
    return client


def _prompts(text: str) -> frozenset[str]:
    prompts = frozenset(text.split())
    if not prompts <= PROMPTS or ("none" in prompts and len(prompts) > 1):
        raise RefusedError("invalid_request", f"Invalid parameter value for prompt: {text[:80]}")
    return prompts


def _challenge_method(query: Mapping[str, str]) -> str:
    method = query.get("code_challenge_method", "plain")
    if method not in ("plain", "S256"):
        raise RefusedError("invalid_request", "Invalid parameter value for code_challenge_method.")
    return method


def _claims(text: str) -> frozenset[str]:
    """Names asked for in the ID token: `{"id_token": {"amr": {"essential": true}}}`."""
    if not text:
        return frozenset()
    try:
        asked: Any = json.loads(text)
        return frozenset(asked["id_token"])
    except (ValueError, KeyError, TypeError):
        raise RefusedError("invalid_request", "Invalid parameter value for claims.") from None
