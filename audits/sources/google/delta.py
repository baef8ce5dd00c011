"""Asking only for what changed since the last look.

A source that can do so keeps a Mark: Google's own token for "from here on", and when it last read everything whole.
What is built on a Mark carries the date of that whole reading: a delta never renews a *looks fine* date. After
FULL_LOOK_DAYS, or when Google no longer knows the token, everything is read whole again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from audits.sources.contract import Ask
from audits.sources.google.source import Reading
from privacy_audit.environment import read_int

_LONGEST_TOKEN = 4_096


@dataclass(frozen=True)
class Mark:
    token: str
    whole_at: datetime


def mark_of(ask: Ask) -> Mark | None:
    """Where the last look ended. None: read everything."""
    token, whole_at = ask.cursor.get("token"), ask.cursor.get("whole_at")
    if not isinstance(token, str) or not isinstance(whole_at, str) or not 0 < len(token) <= _LONGEST_TOKEN:
        return None
    mark = Mark(token, datetime.fromisoformat(whole_at))
    age = ask.now() - mark.whole_at
    return mark if timedelta(0) <= age < timedelta(days=read_int("FULL_LOOK_DAYS")) else None


def keep(reading: Reading, mark: Mark) -> None:
    """Remember this for the next look, and date this one by its last whole reading."""
    reading.cursor = {"token": mark.token, "whole_at": mark.whole_at.isoformat()}
    reading.whole_at = mark.whole_at
