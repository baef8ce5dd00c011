"""Ordering security events from Google, as the service account that its operator made for it.

https://developers.google.com/identity/protocols/risc#register_your_receiver . The key is read from a file, signs one
short-lived token for each call, and is neither kept nor printed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from django.conf import settings
from django.urls import reverse

from audits.accounts.risc.events import ADDRESSES, Kind
from audits.sources.google.endpoints import current
from audits.sources.google.errors import GoogleFault
from audits.sources.google.http import Answer, Http
from audits.sources.google.values import tidy

GOOGLE = "https://risc.googleapis.com"
AUDIENCE = "https://risc.googleapis.com/google.identity.risc.v1beta.RiscManagementService"
PUSH = "https://schemas.openid.net/secevent/risc/delivery-method/push"
# account-purged is not in Google's own list of what may be ordered. It has been seen to arrive all the same.
ORDERED = sorted(address for kind, address in ADDRESSES.items() if kind is not Kind.PURGED)
_TOKEN_LIVES = 300  # seconds
_LARGEST_FILE = 64 * 1024


class StreamTrouble(Exception):
    """The message is a sentence for the operator."""


@dataclass(frozen=True, repr=False)
class ServiceAccount:
    email: str
    key_id: str
    private_key: str

    @classmethod
    def from_file(cls, path: Path) -> ServiceAccount:
        try:
            with path.open("rb") as file:
                found = json.loads(file.read(_LARGEST_FILE))
            texts = [found[name] for name in ("client_email", "private_key_id", "private_key")]
        except OSError as error:
            raise StreamTrouble(f"{path} cannot be read: {error.strerror}.") from None
        except (ValueError, TypeError, KeyError, RecursionError):
            texts = []
        if not texts or not all(isinstance(text, str) for text in texts):
            raise StreamTrouble(f"{path} is not the JSON key file of a service account.")
        return cls(*texts)

    def token(self) -> str:
        now = int(time.time())
        claims = {"iss": self.email, "sub": self.email, "aud": AUDIENCE, "iat": now, "exp": now + _TOKEN_LIVES}
        try:
            return jwt.encode(claims, self.private_key, "RS256", headers={"kid": self.key_id})
        except (jwt.PyJWTError, ValueError, TypeError):
            raise StreamTrouble("The private key in this file cannot be used.") from None


def receiver() -> str:
    """Our own address for events."""
    return f"{settings.BASE_URL}{reverse('security-events')}"


def show(account: ServiceAccount) -> Mapping[str, Any] | None:
    """How the stream is set up at Google. None: not at all."""
    answer = _send(account, "GET", "/v1beta/stream")
    return None if answer.status == 404 else _believed(answer, "delivery")


def status(account: ServiceAccount) -> str:
    """Google's own word, such as `enabled`."""
    return tidy(str(_believed(_send(account, "GET", "/v1beta/stream/status"), "status")["status"]), 40)


def set_up(account: ServiceAccount) -> None:
    delivery = {"delivery_method": PUSH, "url": receiver()}
    _believed(_send(account, "POST", "/v1beta/stream:update", {"delivery": delivery, "events_requested": ORDERED}))


def ask_for_a_test(account: ServiceAccount) -> None:
    """Google sends a test event to our address, soon."""
    _believed(_send(account, "POST", "/v1beta/stream:verify", {"state": "asked for by manage.py security_events"}))


def switch(account: ServiceAccount, *, on: bool) -> None:
    """While it is off, Google keeps nothing back for later."""
    _believed(_send(account, "POST", "/v1beta/stream/status:update", {"status": "enabled" if on else "disabled"}))


def _send(account: ServiceAccount, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
    headers = {"authorization": f"Bearer {account.token()}", "accept": "application/json"}
    content = None if body is None else json.dumps(body).encode()
    if content is not None:
        headers["content-type"] = "application/json"
    try:
        with Http(largest=_LARGEST_FILE) as http:
            return http.send(method, (current().api["risc"] or GOOGLE) + path, headers, content)
    except GoogleFault:
        raise StreamTrouble("Google does not answer. Nothing was changed, as far as we know.") from None


def _believed(answer: Answer, key: str = "") -> Mapping[str, Any]:
    """`key` must be in it, where one is named. An order is answered with an empty object, or with nothing."""
    try:
        found = json.loads(answer.body or b"{}")
    except (ValueError, RecursionError):
        found = None
    if answer.status != 200:
        raise StreamTrouble(f"Google refused ({answer.status}): {_message(found)}")
    if not isinstance(found, dict) or (key and key not in found):
        raise StreamTrouble("Google’s answer could not be read.")
    return found


def _message(found: Any) -> str:
    """Google's own sentence, which says what to do."""
    error = found.get("error") if isinstance(found, dict) else None
    message = error.get("message") if isinstance(error, dict) else None
    return tidy(message, 300) if isinstance(message, str) else "no reason given."
