"""What is left of old findings: numbers of one month, without names."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Summary(models.Model):
    """`month` is its first day. `numbers`: {"audits", "items", "decided", "changes", "needs_look", "looks_fine",
    "could_not_tell"}."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="summaries")
    month = models.DateField()
    numbers = models.JSONField(default=dict)

    class Meta:
        ordering = ("-month",)
        constraints = [models.UniqueConstraint(fields=["person", "month"], name="one_summary_a_month")]

    def __str__(self) -> str:
        return f"summary {self.pk}"
