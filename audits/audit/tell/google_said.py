"""What Google told us, unasked, about an account: in one sentence, with the day, and never with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext

from audits.audit.tell.sentences import day, set_apart
from audits.models import Person, TimelineEntry

PREFIX = "google_"
SHOWN_FOR = timedelta(days=14)


def sentence(entry: TimelineEntry, accounts: Mapping[str, str]) -> str:
    """ "" when this entry is of another kind. `accounts`: addresses by the public ids of Connections."""
    words = _words(entry.kind) if entry.kind.startswith(PREFIX) else ""
    if not words:
        return ""
    values = entry.values or {}
    name = accounts.get(values.get("connection", ""), "")
    account = set_apart(name) if name else gettext("a Google account of yours")
    return words.format(day=day(_moment(entry, values)), account=account)


def newest(person: Person, accounts: Mapping[str, str]) -> str:
    """The newest of these sentences, for the overview, while it is new. One query."""
    since = timezone.now() - SHOWN_FOR
    entry = TimelineEntry.objects.filter(person=person, kind__startswith=PREFIX, at__gte=since).first()
    return sentence(entry, accounts) if entry else ""


def _moment(entry: TimelineEntry, values: Mapping[str, str]) -> datetime:
    """When Google wrote it. It may reach us later."""
    return datetime.fromisoformat(values["on"]) if values.get("on") else entry.at


def _words(kind: str) -> str:
    texts = {
        "google_ended_sessions": gettext(
            "Google told us on {day} that all sessions of {account} were ended. So we signed you out here too."
        ),
        "google_ended_access": gettext(
            "Google told us on {day} that our access to {account} was ended. So we signed you out here too."
        ),
        "google_disabled": gettext("Google told us on {day} that it disabled {account}."),
        "google_disabled_ended": gettext(
            "Google told us on {day} that it disabled {account}. So we signed you out here, and deleted our keys to it."
        ),
        "google_enabled": gettext("Google told us on {day} that {account} is enabled again."),
        "google_asks_for_change": gettext(
            "Google told us on {day} that {account} needs a change to how it signs in. It did not say why."
        ),
        "google_purged": gettext(
            "Google told us on {day} that {account} was deleted. What we saw before is still here."
        ),
    }
    return texts.get(kind, "")
