"""Numbers of a helpline. Written once, when at least ten callers stand behind them, and never again."""

from __future__ import annotations

from django.db import models

from audits.models.helpline import Helpline


class HelplineFigures(models.Model):
    """Whole months of one helpline: one, or several small ones together. `first_month`: a first day.

    They stay as they were written when a caller deletes everything later: two readings of one month never differ, so
    nothing can be read from a difference. `numbers`: {"months": ["2026-03", ...], "sessions", "minutes",
    "handed_over": number or None, "ways": {way to end: sessions}, "checks": {check id: sessions}}; the numbers in
    "checks" only put them in order and are shown to nobody.
    """

    helpline = models.ForeignKey(Helpline, on_delete=models.CASCADE, related_name="figures")
    first_month = models.DateField()
    numbers = models.JSONField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("-first_month",)
        constraints = [models.UniqueConstraint(fields=["helpline", "first_month"], name="figures_of_a_month_once")]

    def __str__(self) -> str:
        return f"figures {self.pk}"
