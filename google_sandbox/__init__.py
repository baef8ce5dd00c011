"""A stand-in Google on loopback: sign-in, APIs, faults and quota. See README.md."""

from .clients import DEFAULT_CLIENTS, Client
from .faults import Rule as Fault
from .quota import Limit
from .remote import ControlError, Controls, Log
from .sandbox import Sandbox, start


def connect(url: str) -> Controls:
    """The controls of a sandbox that runs in another process."""
    return Controls(url)


__all__ = [
    "DEFAULT_CLIENTS",
    "Client",
    "ControlError",
    "Controls",
    "Fault",
    "Limit",
    "Log",
    "Sandbox",
    "connect",
    "start",
]
