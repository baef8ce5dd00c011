"""Who may do what with a file: Permission resources from a persona's short words."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

CAN_SHARE = frozenset({"owner", "organizer", "fileOrganizer", "writer"})


@dataclass(frozen=True)
class Someone:
    """A person or group that can stand on a file."""

    email: str
    name: str
    type: str = "user"
    deleted: bool = False

    @property
    def permission_id(self) -> str:
        return number_for(self.email)

    def as_user(self, *, me: bool = False) -> Json:
        return {
            "kind": "drive#user",
            "displayName": self.name,
            "me": me,
            "permissionId": self.permission_id,
            "emailAddress": self.email,
        }


def number_for(text: str) -> str:
    """Twenty digits that stay the same for the same text, like Google's ids for people."""
    return str(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")).rjust(20, "1")


def direct(someone: Someone, role: str, **more: Any) -> Json:
    permission: Json = {
        "kind": "drive#permission",
        "id": someone.permission_id,
        "type": someone.type,
        "emailAddress": someone.email,
        "role": role,
        "displayName": someone.name,
        "deleted": someone.deleted,
    }
    if someone.type == "user":
        permission["pendingOwner"] = False
    return permission | more


def anyone(role: str, *, findable: bool) -> Json:
    return {
        "kind": "drive#permission",
        "id": "anyone" if findable else "anyoneWithLink",
        "type": "anyone",
        "role": role,
        "allowFileDiscovery": findable,
    }


def domain_wide(domain: str, role: str, *, findable: bool) -> Json:
    return {
        "kind": "drive#permission",
        "id": number_for(domain) + "k",
        "type": "domain",
        "domain": domain,
        "displayName": domain,
        "role": role,
        "allowFileDiscovery": findable,
    }


def permissions(entry: Mapping[str, Any], owner: Someone, people: Mapping[str, Someone]) -> tuple[Json, ...]:
    """The persona's words: `link`, `findable`, `domain`, `shared`, `pending_owner`, `until`."""
    found = []
    if "link" in entry:
        found.append(anyone(entry["link"], findable=bool(entry.get("findable"))))
    if "domain" in entry:
        found.append(
            domain_wide(owner.email.partition("@")[2], entry["domain"], findable=bool(entry.get("findable_in_domain")))
        )
    for alias, role in entry.get("shared", {}).items():
        more: Json = {"expirationTime": f"{entry['until']}T12:00:00.000Z"} if "until" in entry else {}
        if entry.get("pending_owner") == alias:
            more["pendingOwner"] = True
        found.append(direct(people[alias], role, **more))
    if "drive" not in entry:
        found.append(direct(owner, "owner"))
    return tuple(found)
