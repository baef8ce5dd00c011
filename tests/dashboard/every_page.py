"""Every address that is a page, and who sees it. Axe, small windows and `make screenshots` go along these lists.

A new page needs one line here: test_every_page.py compares them with the URL conf.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from audits.models import Person
from tests.security.arguments import ARGUMENTS, World

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


# Shown only after a step, which is taken here.
AFTER_A_STEP: Mapping[str, Callable[[Client, World], None]] = {
    "return-code": _start_with_a_code,
    "password": _confirm,
    "put-together": _prove_two_records,
}

# They answer a GET, and never with a page of their own.
NO_PAGES = frozenset(
    {"quick-exit", "reminder-file", "audit-progress", "google_login", "google_callback", "healthz", "readyz"}
)


def addresses(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and arguments of every address of the product."""
    for pattern in get_resolver("privacy_audit.urls").url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        else:
            yield str(pattern.name), tuple(pattern.pattern.converters)


def path_of(name: str, world: World) -> str:
    arguments = dict(addresses())[name]
    return reverse(name, kwargs={argument: ARGUMENTS[argument](world) for argument in arguments})
