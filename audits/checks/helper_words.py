"""The prepared words of a helper, who is on the phone with a person: what to say and ask, and when not to go on.

Read from helper_words/<platform>.yaml and helper_words/common.yaml. How they are written: docs/checks.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from audits.checks import catalogue, language
from audits.checks.catalogue import Check
from audits.checks.reading import plain
from audits.checks.sections import Section, read_yaml
from audits.checks.words import Sentence

COMMON = "common.yaml"
MOST_LETTERS = 220

# Said aloud, so nothing that promises, orders, or reads badly between the quotation marks that the page puts round it.
_SPOKEN = {
    "says 'safe', which may only be asked": re.compile(r"\bsafe\b(?![^.?]*\?)", re.IGNORECASE),
    "uses the word 'must'": re.compile(r"\bmust\b", re.IGNORECASE),
    "has quotation marks; the page puts them": re.compile("[“”]"),
}


@dataclass(frozen=True)
class HelperWords:
    """`say` and `ask` are spoken, without quotation marks. `stop` tells the helper alone when not to go on."""

    say: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SayNot:
    """Words to use, and the ones they stand for, which are not used."""

    say: str
    avoid: str


@dataclass(frozen=True, kw_only=True)
class CommonHelperWords:
    """What holds for every contact.

    `start` and `close` are spoken, without quotation marks. The other lists tell the helper; what to say stands in
    “ ” there. `any_check` is for a check that nobody has prepared words for.
    """

    start: tuple[str, ...]
    never: tuple[str, ...]
    stop: tuple[str, ...]
    close: tuple[str, ...]
    young: tuple[str, ...]
    danger: tuple[str, ...]
    words: tuple[SayNot, ...]
    care: tuple[str, ...]
    any_check: HelperWords


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """All of it: `places` by the id of the place, `checks` by the id of the check of today."""

    common: CommonHelperWords
    places: Mapping[str, HelperWords]
    checks: Mapping[str, HelperWords]

    def words_for(self, check: Check) -> HelperWords:
        """The check's own words, then those of its place; words for any check where there are none."""
        fallback = self.common.any_check
        own = self.checks.get(check.id, HelperWords(say=fallback.say))
        place = self.places.get(check.platform.id, HelperWords(ask=fallback.ask, stop=fallback.stop))
        return HelperWords(say=own.say, ask=own.ask + place.ask, stop=own.stop + place.stop)


def load(folders: Sequence[Path], found: list[str]) -> Prepared:
    """What is wrong is added to `found`, one sentence each.

    A later folder's common.yaml stands for the whole of an earlier one; its other files speak for the places and
    checks that they name, and leave the rest as it is.
    """
    places: dict[str, HelperWords] = {}
    checks: dict[str, HelperWords] = {}
    for folder in folders:
        for path in sorted((folder / catalogue.HELPER_WORDS).glob("*.yaml")):
            if path.name != COMMON:
                _read_place(path, places, checks, found)
    return Prepared(
        common=_read_common(_path_of_common(folders), found),
        places=MappingProxyType(places),
        checks=MappingProxyType(checks),
    )


def _path_of_common(folders: Sequence[Path]) -> Path:
    paths = [folder / catalogue.HELPER_WORDS / COMMON for folder in folders]
    return next((path for path in reversed(paths) if path.exists()), paths[0])


def _read_place(path: Path, places: dict[str, HelperWords], checks: dict[str, HelperWords], found: list[str]) -> None:
    section = read_yaml(path, f"{catalogue.HELPER_WORDS}/{path.name}", found)
    if path.stem not in catalogue.PLATFORMS:
        section.report("", f"{path.stem!r} is no place of the catalogue")
        return
    if "place" in section:
        place = section.section("place")
        places[path.stem] = HelperWords(ask=_spoken(place, "ask", 1, 2), stop=_lines(place, "stop", 1, 3))
        place.close()
    named = section.section("checks", needed=False)
    for name in named.names():
        words = _words(named.section(name))
        if problem := _wrong_id(name, path.stem):
            named.report(name, problem)
            continue
        checks[name] = words
    section.close()


def _wrong_id(name: str, place: str) -> str:
    """Why no words can hang on this id; "" when they can."""
    if name in catalogue.ALIASES:
        return f"is an old id, {catalogue.ALIASES[name]!r} is the one of today"
    if name not in catalogue.CHECKS:
        return "is no check of the catalogue"
    own = catalogue.CHECKS[name].platform.id
    return "" if own == place else f"is a check of {own}, so its words belong into {own}.yaml"


def _words(section: Section) -> HelperWords:
    words = HelperWords(
        say=_spoken(section, "say", 1, 3), ask=_spoken(section, "ask", 1, 2), stop=_lines(section, "stop", 0, 2)
    )
    section.close()
    return words


def _read_common(path: Path, found: list[str]) -> CommonHelperWords:
    section = read_yaml(path, f"{catalogue.HELPER_WORDS}/{COMMON}", found)
    words = CommonHelperWords(
        start=_spoken(section, "start", 2, 4),
        never=_lines(section, "never", 5, 8),
        stop=_lines(section, "stop", 2, 6),
        close=_spoken(section, "close", 2, 6),
        young=_lines(section, "young", 3, 8),
        danger=_lines(section, "danger", 2, 6),
        words=tuple(_pair(one) for one in section.sections("words", 24)),
        care=_lines(section, "care", 2, 8),
        any_check=_words(section.section("any")),
    )
    section.close()
    return words


def _pair(section: Section) -> SayNot:
    """The words to avoid are quoted, so they may be any."""
    pair = SayNot(say=plain(section, "say", 120), avoid=section.text("not", 120))
    section.close()
    return pair


def _spoken(section: Section, key: str, least: int, most: int) -> tuple[str, ...]:
    lines = _lines(section, key, least, most)
    for number, line in enumerate(lines, 1):
        for problem, pattern in _SPOKEN.items():
            if pattern.search(line):
                section.report(key, f"line {number} {problem}")
    return lines


def _lines(section: Section, key: str, least: int, most: int) -> tuple[str, ...]:
    """Between `least` and `most` lines that somebody reads; none at all may be left out when `least` is 0."""
    lines = tuple(" ".join(line.split()) for line in section.texts(key, MOST_LETTERS, needed=least > 0))
    if not least <= len(lines) <= most and (key in section):
        section.report(key, f"has {len(lines)} lines, not between {least} and {most}")
    for number, line in enumerate(lines, 1):
        for problem in _line_problems(line):
            section.report(key, f"line {number} {problem}")
    return lines


def _line_problems(line: str) -> list[str]:
    found = list(language.text_problems(line))
    if not line:
        found.append("is empty")
    if Sentence(line).placeholders:
        found.append("has a placeholder where none is filled")
    if "—" in line:
        found.append("has a long dash; use a full stop or a comma")
    return found


_PROBLEMS: list[str] = []
_PREPARED = load(catalogue.folders(), _PROBLEMS)
COMMON_WORDS: CommonHelperWords = _PREPARED.common


def words_for(check: Check) -> HelperWords:
    """What a helper has at hand beside this check."""
    return _PREPARED.words_for(check)


def problems() -> list[str]:
    return list(_PROBLEMS)
