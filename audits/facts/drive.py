"""Files: who can open them, who offered them, and how much room they take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from audits.facts.base import Fact


@dataclass(frozen=True)
class Access:
    """One party that can open a file. `kind`: user, group, domain, link (anyone with it), public (found by search)."""

    kind: str
    role: str  # reader, commenter, writer, organizer, fileOrganizer, owner
    address: str = ""  # e-mail for user and group, domain name for domain
    pending_owner: bool = False


@dataclass(frozen=True, kw_only=True)
class SharedFile(Fact):
    """A file of the Person that someone else can open. Holds no contents and no coordinates."""

    file_id: str
    name: str
    mime_type: str
    link: str  # webViewLink from Google, https on google.com only, else ""
    picture: bool  # image or video
    has_location: bool | None  # None: not a picture, or Google did not say
    open_to_anyone: bool
    access: tuple[Access, ...]  # without the owner
    named: tuple[str, ...] = ()  # the named people (as the Person wrote them) whom a named query found here


@dataclass(frozen=True, kw_only=True)
class TrashedPicture(Fact):
    file_id: str
    name: str
    mime_type: str
    link: str
    trashed_at: datetime | None
    shared: bool


@dataclass(frozen=True, kw_only=True)
class StorageUse(Fact):
    """Bytes. What is neither Drive nor its bin is Gmail, Google Photos and device backups together."""

    usage: int
    in_drive: int
    pooled: bool = False  # a Workspace may count the whole organisation

    @property
    def outside_drive(self) -> int:
        return max(self.usage - self.in_drive, 0)


@dataclass(frozen=True, kw_only=True)
class IncomingFile(Fact):
    """A file that somebody else owns and opened to the Person."""

    file_id: str
    name: str
    mime_type: str
    link: str
    owner: str  # e-mail, lower case
    named: str = ""  # the named person (as written) whose query found it
    role: str = ""  # what the Person may do: reader, commenter, writer, "" when not known


@dataclass(frozen=True, kw_only=True)
class AskedAbout(Fact):
    """Drive was asked about an address that the Person named, and answered whole. Without it, no file says nothing."""

    address: str  # lower case


@dataclass(frozen=True, kw_only=True)
class DriveMember(Fact):
    """A party from outside the organisation that belongs to a shared drive, and so opens all that lies in it."""

    drive_id: str
    holds: str  # the name of one file in it, as Google does not name the drive itself; hostile
    kind: str  # user, group, domain
    role: str
    address: str


@dataclass(frozen=True, kw_only=True)
class SharingEvent(Fact):
    """One change of who can open a file.

    `who`: the address of a group, the name of a domain, "anyone" for a link. Of a single person Google gives only a
    number ("people/…"), which names nobody; "" when it gives not even that.
    """

    event_id: str
    at: datetime
    file_id: str
    file: str  # its name; hostile
    added: bool
    kind: str  # user, group, domain, anyone
    who: str
    role: str
    by_me: bool | None  # None: Google does not say who did it
