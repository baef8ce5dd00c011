"""The sandbox's own address, /__sandbox__/: what tests, scripts and people turn while it runs.

Every control is `POST /__sandbox__/<name>` with a JSON object; the names are in CONTROLS. The
content type must be application/json, which no page of another site can send without asking.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from werkzeug.wrappers import Request

from . import control_page, edits
from .faults import Rule, parse_rule
from .oauth import security_events
from .oauth.scopes import normalise
from .pages import STYLE_PATH, style
from .quota import Limit
from .reply import Reply, json_reply
from .world import World

Json = dict[str, Any]

HOME = "/__sandbox__/"


def answer(world: World, request: Request) -> Reply:
    if request.path == STYLE_PATH:
        return style()
    if request.path in ("/", HOME):
        return control_page.answer(world, request)
    name = request.path.removeprefix(HOME)
    if request.method == "GET" and name in READINGS:
        return json_reply(READINGS[name](world))
    if request.method == "POST" and name in CONTROLS:
        return _control(world, request, name)
    return json_reply({"error": f"There is no control {name!r}."}, 404)


def _control(world: World, request: Request, name: str) -> Reply:
    if request.mimetype != "application/json":
        return json_reply({"error": "Controls take application/json."}, 415)
    try:
        body = json.loads(request.get_data() or b"{}")
        if not isinstance(body, dict):
            raise ValueError("a control takes a JSON object")
        return json_reply(CONTROLS[name](world, body))
    except LookupError as missing:
        return json_reply({"error": f"Not found: {missing}"}, 404)
    except (ValueError, TypeError) as wrong:
        return json_reply({"error": str(wrong)}, 400)


def _health(world: World) -> Json:
    return {"ok": True}


def _state(world: World) -> Json:
    return {
        "now": world.clock.now(),
        "shifted": world.clock.shifted,
        "latency_ms": world.latency_ms,
        "hanging": world.hold.waiting,
        "faults": [asdict(rule) for rule in world.faults.rules],
        "quotas": [asdict(limit) for limit in world.quota.limits],
        "grants": world.ledger.grants(),
        "clients": [{"id": client.id, "project": client.project} for client in world.clients.values()],
        "accounts": [
            {"email": p.account.email, "sub": p.account.sub, "name": p.account.name, "about": p.account.summary}
            for p in world.personas.values()
        ],
    }


def _log(world: World) -> Json:
    return world.log.as_json()


READINGS: dict[str, Callable[[World], Json]] = {"health": _health, "state": _state, "log": _log}


def _reset(world: World, body: Json) -> Json:
    world.reset()
    return {}


def _latency(world: World, body: Json) -> Json:
    world.wait_each_time(body["ms"])
    return {"latency_ms": world.latency_ms}


def _fault(world: World, body: Json) -> Json:
    if "spec" in body:
        return {"id": world.faults.add(parse_rule(body["spec"]))}
    known = {field.name for field in fields(Rule)} - {"id"}
    unknown = set(body) - known
    if unknown:
        raise ValueError(f"unknown words: {', '.join(sorted(unknown))}")
    return {"id": world.faults.add(Rule(**body))}


def _clear_faults(world: World, body: Json) -> Json:
    world.faults.clear(body.get("id"))
    world.hold.release()
    return {}


def _release(world: World, body: Json) -> Json:
    world.hold.release()
    return {}


def _wait_for_hanging(world: World, body: Json) -> Json:
    return {"hanging": world.hold.until_waiting(int(body["count"]), min(float(body.get("seconds", 5)), 10))}


def _quota(world: World, body: Json) -> Json:
    world.quota.set(Limit(**body))
    return {}


def _clear_quotas(world: World, body: Json) -> Json:
    world.quota.clear()
    return {}


def _clock(world: World, body: Json) -> Json:
    world.clock.shift(body["shift"])
    return {"now": world.clock.now(), "shifted": world.clock.shifted}


def _revoke(world: World, body: Json) -> Json:
    return {"ended": world.ledger.revoke(body["account"], body.get("project"))}


def _kill_refresh_tokens(world: World, body: Json) -> Json:
    return {"ended": world.ledger.kill_refresh_tokens(body["account"])}


def _token(world: World, body: Json) -> Json:
    """A grant and its tokens without the dance, for tests of what comes after it."""
    persona = world.persona(body["account"])
    if persona is None:
        raise LookupError(f"account {body['account']!r}")
    client = world.clients[body["client"]] if body.get("client") else next(iter(world.clients.values()))
    return world.ledger.give(client, persona.account.email, normalise(" ".join(body["scopes"])))


def _edit(world: World, body: Json) -> Json:
    return edits.apply(world, body["account"], body["do"], body.get("with", {}))


def _clear_log(world: World, body: Json) -> Json:
    world.log.clear()
    return {}


CONTROLS: dict[str, Callable[[World, Json], Json]] = {
    "reset": _reset,
    "latency": _latency,
    "fault": _fault,
    "faults/clear": _clear_faults,
    "release": _release,
    "wait-for-hanging": _wait_for_hanging,
    "quota": _quota,
    "quotas/clear": _clear_quotas,
    "clock": _clock,
    "revoke": _revoke,
    "kill-refresh-tokens": _kill_refresh_tokens,
    "token": _token,
    "edit": _edit,
    "risc": security_events.send,
    "service-account": security_events.service_account,
    "log/clear": _clear_log,
}
