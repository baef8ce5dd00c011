"""The return code of a Person without an account: 20 digits, shown once, kept as a keyed hash."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ReturnCode(models.Model):
    """`code_key` is a keyed hash of the digits. `used_on`: the last day on which it opened the record."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="return_code")
    code_key = models.CharField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    used_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"return code {self.pk}"
