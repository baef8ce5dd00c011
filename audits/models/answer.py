"""What the Person told us. Answers outlive findings: they hang on stable keys."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from audits.facts import ItemAnswer, ToldAnswer
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

    `told` (sealed): {"answer", "names": [...]}.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="check_answers")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, null=True, related_name="check_answers")
    check_id = models.CharField(max_length=60)
    answered_at = models.DateTimeField()
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
