"""The keys that security events are signed with, by way of Google's own description of the service.

Anybody may send us a token that names a made-up key. So Google is asked at most once a minute, whoever asks and
however often: a list of keys that is younger than a minute is as good as a new one.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from audits.accounts.google_provider.id_token import fetch_keys
from audits.sources.google.endpoints import current
from audits.sources.google.errors import GoogleFault, Unreachable, Unreadable
from audits.sources.google.http import Http
from privacy_audit.modes import is_google

KEYS_LIVE_SECONDS = 3600.0
ASK_AGAIN_SECONDS = 60.0
_LARGEST_DESCRIPTION = 64 * 1024


class KeyRing:
    """For all threads of one process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._by_id: Mapping[str, RSAPublicKey] = {}
        self._asked_at = self._fetched_at = -math.inf

    def key(self, kid: str, *, timeout: float) -> RSAPublicKey:
        """Raises Unreadable for a key that Google does not name, Unreachable when Google cannot tell just now."""
        known = self._known(kid)
        if known is not None:
            return known
        if not self._lock.acquire(timeout=timeout):
            raise Unreachable("keys of security events: another thread is asking")
        try:
            return self._known(kid) or self._asked_for(kid, timeout)
        finally:
            self._lock.release()

    def _known(self, kid: str) -> RSAPublicKey | None:
        fresh = time.monotonic() - self._fetched_at <= KEYS_LIVE_SECONDS
        return self._by_id.get(kid) if fresh else None

    def _asked_for(self, kid: str, timeout: float) -> RSAPublicKey:
        if time.monotonic() - self._asked_at >= ASK_AGAIN_SECONDS:
            self._asked_at = time.monotonic()
            self._by_id = _fetch(timeout)
            self._fetched_at = self._asked_at
        if self._fetched_at != self._asked_at:
            raise Unreachable("keys of security events: Google did not answer a moment ago")
        if kid not in self._by_id:
            raise Unreadable("security event: signed with a key that Google does not name")
        return self._by_id[kid]


RING = KeyRing()


def _fetch(timeout: float) -> Mapping[str, RSAPublicKey]:
    """Whatever goes wrong here is Google's doing and may pass: never the fault of the token that was sent."""
    try:
        return fetch_keys(_address_of_keys(timeout), timeout)
    except GoogleFault as fault:
        raise Unreachable(f"keys of security events: {fault.detail}") from None


def _address_of_keys(timeout: float) -> str:
    description = current().risc
    with Http(timeout=timeout, largest=_LARGEST_DESCRIPTION) as http:
        answer = http.send("GET", description, {"accept": "application/json"})
    if answer.status != 200:
        raise Unreachable(f"description: {answer.status}")
    address = _object(answer.body).get("jwks_uri")
    if not isinstance(address, str) or not _is_trusted(address, description):
        raise Unreadable("description names no address of Google's for keys")
    return address


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("description is not JSON") from None
    return found if isinstance(found, dict) else {}


def _is_trusted(address: str, description: str) -> bool:
    """Google's own, or, when a stand-in plays Google, the stand-in's."""
    try:
        given, own = urlsplit(address), urlsplit(description)
        return is_google(address) or (given.scheme, given.netloc) == (own.scheme, own.netloc)
    except ValueError:
        return False
