"""Security events that Google sent us about an account. Each is acted on once."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ReceivedEvent(models.Model):
    """`jti_key` is a keyed hash of the token's own id: the same token twice is the same event.

    `person` is null when the event is about nobody here. Nothing else of the token is kept.
    """

    jti_key = models.CharField(max_length=32, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=60)
    issued_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["received_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
