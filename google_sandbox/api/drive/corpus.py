"""The files of one account, in a form that costs little however many there are.

A *cohort* describes files that are alike but for a few values (id, name, times, size). Those values
stand in the description as slots, filled from the file's number in the cohort. A query or a field
mask is then worked out once for a cohort, not once for each file. An ordinary file is a cohort of one.
"""

import json
import re
from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from google_sandbox.fields import Mask, project

from .asked import Asked, Test

Json = dict[str, Any]
Fill = Callable[[int], str]

SLOT = re.compile("\ue000(\\w+)\ue001")
MASKS_KEPT = 8
QUERIES_KEPT = 12


def slot(name: str) -> str:
    """A place in a described file that is filled from the file's number."""
    return f"\ue000{name}\ue001"


@dataclass(frozen=True)
class Template:
    """JSON text with places, and what to put there. Values are plain: they need no JSON escaping."""

    text: str
    fills: tuple[Fill, ...]

    def render(self, number: int) -> str:
        if not self.fills:
            return self.text
        return self.text % tuple([fill(number) for fill in self.fills])


@dataclass(frozen=True, eq=False)
class Cohort:
    """`permissions` is the whole truth; `resource["permissions"]` only what the account may see."""

    resource: Json
    permissions: tuple[Json, ...]
    entry: Mapping[str, Any]
    count: int = 1
    fills: Mapping[str, Fill] = field(default_factory=dict)
    number_of: Callable[[str], int | None] | None = None
    gone: frozenset[int] = frozenset()
    _templates: "OrderedDict[str, Template]" = field(default_factory=OrderedDict, repr=False)

    def file(self, number: int) -> Json:
        """The whole resource of one file."""
        if not self.fills:
            return self.resource
        whole: Json = json.loads(self.template("*", {}).render(number))
        return whole

    def template(self, key: str, mask: Mask) -> Template:
        """`key` is the text of the mask; a few templates are kept."""
        made = self._templates.get(key)
        if made is None:
            made = _template(json.dumps(project(self.resource, mask), ensure_ascii=False), self.fills)
            self._templates[key] = made
            while len(self._templates) > MASKS_KEPT:
                self._templates.popitem(last=False)
        return made

    def numbers(self) -> Sequence[int]:
        whole = range(self.count)
        return [n for n in whole if n not in self.gone] if self.gone else whole

    @cached_property
    def open(self) -> frozenset[str]:
        return frozenset(name for name, value in self.resource.items() if isinstance(value, str) and SLOT.search(value))

    @cached_property
    def _whole(self) -> dict[str, Fill]:
        """The top-level values that are one slot and nothing else: the ones queries ask about."""
        found = {name: SLOT.fullmatch(self.resource[name]) for name in self.open}
        return {name: self.fills[match[1]] for name, match in found.items() if match}

    def value(self, name: str, number: int) -> Any:
        """One top-level value of one file."""
        fill = self._whole.get(name)
        if fill:
            return fill(number)
        if name in self.open:
            return self.file(number)[name]
        return self.resource.get(name)

    def matching(self, test: Test, me: str) -> Sequence[int]:
        answer = test(Asked(self.resource, self.permissions, me, self.open))
        if answer is None:
            return [n for n in self.numbers() if test(Asked(_One(self, n), self.permissions, me, NOTHING))]
        return self.numbers() if answer else ()


NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False, slots=True)
class _One:
    """One file of a cohort, its values made when asked for."""

    cohort: Cohort
    number: int

    def get(self, name: str, default: Any = None, /) -> Any:
        return self.cohort.value(name, self.number) if name in self.cohort.resource else default

    def __contains__(self, name: object, /) -> bool:
        return name in self.cohort.resource


def _template(text: str, fills: Mapping[str, Fill]) -> Template:
    if not fills:
        return Template(text, ())
    used = tuple(fills[name] for name in SLOT.findall(text))
    return Template(SLOT.sub("%s", text.replace("%", "%%")), used)


class Corpus:
    """All files of one account. Never changed: an edit makes a new one."""

    def __init__(self, cohorts: tuple[Cohort, ...], me: str) -> None:
        self.cohorts = cohorts
        self.me = me
        self._starts: list[int] = []
        total = 0
        for cohort in cohorts:
            self._starts.append(total)
            total += cohort.count
        self._single = {c.resource["id"]: i for i, c in enumerate(cohorts) if not c.number_of}
        self._series = [(i, c.number_of) for i, c in enumerate(cohorts) if c.number_of]
        self._found: OrderedDict[tuple[str, str], array[int]] = OrderedDict()

    def locate(self, file_id: str) -> tuple[Cohort, int] | None:
        at = self._single.get(file_id)
        if at is not None:
            return self.cohorts[at], 0
        for place, number_of in self._series:
            number = number_of(file_id)
            if number is not None and number not in self.cohorts[place].gone:
                return self.cohorts[place], number
        return None

    def resolve(self, ordinal: int) -> tuple[Cohort, int]:
        place = bisect_right(self._starts, ordinal) - 1
        return self.cohorts[place], ordinal - self._starts[place]

    def select(self, key: tuple[str, str], test: Test, sort: "Sort | None") -> "array[int]":
        """Ordinals of the files that match, in order. `key` (query, order) remembers the last few."""
        found = self._found.get(key)
        if found is None:
            found = array("I")
            for start, cohort in zip(self._starts, self.cohorts, strict=True):
                found.extend(_moved(cohort.matching(test, self.me), start))
            if sort:
                found = array("I", sort(self, found))
            self._found[key] = found
            while len(self._found) > QUERIES_KEPT:
                self._found.popitem(last=False)
        return found

    def render(self, ordinals: "array[int]", key: str, mask: Mask) -> str:
        """The files as the inside of a JSON list."""
        pieces = []
        for ordinal in ordinals:
            cohort, number = self.resolve(ordinal)
            pieces.append(cohort.template(key, mask).render(number))
        return ",".join(pieces)


def _moved(numbers: Sequence[int], by: int) -> Iterable[int]:
    if isinstance(numbers, range):
        return range(numbers.start + by, numbers.stop + by)
    return (number + by for number in numbers)


Sort = Callable[[Corpus, "array[int]"], list[int]]
