"""How long a session lasts when nothing happens."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from audits.models import HelpSession, HelpState

ANSWER_MINUTES = 10  # how long the Person is asked whether the Helper may look along


def ends_at(row: HelpSession) -> datetime:
    """When it ends if nothing happens."""
    if row.state == HelpState.ASKED:
        return row.asked_at + timedelta(minutes=ANSWER_MINUTES)
    return row.touched_at + timedelta(minutes=settings.HELP_QUIET_MINUTES)
