"""One Google account linked by one Person, and what is left of it after it ended."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models

from audits.models.sealing import Sealed


class ConnectionState(models.TextChoices):
    WORKING = "working"
    NEEDS_RECONNECTING = "needs_reconnecting"
    ENDED = "ended"


class Connection(models.Model):
    """A `sub` (Google's id of an account) belongs to one Person at a time.

    Sealed: sub, email, name, hosted_domain ("" = personal account), refresh_token, access_token, claims
    ({"amr": [...]|None, "auth_time": epoch|None, "received_at": epoch}).
    `granted` is what Google said was granted; `asked` is all we ever asked for; `closed` are granted scopes whose
    look the Person closed with us (Google cannot take back one scope alone).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="connections")
    sub_key = models.CharField(max_length=32, unique=True)
    email_key = models.CharField(max_length=32, db_index=True, blank=True)  # lookup_key("email", address in lower case)
    state = models.CharField(max_length=20, choices=ConnectionState, default=ConnectionState.WORKING)
    state_why = models.CharField(max_length=40, blank=True)  # Google's error word, e.g. invalid_grant
    granted = models.JSONField(default=list)
    asked = models.JSONField(default=list)
    closed = models.JSONField(default=list)
    look_marks = models.JSONField(default=dict)  # look id -> {"word": what happened to it last, "at": ISO time}
    granted_at = models.DateTimeField(null=True)
    access_expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sub_sealed = models.BinaryField(null=True)
    email_sealed = models.BinaryField(null=True)
    name_sealed = models.BinaryField(null=True)
    hosted_domain_sealed = models.BinaryField(null=True)
    refresh_token_sealed = models.BinaryField(null=True)
    access_token_sealed = models.BinaryField(null=True)
    claims_sealed = models.BinaryField(null=True)

    sub = Sealed("sub_sealed")
    email = Sealed("email_sealed")
    name = Sealed("name_sealed")
    hosted_domain = Sealed("hosted_domain_sealed")
    refresh_token = Sealed("refresh_token_sealed")
    access_token = Sealed("access_token_sealed")
    claims = Sealed("claims_sealed")

    class Meta:
        ordering = ("created_at", "pk")

    def __str__(self) -> str:
        return f"connection {self.pk}"

    @property
    def usable_scopes(self) -> frozenset[str]:
        """Granted at Google and not closed with us."""
        return frozenset(self.granted) - frozenset(self.closed)


class AdministratorLook(models.Model):
    """A token for one audit only. Deleted when that audit ends, and swept after an hour in any case."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="administrator_looks")
    granted = models.JSONField(default=list)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    access_token_sealed = models.BinaryField(null=True)

    access_token = Sealed("access_token_sealed")

    def __str__(self) -> str:
        return f"administrator look {self.pk}"


class WaitingRevocation(models.Model):
    """A token that Google could not be asked to revoke yet. It outlives the Person, so it is sealed for no one."""

    OWNER = "revocation"

    token_sealed = models.BinaryField()
    created_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"waiting revocation {self.pk}"


class NamedPerson(models.Model):
    """Somebody whom the Person has in mind: any label, an address, or both; several addresses may share a label.

    Drive is asked about an address only because the Person wrote it. `address_key` is made of the address, or of the
    label where there is no address.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="named_people")
    address_key = models.CharField(max_length=32)
    created_at = models.DateTimeField(auto_now_add=True)
    address_sealed = models.BinaryField(null=True)
    label_sealed = models.BinaryField(null=True)

    address = Sealed("address_sealed")
    label = Sealed("label_sealed")

    class Meta:
        ordering = ("created_at", "pk")
        constraints = [models.UniqueConstraint(fields=["person", "address_key"], name="one_name_once")]

    def __str__(self) -> str:
        return f"named person {self.pk}"


class NamedDevice(models.Model):
    """A device that the Person worries about, by any label; findings about a device of this name gather there."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="named_devices")
    label_key = models.CharField(max_length=32)
    created_at = models.DateTimeField(auto_now_add=True)
    label_sealed = models.BinaryField()

    label = Sealed("label_sealed")

    class Meta:
        ordering = ("created_at", "pk")
        constraints = [models.UniqueConstraint(fields=["person", "label_key"], name="one_device_once")]

    def __str__(self) -> str:
        return f"named device {self.pk}"


class TimelineEntry(models.Model):
    """Something that happened, told to the Person: signed in, connected, an operator ran an audit, deleted."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="timeline")
    kind = models.CharField(max_length=40)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    values_sealed = models.BinaryField(null=True)

    values = Sealed("values_sealed")

    class Meta:
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=["person", "-at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
