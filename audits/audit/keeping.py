"""Keep a record of this: one finding, frozen as it was seen, with the hash of exactly what is kept.

A record outlives later audits, closed looks and disconnected accounts. It cannot be changed; the Person can delete it.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from audits.audit import young
from audits.audit.record_text import text_for
from audits.checks.catalogue import CHECKS
from audits.models import Finding, Item, Person, Record, TimelineEntry
from audits.models.sealing import SealBroken

MOST_RECORDS = 200  # of one Person
KEPT, DELETED = "record_kept", "record_deleted"

Content = str | dict[str, str]


class CannotKeep(Exception):
    """No record was made."""


class TooManyRecords(CannotKeep):
    """The Person has as many records as we keep."""


class OnlyToRead(CannotKeep):
    """Nothing is kept of this check for somebody under 18."""


class NoLongerWhole(CannotKeep):
    """The finding is an old one, and the things that it named were forgotten since."""


def keep(person: Person, finding: Finding) -> Record:
    """A new record of this finding of this Person. Raises CannotKeep."""
    if finding.check_id not in CHECKS or _forgotten(finding):
        raise NoLongerWhole(finding.check_id)
    if young.reads_only(person, CHECKS[finding.check_id]):
        raise OnlyToRead(finding.check_id)
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)  # two windows at once: one waits for the other
        if Record.objects.filter(person=person).count() >= MOST_RECORDS:
            raise TooManyRecords(MOST_RECORDS)
        record = _record(person, finding, timezone.now())
        record.save()
        _note(person, KEPT, record)
    return record


def _forgotten(finding: Finding) -> bool:
    return finding.item_count > 0 and not finding.current and not Item.objects.filter(finding=finding).exists()


def _record(person: Person, finding: Finding, now: datetime) -> Record:
    text = text_for(finding, now)
    record = Record(
        person=person,
        connection=finding.connection,
        check_id=finding.check_id,
        audit_public_id=finding.audit.public_id if finding.audit else None,
        kept_at=now,
        sha256=sha256_of(text),
    )
    record.content = text
    return record


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def text_of(record: Record) -> str:
    """The text, exactly as it was hashed. Raises SealBroken when no key opens it, or it is somebody else's."""
    content = record.content
    text = content.get("text") if isinstance(content, dict) else content
    if not isinstance(text, str):
        raise SealBroken("a record that is no text")
    return text


def brought(text: str, at: datetime) -> Content:
    """What is sealed of a record that came back in a file: its text, and the day, for the hash is the file's own."""
    return {"text": text, "brought_at": at.isoformat()}


def brought_at(record: Record) -> datetime | None:
    """When the Person brought this record in a file; None for one that was kept here. Raises SealBroken."""
    content = record.content
    at = content.get("brought_at") if isinstance(content, dict) else None
    return datetime.fromisoformat(at) if isinstance(at, str) else None


def check(record: Record) -> bool:
    """Whether the text that is kept is still the one that was hashed. False as well when it cannot be opened."""
    try:
        return sha256_of(text_of(record)) == record.sha256
    except SealBroken:
        return False


def delete(record: Record) -> None:
    with transaction.atomic():
        _note(record.person, DELETED, record)
        record.delete()


def _note(person: Person, kind: str, record: Record) -> None:
    entry = TimelineEntry(person=person, kind=kind, at=timezone.now())
    entry.values = {"check": record.check_id, "record": str(record.public_id)}
    entry.save()
