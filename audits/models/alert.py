"""Alerts: what the Person wants to be told of by themselves, and each one on its way."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from audits.models.audit import Audit
from audits.models.sealing import Sealed


class Channel(models.TextChoices):
    APP = "app"  # on the overview only
    EMAIL = "email"  # to an address that the Person chose
    CALENDAR = "calendar"  # a file for their own calendar, without content


class AlertChoice(models.Model):
    """No row: no alerts. `wanted` (sealed): {"kinds": [...], "address": "", "anyway": whose mailbox it is, where
    the Person was told and wants it all the same}. Quiet hours are in the Person's zone.

    `stopped_at`: the address refused for good, which the app says; until the Person gives another one or tries again.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alert_choice")
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.APP)
    quiet_from = models.PositiveSmallIntegerField(default=22)
    quiet_to = models.PositiveSmallIntegerField(default=8)
    chosen_at = models.DateTimeField()
    tested_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    wanted_sealed = models.BinaryField()

    wanted = Sealed("wanted_sealed")

    def __str__(self) -> str:
        return f"alert choice {self.pk}"


class AlertState(models.TextChoices):
    WAITING = "waiting"  # for quiet hours to end, or for its digest
    SENDING = "sending"  # written before it is sent: a row left so is shown in the app and never sent again
    SENT = "sent"
    SHOWN = "shown"  # in the app only
    REFUSED = "refused"  # the address refused for good


class Alert(models.Model):
    """One digest: what was worth an alert after one audit. `content` (sealed): {"kinds": {kind: count}}."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alerts")
    audit = models.ForeignKey(Audit, on_delete=models.SET_NULL, null=True, related_name="alerts")
    state = models.CharField(max_length=10, choices=AlertState)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    content_sealed = models.BinaryField()

    content = Sealed("content_sealed")

    class Meta:
        ordering = ("-made_at", "-pk")
        indexes = [
            models.Index(fields=["person", "-made_at"]),
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="alert_due"),
        ]
        constraints = [models.UniqueConstraint(fields=["audit"], name="one_alert_an_audit")]

    def __str__(self) -> str:
        return f"alert {self.pk}"
