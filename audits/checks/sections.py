"""Strict reading of YAML: every key is asked for by name, what is left over is reported, nothing is raised."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml

T = TypeVar("T")


class _StrictLoader(yaml.SafeLoader):
    """Safe, without YAML 1.1's yes/no/on/off booleans, and with repeated keys refused."""


_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_StrictLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def _mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    repeated = {str(key) for key in keys if keys.count(key) > 1}
    if repeated:
        raise yaml.constructor.ConstructorError(problem=f"repeated key {', '.join(sorted(repeated))}")
    return loader.construct_mapping(node, deep=True)


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(path: Path, name: str, problems: list[str]) -> Section:
    """The file as a Section; what cannot be read is reported and reads as empty."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506  a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problems.append(f"{name}: is not readable YAML: {' '.join(str(error).split())}")
        data = {}
    return Section(data, name, problems)


class Section:
    """One mapping. Missing or wrong values become problems and a neutral value, so that one run reports them all."""

    def __init__(self, data: object, path: str, problems: list[str]) -> None:
        self.path = path
        self.problems = problems
        self._data: dict[str, object] = {}
        self._asked: set[str] = set()
        if isinstance(data, Mapping):
            self._data = {str(key): value for key, value in data.items()}
        else:
            self.report("", "is not a mapping")

    def report(self, key: str, problem: str) -> None:
        where = f"{self.path}: {key}" if key else self.path
        self.problems.append(f"{where}: {problem}" if key else f"{where} {problem}")

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
        return Section({} if value is None else value, f"{self.path}: {key}", self.problems)

    def sections(self, key: str, most: int, needed: bool = True) -> list[Section]:
        found = self.typed(key, list, [], needed)
        if len(found) > most:
            self.report(key, f"has {len(found)} entries, at most {most}")
        return [Section(one, f"{self.path}: {key}[{place}]", self.problems) for place, one in enumerate(found, 1)]

    def every(self, read: Callable[[Section, str], T]) -> dict[str, T]:
        """Read all keys alike."""
        return {key: read(self, key) for key in self._data}

    def close(self) -> None:
        """Report the keys nobody asked for."""
        for key in self._data.keys() - self._asked:
            self.report(key, "is not a known key")
