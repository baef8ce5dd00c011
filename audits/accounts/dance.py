"""The whole OAuth dance without a browser: our own views on one side, the sandbox Google's forms on the other.

For `manage.py connect` and for tests. It speaks only to a sandbox on this machine: a real Google asks real people.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from privacy_audit.modes import LOOPBACK

SECONDS = 15.0


class DanceFailed(Exception):
    """One side did not do the next step. The message says which."""


def browser() -> Client:
    """A browser without scripts, at the address people type."""
    return Client(headers={"host": urlsplit(settings.BASE_URL).netloc})


@dataclass
class Dancer:
    """One person with one Google account in the sandbox, and their browser."""

    email: str
    client: Client = field(default_factory=browser)

    def sign_in(self) -> HttpResponseBase:
        return self.go(reverse("google_login"))

    def open_look(self, look: str, account: str = "", untick: Collection[str] = ()) -> HttpResponseBase:
        fields = {"account": account} if account else {}
        return self.go(reverse("look-open", args=[look]), fields, untick=untick)

    def confirm(self, then: str, account: str = "") -> HttpResponseBase:
        return self.go(reverse("step-up"), {"then": then, "account": account})

    def go(
        self,
        path: str,
        fields: Mapping[str, str] | None = None,
        *,
        account: str = "",
        untick: Collection[str] = (),
        decision: str = "allow",
    ) -> HttpResponseBase:
        """Press one of our buttons that lead to Google, decide there, come back. `account`: pick another one."""
        leaving = self.client.post(path, dict(fields or {}))
        if not leaving.headers.get("Location", "").startswith("http"):
            return leaving
        back = decide(leaving.headers["Location"], account or self.email, untick=untick, decision=decision)
        parts = urlsplit(back)
        return self.client.get(f"{parts.path}?{parts.query}")


def decide(address: str, account: str, *, untick: Collection[str] = (), decision: str = "allow") -> str:
    """Fill in the sandbox's form at this address; the answer is the address it sends the browser back to."""
    if urlsplit(address).hostname not in LOOPBACK:
        raise DanceFailed("This works only with a sandbox Google on this machine.")
    form = {"account": account, "decision": decision, "approved": "all", "untick": list(untick)}
    try:
        with requests.Session() as session:
            session.trust_env = False  # no proxy stands between us and this machine
            answer = session.post(address, data=form, timeout=SECONDS, allow_redirects=False)
    except requests.RequestException:
        raise DanceFailed("The sandbox Google does not answer. Start it with make run.") from None
    if "Location" not in answer.headers:
        raise DanceFailed(f"The sandbox Google did not send {account} back ({answer.status_code}).")
    return answer.headers["Location"]
