"""Files in Drive, as several sources read them: the question, the pages, who can open a file.

Query language: https://developers.google.com/workspace/drive/api/guides/search-files . Of a picture's place only the
latitude is asked for, to know that there is one; it is not kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from audits.facts import Access, SharedFile
from audits.sources.google import call, values
from audits.sources.google.batch import MOST_PARTS, fetch_many
from audits.sources.google.documents import DRIVE, JsonObject, service
from audits.sources.google.errors import GoogleFault, IncompleteList, TooMany, Unreadable
from audits.sources.google.source import Reading
from audits.sources.google.values import Record

PAGE_SIZE = 1_000
MOST_UNLISTED = 2_000  # files of one look whose permissions have to be asked for apart
PICTURES = "(mimeType contains 'image/' or mimeType contains 'video/')"
_PERMISSION = "type,role,emailAddress,domain,allowFileDiscovery,deleted,pendingOwner,view"
FILE_FIELDS = (
    f"id,name,mimeType,webViewLink,shared,imageMediaMetadata(width,location/latitude),permissions({_PERMISSION})"
)
_ROLES = frozenset({"owner", "organizer", "fileOrganizer", "writer", "commenter", "reader"})
_TYPES = frozenset({"user", "group", "domain", "anyone"})
_MOST_PERMISSION_PAGES = 20
_EVERYWHERE = {"corpora": "allDrives", "includeItemsFromAllDrives": True, "supportsAllDrives": True}


@dataclass(frozen=True)
class Readers:
    """Who can open one file, without its owner. Not `whole`: there may be more, and the look has said so."""

    access: tuple[Access, ...]
    whole: bool

    @property
    def anyone(self) -> bool:
        return any(one.kind in ("link", "public") for one in self.access)


UNKNOWN = Readers((), whole=False)


def quoted(text: str) -> str:
    """Text as a string of Drive's query language."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def listed(
    reading: Reading, query: str, *, fields: str = FILE_FIELDS, most: int = call.MOST_PAGES, everywhere: bool = False
) -> Iterator[Record]:
    """Every file that the query finds, as Google describes it. Holds one page at a time.

    `everywhere`: in shared drives too, which `drive.metadata.readonly` may list file by file but not by name.
    Raises GoogleFault after the files that were readable.
    """
    drive = service(DRIVE, reading.session.root(DRIVE)).files()
    where = _EVERYWHERE if everywhere else {}

    def request(token: str | None) -> Any:
        wanted = f"kind,nextPageToken,incompleteSearch,files({fields})"
        return drive.list(q=query, spaces="drive", pageSize=PAGE_SIZE, pageToken=token, fields=wanted, **where)

    for page in call.pages(reading.session, request, "drive#fileList", most=most):
        found = values.records(page, "files")
        reading.answered = True
        for one in found:
            if isinstance(one, dict):
                yield one
            else:
                reading.falls_short(Unreadable("file is no object"))
        if values.true_or_false_if_said(page, "incompleteSearch"):
            reading.falls_short(IncompleteList("incompleteSearch"))


def with_readers(reading: Reading, files: Iterable[Record]) -> Iterator[tuple[Record, Readers]]:
    """Each file with who can open it. Files that came without their permissions are asked about last, in batches."""
    unlisted: dict[str, Record] = {}
    for file in files:
        try:
            if file.get("permissions") is not None:
                yield file, _readers(reading, values.records(file, "permissions"))
            elif len(unlisted) < MOST_UNLISTED:
                unlisted[values.identity(file, "id")] = file
            else:
                reading.falls_short(TooMany("files without permissions"))
                yield file, UNKNOWN
        except Unreadable as fault:
            reading.falls_short(fault)
    names = list(unlisted)
    for start in range(0, len(names), MOST_PARTS):
        asked = {name: unlisted[name] for name in names[start : start + MOST_PARTS]}
        yield from _ask_for_readers(reading, asked)


def _ask_for_readers(reading: Reading, files: Mapping[str, Record]) -> Iterator[tuple[Record, Readers]]:
    requests = {file_id: _permissions_of(reading, file_id, None) for file_id in files}
    answers = fetch_many(reading.session, DRIVE, requests, "drive#permissionList")
    for file_id, file in files.items():
        answer = answers[file_id]
        if isinstance(answer, GoogleFault):
            reading.falls_short(answer)
            yield file, UNKNOWN
        else:
            yield file, _all_readers(reading, file_id, answer)


def _all_readers(reading: Reading, file_id: str, first: JsonObject) -> Readers:
    found: list[Any] = []
    try:
        found += values.records(first, "permissions")
        token = call.next_token(first)
        for page in _further_pages(reading, file_id, token) if token else ():
            found += values.records(page, "permissions")
    except GoogleFault as fault:
        reading.falls_short(fault)
        return Readers(_readers(reading, found).access, whole=False)
    return _readers(reading, found)


def _further_pages(reading: Reading, file_id: str, token: str) -> Iterator[JsonObject]:
    return call.pages(
        reading.session,
        lambda at: _permissions_of(reading, file_id, at),
        "drive#permissionList",
        token=token,
        most=_MOST_PERMISSION_PAGES,
    )


def _permissions_of(reading: Reading, file_id: str, token: str | None) -> Any:
    drive = service(DRIVE, reading.session.root(DRIVE)).permissions()
    fields = f"kind,nextPageToken,permissions({_PERMISSION})"
    return drive.list(fileId=file_id, pageSize=100, pageToken=token, supportsAllDrives=True, fields=fields)


def _readers(reading: Reading, permissions: list[Any]) -> Readers:
    found: list[Access] = []
    whole = True
    for permission in permissions:
        try:
            access = _access(values.record(permission))
        except Unreadable as fault:
            reading.falls_short(fault)
            whole = False
        else:
            found += [access] if access else []
    return Readers(tuple(dict.fromkeys(found)), whole)


def _access(permission: Record) -> Access | None:
    """None for what opens nothing: the owner's own, a deleted account's, and rows for a published view only."""
    kind = values.word(permission, "type", _TYPES)
    role = values.word(permission, "role", _ROLES)
    gone = values.true_or_false_if_said(permission, "deleted")
    if role == "owner" or gone or values.text_if_said(permission, "view"):
        return None
    if kind == "anyone":
        found_by_search = values.true_or_false_if_said(permission, "allowFileDiscovery")
        return Access("public" if found_by_search else "link", role)
    if kind == "domain":
        return Access(kind, role, values.address(permission, "domain"))
    pending = values.true_or_false_if_said(permission, "pendingOwner") or False
    return Access(kind, role, values.address(permission, "emailAddress"), pending_owner=pending)


def shared_file(
    reading: Reading, file: Record, readers: Readers, *, open_to_anyone: bool, named: tuple[str, ...] = ()
) -> tuple[str, SharedFile]:
    """The fact and its identity. Raises Unreadable."""
    file_id = values.identity(file, "id")
    mime_type = values.name(file, "mimeType")
    picture = is_picture(mime_type)
    fact = SharedFile(
        **reading.stamp,
        file_id=file_id,
        name=values.name(file, "name"),
        mime_type=mime_type,
        link=values.link(file, "webViewLink"),
        picture=picture,
        has_location=_has_location(file) if picture else None,
        open_to_anyone=open_to_anyone,
        access=readers.access,
        named=named,
    )
    return file_id, fact


def is_picture(mime_type: str) -> bool:
    return mime_type.startswith(("image/", "video/"))


def _has_location(file: Record) -> bool | None:
    """None when Google read nothing from this picture (yet), or reads nothing from its kind (videos)."""
    media = file.get("imageMediaMetadata")
    if media is None or media == {}:
        return None
    place = values.record(media).get("location")
    if place is None:
        return False
    latitude = values.record(place).get("latitude")
    if isinstance(latitude, bool) or not isinstance(latitude, int | float):
        raise Unreadable("latitude is no number")
    return True
