"""Everybody at every door: nine actors at each address of the URL conf, by GET and by POST, against one table.

The table is matrix.py. An address that it does not know, or one that is gone, fails here too.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from audits.audit.helping import live
from audits.models import Helper, HelpSession, HelpState, Opening, SessionLog
from privacy_audit.security.spaces import DESK
from tests.audit import scenes
from tests.helpline import cast
from tests.security.arguments import ARGUMENTS, AT_DESK, DESK_FORMS, FORMS, World, build
from tests.security.matrix import ACTORS, MATRIX
from tests.security.test_every_url import addresses

WHOSE_SESSION_IT_IS = frozenset({"caller", "before second factor", "in session"})  # two of these are Hana
# A lead ends a helper's access, an operator closes a helpline: the session ends with it.
ENDS_SESSIONS = frozenset({"desk-person-end", "desk-person-factor", "desk-lines-close"})


@dataclass
class Actor:
    """`session`: the one that an address with <session> names for them at the desk."""

    client: Client
    session: HelpSession
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cookies = {name: cookie.value for name, cookie in self.client.cookies.items()}

    def ask(self, method: str, path: str, form: dict[str, object]) -> HttpResponse:
        """As if nothing had been asked before: signing out in one answer changes no other."""
        self.client.cookies.clear()
        for name, value in self.cookies.items():
            self.client.cookies[name] = value
        answer: HttpResponse = getattr(self.client, method)(path, form, headers=self.headers)
        return answer


@dataclass
class Stage:
    """`free`: a helper to whom a session can be handed over."""

    world: World
    actors: dict[str, Actor]
    free: Helper


@pytest.fixture(scope="module")
def built(built_once: Callable[[], AbstractContextManager[None]]) -> Iterator[Stage]:
    with built_once():
        yield _build()


@pytest.fixture
def stage(built: Stage, db: None, sandbox: object) -> Stage:
    return built


def _build() -> Stage:
    """Alice is in a session with Hana; she was in one with Ida before. Ben and Bob know neither."""
    world = build()
    ida, ben = cast.hana(world.line, "Ida"), cast.hana(world.line, "Ben")
    past = HelpSession.objects.get(pk=world.past_session.pk)
    HelpSession.objects.filter(pk=past.pk).update(helper=ida)
    now = world.session
    assert now.state == HelpState.OPEN
    actors = {
        "anonymous": Actor(_client(1), now),
        "caller": Actor(_signed_in(_client(2), world.alice), past, {"X-Ticket": live.sign(live.Ticket(now.pk, "c"))}),
        "other caller": Actor(_signed_in(_client(3), _bob()), past),
        "before second factor": Actor(_at_desk(4, world.hana, second=False), now),
        "without session": Actor(_at_desk(5, ben), now, _ticket_of(now, ben.pk)),
        "in session": Actor(_at_desk(6, world.hana), now, _ticket_of(now, world.hana.pk)),
        "after the end": Actor(_at_desk(7, ida), past, _ticket_of(past, ida.pk)),
        "lead": Actor(_at_desk(8, cast.lena(world.line)), now),
        "operator": Actor(_at_desk(9, cast.omar()), now),
    }
    assert tuple(actors) == ACTORS
    return Stage(world, actors, cast.hana(world.line, "Cleo"))


def _client(number: int) -> Client:
    return Client(REMOTE_ADDR=f"192.0.2.{number}")  # each from a network of their own, so that no limit is met


def _bob():
    return scenes.person_with_connection("bob@shelter.test", "shelter.test")[0]


def _signed_in(client: Client, person) -> Client:
    """Confirmed as well, so that a refusal is about whose it is and nothing else."""
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["confirmed"] = {"person": person.pk, "at": time.time()}
    session.save()
    return client


def _at_desk(number: int, helper, *, second: bool = True) -> Client:
    client = _client(number)
    client.cookies.update(cast.desk_client(helper, second=second).cookies)
    return client


def _ticket_of(session: HelpSession, helper: int) -> dict[str, str]:
    return {"X-Ticket": live.sign(live.Ticket(session.pk, "h", helper))}


def test_the_table_knows_every_address_and_no_other():
    assert sorted(MATRIX) == sorted(name for name, _ in addresses())


@pytest.mark.parametrize("actor", ACTORS)
def test_nobody_is_let_in_or_kept_out_by_surprise(actor, stage):
    place = ACTORS.index(actor)
    expected = {name: (gets[place], posts[place]) for name, (gets, posts) in MATRIX.items()}
    assert {name: _both(stage, actor, name) for name in MATRIX} == expected


def _both(stage: Stage, actor: str, name: str) -> tuple[str, str]:
    return _outcome(stage, actor, name, "get"), _outcome(stage, actor, name, "post")


def _outcome(stage: Stage, actor: str, name: str, method: str) -> str:
    with _undone():
        path, before = _path(stage, actor, name), _seen(stage)
        found = letter(stage.actors[actor].ask(method, path, _form(stage, name) if method == "post" else {}))
        if actor not in WHOSE_SESSION_IT_IS and name not in ENDS_SESSIONS:
            assert _seen(stage) == before, f"{actor} changed a session that is not theirs: {method} {name}"
    return found


def _seen(stage: Stage) -> tuple[object, ...]:
    """What nobody but the two of a session changes: how it stands, what is open in it, and its log."""
    row = HelpSession.objects.values_list("state", "version", "helper", "next_helper").get(pk=stage.world.session.pk)
    opened = Opening.objects.filter(session=stage.world.session).count()
    return (*row, opened, SessionLog.objects.filter(session=stage.world.session).count())


class _undone(transaction.Atomic):
    """What is done inside is undone, so that one answer changes no other."""

    def __init__(self) -> None:
        super().__init__(using=None, savepoint=True, durable=False)

    def __exit__(self, *failed: object) -> None:
        transaction.set_rollback(True)
        super().__exit__(None, None, None)


def _path(stage: Stage, actor: str, name: str) -> str:
    desk = reverse_prefix(name)
    known = AT_DESK if desk else ARGUMENTS
    found: dict[str, object] = {}
    for argument in dict(addresses())[name]:
        found[argument] = known[argument](stage.world)
        if argument == "session" and desk:
            found[argument] = stage.actors[actor].session.public_id
    return reverse(name, kwargs=found)


def reverse_prefix(name: str) -> bool:
    return name.startswith(DESK.strip("/") + "-")


def _form(stage: Stage, name: str) -> dict[str, object]:
    world, place = stage.world, ARGUMENTS["place"](stage.world)
    forms: dict[str, Callable[[World], dict[str, object]]] = {**FORMS, **DESK_FORMS}
    of_sessions: dict[str, dict[str, object]] = {
        "help": {"line": world.line.public_id},
        "help-yes": {"session": world.session.public_id},
        "help-no": {"session": world.session.public_id},
        "help-open": {"kind": "card", "key": place, "place": place},
        "help-hide": {"kind": "card", "key": place, "place": place},
        "help-list-add": {"place": place},
        "help-list-mark": {"place": place, "as": "done"},
        "help-list-move": {"place": place, "by": "up"},
        "help-list-off": {"place": place},
        "desk-code": {"code": "0000 0000"},
        "desk-point": {"place": place},
        "desk-offer": {"helper": stage.free.public_id},
    }
    return of_sessions.get(name) or (forms[name](world) if name in forms else {})


def letter(answer: HttpResponse) -> str:
    """What became of one who asked.

    + let in; > let in, and sent on; r let in, and what was typed is not taken; m let in, but not by this method;
    s sent to the start; d sent to the sign-in of the desk; 2 sent to show a second factor; x told that there is no such
    page; t told that the ticket is none; e told that the session is over; w told that a part of us does not run.
    """
    where = answer.headers.get("Location", "")
    special = {"/": "s", reverse("desk-sign-in"): "d", reverse("desk-second"): "2"}
    if answer.status_code in (302, 303):
        return special.get(where, ">")
    if answer.headers.get("Content-Type") == "application/json" and json.loads(answer.content).get("s") == "ended":
        return "e"
    if answer.status_code < 300:
        return "+"
    return {400: "r", 401: "t", 403: "r", 404: "x", 405: "m", 503: "w"}[answer.status_code]


def rows(stage: Stage) -> Iterator[str]:
    """The table as it is, to be read before it becomes the one that is expected."""
    for name, _ in sorted(addresses()):
        found = [_both(stage, actor, name) for actor in ACTORS]
        gets, posts = "".join(get for get, _ in found), "".join(post for _, post in found)
        yield f'    "{name}": ("{gets}", "{posts}"),'
