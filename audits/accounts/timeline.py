"""What happened with an account, told to the Person later. Ids only: names are looked up when it is told."""

from __future__ import annotations

from enum import StrEnum

from django.utils import timezone

from audits.models import Connection, Person, TimelineEntry


class Happened(StrEnum):
    SIGNED_IN = "signed_in"
    CONNECTED = "connected"
    RECONNECTED = "reconnected"
    LOOK_OPENED = "look_opened"
    LOOK_UNTICKED = "look_unticked"
    LOOK_CLOSED = "look_closed"
    LOOK_ENDED = "look_ended"
    ADMINISTRATOR_LOOK = "administrator_look"
    DISCONNECTED = "disconnected"


def note(person: Person, what: Happened, connection: Connection | None = None, look: str = "") -> None:
    entry = TimelineEntry(person=person, kind=what.value, at=timezone.now())
    values = {"connection": str(connection.public_id) if connection else "", "look": look}
    entry.values = {name: value for name, value in values.items() if value}
    entry.save()
