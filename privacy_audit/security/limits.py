"""How often one person, or one address, may do what costs much. One table names every limit.

Counted are POSTs, and the way back from Google. Who is signed in counts as a person, everybody else by address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

from audits.models.sealing import lookup_key
from privacy_audit.security.addresses import client_network
from privacy_audit.security.counting import count
from privacy_audit.security.pages import error_page

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Limit:
    times: int
    seconds: int


# By the name of the address (urls.py). Ten minutes, because that is how long a person is willing to wait.
LIMITS: Mapping[str, Limit] = {
    "google_login": Limit(60, 600),
    "google_callback": Limit(120, 600),
    "step-up": Limit(20, 600),
    "look-open": Limit(30, 600),
    "look-close": Limit(30, 600),
    "photos-begin": Limit(20, 600),
    "photos-stop": Limit(30, 600),
    "second-account": Limit(20, 600),
    "reconnect": Limit(20, 600),
    "disconnect": Limit(20, 600),
    "remove-app": Limit(20, 600),
    "delete-everything": Limit(10, 600),
    "audit-start": Limit(20, 600),
    "look-again": Limit(60, 600),
    "names": Limit(60, 600),
    "name-device": Limit(60, 600),
    "label-name": Limit(60, 600),
    "label-device": Limit(60, 600),
    "remove-name": Limit(60, 600),
    "security-events": Limit(1200, 60),
    "record-keep": Limit(60, 600),
    "paste": Limit(30, 600),
    "blank-paste": Limit(30, 600),
    "keep-pasted": Limit(60, 600),
    "blank-keep-pasted": Limit(60, 600),
    "begin": Limit(60, 600),
    "come-back": Limit(20, 600),
    "sign-in-name": Limit(20, 600),
    "sign-in-passkey": Limit(30, 600),
    "passkey-ask": Limit(60, 600),
    "passkey-add": Limit(20, 600),
    "password": Limit(20, 600),
    "return-code-new": Limit(10, 600),
    "put-together": Limit(10, 600),
    "take-paper": Limit(20, 600),
    "take-data": Limit(20, 600),
    "take-locked": Limit(20, 600),
    "take-file": Limit(20, 600),
    "bring": Limit(20, 600),
    "bring-in": Limit(20, 600),
    "reminders": Limit(60, 600),
    "reminder-test": Limit(5, 3600),
    # Hiding, pausing and ending have no limit but the one for every form.
    "help-code": Limit(30, 600),
    "help-word-new": Limit(20, 600),
    "help-yes": Limit(30, 600),
    "help-open": Limit(600, 600),
    "help-over-yes": Limit(30, 600),
    "desk-sign-in": Limit(300, 600),
    "desk-second": Limit(30, 600),
    "desk-second-ask": Limit(60, 600),
    "desk-factor": Limit(30, 600),
    "desk-factor-ask": Limit(60, 600),
    "desk-factor-remove": Limit(20, 600),
    "desk-account": Limit(20, 600),
    "desk-invitation": Limit(60, 600),
    # A helpline sits behind one address: guessing is slowed here for seconds, and stopped at the helper who guesses.
    "desk-code": Limit(20, 10),
}
# Counted for everybody together as well: nobody gets more tries by asking from many places.
OVERALL: Mapping[str, Limit] = {
    "come-back": Limit(600, 600),
    "sign-in-name": Limit(1200, 600),
    "reminder-test": Limit(300, 3600),
}
# Here one is not a person yet, or could be any number of them: always counted by network.
BY_NETWORK = frozenset({"begin", "come-back", "sign-in-name", "desk-sign-in", "desk-code"})
ANY_POST = Limit(240, 60)
# Google posts here for everybody at once, so the limit for one browser does not hold.
EVERYBODY = "everybody"
FOR_MACHINES = frozenset({"security-events"})
COUNTED_GETS = frozenset({"google_callback"})


class RateLimits:
    """Middleware. Must stand after the one that knows who is signed in."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        name = (request.resolver_match.url_name if request.resolver_match else "") or ""
        for what, who, limit in limits_of(request, name):
            if seconds_left := over(key_for(what, who), limit):
                return too_often(request, seconds_left)
        return None


def over(key: str, limit: Limit) -> int:
    """Count once more. Above the limit: the seconds until it counts anew; else 0."""
    counted, seconds_left = count(key, limit.seconds)
    return max(1, seconds_left) if counted > limit.times else 0


def limits_of(request: HttpRequest, name: str) -> list[tuple[str, str, Limit]]:
    """What is counted, for whom, and how often it may be."""
    if request.method != "POST" and name not in COUNTED_GETS:
        return []
    found = [] if name in FOR_MACHINES else [("any", who_asks(request), ANY_POST)]
    if name in LIMITS:
        found.append((name, network_key(request) if name in BY_NETWORK else who_asks(request), LIMITS[name]))
    if name in OVERALL:
        found.append((name, EVERYBODY, OVERALL[name]))
    return found


def who_asks(request: HttpRequest) -> str:
    """A helpline's whole staff may sit behind one address: at the desk each is counted on their own."""
    if helper := getattr(request, "helper", None):
        return f"helper:{helper.pk}"
    if request.user.is_authenticated:
        return person_key(request.user.pk)
    return network_key(request)


def network_key(request: HttpRequest) -> str:
    return f"address:{client_network(request)}"


def person_key(person_id: int) -> str:
    return f"person:{person_id}"


def key_for(what: str, who: str) -> str:
    return lookup_key("rate", what, who)


def keys_of_person(person_id: int) -> list[str]:
    """Every key under which this person may have been counted: they go when the person goes."""
    return [key_for(what, person_key(person_id)) for what in ("any", *LIMITS)]


def too_often(request: HttpRequest, seconds_left: int) -> HttpResponse:
    minutes = max(1, -(-seconds_left // 60))
    more = ngettext("Please try again in %(count)d minute.", "Please try again in %(count)d minutes.", minutes)
    response = error_page(request, "429", 429, more % {"count": minutes})
    response["Retry-After"] = str(seconds_left)
    return response
