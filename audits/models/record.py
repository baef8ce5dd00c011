"""A record: one finding as it was seen, kept by the Person. It cannot be changed, only deleted."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from audits.models.connection import Connection
from audits.models.sealing import Sealed


class RecordIsFixed(Exception):
    """A record was to be written a second time."""


class Record(models.Model):
    """`content` (sealed): the text that the hash is of, exactly as it was hashed (see audit/keeping.py); for a record
    that came back in a file {"text", "brought_at"}.

    `sha256`: 64 hex characters. `audit_public_id`: the audit it came from, which may be gone by now.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="records")
    connection = models.ForeignKey(Connection, on_delete=models.SET_NULL, null=True, related_name="records")
    check_id = models.CharField(max_length=60)
    audit_public_id = models.UUIDField(null=True)  # None: what the Person told us, outside any audit
    kept_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    content_sealed = models.BinaryField()

    content = Sealed("content_sealed")

    class Meta:
        ordering = ("-kept_at", "-pk")
        indexes = [models.Index(fields=["person", "-kept_at"])]

    def __str__(self) -> str:
        return f"record {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise RecordIsFixed(f"record {self.pk} is fixed")
        super().save(*args, **kwargs)
