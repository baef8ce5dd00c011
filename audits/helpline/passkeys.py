"""A passkey as a second factor: after the password, so it need not know by itself whose it is."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from audits.helpline.second_factor import factors_of
from audits.models import Helper, HelperPasskey
from privacy_audit.security import webauthn
from privacy_audit.security.webauthn import NotThisPasskey


def ask_for_new(request: HttpRequest, helper: Helper) -> dict[str, Any]:
    return webauthn.ask_for_new(request, helper.public_id, _kept(helper), webauthn.SECOND)


def add(request: HttpRequest, helper: Helper, answer: str) -> None:
    """Raises NotThisPasskey."""
    credential = webauthn.read_new(request, helper.public_id, answer)
    with transaction.atomic():
        row = Helper.objects.select_for_update().get(pk=helper.pk)
        if factors_of(row).full:
            raise NotThisPasskey
        HelperPasskey.objects.create(helper=row, credential=credential, made_at=timezone.now())


def ask_for_one(request: HttpRequest, helper: Helper) -> dict[str, Any]:
    """Raises NotThisPasskey where there is none: without a list, any passkey of this site would be asked for."""
    known = _kept(helper)
    if not known:
        raise NotThisPasskey
    return webauthn.ask_for_one(request, webauthn.SECOND, known)


def check(request: HttpRequest, helper: Helper, answer: str) -> None:
    """Raises NotThisPasskey."""
    which = webauthn.read_shown(request, answer).which(_kept(helper))
    helper.passkeys.filter(credential=which).update(used_at=timezone.now())


def _kept(helper: Helper) -> list[str]:
    return [passkey.credential for passkey in factors_of(helper).passkeys]
