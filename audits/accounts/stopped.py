"""A trip to Google that did not end as hoped: what happened, that nothing broke, and what to do next."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audits.accounts.trips import Purpose, Trip
from audits.sources.google.errors import GoogleFault, Unreadable

logger = logging.getLogger(__name__)


class Stop(StrEnum):
    CANCELLED = "cancelled"
    LOST = "lost"
    REFUSED = "refused"
    POLICY = "policy"
    UNREACHABLE = "unreachable"
    UNREADABLE = "unreadable"
    OTHER_ACCOUNT = "other_account"
    TAKEN = "taken"
    NOT_FOR_SIGN_IN = "not_for_sign_in"
    GONE = "gone"
    INACTIVE = "inactive"
    TWICE = "twice"


@dataclass(frozen=True)
class Words:
    status: int
    title: str | Promise
    text: str | Promise
    again: bool = True


_WORDS: Mapping[Stop, Words] = {
    Stop.CANCELLED: Words(
        200,
        _("You stopped at Google"),
        _("Nothing was opened and nothing has changed. You can go on whenever you like, or leave it."),
    ),
    Stop.LOST: Words(
        400,
        _("We lost track of this visit to Google"),
        _(
            "It took longer than ten minutes, or it was begun in another window, or this browser does not keep "
            "cookies for this site. Nothing has changed. Please try once more from here."
        ),
    ),
    Stop.REFUSED: Words(
        400,
        _("Google did not let us in"),
        _("Nothing has changed. Trying once more often helps. If not, the people who host this can find out why."),
    ),
    Stop.POLICY: Words(
        403,
        _("Your organisation does not allow this"),
        _(
            "An administrator of this Google account has decided which apps may be used with it. Nothing has changed. "
            "The checks that you follow yourself work all the same."
        ),
        again=False,
    ),
    Stop.UNREACHABLE: Words(
        502,
        _("Google does not answer just now"),
        _("Nothing has changed. Please try again in a few minutes."),
    ),
    Stop.UNREADABLE: Words(
        502,
        _("Google gave an answer that we cannot rely on"),
        _("So we stopped. Nothing has changed. Please try again in a few minutes."),
    ),
    Stop.OTHER_ACCOUNT: Words(
        409,
        _("That was another Google account"),
        _(
            "At Google you picked another account than the one this was about. We have kept nothing of it, and "
            "nothing has changed. Try again and pick the same account as before."
        ),
    ),
    Stop.TAKEN: Words(
        409,
        _("This Google account is already looked at by someone here"),
        _(
            "One Google account can belong to one person only. If that person is you, sign out and sign in with that "
            "account. Nothing has changed."
        ),
        again=False,
    ),
    Stop.NOT_FOR_SIGN_IN: Words(
        409,
        _("This Google account is not used for signing in"),
        _(
            "It was added as a second account, to be looked at. To sign in, pick the account that you signed in "
            "with the first time."
        ),
    ),
    Stop.GONE: Words(
        409,
        _("This account is no longer connected here"),
        _("It was disconnected in the meantime. We have kept nothing of this visit to Google."),
        again=False,
    ),
    Stop.INACTIVE: Words(
        403,
        _("You cannot sign in at the moment"),
        _("The people who host this have paused it for you. Please ask them."),
        again=False,
    ),
    Stop.TWICE: Words(
        409,
        _("Please sign in once more"),
        _("Two windows signed in at the same moment. Nothing is lost."),
    ),
}

# Error words on the way back: https://developers.google.com/identity/protocols/oauth2/web-server#handlingresponse
_BY_ERROR_WORD: Mapping[str, Stop] = {
    "access_denied": Stop.CANCELLED,
    "admin_policy_enforced": Stop.POLICY,
    "org_internal": Stop.POLICY,
    "temporarily_unavailable": Stop.UNREACHABLE,
    "server_error": Stop.UNREACHABLE,
}


@dataclass(frozen=True)
class Again:
    """A form that starts the same trip once more."""

    action: str
    fields: Mapping[str, str]


def page(request: HttpRequest, stop: Stop, trip: Trip | None = None) -> HttpResponse:
    words = _WORDS[stop]
    trip = trip or Trip(Purpose.SIGN_IN)
    if trip.purpose is not Purpose.SIGN_IN and not request.user.is_authenticated:
        trip = Trip(Purpose.SIGN_IN)
    context = {
        "words": words,
        "again": again(trip) if words.again else None,
        "offer_second": stop is Stop.OTHER_ACCOUNT and trip.purpose is not Purpose.CONFIRM,
    }
    return render(request, "accounts/stopped.html", context, status=words.status)


def again(trip: Trip) -> Again:
    if trip.purpose in (Purpose.LOOK, Purpose.ADMINISTRATOR):
        return Again(reverse("look-open", args=[trip.look]), {"account": trip.connection})
    if trip.purpose is Purpose.PHOTOS:
        return Again(reverse("photos-begin", args=[trip.connection]), {})
    if trip.purpose is Purpose.RECONNECT:
        return Again(reverse("reconnect", args=[trip.connection]), {})
    if trip.purpose is Purpose.EXPORTS:
        return Again(reverse("exports-begin", args=[trip.connection]), {})
    if trip.purpose is Purpose.REMOVE_APP:
        return Again(reverse("remove-app", args=[trip.finding, trip.item]), {})
    if trip.purpose is Purpose.SECOND_ACCOUNT:
        return Again(reverse("second-account"), {})
    if trip.purpose is Purpose.CONFIRM:
        return Again(reverse("step-up"), {"then": trip.then, "account": trip.connection})
    return Again(reverse("google_login"), {})


def from_error(request: HttpRequest, trip: Trip | None, error: Any, exception: Exception | None) -> HttpResponse:
    """The page for what allauth calls an authentication error. `trip` is None when the state was not ours."""
    stop = _stop_of(request, trip, exception)
    fault = getattr(exception, "fault", None)
    detail = fault.detail if isinstance(fault, GoogleFault) else type(exception).__name__ if exception else ""
    purpose = trip.purpose.value if trip else ""
    logger.warning("a trip to Google stopped", extra={"event": {"stop": stop.value, "purpose": purpose, "why": detail}})
    return page(request, stop, trip)


def _stop_of(request: HttpRequest, trip: Trip | None, exception: Exception | None) -> Stop:
    if trip is None:
        return Stop.LOST
    fault = getattr(exception, "fault", None)
    if isinstance(fault, GoogleFault):
        return _stop_of_fault(fault)
    return _BY_ERROR_WORD.get(request.GET.get("error", ""), Stop.REFUSED)


def _stop_of_fault(fault: GoogleFault) -> Stop:
    if fault.reason in _BY_ERROR_WORD:
        return _BY_ERROR_WORD[fault.reason]
    if isinstance(fault, Unreadable):
        return Stop.UNREADABLE
    return Stop.UNREACHABLE if fault.retriable else Stop.REFUSED
