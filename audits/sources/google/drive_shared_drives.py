"""What lies in shared drives and is open beyond the organisation: single files, and members from outside.

`drives.list` needs more than `drive.metadata.readonly`, so the files of all shared drives are listed. A file there has
no permissions in the list; `hasAugmentedPermissions` says that it has some of its own, and only then they are asked
for. https://developers.google.com/workspace/drive/api/guides/about-shareddrives
What a drive's members can open is asked once for each drive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from audits.facts import Access, DriveMember, Why
from audits.sources.contract import Ask
from audits.sources.google import files, values
from audits.sources.google.errors import GoogleFault, TooMany, Unreadable
from audits.sources.google.scopes import DRIVE_METADATA
from audits.sources.google.source import GoogleSource, Reading
from audits.sources.google.values import Record

QUERY = "not 'me' in owners and trashed=false"
FIELDS = "id,name,mimeType,webViewLink,driveId,hasAugmentedPermissions,imageMediaMetadata(width,location/latitude)"
MOST_PAGES = 100
MOST_DRIVES = 200


def read(reading: Reading) -> None:
    drives: dict[str, Record] = {}
    listed = files.listed(reading, QUERY, fields=FIELDS, most=MOST_PAGES, everywhere=True)
    for file, readers in files.with_readers(reading, _own_permissions(reading, listed, drives)):
        outside = files.Readers(_outsiders(reading, readers.access), readers.whole)
        if outside.access:
            reading.take(partial(files.shared_file, reading, file, outside, open_to_anyone=outside.anyone))
    if len(drives) > MOST_DRIVES:
        reading.falls_short(TooMany("shared drives"))
    for drive, members in files.with_readers(reading, list(drives.values())[:MOST_DRIVES]):
        for one in _outsiders(reading, members.access):
            reading.take(partial(_member, reading, drive, one))


def _own_permissions(reading: Reading, listed: Iterable[Record], drives: dict[str, Record]) -> Iterator[Record]:
    """Files with permissions of their own. A list that breaks off is over, and what was on it is still looked at."""
    try:
        for file in listed:
            if _stands_alone(reading, file, drives):
                yield file
    except GoogleFault as fault:
        reading.breaks_off(fault)


def _stands_alone(reading: Reading, file: Record, drives: dict[str, Record]) -> bool:
    """Whether a file has permissions of its own. Its drive is noted, under the first file that we met in it."""
    if file.get("driveId") is None:  # somebody's own file, shared with the Person
        return False
    try:
        drive_id = values.identity(file, "driveId")
        drives.setdefault(drive_id, {"id": drive_id, "name": values.name(file, "name")})
        return values.true_or_false(file, "hasAugmentedPermissions")
    except Unreadable as fault:
        reading.falls_short(fault)
        return False


def _outsiders(reading: Reading, access: tuple[Access, ...]) -> tuple[Access, ...]:
    """Everyone who is not of the Person's own organisation, by the domain of the address."""
    own = reading.ask.hosted_domain.lower()
    found = tuple(one for one in access if one.address.rpartition("@")[2] != own)
    if any(one.kind not in ("link", "public") and not one.address for one in found):
        reading.falls_short(Unreadable("somebody without an address"))
    return tuple(one for one in found if one.address or one.kind in ("link", "public"))


def _member(reading: Reading, drive: Record, access: Access) -> tuple[str, DriveMember]:
    drive_id = values.identity(drive, "id")
    fact = DriveMember(
        **reading.stamp,
        drive_id=drive_id,
        holds=values.name(drive, "name"),
        kind=access.kind,
        role=access.role,
        address=access.address,
    )
    return f"{drive_id} {access.kind} {access.address}", fact


def _at_work(ask: Ask) -> Why | None:
    return None if ask.hosted_domain else Why.CONSUMER_ACCOUNT


SOURCE = GoogleSource(
    name="drive_shared_drives",
    scopes=(DRIVE_METADATA,),
    calls=("drive.files.list", "drive.permissions.list"),
    read=read,
    needs=_at_work,
)
