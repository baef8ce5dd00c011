"""`orderBy` of files.list."""

import re
from array import array
from collections.abc import Callable
from typing import Any

from google_sandbox.errors import invalid_value

from .corpus import Cohort, Corpus, Sort
from .kinds import FOLDER

Key = Callable[[Cohort, int], Any]


def _text(name: str) -> Key:
    return lambda cohort, number: str(cohort.value(name, number) or "")


def _natural(cohort: Cohort, number: int) -> list[tuple[int, int | str]]:
    pieces = re.split(r"(\d+)", str(cohort.value("name", number)).lower())
    return [(0, int(piece)) if piece.isdigit() else (1, piece) for piece in pieces]


def _recency(cohort: Cohort, number: int) -> str:
    return max(str(cohort.value(name, number) or "") for name in ("modifiedTime", "createdTime", "viewedByMeTime"))


KEYS: dict[str, Key] = {
    "createdTime": _text("createdTime"),
    "modifiedTime": _text("modifiedTime"),
    "modifiedByMeTime": _text("modifiedTime"),
    "viewedByMeTime": _text("viewedByMeTime"),
    "sharedWithMeTime": _text("sharedWithMeTime"),
    "name": lambda cohort, number: str(cohort.value("name", number)).lower(),
    "name_natural": _natural,
    "quotaBytesUsed": lambda cohort, number: int(cohort.value("quotaBytesUsed", number) or 0),
    "recency": _recency,
    "starred": lambda cohort, number: not cohort.resource["starred"],
    "folder": lambda cohort, number: cohort.resource["mimeType"] != FOLDER,
}


def parse(text: str) -> Sort | None:
    """The sorter, or None for no order. An unknown key is a 400, as at Google."""
    steps = [_step(part) for part in text.split(",") if part.strip()]
    if not steps:
        return None

    def sort(corpus: Corpus, found: "array[int]") -> list[int]:
        ordered = list(found)
        for key, backwards in reversed(steps):
            ordered.sort(key=_of_ordinal(corpus, key), reverse=backwards)
        return ordered

    return sort


def _step(part: str) -> tuple[Key, bool]:
    name, _, way = part.strip().partition(" ")
    if name not in KEYS or way.strip() not in ("", "desc"):
        raise invalid_value("orderBy")
    return KEYS[name], way.strip() == "desc"


def _of_ordinal(corpus: Corpus, key: Key) -> Callable[[int], Any]:
    def of_ordinal(ordinal: int) -> Any:
        return key(*corpus.resolve(ordinal))

    return of_ordinal
