"""Passkeys: a way in that lives on the Person's own device. allauth keeps the row, fido2 checks what devices say.

Kept is what a device proves itself against: the number of the passkey and its public key. Neither is a secret.
What a browser sends: https://www.w3.org/TR/webauthn-3/#sctn-op-flows
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from audits.models import Person

logger = logging.getLogger(__name__)

MOST_PASSKEYS = 5
LONGEST_ANSWER = 20_000
NAME = "Notes"  # what the device shows in its own list of passkeys
NO_MODEL = bytes(16)  # in place of what says which kind of device it is
_STATE = "passkey"
_MAKING, _SHOWING = "making", "showing"


class NotThisPasskey(Exception):
    """What came is no answer to what we asked, or of a passkey that is not here."""


def name_of_site() -> str:
    """Passkeys belong to a name, never to a number: they work at localhost and not at 127.0.0.1."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def works_at(request: HttpRequest) -> bool:
    return request.get_host() == urlsplit(settings.BASE_URL).netloc


def server() -> Fido2Server:
    own = PublicKeyCredentialRpEntity(id=name_of_site(), name=NAME)
    return Fido2Server(own, verify_origin=lambda origin: bool(origin == settings.BASE_URL))


def passkeys_of(person: Person) -> list[Authenticator]:
    found = Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN)
    return list(found.order_by("created_at", "pk")[:MOST_PASSKEYS])


def passkey_of(person: Person, number: str) -> Authenticator | None:
    """The Person's own passkey by what a form names it."""
    return next((one for one in passkeys_of(person) if str(one.pk) == number), None)


# --------------------------------------------------------------------------- adding one


def ask_for_new(request: HttpRequest, person: Person) -> dict[str, Any]:
    """What the browser needs to make a passkey. The passkey shows no name of the Person."""
    options, state = server().register_begin(
        PublicKeyCredentialUserEntity(id=person.public_id.bytes, name=NAME, display_name=NAME),
        credentials=[_credential(one) for one in passkeys_of(person)],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    request.session[_STATE] = {"for": _MAKING, "person": person.pk, **state}
    return dict(options)


def add(request: HttpRequest, person: Person, answer: str) -> Authenticator:
    """Raises NotThisPasskey."""
    state = _take_state(request, _MAKING)
    if state.get("person") != person.pk:
        raise NotThisPasskey
    said = _read(answer)
    try:
        credential = server().register_complete(state, said).credential_data
    except Exception as error:  # the library reads what a stranger's device wrote, and stumbles in many ways
        raise _no(error) from None
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        if credential is None or len(passkeys_of(person)) >= MOST_PASSKEYS:
            raise NotThisPasskey
        bare = AttestedCredentialData.create(NO_MODEL, credential.credential_id, credential.public_key)
        data = {"name": "", "credential": base64.b64encode(bare).decode()}
        row: Authenticator = Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=data)
    return row


# --------------------------------------------------------------------------- showing one


def ask_for_one(request: HttpRequest) -> dict[str, Any]:
    """Whose passkey it is, the passkey says itself: no name is asked, and no list of passkeys is given away."""
    options, state = server().authenticate_begin(user_verification=UserVerificationRequirement.REQUIRED)
    request.session[_STATE] = {"for": _SHOWING, **state}
    return dict(options)


def person_with(request: HttpRequest, answer: str) -> Person:
    """Whose passkey answered what we asked this very browser. Each question can be answered once.

    Raises NotThisPasskey.
    """
    state, said = _take_state(request, _SHOWING), _read(answer)
    person = _person_named(said)
    rows = passkeys_of(person)
    try:
        shown = server().authenticate_complete(state, [_credential(row) for row in rows], said)
    except Exception as error:
        raise _no(error) from None
    used = next(row for row in rows if _credential(row).credential_id == shown.credential_id)
    used.record_usage()
    return person


def _person_named(said: Mapping[str, Any]) -> Person:
    try:
        handle = UUID(bytes=websafe_decode(said["response"]["userHandle"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _no(error) from None
    person = Person.objects.filter(public_id=handle, is_active=True).first()
    if person is None:
        raise NotThisPasskey
    return person


def _credential(row: Authenticator) -> AttestedCredentialData:
    return AttestedCredentialData(base64.b64decode(row.data["credential"]))


def _take_state(request: HttpRequest, purpose: str) -> dict[str, Any]:
    state = request.session.pop(_STATE, None)
    if not isinstance(state, dict) or state.get("for") != purpose:
        raise NotThisPasskey
    return state


def _read(answer: str) -> Mapping[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise NotThisPasskey
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise _no(error) from None
    if not isinstance(said, dict):
        raise NotThisPasskey
    return said


def _no(error: Exception) -> NotThisPasskey:
    logger.info("a passkey was not taken: %s", type(error).__name__)
    return NotThisPasskey()
