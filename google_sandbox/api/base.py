"""What every API shares: a call with its parameters read and its scope checked, and its answer trimmed."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from werkzeug.wrappers import Request

from google_sandbox.damage import LOOP
from google_sandbox.discovery import Document, Method, document
from google_sandbox.errors import bad_credentials, bad_parameter, bad_request, no_credentials, scope_missing
from google_sandbox.fields import Mask, project, selection
from google_sandbox.oauth.ledger import Access
from google_sandbox.personas import Persona
from google_sandbox.reply import Reply, json_reply
from google_sandbox.world import World

from .parameters import read_parameters

Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One call of one method by one persona."""

    world: World
    persona: Persona
    scopes: frozenset[str]
    method: Method
    parameters: Mapping[str, Any]
    mask: Mask
    mask_text: str
    body: Json  # what was sent with a POST; {} without
    root: str  # where this sandbox was asked, for addresses in answers
    project: str  # whose token asks

    @property
    def now(self) -> float:
        return self.world.clock.now()

    def __getitem__(self, name: str) -> Any:
        return self.parameters.get(name)


Handler = Callable[[Call], Json | bytes | None]


@dataclass(frozen=True)
class Endpoint:
    """`fields` is what Google sends when nobody asks for fields; None: they must be asked for.

    An answer in bytes is JSON that has been trimmed already; None is an empty 204.
    """

    handler: Handler
    units: int = 1
    fields: str | None = "*"


@dataclass(frozen=True, eq=False)
class Api:
    file: str
    service: str
    endpoints: Mapping[str, Endpoint]
    batch_calls: int = 100

    @cached_property
    def document(self) -> Document:
        return document(self.file)

    @property
    def quota_name(self) -> str:
        return self.service.partition(".")[0]

    def answer(self, world: World, request: Request, method: Method, path: Mapping[str, str]) -> Reply:
        """GoogleError for everything Google would refuse, in Google's order: who, what, how."""
        endpoint = self.endpoints[method.id]
        persona, access = _caller(world, request)
        scopes = frozenset(access.scopes)
        if method.scopes and not scopes & method.scopes:
            raise scope_missing(self.service, method.id, sorted(method.scopes))
        world.quota.spend(self.quota_name, access.email, endpoint.units, access.client.project)
        parameters = read_parameters(method, self.document.common, request.args, path)
        text, mask = self._mask(request, method, endpoint)
        root, project = request.host_url.rstrip("/"), access.client.project
        call = Call(world, persona, scopes, method, parameters, mask, text, _body(request), root, project)
        return _reply(endpoint.handler(call), mask)

    def _mask(self, request: Request, method: Method, endpoint: Endpoint) -> tuple[str, Mask]:
        text = request.args.get("fields", endpoint.fields)
        if text is None:
            raise bad_parameter("The 'fields' parameter is required for this method.", "fields", "required")
        if method.schema is None:
            return text, {}
        return text, selection(text, method.schema, self.document)


def _body(request: Request) -> Json:
    """The page token that leads in a circle stands for the first page, as in a query."""
    sent = request.get_data() if request.method in ("POST", "PUT", "PATCH") else b""
    if not sent.strip():
        return {}
    try:
        found = json.loads(sent)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise bad_request("Invalid JSON payload received.")
    return {name: value for name, value in found.items() if (name, value) != ("pageToken", LOOP)}


def bearer_token(request: Request) -> str | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        return token.strip()
    return request.args.get("access_token") or request.args.get("oauth_token")


def _caller(world: World, request: Request) -> tuple[Persona, Access]:
    token = bearer_token(request)
    if token is None:
        raise no_credentials()
    found = world.bearer(token)
    if found is None:
        raise bad_credentials()
    access, persona = found
    return persona, access


def _reply(answer: Json | bytes | None, mask: Mask) -> Reply:
    if answer is None:
        return Reply(status=204)
    if isinstance(answer, bytes):
        return json_reply(answer)
    return json_reply(json.dumps(project(answer, mask), ensure_ascii=False).encode())
