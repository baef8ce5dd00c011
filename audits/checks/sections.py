"""Strict reading of YAML: every key is asked for by name, what is left over is reported, nothing is raised.

A problem names the file and the line, so that whoever edits a catalogue finds it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml

T = TypeVar("T")


class Mapped(dict[str, object]):
    """A mapping that knows on which line it begins, and on which each of its keys stands."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


# libyaml reads a large catalogue ten times faster; PyYAML's wheels bring it.
class _StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe, without YAML 1.1's yes/no/on/off booleans, and with repeated keys refused."""


_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_StrictLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def _mapping(loader: Any, node: yaml.MappingNode) -> Mapped:
    found = Mapped(node.start_mark.line + 1)
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node))
        if key in found:
            raise yaml.constructor.ConstructorError(problem=f"repeated key {key}, line {key_node.start_mark.line + 1}")
        found.lines[key] = key_node.start_mark.line + 1
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(path: Path, name: str, problems: list[str]) -> Section:
    """The file as a Section; what cannot be read is reported and reads as empty."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506  a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        problems.append(f"{name}: is not readable YAML: {' '.join(str(error).split())}")
        data = {}
    return Section(data, name, problems)


class Section:
    """One mapping. Missing or wrong values become problems and a neutral value, so that one run reports them all."""

    def __init__(self, data: object, path: str, problems: list[str], place: str = "", line: int = 1) -> None:
        """`path` names the file, `place` the mapping inside it ("" for the file itself), `line` where it stands."""
        self.path = path
        self.place = place
        self.problems = problems
        self._line = data.line if isinstance(data, Mapped) else line
        self._lines = data.lines if isinstance(data, Mapped) else {}
        self._data: dict[str, object] = {}
        self._asked: set[str] = set()
        if isinstance(data, Mapping):
            self._data = {str(key): value for key, value in data.items()}
        else:
            self.report("", "is not a mapping")

    def report(self, key: str, problem: str) -> None:
        line = self._lines.get(key, self._line)
        where = ": ".join(part for part in (self.place, key) if part)
        self.problems.append(f"{self.path}:{line}: {where}: {problem}" if where else f"{self.path}:{line}: {problem}")

    def names(self) -> list[str]:
        return list(self._data)

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def raw(self, key: str, needed: bool = True) -> object:
        self._asked.add(key)
        if needed and key not in self._data:
            self.report(key, "is missing")
        return self._data.get(key)

    def typed(self, key: str, kind: type[T], default: T, needed: bool = True) -> T:
        value = self.raw(key, needed)
        if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
            return value
        if key in self._data:
            self.report(key, f"is not a {kind.__name__}")
        return default

    def text(self, key: str, most: int, needed: bool = True) -> str:
        """Text without line breaks, of at most `most` characters, not empty when needed."""
        value = " ".join(self.typed(key, str, "", needed).split())
        if needed and not value and key in self._data:
            self.report(key, "is empty")
        if len(value) > most:
            self.report(key, f"is {len(value)} characters long, at most {most}")
        return value

    def number(self, key: str, least: int, most: int) -> int:
        value = self.typed(key, int, least)
        if not least <= value <= most:
            self.report(key, f"is {value}, not between {least} and {most}")
        return value

    def choice(self, key: str, allowed: frozenset[str]) -> str:
        value = self.typed(key, str, "")
        if value not in allowed and key in self._data:
            self.report(key, f"is {value!r}, not one of {', '.join(sorted(allowed))}")
        return value

    def texts(self, key: str, most: int, needed: bool = True) -> tuple[str, ...]:
        """A list of texts. An empty list is fine."""
        found = self.typed(key, list, [], needed)
        if not all(isinstance(one, str) and len(one) <= most for one in found):
            self.report(key, f"holds something that is not a text of at most {most} characters")
        return tuple(str(one) for one in found)

    def section(self, key: str, needed: bool = True) -> Section:
        value = self.raw(key, needed)
        return self._inner({} if value is None else value, key, key)

    def sections(self, key: str, most: int, needed: bool = True) -> list[Section]:
        found = self.typed(key, list, [], needed)
        if len(found) > most:
            self.report(key, f"has {len(found)} entries, at most {most}")
        return [self._inner(one, key, f"{key}[{place}]") for place, one in enumerate(found, 1)]

    def _inner(self, data: object, key: str, name: str) -> Section:
        place = f"{self.place}: {name}" if self.place else name
        return Section(data, self.path, self.problems, place, self._lines.get(key, self._line))

    def every(self, read: Callable[[Section, str], T]) -> dict[str, T]:
        """Read all keys alike."""
        return {key: read(self, key) for key in self._data}

    def close(self) -> None:
        """Report the keys nobody asked for."""
        for key in self._data.keys() - self._asked:
            self.report(key, "is not a known key")
