"""Files of the Person that an address they named can open. One short question for each address, always live."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from audits.facts import AskedAbout, SharedFile, Why
from audits.sources.contract import Ask
from audits.sources.google import files
from audits.sources.google.errors import BadQuestion, NobodyNamed, TooMany
from audits.sources.google.scopes import DRIVE_METADATA
from audits.sources.google.source import GoogleSource, Reading
from audits.sources.google.values import LONGEST_ADDRESS, Record

MOST_NAMES = 20
_MOST_PAGES = 10
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")


def query(address: str) -> str:
    """Whether `in readers` also finds writers is not written down, so both are asked for."""
    who = files.quoted(address)
    return f"'me' in owners and ({who} in readers or {who} in writers) and trashed=false"


def read(reading: Reading) -> None:
    each_name(reading, _read_one)


def each_name(reading: Reading, read_one: Callable[[Reading, str, str], None]) -> None:
    """`read_one` gets each name as the Person wrote it, and the address in it. What was answered whole is a fact."""
    if len(reading.ask.named_people) > MOST_NAMES:
        reading.falls_short(TooMany(f"more than {MOST_NAMES} names"))
    for name in reading.ask.named_people[:MOST_NAMES]:
        address = name.strip()
        if len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
            reading.falls_short(NobodyNamed("a name that is no address"))
            continue
        missing = reading.missing
        try:
            read_one(reading, name, address)
        except BadQuestion as fault:  # Google does not take this address; it may take the next
            reading.falls_short(fault)
        if reading.missing == missing:
            reading.put(f"asked {address.lower()}", AskedAbout(**reading.stamp, address=address.lower()))


def _read_one(reading: Reading, name: str, address: str) -> None:
    found = files.listed(reading, query(address), most=_MOST_PAGES)
    for file, readers in files.with_readers(reading, found):
        reading.take(lambda file=file, readers=readers: _fact(reading, file, readers, name))  # type: ignore[misc]


def _fact(reading: Reading, file: Record, readers: files.Readers, name: str) -> tuple[str, SharedFile]:
    """One fact a file: a second name that can open it is written beside the first."""
    identity, fact = files.shared_file(reading, file, readers, open_to_anyone=readers.anyone, named=(name,))
    before = reading.facts.get(identity)
    if isinstance(before, SharedFile) and name not in before.named:
        return identity, replace(before, named=(*before.named, name))
    return identity, fact


def nobody_named(ask: Ask) -> Why | None:
    return None if any(name.strip() for name in ask.named_people) else Why.NOBODY_NAMED


SOURCE = GoogleSource(
    name="drive_named",
    scopes=(DRIVE_METADATA,),
    calls=("drive.files.list", "drive.permissions.list"),
    read=read,
    needs=nobody_named,
)
