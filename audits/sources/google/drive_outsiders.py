"""Files of the Person that are shared with someone, by address or with a whole organisation.

Drive has no question for this: every file that is not public is listed, and only the shared ones are kept. Later looks
ask only what changed since (https://developers.google.com/workspace/drive/api/guides/manage-changes); what did not
change keeps the day it was seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from audits.facts import Fact, SharedFile
from audits.sources.google import call, delta, files, values
from audits.sources.google.documents import DRIVE, JsonObject, service
from audits.sources.google.errors import BadQuestion, GoogleFault, NotFound, Stopped, TooMany, Unreadable
from audits.sources.google.scopes import DRIVE_METADATA
from audits.sources.google.source import GoogleSource, Reading
from audits.sources.google.values import Record

QUERY = "'me' in owners and visibility='limited' and trashed=false"
QUERY_AT_WORK = (
    "'me' in owners and (visibility='limited' or visibility='domainCanFind' or visibility='domainWithLink')"
    " and trashed=false"
)
FOLDER = "application/vnd.google-apps.folder"
MOST_PAGES_OF_CHANGES = 20  # beyond 20,000 changes everything is read again
_CHANGES = (
    "kind,nextPageToken,newStartPageToken,"
    f"changes(changeType,fileId,removed,file({files.FILE_FIELDS},ownedByMe,trashed,driveId))"
)


class _ReadAll(Exception):
    """What changed cannot be told from Google's answer: everything has to be read again."""


def read(reading: Reading) -> None:
    mark = delta.mark_of(reading.ask)
    if mark is None:
        _read_all(reading)
        return
    try:
        _read_changes(reading, mark)
    except _ReadAll:
        reading.begin_again()
        _read_all(reading)


def _read_all(reading: Reading) -> None:
    """The token for "from here on" is taken first, so that nothing falls between it and the list."""
    began, token = reading.ask.now(), _start_token(reading)
    query = QUERY_AT_WORK if reading.ask.hosted_domain else QUERY
    for file, readers in files.with_readers(reading, _shared(reading, files.listed(reading, query))):
        _take(reading, file, readers)
    if token is not None:
        delta.keep(reading, delta.Mark(token, began))


def _start_token(reading: Reading) -> str | None:
    """None when Google does not give one: the next look then reads everything, and this one misses nothing."""
    changes = service(DRIVE, reading.session.root(DRIVE)).changes()
    request = changes.getStartPageToken(fields="kind,startPageToken")
    try:
        answer = call.fetch(reading.session, request, "drive#startPageToken")
        return values.identity(answer, "startPageToken")
    except Stopped:
        raise
    except GoogleFault:
        return None


def _take(reading: Reading, file: Record, readers: files.Readers) -> None:
    if readers.access:
        reading.take(partial(files.shared_file, reading, file, readers, open_to_anyone=readers.anyone))


def _shared(reading: Reading, found: Iterable[Record]) -> Iterator[Record]:
    for file in found:
        try:
            if values.true_or_false(file, "shared"):
                yield file
        except Unreadable as fault:
            reading.falls_short(fault)


def _read_changes(reading: Reading, mark: delta.Mark) -> None:
    """What was seen before, with the changes laid over it. Raises _ReadAll."""
    before = {fact.file_id: fact for fact in reading.ask.before if isinstance(fact, SharedFile)}
    changed, token = _changes_since(reading, mark.token)
    for file_id, fact in before.items():
        if file_id not in changed:
            reading.put(file_id, fact)
    mine = [file for file in changed.values() if file is not None and _is_mine(reading, file)]
    for file, readers in files.with_readers(reading, _shared(reading, mine)):
        if not readers.anyone:  # what is open to anyone is read live, by drive_public
            _take(reading, file, readers)
    _check_folders(changed, before, reading.facts)
    delta.keep(reading, delta.Mark(token, mark.whole_at))


def _changes_since(reading: Reading, token: str) -> tuple[dict[str, Record | None], str]:
    """By file id the file as it is now (None: it is gone), and the token for next time."""
    changed: dict[str, Record | None] = {}
    page: JsonObject = {}
    try:
        for page in call.pages(
            reading.session,
            lambda at: _request(reading, at),
            "drive#changeList",
            token=token,
            most=MOST_PAGES_OF_CHANGES,
        ):
            reading.answered = True
            for one in values.records(page, "changes"):
                _note(changed, values.record(one))
    except (NotFound, BadQuestion, TooMany):  # the token is too old (410), is not known, or too much has changed
        raise _ReadAll from None
    except GoogleFault:
        reading.answered = False  # changes without an end say nothing about what is there now
        raise
    return changed, values.identity(page, "newStartPageToken")


def _request(reading: Reading, token: str | None) -> Any:
    changes = service(DRIVE, reading.session.root(DRIVE)).changes()
    return changes.list(pageToken=token, pageSize=files.PAGE_SIZE, includeRemoved=True, spaces="drive", fields=_CHANGES)


def _note(changed: dict[str, Record | None], change: Record) -> None:
    """The last word on each file counts. Changes to shared drives name no file."""
    if values.text_if_said(change, "changeType") == "drive":
        return
    file_id = values.identity(change, "fileId")
    gone = values.true_or_false_if_said(change, "removed") or change.get("file") is None
    changed.pop(file_id, None)
    changed[file_id] = None if gone else values.record(change["file"])


def _is_mine(reading: Reading, file: Record) -> bool:
    """Neither somebody else's, nor in a shared drive, nor in the bin."""
    try:
        elsewhere = values.text_if_said(file, "driveId") or values.true_or_false_if_said(file, "trashed")
        return not elsewhere and bool(values.true_or_false_if_said(file, "ownedByMe"))
    except Unreadable as fault:
        reading.falls_short(fault)
        return False


def _check_folders(changed: Mapping[str, Record | None], before: Mapping[str, Fact], now: Mapping[str, Fact]) -> None:
    """A folder hands on who can open it, and Google does not promise a change for each file in it. Raises _ReadAll."""
    for file_id, file in changed.items():
        kinds = {getattr(before.get(file_id), "mime_type", ""), file.get("mimeType") if file else ""}
        if FOLDER in kinds and _access(before.get(file_id)) != _access(now.get(file_id)):
            raise _ReadAll


def _access(fact: Fact | None) -> frozenset[Any]:
    return frozenset(fact.access) if isinstance(fact, SharedFile) else frozenset()


SOURCE = GoogleSource(
    name="drive_outsiders",
    scopes=(DRIVE_METADATA,),
    calls=("drive.files.list", "drive.permissions.list", "drive.changes.getStartPageToken", "drive.changes.list"),
    read=read,
)
