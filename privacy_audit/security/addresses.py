"""Whose request this is, when proxies stand in front."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"


def client_address(request: HttpRequest) -> str:
    """The address that the outermost trusted proxy saw. What a client writes into the header itself is not believed."""
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    seen.append(request.META.get("REMOTE_ADDR", ""))
    proxies = min(settings.TRUSTED_PROXIES, len(seen) - 1)
    return seen[-1 - proxies]


def client_network(request: HttpRequest) -> str:
    """What rate limits count by: an IPv4 address, or an IPv6 /64, which one household holds whole."""
    try:
        address = ipaddress.ip_address(client_address(request))
    except ValueError:
        return UNKNOWN
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)
