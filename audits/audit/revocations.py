"""Asking Google to forget a grant. When Google cannot be reached, only the token waits, and not for long.

A waiting token outlives its Person, so it is sealed for nobody. Revoking any token ends everything that Google
granted to our client for that account; a grant that the Person gives anew in the meantime must not be ended by it.
"""

from __future__ import annotations

import re
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audits.models import AdministratorLook, WaitingRevocation
from audits.models.sealing import SealBroken, lookup_key, seal, unseal
from audits.sources.google.oauth import RevokeResult, revoke

FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=12)
AT_ONCE = 50
QUICK = 5.0  # seconds, while a person waits for the page


def begin(token: str, sub: str, client_id: str) -> WaitingRevocation:
    """Remember that this token must be revoked. Call it in the transaction that deletes the token elsewhere."""
    payload = {"token": token, "grant": _grant(sub, client_id)}
    now = timezone.now()
    return WaitingRevocation.objects.create(
        token_sealed=seal(payload, WaitingRevocation.OWNER), created_at=now, next_try_at=now
    )


def begin_for_look(look: AdministratorLook) -> WaitingRevocation | None:
    """The administrator's token is revoked too, unless that would end the Connection with it.

    Google takes permissions back for a whole project, so it is done only when the two clients are of two projects.
    """
    if project_of(settings.GOOGLE_ADMIN_CLIENT_ID) == project_of(settings.GOOGLE_CLIENT_ID):
        return None
    return begin(look.access_token, look.connection.sub, settings.GOOGLE_ADMIN_CLIENT_ID)


def project_of(client_id: str) -> str:
    """Google's client ids begin with the number of their project; of another kind each counts as its own."""
    number = re.match(r"(\d+)-", client_id)
    return number[1] if number else client_id


def forget(sub: str, client_id: str) -> None:
    """The Person gave this grant anew: an old token that still waits must not end it."""
    grant = _grant(sub, client_id)
    for waiting in WaitingRevocation.objects.all().iterator():
        if (_payload(waiting) or {}).get("grant") == grant:
            waiting.delete()


def try_one(waiting: WaitingRevocation, *, timeout: float = QUICK) -> bool:
    """Ask Google now. True when nothing of this token is left to do; false when it goes on waiting."""
    if not _claim(waiting):
        return False
    payload = _payload(waiting)
    if payload is not None and revoke(payload["token"], timeout=timeout) is RevokeResult.UNREACHABLE:
        return False
    WaitingRevocation.objects.filter(pk=waiting.pk).delete()
    return True


def try_waiting() -> int:
    """What is due, and the end of what has waited for too long. Returns how many are done with. For a timer."""
    now = timezone.now()
    WaitingRevocation.objects.filter(created_at__lt=now - timedelta(days=settings.REVOKE_DAYS)).delete()
    due = WaitingRevocation.objects.filter(next_try_at__lte=now).order_by("next_try_at")[:AT_ONCE]
    return sum(try_one(waiting, timeout=settings.GOOGLE_TIMEOUT_SECONDS) for waiting in due)


def _claim(waiting: WaitingRevocation) -> bool:
    """Only one worker asks at a time. Waits double up to half a day."""
    wait = min(FIRST_WAIT * 2 ** min(waiting.tries, 10), LONGEST_WAIT)
    same = WaitingRevocation.objects.filter(pk=waiting.pk, tries=waiting.tries)
    with transaction.atomic():
        return same.update(tries=waiting.tries + 1, next_try_at=timezone.now() + wait) == 1


def _payload(waiting: WaitingRevocation) -> dict[str, str] | None:
    """None when no key of ours opens it any more: then there is nothing left to send."""
    try:
        payload: dict[str, str] = unseal(waiting.token_sealed, WaitingRevocation.OWNER)
    except SealBroken:
        return None
    return payload


def _grant(sub: str, client_id: str) -> str:
    return lookup_key("grant", client_id, sub)
