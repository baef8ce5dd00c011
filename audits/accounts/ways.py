"""The ways into a record: Google, a passkey, a password, or else a return code. A better way ends the code."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from audits.accounts import passwords, return_codes
from audits.accounts.passkeys import passkeys_of
from audits.accounts.timeline import Happened, note
from audits.audit.helping.sessions import caller_leaves
from audits.models import Person, ReturnCode


@dataclass(frozen=True)
class Ways:
    google: bool
    passkeys: tuple[Authenticator, ...]
    password: bool
    code: ReturnCode | None

    @property
    def better_than_code(self) -> bool:
        return bool(self.google or self.passkeys or self.password)


def ways_of(person: Person) -> Ways:
    return Ways(
        google=SocialAccount.objects.filter(user=person, provider="google").exists(),
        passkeys=tuple(passkeys_of(person)),
        password=person.sign_in_key is not None or person.has_usable_password(),
        code=ReturnCode.objects.filter(person=person).first(),
    )


def better_way(request: HttpRequest, person: Person, what: Happened) -> bool:
    """A better way in than the code stands now: the code ends, and every other session. Whether there was a code."""
    with transaction.atomic():
        ended = return_codes.end(person)
        note(person, what)
        end_other_sessions(request, person)
    return ended


def end_other_sessions(request: HttpRequest, person: Person) -> None:
    """Whoever is signed in elsewhere as this Person is so no longer. The present session goes on under a new key.

    Nor does anybody look along: that may have been allowed elsewhere.
    """
    caller_leaves(person)
    Person.objects.filter(pk=person.pk).update(session_round=F("session_round") + 1)
    person.refresh_from_db(fields=["session_round"])
    update_session_auth_hash(request, person)


def remove_passkey(request: HttpRequest, person: Person, passkey: Authenticator) -> bool:
    """True when it was the last way in: then a new code waits to be shown."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        passkey.delete()
        return _after_removal(request, person, Happened.PASSKEY_REMOVED)


def remove_password(request: HttpRequest, person: Person) -> bool:
    """True when it was the last way in: then a new code waits to be shown."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        passwords.forget(person)
        return _after_removal(request, person, Happened.PASSWORD_REMOVED)


def new_code(request: HttpRequest, person: Person) -> None:
    """A new code waits to be shown; one from before opens nothing any more, and other sessions end."""
    with transaction.atomic():
        digits = return_codes.make(person)
        end_other_sessions(request, person)
    return_codes.leave_to_show(request, person, digits)


def _after_removal(request: HttpRequest, person: Person, what: Happened) -> bool:
    note(person, what)
    end_other_sessions(request, person)
    if ways_of(person).better_than_code:
        return False
    return_codes.leave_to_show(request, person, return_codes.make(person))
    return True
