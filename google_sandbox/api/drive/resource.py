"""File resources from a persona's short words."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .access import CAN_SHARE, Someone, permissions
from .kinds import KINDS, Kind

Json = dict[str, Any]
Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Desk:
    """Whose Drive it is, and whom its files can name."""

    me: Someone
    people: Mapping[str, Someone]
    folders: Mapping[str, str]

    @property
    def root(self) -> str:
        return "0A" + opaque(f"{self.me.email}/root")[:14] + "Uk9PVA"


def opaque(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


def file_id(owner: str, name: str, number: int = 0) -> str:
    return "1" + opaque(f"{owner}/{name}/{number}")[:32]


def describe(entry: Entry, desk: Desk, name: str, file: str, number: int = 0) -> tuple[Json, tuple[Json, ...]]:
    """The resource as this account sees it, and everybody who is on the file."""
    kind = KINDS[entry["type"]]
    owner = desk.people[entry["from"]] if "from" in entry else desk.me
    everybody = permissions(_with_me(entry), owner, {**desk.people, "me": desk.me})
    resource = (
        _core(entry, desk, kind, name, file)
        | _content(kind, entry, name, file)
        | _picture(entry, kind, number)
        | _access(entry, desk, owner, everybody)
        | dict(entry.get("also", {}))
    )
    return resource, everybody


def _with_me(entry: Entry) -> Entry:
    """A file that came from somebody else names this account among those it is shared with."""
    if "from" not in entry:
        return entry
    return {**entry, "shared": {"me": entry.get("role", "reader"), **entry.get("shared", {})}}


def _core(entry: Entry, desk: Desk, kind: Kind, name: str, file: str) -> Json:
    created = _time(entry.get("created", "2024-03-11"))
    modified = _time(entry.get("modified", entry.get("created", "2024-03-11")))
    core: Json = {
        "kind": "drive#file",
        "id": file,
        "name": name,
        "mimeType": kind.mime,
        "starred": bool(entry.get("starred")),
        "trashed": bool(entry.get("trashed")),
        "explicitlyTrashed": bool(entry.get("trashed")),
        "spaces": ["drive"],
        "version": "7",
        "webViewLink": kind.page.format(id=file) + "?usp=drivesdk",
        "iconLink": f"https://drive-thirdparty.googleusercontent.com/16/type/{kind.mime}",
        "hasThumbnail": kind.picture,
        "thumbnailVersion": "1" if kind.picture else "0",
        "viewedByMe": True,
        "viewedByMeTime": modified,
        "createdTime": created,
        "modifiedTime": modified,
        "modifiedByMe": "from" not in entry,
        "isAppAuthorized": False,
    }
    if "from" not in entry:
        core["parents"] = [desk.folders[entry["in"]] if "in" in entry else desk.root]
    return core


def _time(day: object) -> str:
    text = str(day)
    return text if "T" in text else f"{text}T09:30:00.000Z"


def _content(kind: Kind, entry: Entry, name: str, file: str) -> Json:
    if kind.native:
        known = {"size": str(kind.size)} if kind.size else {}
        return {"quotaBytesUsed": str(kind.size), **known}
    size = str(entry.get("size", kind.size))
    return {
        "webContentLink": f"https://drive.google.com/uc?id={file}&export=download",
        "originalFilename": name,
        "fullFileExtension": kind.extension,
        "fileExtension": kind.extension,
        "md5Checksum": hashlib.md5(file.encode(), usedforsecurity=False).hexdigest(),
        "size": size,
        "quotaBytesUsed": size,
        "headRevisionId": "0B" + opaque(file)[:40],
    }


def _picture(entry: Entry, kind: Kind, number: int) -> Json:
    if not kind.picture:
        return {}
    media: Json = {"width": 4032, "height": 3024, "rotation": 0}
    if "camera" in entry:
        make, _, model = str(entry["camera"]).partition(" ")
        taken = _time(entry.get("created", "2024-03-11"))[:10].replace("-", ":")
        media |= {"cameraMake": make, "cameraModel": model or make, "time": f"{taken} 09:30:00"}
        media |= {"flashUsed": False, "isoSpeed": 100, "aperture": 1.8, "exposureTime": 0.008}
    if "gps" in entry:
        latitude, longitude = entry["gps"]
        media["location"] = {
            "latitude": round(latitude + number * 0.0004, 6),
            "longitude": round(longitude - number * 0.0003, 6),
            "altitude": 31.5,
        }
    return {"imageMediaMetadata": media}


def _access(entry: Entry, desk: Desk, owner: Someone, everybody: tuple[Json, ...]) -> Json:
    if "drive" in entry:
        return _shared_drive(entry, desk, everybody)
    mine = owner == desk.me
    may_share = _may_share(desk.me, everybody)
    access: Json = {
        "ownedByMe": mine,
        "owners": [owner.as_user(me=mine)],
        "lastModifyingUser": owner.as_user(me=mine),
        "shared": len(everybody) > 1,
        "writersCanShare": True,
        "copyRequiresWriterPermission": False,
        "viewersCanCopyContent": True,
        "capabilities": _capabilities(may_share, mine),
    }
    if may_share:
        access["permissions"] = list(everybody)
        access["permissionIds"] = [permission["id"] for permission in everybody]
    if not mine:
        access["sharedWithMeTime"] = _time(entry.get("received", entry.get("created", "2024-03-11")))
        access["sharingUser"] = owner.as_user()
    return access


def _may_share(me: Someone, everybody: tuple[Json, ...]) -> bool:
    return any(p.get("emailAddress") == me.email and p["role"] in CAN_SHARE for p in everybody)


def _shared_drive(entry: Entry, desk: Desk, everybody: tuple[Json, ...]) -> Json:
    """Items of a shared drive carry no owners, no `shared`, no `permissions`."""
    drive = drive_id(desk, str(entry["drive"]))
    return {
        "driveId": drive,
        "teamDriveId": drive,
        "parents": [drive],
        "hasAugmentedPermissions": bool(everybody),
        "permissionIds": [permission["id"] for permission in everybody],
        "copyRequiresWriterPermission": False,
        "viewersCanCopyContent": True,
        "capabilities": _capabilities(may_share=True, mine=False),
    }


def drive_id(desk: Desk, name: str) -> str:
    """A shared drive belongs to the organisation, so all its members know it under one id."""
    return file_id(desk.me.email.partition("@")[2], name)


def _capabilities(may_share: bool, mine: bool) -> Json:
    return {
        "canShare": may_share,
        "canEdit": may_share,
        "canRename": may_share,
        "canDelete": mine,
        "canTrash": mine,
        "canCopy": True,
        "canDownload": True,
        "canComment": may_share,
        "canReadRevisions": may_share,
    }
