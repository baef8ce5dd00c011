"""What this program can and cannot see, told from the sources and checks themselves, so that it cannot drift."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from django.utils.translation import gettext

from audits.checks.catalogue import CHECKS, COMMON, Check
from audits.facts import Rung, Strength
from audits.sources.contract import Source
from audits.sources.registry import SOURCES

NOBODY = Path(__file__).with_name("nobody.yaml")
_EXPORT_CALLS = (
    "dataportability.portabilityArchive.initiate",
    "dataportability.archiveJobs.getPortabilityArchiveState",
    "dataportability.authorization.reset",
)
# Calls of looks that have a page of their own: there they are made, and the source only reads what was kept of it.
ON_OWN_PAGE = {
    "photos_picker": (
        "photospicker.sessions.create",
        "photospicker.sessions.get",
        "photospicker.mediaItems.list",
        "photospicker.sessions.delete",
    ),
    "play_apps": _EXPORT_CALLS,
    "play_devices": _EXPORT_CALLS,
    "chrome_extensions": _EXPORT_CALLS,
}


@dataclass(frozen=True, kw_only=True)
class SourceStory:
    """One place facts come from. `calls`: ids as in Google's own description; none where Google is not asked there."""

    id: str
    name: str
    calls: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CheckStory:
    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Statement:
    """Something that Google gives to nobody, and where that was read."""

    text: str
    title: str
    url: str


def sources_of(names: Collection[str]) -> tuple[SourceStory, ...]:
    """These sources, in the order of the registry. A name that is none is left out."""
    found = (source for source in SOURCES.values() if source.name in names)
    return tuple(_source_story(one) for one in found)


def _source_story(source: Source) -> SourceStory:
    calls = (*source.calls, *ON_OWN_PAGE.get(source.name, ()))
    return SourceStory(id=source.name, name=gettext(COMMON.sources[source.name]), calls=calls)


def sources_without_look() -> tuple[SourceStory, ...]:
    return sources_of([source.name for source in SOURCES.values() if not source.scope])


def checks_from(names: Collection[str]) -> tuple[CheckStory, ...]:
    """The checks that these sources help to answer."""
    return _stories(check_id for check_id, check in CHECKS.items() if set(check.sources) & set(names))


def checks_by_looking() -> tuple[CheckStory, ...]:
    """The checks of which no machine sees the whole in a personal account: they are answered by looking yourself."""
    return _stories(
        check_id for check_id, check in CHECKS.items() if check.words.told is not None and not _can_be_proved(check)
    )


def _can_be_proved(check: Check) -> bool:
    proves = {rung for rung, words in check.words.rungs.items() if words.sources and words.strength is Strength.PROVES}
    return bool(proves - {Rung.ADMIN})


def _stories(check_ids: Iterable[str]) -> tuple[CheckStory, ...]:
    return tuple(CheckStory(id=one, name=gettext(CHECKS[one].words.short)) for one in check_ids)


def nobody() -> tuple[Statement, ...]:
    return tuple(Statement(text=gettext(text), title=gettext(title), url=url) for text, title, url in _read_nobody())


@lru_cache(maxsize=1)
def _read_nobody() -> tuple[tuple[str, str, str], ...]:
    lines = yaml.safe_load(NOBODY.read_text(encoding="utf-8"))
    return tuple((str(one["text"]), str(one["title"]), str(one["url"])) for one in lines)
