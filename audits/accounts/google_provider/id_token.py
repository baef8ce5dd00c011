"""Who Google says this is. The signature is checked, because this statement decides whose data a browser sees.

Format and keys: https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import load_pem_x509_certificate
from jwt.algorithms import RSAAlgorithm

from audits.sources.google.endpoints import current
from audits.sources.google.errors import Unreachable, Unreadable
from audits.sources.google.http import Http

KEYS_LIVE_SECONDS = 3600.0
CLOCKS_MAY_DIFFER_SECONDS = 60
MOST_KEYS = 20
GOOGLE = "https://accounts.google.com"


@dataclass(frozen=True)
class _Keys:
    fetched_at: float
    by_id: Mapping[str, RSAPublicKey]


_kept: dict[str, _Keys] = {}


def claims_of(token: str, client_id: str, *, timeout: float) -> Mapping[str, Any]:
    """The claims of a valid ID token for this client. Raises a GoogleFault (Unreadable when it is not valid)."""
    try:
        kid = jwt.get_unverified_header(token).get("kid", "")
        claims: Mapping[str, Any] = jwt.decode(
            token,
            key=_key(str(kid), timeout),
            algorithms=["RS256"],
            audience=client_id,
            issuer=issuers(current().issuer),
            leeway=CLOCKS_MAY_DIFFER_SECONDS,
            options={"require": ["iss", "aud", "sub", "exp", "iat"]},
        )
    except jwt.PyJWTError as error:
        raise Unreadable(f"ID token: {type(error).__name__}") from None
    return claims


def issuers(configured: str) -> list[str]:
    """Google writes its name in two ways, and a stand-in for Google often keeps Google's name. The key decides."""
    return list(dict.fromkeys((configured, GOOGLE, GOOGLE.removeprefix("https://"))))


def _key(kid: str, timeout: float) -> RSAPublicKey:
    """Google changes its keys every few days: a key we do not know is asked for once more."""
    url = current().certs
    kept = _kept.get(url)
    if kept is None or kid not in kept.by_id or time.monotonic() - kept.fetched_at > KEYS_LIVE_SECONDS:
        kept = _kept[url] = _Keys(time.monotonic(), fetch_keys(url, timeout))
    if kid not in kept.by_id:
        raise Unreadable("ID token: signed with a key that Google does not name")
    return kept.by_id[kid]


def fetch_keys(url: str, timeout: float) -> Mapping[str, RSAPublicKey]:
    """Google's public keys by their ids, from this address. Raises Unreachable or Unreadable."""
    with Http(timeout=timeout, largest=1024 * 1024) as http:
        answer = http.send("GET", url, {"accept": "application/json"})
    if answer.status != 200:
        raise Unreachable(f"certificates: {answer.status}")
    try:
        return _read(json.loads(answer.body))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, jwt.PyJWTError):
        raise Unreadable("certificates") from None


def _read(said: Any) -> Mapping[str, RSAPublicKey]:
    """Both forms that Google serves: `{id: PEM certificate}` and a JWK set."""
    if not isinstance(said, dict):
        raise TypeError("certificates are no object")
    found: dict[str, object] = {}
    if isinstance(listed := said.get("keys"), list):
        for one in listed[:MOST_KEYS]:
            if one.get("kty") == "RSA":
                found[str(one["kid"])] = RSAAlgorithm.from_jwk(one)
    else:
        for kid, pem in list(said.items())[:MOST_KEYS]:
            found[kid] = load_pem_x509_certificate(pem.encode()).public_key()
    return {kid: key for kid, key in found.items() if isinstance(key, RSAPublicKey)}
