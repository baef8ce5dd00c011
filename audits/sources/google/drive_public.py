"""Files of the Person that anyone with the link, or anyone at all, can open."""

from __future__ import annotations

from functools import partial

from audits.sources.google import files
from audits.sources.google.scopes import DRIVE_METADATA
from audits.sources.google.source import GoogleSource, Reading

QUERY = "'me' in owners and (visibility='anyoneWithLink' or visibility='anyoneCanFind') and trashed=false"


def read(reading: Reading) -> None:
    """Google's search answers a little late: a file that its own permissions no longer open is left out."""
    for file, readers in files.with_readers(reading, files.listed(reading, QUERY)):
        if readers.anyone or not readers.whole:
            reading.take(partial(files.shared_file, reading, file, readers, open_to_anyone=True))


SOURCE = GoogleSource(
    name="drive_public",
    scopes=(DRIVE_METADATA,),
    calls=("drive.files.list", "drive.permissions.list"),
    read=read,
)
