"""The return code: a record without an account, opened again by 20 digits that we show once and do not keep.

Kept is a keyed hash, so neither the database nor a near miss says anything about a code. What is still to be shown
stands sealed in the (server-side) session until the Person says that they have kept it, or for a quarter of an hour.
"""

from __future__ import annotations

import base64
import secrets
import time
from typing import Any

from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from audits.accounts import step_up
from audits.accounts.timeline import Happened, note
from audits.audit.typed_digits import digits_of
from audits.models import Person, ReturnCode
from audits.models.sealing import SealBroken, lookup_key, seal, unseal

DIGITS = 20
SHOWN_SECONDS = 15 * 60
LONGEST_TYPED = 100
BACKEND = "django.contrib.auth.backends.ModelBackend"
_TO_SHOW = "to_show"


def start_record(request: HttpRequest) -> Person:
    """A new Person without an account, signed in, whose code waits to be shown. Who is signed in stays who they are."""
    if isinstance(request.user, Person):
        return request.user
    with transaction.atomic():
        person = Person.objects.create_user()
        digits = make(person)
    enter(request, person)
    leave_to_show(request, person, digits)
    return person


def enter(request: HttpRequest, person: Person) -> None:
    """Sign in somebody who has just shown a code, a passkey or a password: that counts as step-up too."""
    login(request, person, backend=BACKEND)
    step_up.mark(request, person)


def make(person: Person) -> str:
    """A code for this Person in place of the one before. The digits exist only in what is returned."""
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    ReturnCode.objects.update_or_create(
        person=person, defaults={"code_key": code_key(digits), "made_at": timezone.now(), "used_on": None}
    )
    note(person, Happened.CODE_MADE)
    return digits


def end(person: Person) -> bool:
    """From now on this Person's code opens nothing. False when there was none."""
    deleted, _ = ReturnCode.objects.filter(person=person).delete()
    return deleted > 0


def person_with(digits: str) -> Person | None:
    """Whose code this is. Every code that is none costs the same: one hash, one look into an index of hashes."""
    found = ReturnCode.objects.select_related("person").filter(code_key=code_key(digits)).first()
    if found is None or not found.person.is_active:
        return None
    ReturnCode.objects.filter(pk=found.pk).update(used_on=timezone.now().date())
    return found.person


def belongs_to(digits: str, person: Person) -> bool:
    return ReturnCode.objects.filter(person=person, code_key=code_key(digits)).exists()


def code_key(digits: str) -> str:
    return lookup_key("return code", digits)


def read(typed: str) -> str:
    """The digits that somebody typed: in groups, with dashes, in the digits of another script. "" when not a code."""
    return digits_of(typed, DIGITS, LONGEST_TYPED)


def groups(digits: str) -> list[str]:
    return [digits[at : at + 4] for at in range(0, DIGITS, 4)]


# --------------------------------------------------------------------------- for one showing


def leave_to_show(request: HttpRequest, person: Person, digits: str) -> None:
    sealed = base64.b64encode(seal(digits, str(person.pk))).decode()
    request.session[_TO_SHOW] = {"sealed": sealed, "until": time.time() + SHOWN_SECONDS}


def to_show(request: HttpRequest, person: Person) -> str:
    """The digits that wait to be shown to this Person; "" when there are none any more."""
    left: Any = request.session.get(_TO_SHOW)
    if left is None:
        return ""
    try:
        digits = unseal(base64.b64decode(left["sealed"]), str(person.pk))
        still = 0 <= left["until"] - time.time() <= SHOWN_SECONDS
    except (SealBroken, KeyError, TypeError, ValueError):
        digits, still = "", False
    if not still or not isinstance(digits, str) or not belongs_to(digits, person):
        never_show_again(request)
        return ""
    return digits


def never_show_again(request: HttpRequest) -> None:
    request.session.pop(_TO_SHOW, None)
