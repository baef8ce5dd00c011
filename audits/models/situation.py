"""What the Person said when they started: what worries them and what they use. It chooses and orders the checks."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from audits.models.sealing import Sealed


class Situation(models.Model):
    """`said` (sealed): {"uses": [...], "worries": [...], "young": bool, "danger": bool}.

    `danger` is there only when the Person asked us to keep it. `young`: under 18, so nothing about pictures is kept.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="situation")
    said_at = models.DateTimeField()
    said_sealed = models.BinaryField()

    said = Sealed("said_sealed")

    def __str__(self) -> str:
        return f"situation {self.pk}"
