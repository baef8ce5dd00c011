"""What stays with the Person after a session: their lists, a note of their own, and how to be reached safely.

Sealed for the Person, and read by nobody else: no page of a Helper knows these rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import transaction

from audits.audit.helping.sessions import end_over, is_over
from audits.models import HelpSession, HelpState, SessionNote

DONE, OPEN, NEXT = "done", "open", "next"
PARTS = (DONE, OPEN, NEXT)
LONGEST_NOTE = 2000
REACH = ("time", "channel", "to", "if_somebody_else", "voicemail")


def end_if_over(session: HelpSession) -> None:
    """A session whose time ran out, where no worker has written it down yet: what stays of it is written now."""
    if session.state != HelpState.ENDED and is_over(session):
        end_over(HelpSession.objects.filter(pk=session.pk))


def move(note: SessionNote, place: str, to: str) -> None:
    """Put one of its places last into another part; `to` "" takes it off. What is not on it stays away."""
    with _changing(note) as row:
        content = row.content
        if not any(place in content[part] for part in PARTS):
            return
        lists = {part: [one for one in content[part] if one != place] for part in PARTS}
        if to in PARTS:
            lists[to].append(place)
        row.content = {**content, **lists}


def write(note: SessionNote, text: str) -> None:
    with _changing(note) as row:
        row.content = {**row.content, "note": text[:LONGEST_NOTE]}


def keep_reach(note: SessionNote, reach: Mapping[str, str] | None) -> None:
    """`reach`: a text for each of REACH, or None: nothing of it is kept."""
    with _changing(note) as row:
        row.reach = {name: reach.get(name, "") for name in REACH} if reach else None


def delete(note: SessionNote) -> None:
    """The log and that the session happened stay."""
    SessionNote.objects.filter(pk=note.pk).delete()


@contextmanager
def _changing(note: SessionNote) -> Iterator[SessionNote]:
    """Locked, so that two windows do not undo each other. A note that was deleted meanwhile stays deleted."""
    with transaction.atomic():
        row = SessionNote.objects.select_for_update().filter(pk=note.pk).first()
        if row is None:
            yield note
            return
        yield row
        row.save(update_fields=["content_sealed", "reach_sealed"])
