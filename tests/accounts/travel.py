"""Trips to Google, taken apart: what we ask, and coming back with an answer of one's own making."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit


def asked(response: Any) -> dict[str, str]:
    """The query that our answer sends to Google."""
    return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["Location"]).query).items()}


def come_back(client: Any, address: str) -> Any:
    """Follow the redirect that Google answered with."""
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")
