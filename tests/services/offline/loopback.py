"""Which connections stay on this machine. Needs only the standard library."""

from __future__ import annotations

import ipaddress

NAMES = {"", "localhost", "localhost.localdomain", "testserver"}
EVENTS = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
}


def refuse_beyond(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook (sys.addaudithook). Raises PermissionError for an address elsewhere."""
    position = EVENTS.get(event)
    if position is None:
        return
    address = arguments[position]
    host = address if position == 0 else address[0] if isinstance(address, tuple) else None  # else a unix socket
    if isinstance(host, bytes | bytearray):
        host = host.decode(errors="replace")
    if isinstance(host, str) and not stays_here(host):
        raise PermissionError(f"tests must not reach beyond this machine: {event} {host}")


def stays_here(host: str) -> bool:
    if host.lower().rstrip(".") in NAMES or host.lower().endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
