"""What this program can and cannot see, told from the sources and checks themselves, so that it cannot drift."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from django.utils.translation import gettext

from audits.checks.catalogue import CHECKS, COMMON
from audits.sources.registry import SOURCES

NOBODY = Path(__file__).with_name("nobody.yaml")


@dataclass(frozen=True, kw_only=True)
class SourceStory:
    """One place facts come from. `calls`: ids as in Google's own description; none where Google is not asked there."""

    id: str
    name: str
    calls: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CheckStory:
    """`told`: the Person can look and say what they saw."""

    id: str
    name: str
    told: bool


@dataclass(frozen=True, kw_only=True)
class Statement:
    """Something that Google gives to nobody, and where that was read."""

    text: str
    title: str
    url: str


def sources_of(names: Collection[str]) -> tuple[SourceStory, ...]:
    """These sources, in the order of the registry. A name that is none is left out."""
    found = (source for source in SOURCES.values() if source.name in names)
    return tuple(
        SourceStory(id=one.name, name=gettext(COMMON.sources[one.name]), calls=tuple(one.calls)) for one in found
    )


def sources_without(names: Collection[str]) -> tuple[SourceStory, ...]:
    """All other sources: those that need no look."""
    return sources_of([name for name in SOURCES if name not in names])


def checks_from(names: Collection[str]) -> tuple[CheckStory, ...]:
    """The checks that these sources help to answer."""
    return _told_of(check_id for check_id, check in CHECKS.items() if set(check.sources) & set(names))


def checks_by_looking() -> tuple[CheckStory, ...]:
    """The checks that no machine can see: they are answered by looking, and by nothing else."""
    return _told_of(check_id for check_id, check in CHECKS.items() if check.rule is None)


def _told_of(check_ids: Iterable[str]) -> tuple[CheckStory, ...]:
    return tuple(
        CheckStory(id=one, name=gettext(CHECKS[one].words.short), told=CHECKS[one].words.told is not None)
        for one in check_ids
    )


def nobody() -> tuple[Statement, ...]:
    return tuple(
        Statement(text=gettext(text), title=gettext(title), url=url) for text, title, url in _read_nobody()
    )


@lru_cache(maxsize=1)
def _read_nobody() -> tuple[tuple[str, str, str], ...]:
    lines = yaml.safe_load(NOBODY.read_text(encoding="utf-8"))
    return tuple((str(one["text"]), str(one["title"]), str(one["url"])) for one in lines)
