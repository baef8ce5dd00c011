"""What every source is handed and what it hands back.

`collect` gives a source an Ask and gets a Seen. A source never raises for a fault of the outside world: it answers
with a Coverage that says what it managed and why no more. An exception that does escape is our own mistake; collect
turns it into Coverage FAILED, OUR_FAULT.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from audits.facts import Coverage, Fact, ItemKind, Rung, ToldAnswer, Why
from audits.sources.outage import Outage


@dataclass(frozen=True, kw_only=True, repr=False)
class Credentials:
    """Tokens for one Google account. Never printed: repr is off.

    `expires_at` is aware UTC. `refresh_token` is "" for an administrator look (one audit only).
    """

    access_token: str
    expires_at: datetime | None
    refresh_token: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, kw_only=True)
class SignInClaims:
    """From the ID token of the newest sign-in. None means that Google did not say."""

    amr: tuple[str, ...] | None
    auth_time: datetime | None
    received_at: datetime


@dataclass(frozen=True, kw_only=True)
class ToldRecord:
    """One answer of the Person to a guided check."""

    check: str
    answer: ToldAnswer
    answered_at: datetime
    rung: Rung = Rung.TOLD


@dataclass(frozen=True, kw_only=True)
class NamedRecord:
    """One thing that the Person named for a check. `thing`: the public id under which it is kept."""

    check: str
    thing: str
    kind: ItemKind
    name: str
    named_at: datetime
    rung: Rung


@dataclass(frozen=True, kw_only=True)
class Picked:
    """A photo that the Person chose in Google Photos, as kept from one round of choosing."""

    photo_id: str
    taken_at: datetime
    make: str
    model: str
    video: bool
    picked_at: datetime


@dataclass(frozen=True, kw_only=True)
class Exported:
    """One resource of Google's Data Portability, read whole or not. `why` is None when it was read whole."""

    resource: str  # play.installs, play.devices, chrome.extensions
    read_at: datetime
    why: Why | None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, kw_only=True, repr=False)
class Ask:
    """All that one source may use for one Connection in one audit.

    `connection` is the Connection's public id, or "" when there is none. `granted` holds full scope URLs as Google
    returned them, those of the administrator look included. `asked` holds the scopes we have asked this Person for
    (so that un-ticked and never asked can be told apart); a look that the Person closed is in neither.
    `administrator` carries the one-audit credentials of an administrator look, else None.
    `cursor` and `before` let a source ask only for what changed.
    `stopped` is polled between requests: true when the audit was cancelled or taken over.
    """

    connection: str
    email: str = ""
    hosted_domain: str = ""  # "" for a personal account
    credentials: Credentials | None = None
    administrator: Credentials | None = None
    granted: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    cursor: Mapping[str, Any] = field(default_factory=dict)  # what this source handed back last time
    before: tuple[Fact, ...] = ()  # what this source saw last time; only with a cursor
    told: tuple[ToldRecord, ...] = ()
    named_things: tuple[NamedRecord, ...] = ()
    named_people: tuple[str, ...] = ()
    sign_in: SignInClaims | None = None
    picked: tuple[Picked, ...] | None = None  # None: the Person never opened the way through Google Photos
    exported: tuple[Exported, ...] = ()
    now: Callable[[], datetime]
    stopped: Callable[[], bool] = lambda: False
    outage: Outage = field(default_factory=Outage, compare=False)  # what did not answer in this audit


@dataclass(frozen=True, kw_only=True, repr=False)
class RefreshedToken:
    access_token: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, repr=False)
class Seen:
    """What one source saw. `refreshed` is set when it had to renew the access token on the way."""

    facts: tuple[Fact, ...]
    coverage: Coverage
    cursor: Mapping[str, Any] = field(default_factory=dict)
    refreshed: RefreshedToken | None = None


class Source(Protocol):
    """One place facts come from. `look` is safe to call from any thread."""

    @property
    def name(self) -> str: ...

    @property
    def scope(self) -> str:
        """Full scope URL this source needs (the first, where another would do as well), or "" when it needs none."""
        ...

    @property
    def calls(self) -> tuple[str, ...]:
        """The API calls it makes, by their ids in the discovery documents: for docs and for the fault tests."""
        ...

    def asks_google(self, ask: Ask) -> bool:
        """Whether `look` would send anything. If not, it answers at once."""
        ...

    def look(self, ask: Ask) -> Seen: ...
