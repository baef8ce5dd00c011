"""A security event token: believed only when Google signed it, for us, and not too long ago.

Format: https://developers.google.com/identity/protocols/risc and RFC 8417. The tokens tell of the past, so they have no
end; ours is KEEP_EVENT_DAYS, because for so long we know which of them were acted on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from django.conf import settings
from django.utils import timezone

from audits.accounts.risc import keys
from audits.accounts.risc.events import Event, event_of, spellings
from audits.sources.google.errors import Unreadable

LARGEST = 16 * 1024  # bytes; a real one has about one thousand
CLOCKS_MAY_DIFFER_SECONDS = 300
MOST_EVENTS = 10
_LONGEST_ID = 255
_NOT_A_TOKEN = (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError)


@dataclass(frozen=True, kw_only=True, repr=False)
class EventToken:
    """`clients`: those of our OAuth clients that it is meant for."""

    jti: str
    issued_at: datetime
    clients: frozenset[str]
    events: tuple[Event, ...]


def read(token: str, *, timeout: float) -> EventToken:
    """Raises Unreadable when it is not to be believed, Unreachable when Google's keys cannot be had just now."""
    try:
        claims = _claims(token, timeout)
        issued_at = datetime.fromtimestamp(claims["iat"], UTC)
    except _NOT_A_TOKEN as error:
        raise Unreadable(f"security event: {type(error).__name__}") from None
    if timezone.now() - issued_at >= timedelta(days=settings.KEEP_EVENT_DAYS):
        raise Unreadable("security event: too old")
    return EventToken(
        jti=_id(claims["jti"]), issued_at=issued_at, clients=_clients(claims["aud"]), events=_events(claims)
    )


def _claims(token: str, timeout: float) -> Mapping[str, Any]:
    kid = jwt.get_unverified_header(token).get("kid")
    if not isinstance(kid, str) or not kid:
        raise Unreadable("security event: names no key")
    claims: Mapping[str, Any] = jwt.decode(
        token,
        key=keys.RING.key(kid, timeout=timeout),
        algorithms=["RS256"],
        audience=sorted(our_clients()),
        issuer=spellings(),
        leeway=CLOCKS_MAY_DIFFER_SECONDS,
        options={"require": ["iss", "aud", "iat", "jti", "events"]},
    )
    return claims


def our_clients() -> frozenset[str]:
    ids = (settings.GOOGLE_CLIENT_ID, settings.GOOGLE_ADMIN_CLIENT_ID, settings.GOOGLE_PORTABILITY_CLIENT_ID)
    return frozenset(client_id for client_id in ids if client_id)


def _id(jti: Any) -> str:
    if not isinstance(jti, str) or not 0 < len(jti) <= _LONGEST_ID:
        raise Unreadable("security event: jti")
    return jti


def _clients(audience: str | list[str]) -> frozenset[str]:
    named = [audience] if isinstance(audience, str) else audience
    return our_clients() & frozenset(named)


def _events(claims: Mapping[str, Any]) -> tuple[Event, ...]:
    found = claims["events"]
    if not isinstance(found, dict) or not 0 < len(found) <= MOST_EVENTS:
        raise Unreadable("security event: events")
    return tuple(event_of(address, details) for address, details in found.items())
