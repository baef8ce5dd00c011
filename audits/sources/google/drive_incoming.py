"""Files that an address the Person named owns and has opened to the Person. One short question each, always live."""

from __future__ import annotations

from functools import partial

from audits.facts import IncomingFile
from audits.sources.google import drive_named, files, values
from audits.sources.google.errors import Unreadable
from audits.sources.google.scopes import DRIVE_METADATA
from audits.sources.google.source import GoogleSource, Reading
from audits.sources.google.values import Record

FIELDS = "id,name,mimeType,webViewLink,owners(emailAddress),capabilities(canEdit,canComment)"
MOST_PAGES = 10


def query(address: str) -> str:
    return f"{files.quoted(address)} in owners and sharedWithMe=true and trashed=false"


def read(reading: Reading) -> None:
    drive_named.each_name(reading, _read_one)


def _read_one(reading: Reading, name: str, address: str) -> None:
    for file in files.listed(reading, query(address), fields=FIELDS, most=MOST_PAGES):
        reading.take(partial(_fact, reading, file, name))


def _fact(reading: Reading, file: Record, name: str) -> tuple[str, IncomingFile]:
    owners = values.records(file, "owners")
    if not owners:
        raise Unreadable("a file without an owner")
    file_id = values.identity(file, "id")
    fact = IncomingFile(
        **reading.stamp,
        file_id=file_id,
        name=values.name(file, "name"),
        mime_type=values.name(file, "mimeType"),
        link=values.link(file, "webViewLink"),
        owner=values.address(values.record(owners[0]), "emailAddress"),
        named=name,
        role=_role(values.record(file.get("capabilities"))),
    )
    return file_id, fact


def _role(capabilities: Record) -> str:
    if values.true_or_false(capabilities, "canEdit"):
        return "writer"
    return "commenter" if values.true_or_false(capabilities, "canComment") else "reader"


SOURCE = GoogleSource(
    name="drive_incoming",
    scopes=(DRIVE_METADATA,),
    calls=("drive.files.list",),
    read=read,
    needs=drive_named.nobody_named,
)
