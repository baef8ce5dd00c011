"""What waits at Google for somebody: a choice in Google Photos, an export that is being made.

Tokens here are for one round only: they are deleted as soon as it ends. `next_poll_at` is also the claim: who moves it
on by a conditional UPDATE asks Google, and nobody else.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from audits.facts import Why
from audits.models.connection import Connection
from audits.models.sealing import Sealed

_WHY = [(why.value, why.value) for why in Why]


class WaitState(models.TextChoices):
    WAITING = "waiting"  # for the Person's choice, or for Google to make it ready
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"


class PhotoPick(models.Model):
    """One round of choosing in Google Photos.

    `session` (sealed): {"id", "uri"}. `found` (sealed): a list of {"photo_id", "taken_at", "make", "model", "video"}.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="photo_picks")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="photo_picks")
    state = models.CharField(max_length=10, choices=WaitState, default=WaitState.WAITING)
    why = models.CharField(max_length=30, blank=True, choices=_WHY)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    next_poll_at = models.DateTimeField()
    poll_seconds = models.FloatField(default=5)
    polls = models.PositiveIntegerField(default=0)
    picked_at = models.DateTimeField(null=True)
    access_token_sealed = models.BinaryField(null=True)
    session_sealed = models.BinaryField(null=True)
    found_sealed = models.BinaryField(null=True)

    access_token = Sealed("access_token_sealed")
    session = Sealed("session_sealed")
    found = Sealed("found_sealed")

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = [models.Index(fields=["state", "next_poll_at"]), models.Index(fields=["person", "-created_at"])]

    def __str__(self) -> str:
        return f"photo pick {self.pk}"


class Export(models.Model):
    """One consent to Google's Data Portability, with a job for each resource.

    `jobs` (sealed): {resource: {"id", "why"}}; `id` is "" until Google has begun, `why` is a Why, or "" once it was
    read whole. `tokens` (sealed): {"access_token", "refresh_token", "expires_at" (ISO 8601)}. `facts` (sealed):
    {resource: packed facts}. Google does not say which account gave this consent: `connection` is the one that the
    Person set out from.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="exports")
    state = models.CharField(max_length=10, choices=WaitState, default=WaitState.WAITING)
    why = models.CharField(max_length=30, blank=True, choices=_WHY)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    next_poll_at = models.DateTimeField()
    polls = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(null=True)
    tokens_sealed = models.BinaryField(null=True)
    jobs_sealed = models.BinaryField(null=True)
    facts_sealed = models.BinaryField(null=True)

    tokens = Sealed("tokens_sealed")
    jobs = Sealed("jobs_sealed")
    facts = Sealed("facts_sealed")

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = [models.Index(fields=["state", "next_poll_at"]), models.Index(fields=["person", "-created_at"])]

    def __str__(self) -> str:
        return f"export {self.pk}"
