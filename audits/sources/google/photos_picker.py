"""A photo that the Person chose in Google Photos, by the Picker API. It is the only way in that Google leaves open.

The calls are made while the Person chooses (audits/audit/picking.py); an audit only reads what was kept of that round.
Names of files and addresses of pictures are never asked for. https://developers.google.com/photos/picker/reference/rest
No discovery document of this API is shipped, so the requests are built here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from audits.facts import Coverage, CoverageState, PickedPhoto, Rung, Strength, Why
from audits.sources.contract import Ask, Picked, Seen
from audits.sources.google import call, values
from audits.sources.google.documents import Api, JsonObject
from audits.sources.google.errors import BadQuestion, GoogleFault, NotFound, TooMany, Unreadable
from audits.sources.google.scopes import PHOTOS_PICKER
from audits.sources.google.session import Session
from audits.sources.google.source import without_asking

API = Api("photospicker", "v1")
GOOGLE = "https://photospicker.googleapis.com"
MOST_PHOTOS = 50  # we ask Google to let no more be chosen; one is enough
PAGE = 100
MOST_PAGES = 5
LONGEST_MODEL = 80

_SESSION = "id,pickerUri,expireTime,mediaItemsSet,pollingConfig(pollInterval,timeoutIn)"
_ITEMS = "nextPageToken,mediaItems(id,createTime,type,mediaFile(mediaFileMetadata(cameraMake,cameraModel)))"
_NOT_READY = frozenset({"FAILED_PRECONDITION", "failedPrecondition"})


class NoPhotos(GoogleFault):
    """This account does not use Google Photos."""

    why = Why.NO_SERVICE


class NotChosenYet(GoogleFault):
    why = Why.NOT_YET


@dataclass(frozen=True)
class Request:
    """One request in the shape in which googleapiclient hands them to call.py."""

    method: str
    uri: str
    methodId: str
    body: bytes | None = None


@dataclass(frozen=True, repr=False)
class Choosing:
    """One session of choosing, as Google tells it. Seconds are None when Google did not say."""

    id: str
    uri: str
    chosen: bool
    poll_seconds: float | None
    seconds_left: float | None
    expires_at: datetime | None


@dataclass(frozen=True)
class Photo:
    """A photo or video that was chosen. `id` stays the same at Google for ever; `taken_at` is what the camera wrote."""

    id: str
    taken_at: datetime
    make: str
    model: str
    video: bool


@dataclass(frozen=True)
class Chosen:
    """`why` is None when all that was chosen could be read."""

    photos: tuple[Photo, ...]
    why: Why | None


# --------------------------------------------------------------------------- the calls


def begin(session: Session) -> Choosing:
    """A new session of choosing. Raises NoPhotos for an account without Google Photos, else a GoogleFault."""
    body = json.dumps({"pickingConfig": {"maxItemCount": str(MOST_PHOTOS)}}).encode()
    try:
        found = _fetch(session, "POST", "/v1/sessions", "create", {"fields": _SESSION}, body)
    except BadQuestion as fault:
        raise (NoPhotos(fault.detail, reason=fault.reason) if _not_ready(fault) else fault) from None
    return _choosing(found, session.root(API))


def look(session: Session, session_id: str) -> Choosing:
    """How far it is. Raises NotFound when Google no longer knows this session."""
    path = f"/v1/sessions/{quote(session_id, safe='')}"
    return _choosing(_fetch(session, "GET", path, "get", {"fields": _SESSION}), session.root(API))


def chosen(session: Session, session_id: str) -> Chosen:
    """What was chosen. Raises NotChosenYet before the Person is done. A record that cannot be read is left out."""
    photos: dict[str, Photo] = {}
    why: Why | None = None
    try:
        for page in call.pages(session, lambda token: _items(session, session_id, token), None, most=MOST_PAGES):
            for found in values.records(page, "mediaItems") if "mediaItems" in page else ():
                try:
                    photo = _photo(values.record(found))
                except Unreadable as fault:
                    why = why or fault.why
                    continue
                if len(photos) >= MOST_PHOTOS:
                    return Chosen(tuple(photos.values()), Why.TOO_MANY)
                photos[photo.id] = photo
    except BadQuestion as fault:
        raise (NotChosenYet(fault.detail, reason=fault.reason) if _not_ready(fault) else fault) from None
    except TooMany as fault:
        why = fault.why
    return Chosen(tuple(photos.values()), why)


def end(session: Session, session_id: str) -> None:
    """Delete the session at Google. One that is gone already is fine."""
    request = _request(session, "DELETE", f"/v1/sessions/{quote(session_id, safe='')}", "sessions.delete", {})
    try:
        session.ask(call.question(request), lambda answer: None)
    except NotFound:
        return


def _not_ready(fault: GoogleFault) -> bool:
    return not _NOT_READY.isdisjoint(fault.reasons)


def _fetch(
    session: Session, method: str, path: str, name: str, query: Mapping[str, str], body: bytes | None = None
) -> JsonObject:
    return call.fetch(session, _request(session, method, path, f"sessions.{name}", query, body), None)


def _items(session: Session, session_id: str, token: str | None) -> Request:
    query = {"sessionId": session_id, "pageSize": str(PAGE), "fields": _ITEMS}
    more = {"pageToken": token} if token else {}
    return _request(session, "GET", "/v1/mediaItems", "mediaItems.list", {**query, **more})


def _request(
    session: Session, method: str, path: str, name: str, query: Mapping[str, str], body: bytes | None = None
) -> Request:
    tail = f"?{urlencode(query)}" if query else ""
    return Request(method, f"{session.root(API) or GOOGLE}{path}{tail}", f"photospicker.{name}", body)


# --------------------------------------------------------------------------- reading answers


def _choosing(found: JsonObject, root: str) -> Choosing:
    polling = values.record(found.get("pollingConfig", {}))
    return Choosing(
        id=values.identity(found, "id"),
        uri=_address(found, root),
        chosen=bool(values.true_or_false_if_said(found, "mediaItemsSet")),
        poll_seconds=_seconds(polling, "pollInterval"),
        seconds_left=_seconds(polling, "timeoutIn"),
        expires_at=values.moment(found, "expireTime"),
    )


def _address(found: JsonObject, root: str) -> str:
    """Where the Person chooses: on a Google host, or on the stand-in that this installation speaks to. Else ""."""
    written = found.get("pickerUri")
    if root and isinstance(written, str) and written.startswith(f"{root}/") and re.fullmatch(r"[!-~]{1,2000}", written):
        return written
    return values.link(found, "pickerUri")


def _seconds(found: values.Record, key: str) -> float | None:
    """A duration, such as "5s" or "3.5s". None when Google did not say."""
    value = found.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?s", value):
        raise Unreadable(f"{key} is no duration")
    return float(value[:-1])


def _photo(found: values.Record) -> Photo:
    taken_at = values.moment(found, "createTime")
    if taken_at is None:
        raise Unreadable("createTime is missing")
    camera = values.record(values.record(found.get("mediaFile", {})).get("mediaFileMetadata", {}))
    return Photo(
        id=values.identity(found, "id"),
        taken_at=taken_at,
        make=values.text_if_said(camera, "cameraMake")[:LONGEST_MODEL],
        model=values.text_if_said(camera, "cameraModel")[:LONGEST_MODEL],
        video=found.get("type") == "VIDEO",
    )


# --------------------------------------------------------------------------- the source


@dataclass(frozen=True)
class PhotosPicker:
    """Reads what was kept of the newest round of choosing. Sends nothing to Google, and renews no date."""

    name: str = "photos_picker"
    scope: str = PHOTOS_PICKER
    calls: tuple[str, ...] = ()

    def asks_google(self, ask: Ask) -> bool:
        return False

    def look(self, ask: Ask) -> Seen:
        if not ask.connection:
            return without_asking(self.name, ask, Why.NOT_CONNECTED)
        if ask.picked is None:
            return without_asking(self.name, ask, Why.NOT_ASKED)
        if not ask.picked:
            return without_asking(self.name, ask, Why.NOT_YET)
        coverage = Coverage(
            connection=ask.connection,
            source=self.name,
            state=CoverageState.COMPLETE,
            why=None,
            seen_at=max(picked.picked_at for picked in ask.picked),
        )
        return Seen(facts=tuple(self._fact(ask, picked) for picked in ask.picked), coverage=coverage)

    def _fact(self, ask: Ask, picked: Picked) -> PickedPhoto:
        stamp: dict[str, Any] = {"connection": ask.connection, "source": self.name, "seen_at": picked.picked_at}
        return PickedPhoto(
            **stamp,
            rung=Rung.LIVE,
            strength=Strength.SUGGESTS,
            photo_id=picked.photo_id,
            taken_at=picked.taken_at,
            make=picked.make,
            model=picked.model,
            video=picked.video,
        )


SOURCE = PhotosPicker()
