"""Pictures in the bin of Drive: deleted, and for about 30 days still there."""

from __future__ import annotations

from functools import partial

from audits.facts import TrashedPicture
from audits.sources.google import files, values
from audits.sources.google.scopes import DRIVE_METADATA
from audits.sources.google.source import GoogleSource, Reading
from audits.sources.google.values import Record

QUERY = f"'me' in owners and trashed=true and {files.PICTURES}"
_FIELDS = "id,name,mimeType,webViewLink,shared,trashedTime"


def read(reading: Reading) -> None:
    for file in files.listed(reading, QUERY, fields=_FIELDS):
        reading.take(partial(_fact, reading, file))


def _fact(reading: Reading, file: Record) -> tuple[str, TrashedPicture]:
    file_id = values.identity(file, "id")
    fact = TrashedPicture(
        **reading.stamp,
        file_id=file_id,
        name=values.name(file, "name"),
        mime_type=values.name(file, "mimeType"),
        link=values.link(file, "webViewLink"),
        trashed_at=values.moment(file, "trashedTime"),
        shared=values.true_or_false(file, "shared"),
    )
    return file_id, fact


SOURCE = GoogleSource(name="drive_trash", scopes=(DRIVE_METADATA,), calls=("drive.files.list",), read=read)
