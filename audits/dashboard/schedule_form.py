"""When we shall look again by ourselves. What the page never offered is not taken."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _

from audits.audit.schedule import Choice
from audits.models import Every, Schedule

OFF = "off"
AN_HOUR = 18  # offered first
RHYTHMS = [(OFF, _("Only when I ask")), (Every.WEEK, _("Every week")), (Every.MONTH, _("Every month"))]


class ScheduleForm(forms.Form):
    every = forms.ChoiceField(
        label=_("How often"), choices=RHYTHMS, error_messages={"required": _("Please choose how often.")}
    )
    weekday = forms.TypedChoiceField(
        label=_("Day of the week"), choices=lambda: list(WEEKDAYS.items()), coerce=int, required=False
    )
    day = forms.TypedChoiceField(
        label=_("Day of the month"), choices=[(day, day) for day in range(1, 32)], coerce=int, required=False
    )
    hour = forms.TypedChoiceField(label=_("Hour"), choices=lambda: hours(), coerce=int, required=False)

    def __init__(self, kept: Schedule | None, data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="", initial=before(kept))

    def clean(self) -> dict[str, Any]:
        """Of what was not asked for, nothing counts."""
        said = self.cleaned_data
        needed = {Every.WEEK: ("weekday", "hour"), Every.MONTH: ("day", "hour")}.get(said.get("every", OFF), ())
        for name in ("weekday", "day", "hour"):
            if name not in needed:
                self.errors.pop(name, None)
            elif name not in self.errors and said.get(name) == "":
                self.add_error(name, _("Please choose one."))
        return said

    @property
    def choice(self) -> Choice | None:
        """None: off."""
        said = self.cleaned_data
        if said["every"] == OFF:
            return None
        weekly = said["every"] == Every.WEEK
        return Choice(
            every=Every(said["every"]),
            weekday=said["weekday"] if weekly else None,
            day=None if weekly else said["day"],
            hour=said["hour"],
        )


def before(kept: Schedule | None) -> dict[str, Any]:
    """What stands in the form at first: what was chosen, else off, and for the rest today."""
    today = timezone.localdate()
    first = {"every": OFF, "weekday": today.weekday(), "day": today.day, "hour": AN_HOUR}
    if kept is None:
        return first
    chosen = {"every": kept.every, "weekday": kept.weekday, "day": kept.day, "hour": kept.hour}
    return {**first, **{name: value for name, value in chosen.items() if value is not None}}


def hours() -> list[tuple[int, str]]:
    return [(hour, time_format(time(hour), "H:i")) for hour in range(24)]
