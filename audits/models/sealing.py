"""What is kept is sealed: encrypted with DATA_KEYS, and bound to the person it belongs to.

The owner stands inside the ciphertext and is checked on opening, so a sealed value copied into somebody else's row
does not open there. Equality is found through keyed hashes (`lookup_key`), never through plain values.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class SealBroken(Exception):
    """A sealed value does not open with our keys, or belongs to somebody else."""


@cache
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key.encode()) for key in keys])


def _keys() -> MultiFernet:
    return _fernet(tuple(settings.DATA_KEYS))


def seal(value: Any, owner: str) -> bytes:
    """Encrypt a JSON value for this owner (a Person's id, or a word for what outlives the Person)."""
    text = json.dumps([owner, value], ensure_ascii=False, separators=(",", ":"))
    return _keys().encrypt(text.encode())


def unseal(sealed: bytes | memoryview, owner: str) -> Any:
    """Decrypt; raises SealBroken for a wrong key, a damaged value or another owner."""
    try:
        found, value = json.loads(_keys().decrypt(bytes(sealed)))
    except (InvalidToken, ValueError) as error:
        raise SealBroken("a sealed value does not open") from error
    if found != owner:
        raise SealBroken("a sealed value belongs to somebody else")
    return value


def reseal(sealed: bytes | memoryview) -> bytes:
    """The same value under the newest key. Raises SealBroken when no key opens it."""
    try:
        return _keys().rotate(bytes(sealed))
    except InvalidToken as error:
        raise SealBroken("a sealed value does not open") from error


def lookup_key(*parts: str) -> str:
    """A keyed hash (32 hex characters) by which equal values are found without being kept in clear."""
    message = "\x1f".join(parts).encode()
    return hmac.new(settings.LOOKUP_KEY.encode(), message, hashlib.sha256).hexdigest()[:32]


class Sealed:
    """A model attribute whose value lives sealed in a binary column, owned by the row's `person_id`."""

    def __init__(self, column: str) -> None:
        self.column = column

    def __get__(self, row: Any, model: type | None = None) -> Any:
        if row is None:
            return self
        sealed = getattr(row, self.column)
        return None if sealed is None else unseal(sealed, str(row.person_id))

    def __set__(self, row: Any, value: Any) -> None:
        setattr(row, self.column, None if value is None else seal(value, str(row.person_id)))
