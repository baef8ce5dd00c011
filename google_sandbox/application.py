"""From a request to an answer: log, latency, fault, then sign-in page, API or batch."""

import ipaddress
import logging
import time
from functools import lru_cache
from urllib.parse import urlencode

from werkzeug.wrappers import Request

from . import batch, controls
from .api import registry
from .api.base import bearer_token
from .damage import LOOP, refusal, spoil
from .errors import GoogleError, not_built
from .faults import AFTER, Rule
from .oauth.routes import ROUTES
from .reply import Reply, json_reply, torn
from .request_log import Entry, without_addresses
from .world import World

log = logging.getLogger("google_sandbox")


class Application:
    def __init__(self, world: World) -> None:
        self.world = world

    def answer(self, request: Request) -> Reply:
        if not _asked_by_a_loopback_name(request):
            return json_reply({"error": "The sandbox answers only to a loopback name."}, 421)
        try:
            if request.path == "/" or request.path.startswith("/__sandbox__"):
                return controls.answer(self.world, request)
            return self._logged(request, in_batch=False)
        except Exception:
            log.exception("The sandbox itself failed at %s %s", request.method, without_addresses(request.path))
            return json_reply({"error": "The sandbox itself failed. This is a mistake in it."}, 500)

    def _logged(self, request: Request, *, in_batch: bool) -> Reply:
        query = request.args.to_dict()
        entry = self.world.log.begin(request.method, request.path, query, batch=in_batch)
        began, status = time.monotonic(), 0
        try:
            if self.world.latency_ms and not in_batch:
                self.world.hold.pause(self.world.latency_ms / 1000)
            reply = self._with_trouble(request, entry)
            status = 0 if reply.transport == "reset" else reply.status_code
            return reply
        finally:
            took = time.monotonic() - began
            self.world.log.end(entry, status, took)
            log.info("%s %s %s %.1f ms", request.method, without_addresses(request.path), status, took * 1000)

    def _with_trouble(self, request: Request, entry: Entry) -> Reply:
        route = registry.find(request.method, request.path)
        entry.user, entry.api = self._user(request), route.method.id if route else None
        names = [request.path, route.method.id] if route else [request.path]
        rule = self.world.faults.pick(names, entry.user)
        if rule is None:
            return self._safely(request, route)
        entry.fault = rule.kind
        if rule.kind == "hang":
            self.world.hold.wait(rule.seconds)
            return self._safely(request, route)
        if rule.kind in AFTER:
            page = request.args.get("pageToken", LOOP)
            return spoil(self._safely(request, route), rule.kind, page)
        return _trouble_before(rule, route)

    def _user(self, request: Request) -> str | None:
        token = bearer_token(request)
        found = self.world.bearer(token) if token else None
        return found[1].account.email if found else None

    def _safely(self, request: Request, route: registry.Route | None) -> Reply:
        try:
            return self._played(request, route)
        except GoogleError as error:
            return json_reply(error.body, error.status, error.headers)

    def _played(self, request: Request, route: registry.Route | None) -> Reply:
        if route and route.played:
            return route.api.answer(self.world, _without_loop(request), route.method, route.path)
        view = ROUTES.get((request.method, request.path))
        if view:
            return view(self.world, request)
        if batch.is_batch(request.method, request.path):
            return batch.answer(request, lambda part: self._logged(part, in_batch=True))
        if route:
            raise not_built(route.method.id)
        return Reply("Not Found", status=404, content_type="text/html; charset=UTF-8")


def _trouble_before(rule: Rule, route: registry.Route | None) -> Reply:
    if rule.kind == "reset":
        return torn()
    if rule.kind == "empty":
        return Reply(b"", content_type="application/json; charset=UTF-8")
    service = route.api.service if route else "drive.googleapis.com"
    method = route.method.id if route else ""
    error = refusal(rule, service=service, method=method, oauth=route is None)
    return json_reply(error.body, error.status, error.headers)


def _without_loop(request: Request) -> Request:
    """The token that leads in a circle stands for the first page."""
    if request.args.get("pageToken") != LOOP:
        return request
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "pageToken"]
    return Request({**request.environ, "QUERY_STRING": urlencode(kept)})


def _asked_by_a_loopback_name(request: Request) -> bool:
    """A name that points here from elsewhere (DNS rebinding) is not answered."""
    host = request.host.rpartition(":")[0] if request.host[-1:].isdigit() and ":" in request.host else request.host
    return _is_loopback(host.strip("[]"))


@lru_cache(maxsize=64)
def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
