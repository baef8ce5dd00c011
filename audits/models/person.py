"""Who uses this. A Person may have no e-mail address and no password."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, password: str | None = None, **fields: Any) -> Person:
        person = self.model(**fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    language = models.CharField(max_length=12, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)

    # A keyed hash of the name that goes with a password; None where the Person has set no password.
    sign_in_key = models.CharField(max_length=32, null=True, unique=True)  # noqa: DJ001  unique where it is set
    session_round = models.PositiveIntegerField(default=0)  # counted up, every session of this Person ends

    # The session in which a Helper looks along or asks to, until it ends: no page has to ask the database for one.
    help_session = models.ForeignKey("audits.HelpSession", on_delete=models.SET_NULL, null=True, related_name="+")

    objects = PersonManager()

    USERNAME_FIELD = "public_id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return f"person {self.pk}"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's own, bound to the round as well. Both names are Django's, which calls the second for old secrets."""
        return salted_hmac(
            "audits.models.person", f"{self.password}:{self.session_round}", secret=secret, algorithm="sha256"
        ).hexdigest()

    def get_session_auth_hash(self) -> str:
        return self._get_session_auth_hash()
