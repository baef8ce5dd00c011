"""Page tokens: opaque, bound to the query they came from, dead after a while."""

import base64
import hashlib
import hmac
import json
import secrets
from binascii import Error as NotBase64


class Pages:
    """Signs and reads tokens. The key is fresh for each sandbox, so tokens do not travel."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)

    def token(self, *, offset: int, query: str, expires: float) -> str:
        payload = json.dumps([offset, _digest(query), int(expires)]).encode()
        return base64.urlsafe_b64encode(self._sign(payload) + payload).decode()

    def offset(self, token: str, *, query: str, now: float) -> int | None:
        """Where the page starts, or None for a token that is foreign, spoilt, or too old."""
        try:
            raw = base64.urlsafe_b64decode(token.encode())
        except (NotBase64, ValueError):
            return None
        seal, payload = raw[:12], raw[12:]
        if not hmac.compare_digest(seal, self._sign(payload)):
            return None
        offset, digest, expires = json.loads(payload)
        return int(offset) if digest == _digest(query) and now <= expires else None

    def _sign(self, payload: bytes) -> bytes:
        return hmac.new(self._key, payload, hashlib.sha256).digest()[:12]


def _digest(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()[:16]
