"""What is inside the archives of Google's Data Portability. They are opened in memory, within limits, and thrown away.

Fields: https://developers.google.com/data-portability/schema-reference/play and .../chrome . The same files are in
Google Takeout, where the outer shape (a list of `{"install": {...}}`) was seen.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from audits.facts import BrowserExtension, Fact, PhoneApp, PlayDevice, Why
from audits.sources.google import values
from audits.sources.google.errors import GoogleFault, TooMany, Unreadable
from audits.sources.google.source import Stamp

MOST_ENTRIES = 2_000  # files in one archive
LARGEST_FILE = 16 * 1024 * 1024  # bytes, unpacked
MOST_RECORDS = 5_000
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError)


@dataclass(frozen=True)
class Read:
    """`why` None: everything in the file was read."""

    facts: tuple[Fact, ...]
    why: Why | None


@dataclass(frozen=True)
class _Kind:
    """How one resource is written: its file, its list in there (a key, "" when the file is the list), one record."""

    file: str
    key: str
    inner: str
    build: Callable[[values.Record, Stamp], tuple[str, Fact]]


def read(resource: str, archives: Sequence[bytes], stamp: Stamp) -> Read:
    """The facts of one resource. Raises Unreadable or TooMany when there is nothing that can be believed."""
    kind = _KINDS[resource]
    records = [one for archive in archives for text in _texts(archive, kind.file) for one in _records(text, kind)]
    if len(records) > MOST_RECORDS:
        raise TooMany(f"more than {MOST_RECORDS} records")
    facts: dict[str, Fact] = {}
    why: Why | None = None
    for one in records:
        try:
            identity, fact = kind.build(_inner(one, kind.inner), stamp)
        except GoogleFault as fault:
            why = why or fault.why
        else:
            facts[identity] = fact
    return Read(tuple(facts.values()), why)


# --------------------------------------------------------------------------- opening


def _texts(archive: bytes, file: str) -> list[bytes]:
    """Every file of this name in the archive. A file that is not there is not an empty list."""
    if not archive.startswith(b"PK"):
        return [archive]
    try:
        found = list(_unzipped(archive, file))
    except _BROKEN as error:
        raise Unreadable(f"archive: {type(error).__name__}") from None
    if not found:
        raise Unreadable("archive without the file")
    return found


def _unzipped(archive: bytes, file: str) -> Iterator[bytes]:
    """Nothing is written to a disk, so names with `..` in them mean nothing here."""
    with zipfile.ZipFile(BytesIO(archive)) as opened:
        if len(opened.infolist()) > MOST_ENTRIES:
            raise TooMany(f"more than {MOST_ENTRIES} files in an archive")
        for entry in opened.infolist():
            if PurePosixPath(entry.filename).name.casefold() == file.casefold():
                with opened.open(entry) as packed:
                    text = packed.read(LARGEST_FILE + 1)
                if len(text) > LARGEST_FILE:
                    raise TooMany("a file in an archive is too large")
                yield text


def _records(text: bytes, kind: _Kind) -> list[Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("file is not JSON") from None
    if kind.key:
        found = values.records(values.record(found), kind.key)
    if not isinstance(found, list):
        raise Unreadable("file is no list")
    return found


def _inner(one: object, name: str) -> values.Record:
    """Takeout puts each record into an object of one key; Google's description of the export does not mention it."""
    found = values.record(one)
    return values.record(found[name]) if name in found else found


# --------------------------------------------------------------------------- records


def _app(found: values.Record, stamp: Stamp) -> tuple[str, PhoneApp]:
    doc = values.record(found.get("doc"))
    device = values.record(found.get("deviceAttribute", {}))
    fact = PhoneApp(
        **stamp,
        package=values.text_if_said(doc, "packageName"),
        name=_needed(values.name(doc, "title")),
        device=values.text_if_said(device, "deviceDisplayName") or _model(device, "manufacturer", "model"),
        first_installed_at=values.moment(found, "firstInstallationTime"),
        last_updated_at=values.moment(found, "lastUpdateTime"),
    )
    return f"{fact.package}\n{fact.name}\n{fact.device}", fact


def _device(found: values.Record, stamp: Stamp) -> tuple[str, PlayDevice]:
    """Google gives no id of a device, so its names and the day it was registered stand for it."""
    data = values.record(found.get("mostRecentData", {}))
    registered = values.moment(found, "deviceRegistrationTime")
    maker, model = values.text_if_said(data, "manufacturer"), values.text_if_said(data, "modelName")
    code = values.text_if_said(data, "deviceName")
    name = _needed(_model(data, "manufacturer", "modelName") or code)
    identity = "\n".join((maker, model, code, registered.isoformat() if registered else ""))
    fact = PlayDevice(
        **stamp,
        device_id=identity,
        name=name,
        maker=maker,
        model=model,
        registered_at=registered,
        last_seen_at=values.moment(found, "lastTimeDeviceActive"),
    )
    return identity, fact


def _extension(found: values.Record, stamp: Stamp) -> tuple[str, BrowserExtension]:
    identity = values.identity(found, "id")
    fact = BrowserExtension(
        **stamp,
        extension_id=identity,
        name=values.text_if_said(found, "name") or identity,
        enabled=values.true_or_false(found, "enabled"),
        incognito=values.true_or_false_if_said(found, "incognito_enabled") or False,
    )
    return identity, fact


def _model(found: values.Record, maker: str, model: str) -> str:
    """The maker in front of the model, once: “Google Pixel 7”."""
    first, second = values.text_if_said(found, maker), values.text_if_said(found, model)
    if second.casefold().startswith(first.casefold()):
        return second
    return f"{first} {second}".strip()


def _needed(name: str) -> str:
    if not name:
        raise Unreadable("a record without a name")
    return name


_KINDS: Mapping[str, _Kind] = {
    "play.installs": _Kind("Installs.json", "", "install", _app),
    "play.devices": _Kind("Devices.json", "", "device", _device),
    "chrome.extensions": _Kind("Extensions.json", "Extensions", "extension", _extension),
}
