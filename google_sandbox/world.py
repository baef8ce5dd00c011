"""Everything the sandbox knows, in one place, so that it can be forgotten in one step."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .clients import DEFAULT_CLIENTS, Client
from .clock import Clock
from .faults import Faults, Rule
from .hold import Hold
from .oauth.ledger import Access, Ledger
from .paging import Pages
from .personas import Domain, Persona, crowd, load
from .quota import Limit, Quota
from .request_log import RequestLog

ISSUER = "https://accounts.google.com"
LONGEST_WAIT_MS = 600_000


@dataclass(frozen=True)
class Options:
    """How a sandbox begins; `reset` brings it back here."""

    clients: Sequence[Client] = DEFAULT_CLIENTS
    issuer: str = ISSUER
    latency_ms: float = 0
    faults: Sequence[Rule] = ()
    quotas: Sequence[Limit] = ()
    seed: int = 1


class World:
    def __init__(self, options: Options) -> None:
        self.options = options
        self.clock = Clock()
        self.hold = Hold()
        self.log = RequestLog()
        self.pages = Pages()
        self._begin()

    def _begin(self) -> None:
        self.clients = {client.id: client for client in self.options.clients}
        self.wait_each_time(self.options.latency_ms)
        self.faults = Faults(self.options.faults, seed=self.options.seed)
        self.quota = Quota(self.clock, self.options.quotas)
        self.ledger = Ledger(self.clock, self.clients.values())
        self.personas, self.domains = load()
        self._crowd: dict[str, Persona] = {}
        self.stream: dict[str, Any] | None = None  # where security events are ordered to

    def reset(self) -> None:
        """As at the start: faults, quota, latency, clock, grants, tokens, log and the personas' data."""
        self.clock.reset()
        self.hold.release()
        self.log.clear()
        self._begin()

    def wait_each_time(self, ms: float) -> None:
        """ValueError for less than nothing, for more than ten minutes, or for no number at all."""
        if not 0 <= ms <= LONGEST_WAIT_MS:
            raise ValueError("an answer can wait from 0 to 600000 ms")
        self.latency_ms = ms

    def persona(self, email: str) -> Persona | None:
        email = email.strip().lower()
        return self.personas.get(email) or self._of_the_crowd(email)

    def _of_the_crowd(self, email: str) -> Persona | None:
        if email not in self._crowd and (data := crowd.person(email)):
            self._crowd[email] = Persona(data)
        return self._crowd.get(email)

    def persona_by_hint(self, hint: str) -> Persona | None:
        """`login_hint` is an address or a `sub`."""
        by_sub = (p for p in self.personas.values() if p.account.sub == hint)
        return self.persona(hint) or next(by_sub, None)

    def domain_of(self, persona: Persona) -> Domain | None:
        return self.domains.get(persona.account.hd or "")

    def bearer(self, token: str) -> tuple[Access, Persona] | None:
        access = self.ledger.access(token)
        persona = self.persona(access.email) if access else None
        return (access, persona) if access and persona else None
