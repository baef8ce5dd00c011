"""What happened with an account, told to the Person later. Ids only: names are looked up when it is told."""

from __future__ import annotations

from datetime import datetime
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
    APP_REMOVED = "app_removed"
    EXPORT_BEGUN = "export_begun"
    EXPORT_STOPPED = "export_stopped"
    PHOTOS_LOOK = "photos_look"
    DISCONNECTED = "disconnected"
    CAPTURED = "captured"
    GOOGLE_ENDED_SESSIONS = "google_ended_sessions"
    GOOGLE_ENDED_ACCESS = "google_ended_access"
    GOOGLE_DISABLED = "google_disabled"
    GOOGLE_DISABLED_ENDED = "google_disabled_ended"
    GOOGLE_ENABLED = "google_enabled"
    GOOGLE_ASKS_FOR_CHANGE = "google_asks_for_change"
    GOOGLE_PURGED = "google_purged"
    CODE_MADE = "code_made"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    PASSWORD_SET = "password_set"  # noqa: S105  a word, not a password
    PASSWORD_REMOVED = "password_removed"  # noqa: S105
    PUT_TOGETHER = "put_together"
    SIGNS_IN_WITH_GOOGLE = "signs_in_with_google"


def note(
    person: Person,
    what: Happened,
    connection: Connection | None = None,
    look: str = "",
    *,
    on: datetime | None = None,
) -> None:
    """`on`: when it happened at Google, if that is another moment than now."""
    entry = TimelineEntry(person=person, kind=what.value, at=timezone.now())
    values = {
        "connection": str(connection.public_id) if connection else "",
        "look": look,
        "on": on.isoformat() if on else "",
    }
    entry.values = {name: value for name, value in values.items() if value}
    entry.save()
