"""Calendars, videos and chosen photos."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from audits.facts.base import Fact


@dataclass(frozen=True, kw_only=True)
class CalendarAccess(Fact):
    """One party that can see a calendar of the Person. `kind`: user, group, domain, public."""

    calendar_id: str
    calendar: str  # its name; hostile
    kind: str
    role: str  # freeBusyReader, reader, writerWithoutPrivateAccess, writer, owner
    address: str = ""
    named: bool = False  # the Person named this address


@dataclass(frozen=True, kw_only=True)
class Video(Fact):
    """A video or a playlist of the Person's own channel. `privacy`: public, unlisted, private."""

    video_id: str
    title: str
    playlist: bool
    privacy: str
    published_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PickedPhoto(Fact):
    """A photo or video that the Person chose in Google Photos: it is there. Nothing else is known by it.

    `taken_at` is what the camera wrote, and its clock may be wrong. `make` and `model` are hostile, "" when not said.
    """

    photo_id: str
    taken_at: datetime
    make: str
    model: str
    video: bool

    @property
    def camera(self) -> str:
        """As people say it. Many makers write their own name into the model as well. "" when there is no model."""
        if not self.model or self.model.casefold().startswith(self.make.casefold()):
            return self.model
        return f"{self.make} {self.model}"

    @property
    def dated(self) -> bool:
        """Whether its day can be right: not to come, and not from before there were digital cameras."""
        return self.taken_at.year >= 1990 and self.taken_at <= self.seen_at + timedelta(days=1)
