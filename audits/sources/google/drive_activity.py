"""What Google's own record says of sharing in the Person's Drive: who was let in, who was put out, on which day.

https://developers.google.com/workspace/drive/activity/v2/reference/rest/v2/activity/query . How far back the record
goes is written down nowhere, and an empty answer holds no list at all: so nothing here proves that nothing happened.
Single people appear only under a number of Google's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from audits.facts import SharingEvent
from audits.sources.google import call, values
from audits.sources.google.documents import DRIVE_ACTIVITY, JsonObject, service
from audits.sources.google.errors import Unreadable
from audits.sources.google.scopes import DRIVE_ACTIVITY as DRIVE_ACTIVITY_READ
from audits.sources.google.source import GoogleSource, Reading
from audits.sources.google.values import Record

BACK = timedelta(days=180)
PAGE_SIZE = 100
MOST_PAGES = 50
_ROLES = frozenset(
    {"OWNER", "ORGANIZER", "FILE_ORGANIZER", "EDITOR", "COMMENTER", "VIEWER", "PUBLISHED_VIEWER", "ROLE_UNSPECIFIED"}
)
_FIELDS = (
    "nextPageToken,activities(timestamp,timeRange/endTime,actors(user),targets(driveItem(name,title)),"
    "actions(timestamp,actor(user),target(driveItem(name,title)),detail/permissionChange))"
)


def read(reading: Reading) -> None:
    for page in _pages(reading):
        activities = values.records(page, "activities") if page.keys() - {"nextPageToken"} else []
        reading.answered = True
        for activity in activities:
            _read_activity(reading, activity)


def _pages(reading: Reading) -> Iterator[JsonObject]:
    queries = service(DRIVE_ACTIVITY, reading.session.root(DRIVE_ACTIVITY)).activity()
    since = (reading.ask.now() - BACK).isoformat(timespec="seconds")

    def request(token: str | None) -> Any:
        body = {
            "ancestorName": "items/root",
            "filter": f'detail.action_detail_case:PERMISSION_CHANGE AND time >= "{since}"',
            "pageSize": PAGE_SIZE,
        }
        return queries.query(body=body | ({"pageToken": token} if token else {}), fields=_FIELDS)

    return call.pages(reading.session, request, None, most=MOST_PAGES)


def _read_activity(reading: Reading, found: object) -> None:
    """An action may name its own time, actor and target; what it leaves out is that of the whole activity."""
    try:
        activity = values.record(found)
        actions = [values.record(one) for one in values.records(activity, "actions")]
    except Unreadable as fault:
        reading.falls_short(fault)
        return
    for action in actions:
        try:
            _read_action(reading, activity, action)
        except Unreadable as fault:
            reading.falls_short(fault)


def _read_action(reading: Reading, activity: Record, action: Record) -> None:
    change = values.record(action.get("detail")).get("permissionChange")
    if change is None:  # something else that was done in the same breath
        return
    at = _moment(action) or _moment(activity)
    if at is None:
        raise Unreadable("an activity without a time")
    by_me = _by_me([action["actor"]] if action.get("actor") else values.records(activity, "actors"))
    targets = [action["target"]] if action.get("target") else values.records(activity, "targets")
    for target in targets:
        for word, added in (("addedPermissions", True), ("removedPermissions", False)):
            for permission in _permissions(values.record(change), word):
                reading.take(partial(_fact, reading, at, target, permission, added, by_me))


def _moment(found: Record) -> datetime | None:
    said = values.moment(found, "timestamp")
    return said or (values.moment(values.record(found["timeRange"]), "endTime") if found.get("timeRange") else None)


def _permissions(change: Record, word: str) -> list[Any]:
    return values.records(change, word) if change.get(word) is not None else []


def _by_me(actors: list[Any]) -> bool | None:
    """True or False only when Google says so of every actor."""
    said = {_is_me(values.record(actor)) for actor in actors}
    return said.pop() if len(said) == 1 else None


def _is_me(actor: Record) -> bool | None:
    user = actor.get("user")
    known = values.record(user).get("knownUser") if user is not None else None
    return None if known is None else bool(values.true_or_false_if_said(values.record(known), "isCurrentUser"))


def _fact(
    reading: Reading, at: datetime, target: object, permission: object, added: bool, by_me: bool | None
) -> tuple[str, SharingEvent]:
    item = values.record(values.record(target).get("driveItem"))
    kind, who = _whom(values.record(permission))
    file_id = values.identity(item, "name").removeprefix("items/")
    role = values.word(values.record(permission), "role", _ROLES).lower()
    identity = _identity(at.isoformat(), file_id, kind, who, role, str(added))
    fact = SharingEvent(
        **reading.stamp,
        event_id=identity,
        at=at,
        file_id=file_id,
        file=values.name(item, "title"),
        added=added,
        kind=kind,
        who=who,
        role=role,
        by_me=by_me,
    )
    return identity, fact


def _whom(permission: Record) -> tuple[str, str]:
    if permission.get("anyone") is not None:
        return "anyone", "anyone"
    if permission.get("domain") is not None:
        return "domain", values.address(values.record(permission["domain"]), "name")
    if permission.get("group") is not None:
        return "group", values.address(values.record(permission["group"]), "email")
    user = values.record(permission.get("user"))
    known = values.record(user.get("knownUser", {}))
    if values.true_or_false_if_said(known, "isCurrentUser"):
        return "user", "me"
    return "user", values.text_if_said(known, "personName")


def _identity(*parts: str) -> str:
    """Google numbers no activity. The same change has the same parts every time it is asked for."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


SOURCE = GoogleSource(
    name="drive_activity",
    scopes=(DRIVE_ACTIVITY_READ,),
    calls=("driveactivity.activity.query",),
    read=read,
)
