"""A trip to Google and back: why we go, and exactly what we ask for. Nothing of it comes from an address.

Parameters: https://developers.google.com/identity/protocols/oauth2/web-server#creatingclient
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from audits.accounts.looks import EMAIL, EXPORTS, IDENTITY, LOOKS
from audits.models import Connection, ConnectionState
from audits.sources.google.scopes import DIRECTORY_SECURITY


class Purpose(StrEnum):
    SIGN_IN = "sign_in"
    LOOK = "look"
    RECONNECT = "reconnect"
    SECOND_ACCOUNT = "second_account"
    ADMINISTRATOR = "administrator"
    PHOTOS = "photos"
    EXPORTS = "exports"  # Data Portability: no other scope beside it, and no word on who allowed it
    REMOVE_APP = "remove_app"  # one app off the administrator's own account; the trip is the step-up too
    CONFIRM = "confirm"  # step-up: that it is really this Person, before something that cannot be undone


@dataclass(frozen=True)
class Trip:
    """Kept in the session while the Person is at Google. `connection` is a public id; `then` names a page of ours."""

    purpose: Purpose
    connection: str = ""
    look: str = ""
    then: str = ""
    finding: str = ""  # a public id, and the key of one of its items: the app to remove
    item: str = ""

    def as_state(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items()}

    @classmethod
    def from_state(cls, state: Any) -> Trip | None:
        """None when this state is not one of ours."""
        if not isinstance(state, dict) or state.get("purpose") not in set(Purpose):
            return None
        texts = {name: str(state.get(name, "")) for name in ("connection", "look", "then", "finding", "item")}
        return cls(purpose=Purpose(state["purpose"]), **texts)


@dataclass(frozen=True)
class Asking:
    """What a trip asks Google for."""

    scopes: tuple[str, ...]
    params: Mapping[str, str]
    client_id: str


# How this browser's session with Google was opened: https://developers.google.com/identity/siwg/security-bundle
_CLAIMS = json.dumps(
    {"id_token": {"amr": {"essential": True}, "auth_time": {"essential": True}}}, separators=(",", ":")
)
_CHOOSE = {"access_type": "online", "prompt": "select_account", "claims": _CLAIMS}


def set_out(request: HttpRequest, trip: Trip, connection: Connection | None = None) -> HttpResponse:
    """Send the Person to Google. `connection` must be the one the trip names, already loaded for this Person."""
    asking = asking_for(trip, connection)
    provider = get_adapter(request).get_provider(request, "google", client_id=asking.client_id)
    response: HttpResponse = provider.redirect(
        request, process="login", data=trip.as_state(), scope=list(asking.scopes), auth_params=dict(asking.params)
    )
    return response


def asking_for(trip: Trip, connection: Connection | None) -> Asking:
    if trip.purpose in (Purpose.SIGN_IN, Purpose.CONFIRM):
        return Asking(IDENTITY, _CHOOSE, settings.GOOGLE_CLIENT_ID)
    if trip.purpose is Purpose.SECOND_ACCOUNT:
        return Asking(IDENTITY, {**_CHOOSE, "access_type": "offline"}, settings.GOOGLE_CLIENT_ID)
    if connection is None:
        raise ValueError(f"a trip for {trip.purpose} needs a connection")
    if trip.purpose is Purpose.ADMINISTRATOR:
        return _for_one_audit(connection, LOOKS["administrator"].scopes)
    if trip.purpose is Purpose.REMOVE_APP:
        return _for_one_audit(connection, (DIRECTORY_SECURITY,))
    if trip.purpose is Purpose.PHOTOS:
        return _for_photos(connection)
    if trip.purpose is Purpose.EXPORTS:
        return _for_exports(connection)
    return _for_looks(connection, scopes_wanted(trip, connection))


def scopes_wanted(trip: Trip, connection: Connection) -> frozenset[str]:
    """The scopes of looks that this trip is for. From our own table, whatever Google or a form may say."""
    if trip.purpose in (Purpose.LOOK, Purpose.ADMINISTRATOR) and trip.look in LOOKS and not LOOKS[trip.look].page:
        return frozenset(LOOKS[trip.look].scopes)
    if trip.purpose is Purpose.RECONNECT:
        known = {scope for look in LOOKS.values() if look.standing for scope in look.scopes}
        return connection.usable_scopes & known
    return frozenset()


def _for_looks(connection: Connection, wanted: frozenset[str]) -> Asking:
    params = {
        "access_type": "offline",
        "include_granted_scopes": "true",
        "login_hint": connection.sub,
        "claims": _CLAIMS,
    }
    if not connection.refresh_token or not wanted <= frozenset(connection.granted) or needs_consent(connection):
        params["prompt"] = "consent"
    return Asking((*IDENTITY, *sorted(wanted)), params, settings.GOOGLE_CLIENT_ID)


def needs_consent(connection: Connection) -> bool:
    """Our refresh token is dead; Google gives a new one only when it asks the Person again."""
    return connection.state != ConnectionState.WORKING


def _for_one_audit(connection: Connection, scopes: tuple[str, ...]) -> Asking:
    """No refresh token, nothing granted earlier mixed in, and asked for anew each time.

    The address comes along: it is what Google is asked about, and it may have changed since the last sign-in.
    """
    params = {"access_type": "online", "prompt": "consent", "login_hint": connection.sub}
    return Asking(("openid", EMAIL, *scopes), params, settings.GOOGLE_ADMIN_CLIENT_ID)


def _for_photos(connection: Connection) -> Asking:
    """For one round of choosing, asked for anew each time. Google wants Photos and Drive never in one request, so
    nothing granted earlier is mixed in."""
    params = {"access_type": "online", "prompt": "consent", "login_hint": connection.sub}
    return Asking(("openid", EMAIL, *LOOKS["photos"].scopes), params, settings.GOOGLE_CLIENT_ID)


def _for_exports(connection: Connection) -> Asking:
    """Nothing beside these scopes, and nothing granted earlier: Google refuses both.
    https://developers.google.com/data-portability/user-guide/configure-oauth
    """
    params = {"access_type": "offline", "prompt": "consent", "login_hint": connection.email or ""}
    return Asking(LOOKS[EXPORTS].scopes, params, settings.GOOGLE_PORTABILITY_CLIENT_ID)


def client_for(purpose: Purpose) -> str:
    """Three clients share one way back."""
    own = {
        Purpose.ADMINISTRATOR: settings.GOOGLE_ADMIN_CLIENT_ID,
        Purpose.REMOVE_APP: settings.GOOGLE_ADMIN_CLIENT_ID,
        Purpose.EXPORTS: settings.GOOGLE_PORTABILITY_CLIENT_ID,
    }
    return own.get(purpose, settings.GOOGLE_CLIENT_ID)
