"""Step-up: before something that cannot be undone, the Person shows once more that it is them.

A password or a passkey if they have one, else a trip to Google that ends with the account they sign in with, else
their return code once more (confirming.py); it holds for five minutes. allauth's own reauthentication is not used: it
counts everybody who signed in with Google as confirmed.
"""

from __future__ import annotations

import time
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.http import HttpRequest

from audits.models import Person

FRESH_SECONDS = 5 * 60
_MARK = "confirmed"


def mark(request: HttpRequest, person: Person) -> None:
    request.session.cycle_key()
    request.session[_MARK] = {"person": person.pk, "at": time.time()}


def stepped_up(request: HttpRequest) -> bool:
    """Whether this session confirmed, lately, that it is this very person."""
    found: Any = request.session.get(_MARK)
    if not isinstance(found, dict) or found.get("person") != request.user.pk:
        return False
    at = found.get("at")
    return isinstance(at, int | float) and 0 <= time.time() - at < FRESH_SECONDS


def signs_in_with(person: Person, sub_key: str) -> bool:
    """Whether this Google account is one that the Person signs in with. A second account is not."""
    return bool(SocialAccount.objects.filter(user=person, provider="google", uid=sub_key).exists())
