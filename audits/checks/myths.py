"""Myth cards: what people often believe of an app, and what is true. Read from myth_cards/<id>.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from audits.checks import catalogue
from audits.checks.reading import plain, references
from audits.checks.sections import Section, read_yaml
from audits.checks.words import Reference


@dataclass(frozen=True, kw_only=True)
class Myth:
    """`claim` is what people say, `truth` the short answer, `why` the longer one, `so` what to do with it.

    `uses`: the apps or devices it is about (none: everybody).
    """

    id: str
    claim: str
    truth: str
    why: str
    so: str
    uses: frozenset[str]
    sources: tuple[Reference, ...]
    checked_on: date
    reviewed_by: tuple[str, ...]


def load(folder: Path, found: list[str]) -> Mapping[str, Myth]:
    """Every card of this folder, by id; what is wrong is added to `found`."""
    return MappingProxyType({path.stem: _load_one(path, found) for path in sorted(folder.glob("*.yaml"))})


def _load_one(path: Path, found: list[str]) -> Myth:
    section = read_yaml(path, f"{catalogue.MYTHS}/{path.name}", found)
    if section.text("id", 60) != path.stem:
        section.report("id", f"is not {path.stem!r}, as the file’s place says")
    myth = Myth(
        id=path.stem,
        claim=plain(section, "claim", 120),
        truth=plain(section, "truth", 160),
        why=plain(section, "why", 600),
        so=plain(section, "so", 320),
        uses=frozenset(_uses(section)),
        sources=references(section, reference_hosts()),
        checked_on=section.typed("checked_on", date, date.min),
        reviewed_by=section.texts("reviewed_by", 80),
    )
    section.close()
    return myth


def _uses(section: Section) -> Iterator[str]:
    for name in section.texts("uses", 40):
        if name not in catalogue.COMMON.uses:
            section.report("uses", f"names {name!r}, which is not known")
        yield name


def reference_hosts() -> frozenset[str]:
    """Where words that belong to no one place may come from."""
    own = (platform.hosts for platform in catalogue.PLATFORMS.values())
    return catalogue.COMMON.reference_hosts.union(*own)


def _load_all() -> tuple[Mapping[str, Myth], list[str]]:
    found: list[str] = []
    cards: dict[str, Myth] = {}
    for folder in catalogue.folders():
        cards.update(load(folder / catalogue.MYTHS, found))
    for check in catalogue.CHECKS.values():
        for name in sorted(set(check.words.myths) - cards.keys()):
            found.append(f"{check.platform.id}/{check.id}.yaml: myths: names {name!r}, which is no myth card")
    return MappingProxyType(cards), found


MYTHS, _PROBLEMS = _load_all()


def problems() -> list[str]:
    return list(_PROBLEMS)
