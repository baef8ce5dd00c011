"""The words of *before I send a picture*: sending.yaml. A helpline may bring a whole file of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from audits.checks import catalogue
from audits.checks.myths import reference_hosts
from audits.checks.reading import plain, references
from audits.checks.sections import Section, read_yaml
from audits.checks.words import Reference

FILE = "sending.yaml"
MOST_STEPS = 6
WAYS = frozenset({"look", "do"})

# Check by id, and which of its ways is shown: how to look, or how to change it.
Shows = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Tick:
    """What may be so with this picture, and what the list then says. `help`: it also names who can help."""

    id: str
    text: str
    says: str
    help: bool


@dataclass(frozen=True, kw_only=True)
class Part:
    """One step, or one paragraph of the page for somebody under 18, which has no ticks."""

    title: str
    text: str
    shows: Shows
    ticks: tuple[Tick, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sending:
    steps: tuple[Part, ...]
    young: tuple[Part, ...]
    talk: Shows
    sources: tuple[Reference, ...]
    checked_on: date
    reviewed_by: tuple[str, ...]


def load(path: Path, found: list[str]) -> Sending:
    """What is wrong is added to `found`, one sentence each."""
    section = read_yaml(path, FILE, found)
    sending = Sending(
        steps=tuple(_part(one, ticked=True) for one in section.sections("steps", MOST_STEPS)),
        young=tuple(_part(one, ticked=False) for one in section.sections("young", MOST_STEPS)),
        talk=_shows(section, "talk"),
        sources=references(section, reference_hosts()),
        checked_on=section.typed("checked_on", date, date.min),
        reviewed_by=section.texts("reviewed_by", 80),
    )
    section.close()
    ids = [tick.id for part in sending.steps for tick in part.ticks]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        section.report("steps", f"has two ticks called {name!r}")
    return sending


def _part(section: Section, *, ticked: bool) -> Part:
    part = Part(
        title=plain(section, "title", 70),
        text=plain(section, "text", 400),
        shows=_shows(section, "shows") if "shows" in section else {},
        ticks=tuple(_tick(one) for one in section.sections("ticks", 4)) if ticked else (),
    )
    section.close()
    return part


def _tick(section: Section) -> Tick:
    tick = Tick(
        id=section.text("id", 20),
        text=plain(section, "text", 90),
        says=plain(section, "says", 320),
        help=section.typed("help", bool, False, needed=False),
    )
    section.close()
    return tick


def _shows(section: Section, key: str) -> Shows:
    named = section.section(key)
    shown = {name: named.choice(name, WAYS) for name in named.names()}
    for name in shown.keys() - catalogue.CHECKS.keys():
        named.report(name, "is no check of the catalogue")
    return MappingProxyType({name: way for name, way in shown.items() if name in catalogue.CHECKS})


def path_of_words() -> Path:
    """In the last folder that has one: words of a helpline stand before our own."""
    return next(folder / FILE for folder in reversed(catalogue.folders()) if (folder / FILE).exists())


_PROBLEMS: list[str] = []
SENDING = load(path_of_words(), _PROBLEMS)


def problems() -> list[str]:
    return list(_PROBLEMS)
