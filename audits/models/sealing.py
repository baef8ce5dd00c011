"""What is kept is sealed: encrypted with DATA_KEYS, and bound to the person it belongs to.

AES-256-GCM; the owner is the associated data, so a sealed value copied into somebody else's row does not open there.
Equality is found through keyed hashes (`lookup_key`), never through plain values.

A sealed value is: a version byte, 4 bytes that name the key, a nonce of 12 random bytes, the ciphertext with its tag.
(Fernet was measured first: ten times slower to open, which a page with many names feels, and it cannot bind an owner.)
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = b"\x01"
_KEY_ID = slice(1, 5)
_NONCE = slice(5, 17)
_BODY = slice(17, None)


class SealBroken(Exception):
    """A sealed value does not open with our keys, or belongs to somebody else."""


@cache
def _ciphers(keys: tuple[str, ...]) -> dict[bytes, AESGCM]:
    """By key id, the newest key first. Keys are 32 bytes in URL-safe base64, as Fernet.generate_key makes them."""
    raw = [base64.urlsafe_b64decode(key) for key in keys]
    return {hashlib.sha256(key).digest()[:4]: AESGCM(key) for key in raw}


def _encrypt(text: bytes, owner: str) -> bytes:
    key_id, cipher = next(iter(_ciphers(tuple(settings.DATA_KEYS)).items()))
    nonce = os.urandom(12)
    return VERSION + key_id + nonce + cipher.encrypt(nonce, text, owner.encode())


def _decrypt(sealed: bytes, owner: str) -> bytes:
    cipher = _ciphers(tuple(settings.DATA_KEYS)).get(sealed[_KEY_ID])
    if cipher is None or sealed[:1] != VERSION:
        raise SealBroken("a sealed value does not open")
    try:
        return cipher.decrypt(sealed[_NONCE], sealed[_BODY], owner.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken("a sealed value does not open, or belongs to somebody else") from error


def seal(value: Any, owner: str) -> bytes:
    """Encrypt a JSON value for this owner (a Person's id, or a word for what outlives the Person)."""
    return _encrypt(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), owner)


def unseal(sealed: bytes | memoryview, owner: str) -> Any:
    """Decrypt; raises SealBroken for an unknown key, a damaged value or another owner."""
    return json.loads(_decrypt(bytes(sealed), owner))


def reseal(sealed: bytes | memoryview, owner: str) -> bytes:
    """The same value under the newest key. Raises SealBroken when no key opens it."""
    return _encrypt(_decrypt(bytes(sealed), owner), owner)


def lookup_key(*parts: str) -> str:
    """A keyed hash (32 hex characters) by which equal values are found without being kept in clear."""
    message = "\x1f".join(parts).encode()
    return hmac.new(settings.LOOKUP_KEY.encode(), message, hashlib.sha256).hexdigest()[:32]


def owner_of(row: Any) -> str:
    """To whom a row's sealed values are bound: what the row says itself, else its Person, else its model's OWNER."""
    if hasattr(row, "seal_owner"):
        return str(row.seal_owner)
    return str(row.person_id) if hasattr(row, "person_id") else str(getattr(row, "OWNER", ""))


class Sealed:
    """A model attribute whose value lives sealed in a binary column, bound to the row's owner."""

    def __init__(self, column: str) -> None:
        self.column = column

    def __get__(self, row: Any, model: type | None = None) -> Any:
        if row is None:
            return self
        sealed = getattr(row, self.column)
        return None if sealed is None else unseal(sealed, owner_of(row))

    def __set__(self, row: Any, value: Any) -> None:
        setattr(row, self.column, None if value is None else seal(value, owner_of(row)))
