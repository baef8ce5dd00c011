"""What Google granted on one trip, and how it becomes part of a Connection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from audits.accounts.looks import EMAIL, IDENTITY, LOOKS, PROFILE, Look, LookState, state_of
from audits.accounts.trips import Purpose, Trip, scopes_wanted
from audits.audit.schedule import follow_accounts
from audits.models import Connection, ConnectionState, Person
from audits.models.sealing import lookup_key
from audits.sources.google.errors import Unreadable
from audits.sources.google.oauth import TokenAnswer

MOST_SCOPES = 50
_LONGEST = {"sub": 255, "email": 254, "name": 200, "hd": 253}
_SHORT_NAMES = {"email": EMAIL, "profile": PROFILE}


@dataclass(frozen=True, kw_only=True, repr=False)
class Grant:
    """One account, who it says it is, and the tokens. Lives for one request and is never printed."""

    sub: str
    email: str
    name: str
    hosted_domain: str
    amr: tuple[str, ...] | None
    auth_time: int | None
    scopes: frozenset[str]
    access_token: str
    refresh_token: str
    expires_at: datetime
    received_at: datetime

    @property
    def sub_key(self) -> str:
        return sub_key(self.sub)


def sub_key(sub: str) -> str:
    """By this the same Google account is found again without its id being kept in clear."""
    return lookup_key("sub", sub)


def email_key(email: str) -> str:
    return lookup_key("email", email.strip().lower())


def grant_of(said: TokenAnswer, claims: Mapping[str, Any]) -> Grant:
    """`claims` come from an ID token whose signature was checked. Raises Unreadable when they name no account."""
    sub = _text(claims, "sub")
    if not sub:
        raise Unreadable("ID token: no subject")
    amr, auth_time = claims.get("amr"), claims.get("auth_time")
    return Grant(
        sub=sub,
        email=_text(claims, "email"),
        name=_text(claims, "name"),
        hosted_domain=_text(claims, "hd"),
        amr=tuple(str(word)[:20] for word in amr[:10]) if isinstance(amr, list) else None,
        auth_time=auth_time if isinstance(auth_time, int) and 0 < auth_time < 2**40 else None,
        scopes=_scopes(said.scopes),
        access_token=said.access_token,
        refresh_token=said.refresh_token,
        expires_at=said.expires_at,
        received_at=timezone.now(),
    )


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name, "")
    return value[: _LONGEST[name]] if isinstance(value, str) else ""


def _scopes(scopes: Iterable[str]) -> frozenset[str]:
    whole = sorted(_SHORT_NAMES.get(scope, scope) for scope in scopes if len(scope) <= 200)
    return frozenset(whole[:MOST_SCOPES])


def new_connection(person: Person, grant: Grant) -> Connection:
    """A Connection that knows nothing yet but whose it is. Not saved."""
    connection = Connection(person=person, sub_key=grant.sub_key)
    connection.sub = grant.sub
    return connection


def take_in(connection: Connection, grant: Grant, trip: Trip) -> list[tuple[Look, LookState]]:
    """Keep what this trip brought. Returns the looks whose state changed, with the new state. Saves."""
    before = {look.id: state_of(look, connection) for look in LOOKS.values()}
    wanted = scopes_wanted(trip, connection)
    _keep_identity(connection, grant)
    _keep_scopes(connection, grant, wanted, whole=trip.purpose in (Purpose.LOOK, Purpose.RECONNECT))
    _keep_tokens(connection, grant)
    changed = _mark_looks(connection, wanted, before)
    connection.save()
    follow_accounts(connection.person)
    return changed


def keep_address(connection: Connection, grant: Grant) -> None:
    """The address that Google says now. Does not save."""
    connection.email = grant.email
    connection.email_key = email_key(grant.email) if grant.email else ""


def _keep_identity(connection: Connection, grant: Grant) -> None:
    keep_address(connection, grant)
    connection.name = grant.name
    connection.hosted_domain = grant.hosted_domain
    connection.claims = {
        "amr": None if grant.amr is None else list(grant.amr),
        "auth_time": grant.auth_time,
        "received_at": grant.received_at.timestamp(),
    }


def _keep_scopes(connection: Connection, grant: Grant, wanted: frozenset[str], *, whole: bool) -> None:
    """`whole`: Google named everything that is granted now, so what it did not name has ended.

    Google may name more than this trip was for (permissions given long ago). A look is only open when the Person
    opened it here, so these stay closed.
    """
    before = frozenset(connection.granted)
    granted = grant.scopes if whole else before | grant.scopes
    unasked = granted - before - wanted - frozenset(IDENTITY)
    connection.granted = sorted(granted)
    connection.asked = sorted({*connection.asked, *IDENTITY, *wanted})
    connection.closed = sorted((({*connection.closed} | unasked) & granted) - wanted)
    connection.granted_at = grant.received_at


def _keep_tokens(connection: Connection, grant: Grant) -> None:
    """A refresh token comes once. A narrower access token must not take the place of one that looks need."""
    if grant.refresh_token:
        connection.refresh_token = grant.refresh_token
        connection.state, connection.state_why = ConnectionState.WORKING, ""
    needed = connection.usable_scopes - frozenset(IDENTITY)
    if needed <= grant.scopes:
        connection.access_token = grant.access_token
        connection.access_expires_at = grant.expires_at
    if not needed:
        connection.state, connection.state_why = ConnectionState.WORKING, ""
    elif not connection.refresh_token:
        connection.state, connection.state_why = ConnectionState.NEEDS_RECONNECTING, "no_refresh_token"


def _mark_looks(
    connection: Connection, wanted: frozenset[str], before: Mapping[str, LookState]
) -> list[tuple[Look, LookState]]:
    changed = []
    granted = frozenset(connection.granted)
    for look in LOOKS.values():
        if not look.standing:
            continue
        scopes = frozenset(look.scopes)
        if scopes <= wanted and not scopes <= granted:
            mark(connection, look, LookState.UNTICKED)
        elif scopes <= connection.usable_scopes and before[look.id] is not LookState.OPEN:
            mark(connection, look, LookState.OPEN)
        elif before[look.id] is LookState.OPEN and not scopes <= granted:
            mark(connection, look, LookState.ENDED)
        else:
            continue
        changed.append((look, state_of(look, connection)))
    return changed


def mark(connection: Connection, look: Look, state: LookState) -> None:
    """Remember what happened to a look, and when. Does not save."""
    marks = {**connection.look_marks, look.id: {"word": state.value, "at": timezone.now().isoformat()}}
    connection.look_marks = marks
