"""How often somebody did something lately. Used while Redis does not answer; holds keyed hashes only."""

from __future__ import annotations

from django.db import IntegrityError, models, transaction
from django.db.models import F


class RateCount(models.Model):
    """One counter: `key` is a keyed hash of what is limited and for whom, `ends_at` the epoch second it ends."""

    key = models.CharField(max_length=32)
    ends_at = models.BigIntegerField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "ends_at"], name="one_count_a_window")]

    def __str__(self) -> str:
        return f"rate count {self.pk}"

    @classmethod
    def add(cls, key: str, ends_at: int, now: int) -> int:
        """Count one more and return the count. The first count of a window sweeps out what has ended."""
        counter = cls.objects.filter(key=key, ends_at=ends_at)
        if not counter.update(count=F("count") + 1):
            cls.objects.filter(ends_at__lte=now).delete()
            cls._begin(key, ends_at)
        return counter.values_list("count", flat=True).first() or 1

    @classmethod
    def _begin(cls, key: str, ends_at: int) -> None:
        try:
            with transaction.atomic():
                cls.objects.create(key=key, ends_at=ends_at, count=1)
        except IntegrityError:
            cls.objects.filter(key=key, ends_at=ends_at).update(count=F("count") + 1)
