"""Files of the Person that are shared with someone, by address or with a whole organisation.

Drive has no question for this: every file that is not public is listed, and only the shared ones are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from audits.sources.google import files, values
from audits.sources.google.errors import Unreadable
from audits.sources.google.scopes import DRIVE_METADATA
from audits.sources.google.source import GoogleSource, Reading
from audits.sources.google.values import Record

QUERY = "'me' in owners and visibility='limited' and trashed=false"
QUERY_AT_WORK = (
    "'me' in owners and (visibility='limited' or visibility='domainCanFind' or visibility='domainWithLink')"
    " and trashed=false"
)


def read(reading: Reading) -> None:
    query = QUERY_AT_WORK if reading.ask.hosted_domain else QUERY
    shared = _shared(reading, files.listed(reading, query))
    for file, readers in files.with_readers(reading, shared):
        if readers.access:
            build = partial(files.shared_file, reading, file, readers, open_to_anyone=readers.anyone)
            reading.take(build)


def _shared(reading: Reading, found: Iterable[Record]) -> Iterator[Record]:
    for file in found:
        try:
            if values.true_or_false(file, "shared"):
                yield file
        except Unreadable as fault:
            reading.falls_short(fault)


SOURCE = GoogleSource(
    name="drive_outsiders",
    scopes=(DRIVE_METADATA,),
    calls=("drive.files.list", "drive.permissions.list"),
    read=read,
)
