"""Every address that is a page, and who sees it. Axe, small windows and `make screenshots` go along these lists.

A new page needs one line here: test_every_page.py compares them with the URL conf.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from audits.audit.helping import codes, sessions
from audits.models import HelpEnd, HelpState, Person
from tests.helpline import cast
from tests.security.arguments import ARGUMENTS, AT_DESK, World

# Open to everybody. Two of them lead who is signed in to the overview.
FOR_ALL = (
    "start",
    "begin",
    "come-back",
    "privacy",
    "story",
    "exit-help",
    "beliefs",
    "before-sending",
)

# For somebody signed in, about what is theirs.
FOR_A_PERSON = (
    "overview",
    "overview-who",
    "who-list",
    "all-checks",
    "blank-check",
    "check",
    "party",
    "device-party",
    "named-person",
    "named-device",
    "records",
    "records-sheet",
    "kept-until",
    "record",
    "record-delete",
    "timeline",
    "over-time",
    "again",
    "reminders",
    "looks",
    "photos",
    "exports",
    "remove-app",
    "names",
    "account",
    "ways",
    "take",
    "bring",
    "second-account",
    "disconnect",
    "delete-everything",
    "help",
    "help-sees",
    "help-list",
    "help-sessions",
    "help-log",
    "help-after",
    "help-reach",
    "help-after-delete",
)


def _start_with_a_code(client: Client, world: World) -> None:
    client.logout()
    client.post(reverse("begin"), {"skip": "1"})


def _prove_two_records(client: Client, world: World) -> None:
    """A record with a code is open, and Google has just shown that Alice's is theirs too."""
    _start_with_a_code(client, world)
    SocialAccount.objects.create(user=world.alice, provider="google", uid=world.connection.sub_key)
    session = client.session
    begun = Person.objects.order_by("-pk")[0]
    session["put_together"] = {"from": begun.pk, "account": world.connection.sub_key, "until": time.time() + 60}
    session.save()


def _confirm(client: Client, world: World) -> None:
    session = client.session
    session["confirmed"] = {"person": world.alice.pk, "at": time.time()}
    session.save()


def _wait_for_a_helper(client: Client, world: World) -> None:
    sessions.end(world.session, HelpEnd.CALLER)
    codes.make(world.alice, world.line)


def _be_asked(client: Client, world: World) -> None:
    sessions.end(world.session, HelpEnd.CALLER)
    cast.session_of(world.alice, world.hana, HelpState.ASKED)


# Shown only after a step, which is taken here.
AFTER_A_STEP: Mapping[str, Callable[[Client, World], None]] = {
    "return-code": _start_with_a_code,
    "password": _confirm,
    "help-code": _wait_for_a_helper,
    "help-ask": _be_asked,
    "put-together": _prove_two_records,
}

# They answer a GET, and never with a page of their own.
NO_PAGES = frozenset(
    {
        "quick-exit",
        "reminder-file",
        "audit-progress",
        "google_login",
        "google_callback",
        "healthz",
        "readyz",
        "help-bar",
        "help-ticket",
        "live",
    }
)


# The desk: what everybody, who has shown a password, a helper, a lead and an operator see there.
AT_DESK_FOR_ALL = ("desk-sign-in", "desk-invitation")
BEFORE_SECOND_FACTOR = ("desk-factor", "desk-second")
FOR_A_HELPER = ("desk-account", "desk-home", "desk-session", "desk-card", "desk-offer", "desk-rules")
FOR_A_LEAD = (
    "desk-account",
    "desk-people",
    "desk-invite",
    "desk-person",
    "desk-person-end",
    "desk-person-factor",
    "desk-sessions",
    "desk-numbers",
    "desk-line",
    "desk-rules",
)
FOR_AN_OPERATOR = ("desk-account", "desk-lines", "desk-lines-new", "desk-lines-close", "desk-lines-lead", "desk-rules")
# They answer a GET, and never with a page of their own.
NO_PAGES_AT_DESK = frozenset({"desk-exit"})


def at_desk(name: str) -> bool:
    return name.startswith("desk-")


def addresses(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and arguments of every address of the product."""
    for pattern in get_resolver("privacy_audit.urls").url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        else:
            yield str(pattern.name), tuple(pattern.pattern.converters)


def path_of(name: str, world: World) -> str:
    arguments = dict(addresses())[name]
    known = AT_DESK if at_desk(name) else ARGUMENTS
    return reverse(name, kwargs={argument: known[argument](world) for argument in arguments})
