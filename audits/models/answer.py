"""What the Person told us. Answers outlive findings: they hang on stable keys."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from audits.facts import ItemAnswer, ItemKind, Rung, ToldAnswer
from audits.models.connection import Connection
from audits.models.sealing import Sealed


class AnswerToItem(models.Model):
    """*I know this*, *I don't know this* or *leave it for now*, for one item key of one Person.

    `meaning` (sealed): {"kind", "identity", "answer"}: with it the answer is found again after a key change and can
    be handed to a rule, which knows identities and not keys.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="item_answers")
    item_key = models.CharField(max_length=32)
    answered_at = models.DateTimeField()
    meaning_sealed = models.BinaryField()

    meaning = Sealed("meaning_sealed")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "item_key"], name="one_answer_an_item")]

    def __str__(self) -> str:
        return f"answer {self.pk}"

    @property
    def answer(self) -> ItemAnswer:
        return ItemAnswer(self.meaning["answer"])


class AnswerToCheck(models.Model):
    """What the Person saw on a guided check, with the date. Every answer is kept; the newest counts.

    `told` (sealed): {"answer"}. `again_on`: the day on which the Person wants to look again. `rung`: told, or brought
    with a file from elsewhere.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="check_answers")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, null=True, related_name="check_answers")
    check_id = models.CharField(max_length=60)
    answered_at = models.DateTimeField()
    again_on = models.DateField(null=True)
    rung = models.CharField(max_length=10, default=Rung.TOLD.value, choices=[(r.value, r.value) for r in Rung])
    overtaken = models.BooleanField(default=False)  # something seen later proved otherwise: it counts no more
    told_sealed = models.BinaryField()

    told = Sealed("told_sealed")

    class Meta:
        ordering = ("-answered_at", "-pk")
        indexes = [models.Index(fields=["person", "check_id", "-answered_at"])]

    def __str__(self) -> str:
        return f"answer to {self.check_id} {self.pk}"

    @property
    def answer(self) -> ToldAnswer:
        return ToldAnswer(self.told["answer"])


class ToldItem(models.Model):
    """A thing that the Person named for a check: typed in, ticked on a page they pasted, or brought in a file.

    `key` is a keyed hash of kind and normalised name, so that the same thing is named once. `told` (sealed): {"name"}.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="told_items")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, null=True, related_name="told_items")
    check_id = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in ItemKind])
    rung = models.CharField(max_length=10, choices=[(r.value, r.value) for r in Rung])
    key = models.CharField(max_length=32)
    named_at = models.DateTimeField()
    told_sealed = models.BinaryField()

    told = Sealed("told_sealed")

    class Meta:
        ordering = ("named_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["person", "connection", "check_id", "key"], name="one_told_item_once"),
            models.UniqueConstraint(
                fields=["person", "check_id", "key"], condition=Q(connection=None), name="one_told_item_once_alone"
            ),
        ]

    def __str__(self) -> str:
        return f"told item {self.pk}"
