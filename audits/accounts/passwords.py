"""A password with any name the Person likes. The name is kept only as a keyed hash: we cannot say what it was."""

from __future__ import annotations

import unicodedata

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from audits.models import Person
from audits.models.sealing import lookup_key

LONGEST_NAME = 100
LONGEST_PASSWORD = 500


class NameTaken(Exception):
    """Somebody signs in by this name already."""


def name_key(name: str) -> str:
    """Large and small letters are the same name, and so are spaces around it."""
    return lookup_key("sign-in name", unicodedata.normalize("NFKC", name).strip().casefold())


def person_with(name: str, password: str) -> Person | None:
    """Who signs in like this. A name that nobody has costs as much as a wrong password."""
    person = Person.objects.filter(sign_in_key=name_key(name)).first()
    if person is None:
        make_password(password)
        return None
    return person if person.check_password(password) and person.is_active else None


def keep(person: Person, name: str, password: str) -> None:
    """Raises NameTaken."""
    person.sign_in_key = name_key(name)
    person.set_password(password)
    try:
        with transaction.atomic():
            person.save(update_fields=["sign_in_key", "password"])
    except IntegrityError:
        person.refresh_from_db()
        raise NameTaken from None


def forget(person: Person) -> None:
    person.sign_in_key = None
    person.set_unusable_password()
    person.save(update_fields=["sign_in_key", "password"])
