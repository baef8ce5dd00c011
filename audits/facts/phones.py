"""What Google's own lists say of phones and browsers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from audits.facts.base import Fact


@dataclass(frozen=True, kw_only=True)
class PhoneApp(Fact):
    """An app that Google Play installed on some phone of this account. Apps from elsewhere are not on Google's list.

    `package` is mostly "": what Google publishes about the list names an app by its title only.
    """

    package: str
    name: str
    device: str  # the phone's name as Google writes it
    first_installed_at: datetime | None
    last_updated_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PlayDevice(Fact):
    """A phone or tablet that used Google Play with this account."""

    device_id: str
    name: str
    maker: str
    model: str
    registered_at: datetime | None
    last_seen_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class BrowserExtension(Fact):
    extension_id: str
    name: str
    enabled: bool
    incognito: bool
