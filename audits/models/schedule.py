"""When the next look of a Person is due by itself. No row: never."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Every(models.TextChoices):
    WEEK = "week"
    MONTH = "month"


class PausedBy(models.TextChoices):
    PERSON = "person"
    CONNECTION = "connection"  # Google no longer lets us look


class Schedule(models.Model):
    """`weekday` (0: Monday) is for weeks, `day` (1 to 31; a shorter month ends earlier) for months; `hour` is in the
    Person's zone. `next_at` is None while paused. `last_at`: when a look was last started by the schedule."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="schedule")
    every = models.CharField(max_length=10, choices=Every)
    weekday = models.PositiveSmallIntegerField(null=True)
    day = models.PositiveSmallIntegerField(null=True)
    hour = models.PositiveSmallIntegerField()
    next_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_by = models.CharField(max_length=12, choices=PausedBy, blank=True)

    class Meta:
        indexes = [models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="schedule_due")]

    def __str__(self) -> str:
        return f"schedule {self.pk}"
