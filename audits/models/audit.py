"""One run for one Person, and what its sources said. The database is the truth about work."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from audits.facts import CoverageState, Why
from audits.models.connection import Connection


class AuditState(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"


ACTIVE = (AuditState.QUEUED, AuditState.RUNNING)


class Trigger(models.TextChoices):
    PERSON = "person"
    RECHECK = "recheck"
    OPERATOR = "operator"
    SCHEDULE = "schedule"
    ADMINISTRATOR = "administrator"


class Audit(models.Model):
    """`attempt` counts claims; only the worker that holds the current attempt may write (see audit/work.py).

    `only_checks` names the checks of a re-check; empty means all. `done` and `total` count sources, for the page.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="audits")
    trigger = models.CharField(max_length=20, choices=Trigger, default=Trigger.PERSON)
    state = models.CharField(max_length=20, choices=AuditState, default=AuditState.QUEUED)
    only_checks = models.JSONField(default=list)
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempt = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = [models.Index(fields=["state", "heartbeat_at"]), models.Index(fields=["person", "-created_at"])]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(state__in=("queued", "running")), name="one_active")
        ]

    def __str__(self) -> str:
        return f"audit {self.pk}"

    @property
    def active(self) -> bool:
        return self.state in ACTIVE


class SourceRun(models.Model):
    """What one source managed for one Connection in one audit, with its facts sealed and compressed.

    `current` marks the newest finished run of a source for a Connection: findings are judged from these.
    """

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="source_runs")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, null=True, related_name="source_runs")
    source = models.CharField(max_length=40)
    state = models.CharField(max_length=20, choices=[(s.value, s.value) for s in CoverageState])
    why = models.CharField(max_length=30, blank=True, choices=[(w.value, w.value) for w in Why])
    detail = models.CharField(max_length=80, blank=True)
    requests = models.PositiveIntegerField(default=0)
    fact_count = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField()
    current = models.BooleanField(default=False)
    facts_sealed = models.BinaryField(null=True)
    cursor_sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "connection", "source"], name="one_run_a_source"),
            models.UniqueConstraint(
                fields=["audit", "source"], condition=Q(connection=None), name="one_run_a_source_alone"
            ),
        ]
        indexes = [models.Index(fields=["person", "current"])]

    def __str__(self) -> str:
        return f"{self.source} run {self.pk}"
