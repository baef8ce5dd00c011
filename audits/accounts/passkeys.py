"""Passkeys: a way in that lives on the Person's own device. allauth keeps the row, fido2 checks what devices say."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest

from audits.models import Person
from privacy_audit.security import webauthn
from privacy_audit.security.webauthn import NotThisPasskey

MOST_PASSKEYS = 5


def passkeys_of(person: Person) -> list[Authenticator]:
    found = Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN)
    return list(found.order_by("created_at", "pk")[:MOST_PASSKEYS])


def passkey_of(person: Person, number: str) -> Authenticator | None:
    """The Person's own passkey by what a form names it."""
    return next((one for one in passkeys_of(person) if str(one.pk) == number), None)


def ask_for_new(request: HttpRequest, person: Person) -> dict[str, Any]:
    """What the browser needs to make a passkey. The passkey shows no name of the Person."""
    return webauthn.ask_for_new(request, person.public_id, kept(passkeys_of(person)), webauthn.ALONE)


def add(request: HttpRequest, person: Person, answer: str) -> Authenticator:
    """Raises NotThisPasskey."""
    credential = webauthn.read_new(request, person.public_id, answer)
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        if len(passkeys_of(person)) >= MOST_PASSKEYS:
            raise NotThisPasskey
        data = {"name": "", "credential": credential}
        row: Authenticator = Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=data)
    return row


def ask_for_one(request: HttpRequest) -> dict[str, Any]:
    """Whose passkey it is, the passkey says itself: no name is asked, and no list of passkeys is given away."""
    return webauthn.ask_for_one(request, webauthn.ALONE)


def person_with(request: HttpRequest, answer: str) -> Person:
    """Whose passkey answered what we asked this very browser. Each question can be answered once.

    Raises NotThisPasskey.
    """
    shown = webauthn.read_shown(request, answer)
    person = Person.objects.filter(public_id=shown.owner, is_active=True).first()
    if person is None:
        raise NotThisPasskey
    rows = passkeys_of(person)
    which = shown.which(kept(rows))
    next(row for row in rows if row.data["credential"] == which).record_usage()
    return person


def kept(rows: list[Authenticator]) -> list[str]:
    return [row.data["credential"] for row in rows]
