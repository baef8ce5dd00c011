"""Helplines and their staff. A Helper is nobody's Person: own sign-in, own second factor, own pages."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from audits.models.sealing import Sealed


class Helpline(models.Model):
    """`about`: who may join a call, `limits`: where confidence ends; both are read by callers before they ask."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    about = models.CharField(max_length=600, blank=True)
    limits = models.CharField(max_length=600, blank=True)
    hours = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return f"helpline {self.pk}"


class HelperRole(models.TextChoices):
    HELPER = "helper"  # takes calls
    LEAD = "lead"  # invites helpers, sees that calls happened, never a caller
    OPERATOR = "operator"  # makes and closes helplines; belongs to none


class Helper(models.Model):
    """`name` is what callers are shown. Kept of the sign-in name and the invitation are keyed hashes only.

    `totp` (sealed): {"seed"}; `totp_counter`: the last 30 seconds whose number was used, which is used once.
    `session_round`: counted up, every sign-in of this Helper ends. `held_at`: the Helper takes a pause.
    `code_misses`: wrong codes since `code_misses_since`; the Helper then types none until `code_locked_until`, and
    none at all after `code_locked_at`, until a lead unlocks them.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    helpline = models.ForeignKey(Helpline, on_delete=models.PROTECT, null=True, related_name="helpers")
    role = models.CharField(max_length=10, choices=HelperRole)
    name = models.CharField(max_length=60)
    sign_in_key = models.CharField(max_length=32, null=True, unique=True)  # noqa: DJ001  unique where it is set
    password = models.CharField(max_length=128, blank=True)
    totp_sealed = models.BinaryField(null=True)
    totp_counter = models.BigIntegerField(default=0)
    invitation_key = models.CharField(max_length=32, null=True, unique=True)  # noqa: DJ001  unique where it is set
    invitation_ends_at = models.DateTimeField(null=True)
    invited_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    session_round = models.PositiveIntegerField(default=0)
    held_at = models.DateTimeField(null=True)
    code_misses = models.PositiveIntegerField(default=0)
    code_misses_since = models.DateTimeField(null=True)
    code_locked_until = models.DateTimeField(null=True)
    code_locked_at = models.DateTimeField(null=True)

    totp = Sealed("totp_sealed")

    class Meta:
        ordering = ("name", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(role="operator", helpline=None) | (~Q(role="operator") & Q(helpline__isnull=False)),
                name="operators_alone_have_no_helpline",
            )
        ]

    def __str__(self) -> str:
        return f"helper {self.pk}"

    @property
    def seal_owner(self) -> str:
        return f"helper {self.public_id}"


class HelperPasskey(models.Model):
    """`credential`: the number of the passkey and its public key, in base64. Neither is a secret."""

    helper = models.ForeignKey(Helper, on_delete=models.CASCADE, related_name="passkeys")
    credential = models.TextField()
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("made_at", "pk")

    def __str__(self) -> str:
        return f"helper passkey {self.pk}"


class HelpCode(models.Model):
    """The spoken code in flight: eight digits, bound to one helpline, used once. One a Person.

    `code_key`: keyed hash of helpline and digits. `digits` (sealed): so that the Person can read them again.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="help_code")
    helpline = models.ForeignKey(Helpline, on_delete=models.CASCADE, related_name="codes")
    code_key = models.CharField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    digits_sealed = models.BinaryField()

    digits = Sealed("digits_sealed")

    def __str__(self) -> str:
        return f"help code {self.pk}"


class CallWord(models.Model):
    """The call-back word of a Person and a helpline, by which each knows the other. `word` (sealed): a text."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="call_words")
    helpline = models.ForeignKey(Helpline, on_delete=models.CASCADE, related_name="call_words")
    made_at = models.DateTimeField()
    word_sealed = models.BinaryField()

    word = Sealed("word_sealed")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "helpline"], name="one_word_a_helpline")]
        ordering = ("made_at", "pk")

    def __str__(self) -> str:
        return f"call word {self.pk}"
