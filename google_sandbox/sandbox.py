"""A running sandbox inside this process."""

from collections.abc import Sequence
from threading import Thread
from types import TracebackType
from typing import Self

from .api import registry
from .application import Application
from .clients import DEFAULT_CLIENTS, Client
from .faults import Rule, parse_rule
from .oauth.ledger import Ledger
from .quota import Limit, parse_limits
from .remote import Controls
from .server import Server
from .world import ISSUER, Options, World


class Sandbox(Controls):
    """`url`, `port`, `clients`, `stop()`, and every control as a method. Also a context manager."""

    def __init__(self, server: Server, world: World) -> None:
        host, port = server.server_address[:2]
        name = f"[{host!s}]" if ":" in str(host) else str(host)
        super().__init__(f"http://{name}:{port}")
        self.clients = tuple(world.clients.values())
        self._server = server
        self._world = world
        self._thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.name = "google-sandbox"
        self._thread.start()

    @property
    def ledger(self) -> Ledger:
        """A reset lays out a new one."""
        return self._world.ledger

    def stop(self) -> None:
        """Ends every connection, those that hang too, and leaves no thread behind."""
        if self._thread.is_alive():
            self._world.hold.stop()
            self._server.stop()
            self._thread.join(timeout=5)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(
    *,
    port: int = 0,
    host: str = "127.0.0.1",
    clients: Sequence[Client] = DEFAULT_CLIENTS,
    latency_ms: float = 0,
    faults: Sequence[Rule | str] = (),
    quotas: Sequence[Limit | str] = (),
    issuer: str = ISSUER,
    seed: int = 1,
) -> Sandbox:
    """Starts a sandbox in a thread. Port 0 takes a free one. ValueError for a host that is not loopback."""
    options = Options(
        clients=tuple(clients),
        issuer=issuer,
        latency_ms=latency_ms,
        faults=tuple(parse_rule(rule) if isinstance(rule, str) else rule for rule in faults),
        quotas=tuple(one for limit in quotas for one in (parse_limits(limit) if isinstance(limit, str) else (limit,))),
        seed=seed,
    )
    world = World(options)
    registry.find("GET", "/")  # reads Google's documents now, so that the first to ask does not wait for it
    return Sandbox(Server(host, port, Application(world).answer), world)
