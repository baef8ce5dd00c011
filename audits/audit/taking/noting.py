"""That something was taken away, or brought back: an entry for the Person, with nothing but the day and the way."""

from __future__ import annotations

from django.utils import timezone

from audits.models import Person, TimelineEntry

PAPER, BLACKED_OUT, DATA, LOCKED = "taken_paper", "taken_blacked_out", "taken_data", "taken_locked"
BROUGHT_BACK = "brought_back"


def note(person: Person, kind: str) -> None:
    TimelineEntry.objects.create(person=person, kind=kind, at=timezone.now())
