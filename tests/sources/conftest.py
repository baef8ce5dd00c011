"""What the tests of sources share: tiny waits, an Ask to start from, and a server that says what a test wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audits.facts import AskedAbout, Fact
from audits.sources.contract import Ask, Credentials, Seen
from audits.sources.google import scopes
from audits.sources.registry import SOURCES
from tests.sources.stub import Answering, Stub

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EVERY_SCOPE = frozenset(
    {
        scopes.DRIVE_APPS,
        scopes.DRIVE_METADATA,
        scopes.DRIVE_APPDATA,
        scopes.DRIVE_ACTIVITY,
        scopes.CALENDAR_LIST,
        scopes.CALENDAR_ACLS,
        scopes.YOUTUBE,
        scopes.DIRECTORY_USER,
        scopes.DIRECTORY_SECURITY,
        scopes.REPORTS,
        scopes.GMAIL,
    }
)
TOKEN = "live-token"


def things(seen: Seen) -> list[Fact]:
    """What was seen, without the note of which addresses were answered about."""
    return [fact for fact in seen.facts if not isinstance(fact, AskedAbout)]


def answered(seen: Seen) -> list[str]:
    """The addresses that Drive answered about whole."""
    return [fact.address for fact in seen.facts if isinstance(fact, AskedAbout)]


def credentials(**changed: Any) -> Credentials:
    usual: dict[str, Any] = {
        "access_token": TOKEN,
        "expires_at": NOW + timedelta(hours=1),
        "refresh_token": "refresh-token",
        "client_id": "client",
        "client_secret": "secret",
    }
    return Credentials(**usual | changed)


def ask(**changed: Any) -> Ask:
    """Alice, everything granted, nothing in the way."""
    usual: dict[str, Any] = {
        "connection": "alice-connection",
        "email": "alice@gmail.test",
        "credentials": credentials(),
        "granted": EVERY_SCOPE,
        "asked": EVERY_SCOPE,
        "now": lambda: NOW,
    }
    return Ask(**usual | changed)


@pytest.fixture(autouse=True)
def _tiny_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_TIMEOUT_SECONDS", "0.4")
    monkeypatch.setenv("GOOGLE_TRIES", "3")
    monkeypatch.setenv("GOOGLE_BACKOFF_SECONDS", "0.001")
    monkeypatch.setenv("GOOGLE_BACKOFF_MAX_SECONDS", "0.01")


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Answering], Stub]]:
    """Starts a Stub that stands for all of Google."""
    with ExitStack() as stack:

        def start(answer: Answering) -> Stub:
            stub = stack.enter_context(Stub(answer))
            monkeypatch.setenv("GOOGLE_BASE_URL", stub.url)
            return stub

        yield start


WORK = "shelter.test"
EX = "j.marsh@mail.test"


class Google:
    """The sandbox Google, and one persona's look at a time."""

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        self.client = sandbox.clients[0]

    def ask(self, email: str = "maya@gmail.test", **changed: Any) -> Ask:
        """A persona who granted everything, with live tokens; at work also as an administrator."""
        at_work = email.endswith(f"@{WORK}")
        held = self._tokens(email)
        usual = {
            "email": email,
            "hosted_domain": WORK if at_work else "",
            "credentials": held,
            "administrator": replace(held, refresh_token="") if at_work else None,
            "named_people": (EX,),
        }
        return ask(**usual | changed)

    def look(self, source: str, email: str = "maya@gmail.test", **changed: Any) -> Seen:
        asked = self.ask(email, **changed)
        self.sandbox.clear_log()
        return SOURCES[source].look(asked)

    def _tokens(self, email: str) -> Credentials:
        given = self.sandbox.tokens(email, sorted(EVERY_SCOPE))
        return credentials(**given, client_id=self.client.id, client_secret=self.client.secret)

    def asked(self, call: str) -> int:
        """How often one API method was asked since the last look began."""
        return len(self.sandbox.log().of(call))


@pytest.fixture
def google(sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    monkeypatch.setenv("GOOGLE_BASE_URL", sandbox.url)
    sandbox.reset()
    yield Google(sandbox)
    sandbox.reset()
