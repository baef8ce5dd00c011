"""The encrypted file: age, with a passphrase that we make and show once.

Opened with pyrage. Locked here, after https://github.com/C2SP/C2SP/blob/main/age.md, because pyrage (1.4.0) lets
nobody choose the work factor: it measures the machine and then takes a gigabyte of memory and seconds of both cores for
one file. What slow hashing protects is a passphrase that somebody can guess; ours has more than 120 bits of chance.
"""

from __future__ import annotations

import re
import secrets
from base64 import b64encode
from itertools import count

import pyrage
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

LETTERS = "abcdefghjkmnpqrstvwxyz23456789"  # none that is taken for another one
LENGTH, GROUP = 25, 5
WORK = 15  # 2**15: 32 MiB and a tenth of a second
MOST_WORK = 16  # what we are willing to do for a file that somebody brings
MOST_BYTES = 5_000_000

_CHUNK = 64 * 1024
_LABEL = b"age-encryption.org/v1/scrypt"
# The one header that we write: a single passphrase, nothing beside it.
_HEADER = re.compile(
    rb"age-encryption\.org/v1\n-> scrypt [A-Za-z0-9+/]{22} ([1-9][0-9]?)\n[A-Za-z0-9+/]{43}\n--- [A-Za-z0-9+/]{43}\n"
)


class DoesNotOpen(Exception):
    """Another passphrase, or a file that was changed on its way."""


class NotOurs(Exception):
    """No file of ours: too large, something else, or one that would take too much work to open."""


def new_passphrase() -> str:
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def as_shown(typed: str) -> str:
    """What somebody typed, in the form in which it was shown; "" when it cannot be one of ours."""
    letters = "".join(one for one in typed[:200].lower() if one.isalnum())
    if len(letters) != LENGTH or not set(letters) <= set(LETTERS):
        return ""
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


# --------------------------------------------------------------------------- locking


def locked(content: bytes, passphrase: str) -> bytes:
    """An age file that any age program opens with this passphrase."""
    file_key = secrets.token_bytes(16)
    header = _header(file_key, passphrase)
    mac = hmac.HMAC(_derived(file_key, b"", b"header"), hashes.SHA256())
    mac.update(header)
    return header + b" " + _base64(mac.finalize()) + b"\n" + _payload(content, file_key)


def _header(file_key: bytes, passphrase: str) -> bytes:
    """Up to and with the three dashes: that is what the header's own hash is of."""
    salt = secrets.token_bytes(16)
    wrapping = Scrypt(salt=_LABEL + salt, length=32, n=2**WORK, r=8, p=1).derive(passphrase.encode())
    wrapped = ChaCha20Poly1305(wrapping).encrypt(bytes(12), file_key, None)
    lines = [b"age-encryption.org/v1", b"-> scrypt %s %d" % (_base64(salt), WORK), _base64(wrapped), b"---"]
    return b"\n".join(lines)


def _payload(content: bytes, file_key: bytes) -> bytes:
    """In pieces, each numbered, and the last one marked, so that none can be left out or moved."""
    nonce = secrets.token_bytes(16)
    cipher = ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))
    pieces = [content[start : start + _CHUNK] for start in range(0, len(content), _CHUNK)] or [b""]
    last = len(pieces) - 1
    sealed = (cipher.encrypt(n.to_bytes(11, "big") + bytes([n == last]), p, None) for n, p in zip(count(), pieces))
    return nonce + b"".join(sealed)


def _derived(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), length=32, salt=salt, info=info).derive(key)


def _base64(value: bytes) -> bytes:
    return b64encode(value).rstrip(b"=")


# --------------------------------------------------------------------------- opening


def opened(file: bytes, passphrase: str) -> bytes:
    """What is in a file of ours. Raises NotOurs before any costly work, DoesNotOpen after it."""
    header = _HEADER.match(file)
    if header is None or len(file) > MOST_BYTES or int(header[1]) > MOST_WORK:
        raise NotOurs
    try:
        content: bytes = pyrage.passphrase.decrypt(file, passphrase)
    except pyrage.DecryptError:
        raise DoesNotOpen from None
    return content
