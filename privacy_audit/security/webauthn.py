"""Passkeys: what we ask a browser, and whether its answer is right. Who they belong to is the caller's matter.

Kept is what a device proves itself against: the number of the passkey and its public key. Neither is a secret.
What a browser sends: https://www.w3.org/TR/webauthn-3/#sctn-op-flows
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
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

logger = logging.getLogger(__name__)

LONGEST_ANSWER = 20_000
NAME = "Notes"  # what the device shows in its own list of passkeys
NO_MODEL = bytes(16)  # in place of what says which kind of device it is
_STATE = "passkey"
_MAKING, _SHOWING = "making", "showing"


class NotThisPasskey(Exception):
    """What came is no answer to what we asked, or of a passkey that is not here."""


@dataclass(frozen=True)
class Use:
    """ALONE: the passkey is the whole way in, and says itself whose it is. SECOND: a password was shown before."""

    resident: ResidentKeyRequirement
    verification: UserVerificationRequirement


ALONE = Use(ResidentKeyRequirement.REQUIRED, UserVerificationRequirement.REQUIRED)
SECOND = Use(ResidentKeyRequirement.DISCOURAGED, UserVerificationRequirement.PREFERRED)


def name_of_site() -> str:
    """Passkeys belong to a name, never to a number: they work at localhost and not at 127.0.0.1."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def works_at(request: HttpRequest) -> bool:
    return request.get_host() == urlsplit(settings.BASE_URL).netloc


def server() -> Fido2Server:
    own = PublicKeyCredentialRpEntity(id=name_of_site(), name=NAME)
    return Fido2Server(own, verify_origin=lambda origin: bool(origin == settings.BASE_URL))


# --------------------------------------------------------------------------- making one


def ask_for_new(request: HttpRequest, owner: UUID, known: Sequence[str], use: Use) -> dict[str, Any]:
    """What the browser needs to make a passkey. The passkey shows no name of its owner. `known`: those there are."""
    options, state = server().register_begin(
        PublicKeyCredentialUserEntity(id=owner.bytes, name=NAME, display_name=NAME),
        credentials=[credential_of(text) for text in known],
        resident_key_requirement=use.resident,
        user_verification=use.verification,
    )
    request.session[_STATE] = {"for": _MAKING, "owner": str(owner), **state}
    return dict(options)


def read_new(request: HttpRequest, owner: UUID, answer: str) -> str:
    """The new passkey, as it is kept: see credential_of. Raises NotThisPasskey."""
    state = _take_state(request, _MAKING)
    if state.get("owner") != str(owner):
        raise NotThisPasskey
    said = _read(answer)
    try:
        credential = server().register_complete(state, said).credential_data
    except Exception as error:  # the library reads what a stranger's device wrote, and stumbles in many ways
        raise _no(error) from None
    if credential is None:
        raise NotThisPasskey
    bare = AttestedCredentialData.create(NO_MODEL, credential.credential_id, credential.public_key)
    return base64.b64encode(bare).decode()


# --------------------------------------------------------------------------- showing one


def ask_for_one(request: HttpRequest, use: Use, known: Sequence[str] = ()) -> dict[str, Any]:
    """With none known, the passkey says itself whose it is, and no list of passkeys is given away."""
    credentials = [credential_of(text) for text in known] or None
    options, state = server().authenticate_begin(credentials, user_verification=use.verification)
    request.session[_STATE] = {"for": _SHOWING, **state}
    return dict(options)


@dataclass(frozen=True)
class Shown:
    """An answer to what we asked this very browser. Each question can be answered once."""

    state: Mapping[str, Any]
    said: Mapping[str, Any]

    @property
    def owner(self) -> UUID:
        """Whose passkey it says it is: nothing is proven yet. Raises NotThisPasskey."""
        try:
            return UUID(bytes=websafe_decode(self.said["response"]["userHandle"]))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _no(error) from None

    def which(self, known: Sequence[str]) -> str:
        """Which of these it was. Raises NotThisPasskey."""
        credentials = {credential_of(text).credential_id: text for text in known}
        try:
            shown = server().authenticate_complete(dict(self.state), [credential_of(text) for text in known], self.said)
            return credentials[shown.credential_id]
        except Exception as error:
            raise _no(error) from None


def read_shown(request: HttpRequest, answer: str) -> Shown:
    """Raises NotThisPasskey."""
    return Shown(_take_state(request, _SHOWING), _read(answer))


def credential_of(text: str) -> AttestedCredentialData:
    return AttestedCredentialData(base64.b64decode(text))


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
