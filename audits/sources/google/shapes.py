"""The shape of Google's answers: which keys, which kinds of values, how often. Never a value that could be somebody's.

What is written out is chosen from lists that stand here or in Google's published descriptions of its APIs: names of
keys, words of a fixed choice, reason words, names of mail headers. Everything else becomes a kind: `text`, `digits`,
`address`. A new word of Google's is therefore a `text` until somebody adds it here.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from audits.sources.google import documents, known_words, mail_shapes
from audits.sources.google.documents import Api, JsonObject
from audits.sources.google.errors import reason_words
from audits.sources.google.http import Answer

OTHER_KEY = "(another key)"
_DEEPEST = 25
_LENGTHS = (20, 60, 300)
_PATTERNS = (
    ("time", re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)")),
    ("date", re.compile(r"\d{4}-\d\d-\d\d")),
    ("zero in digits", re.compile(r"0")),
    ("digits", re.compile(r"-?\d+")),
    ("link", re.compile(r"https?://.*", re.DOTALL)),
    ("address", re.compile(r"[^@\s]+@[^@\s]+")),
)


@dataclass
class Shape:
    """What many values in one place have in common."""

    kinds: Counter[str] = field(default_factory=Counter)
    keys: dict[str, Shape] = field(default_factory=dict)
    items: Shape | None = None
    lengths: list[int] = field(default_factory=list)

    def add(self, value: Any, key: str = "", depth: int = 0) -> None:
        """`key`: under which key the value stood; some words are known only there."""
        self.kinds[kind_of(value, key)] += 1
        if depth >= _DEEPEST:
            return
        if isinstance(value, dict):
            self._add_object(value, depth)
        elif isinstance(value, list):
            self._add_list(value, key, depth)

    def _add_object(self, found: JsonObject, depth: int) -> None:
        if mail_shapes.is_header(found):
            told = mail_shapes.told_of(found["name"], found["value"])
            self._under(f"header {found['name'].lower()}").kinds[told] += 1
            return
        for name, inner in found.items():
            self._under(_known_key(name)).add(inner, name, depth + 1)

    def _add_list(self, found: list[Any], key: str, depth: int) -> None:
        self.lengths.append(len(found))
        self.items = self.items or Shape()
        for inner in found:
            self.items.add(inner, key, depth + 1)
        if found and all(isinstance(one, dict) and mail_shapes.is_header(one) for one in found):
            self.kinds[mail_shapes.mail_in_one(found)] += 1

    def _under(self, name: str) -> Shape:
        return self.keys.setdefault(name, Shape())

    def as_json(self) -> JsonObject:
        found: JsonObject = {"kinds": dict(sorted(self.kinds.items()))}
        if self.lengths:
            found["lengths"] = [min(self.lengths), max(self.lengths)]
        if self.keys:
            found["keys"] = {name: shape.as_json() for name, shape in sorted(self.keys.items())}
        if self.items is not None and self.items.kinds:
            found["items"] = self.items.as_json()
        return found


@dataclass
class Call:
    """All answers to one method."""

    times: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    answer: Shape = field(default_factory=Shape)

    def add(self, answer: Answer) -> None:
        self.times += 1
        self.statuses[str(answer.status)] += 1
        if answer.status >= 400:
            words = reason_words(answer.body)
            self.reasons.update(word if word in known_words.REASONS else "another" for word in words)
        else:
            self.answer.add(_read(answer.body))

    def as_json(self) -> JsonObject:
        found: JsonObject = {"times": self.times, "statuses": dict(self.statuses), "answer": self.answer.as_json()}
        return found | ({"reasons": dict(self.reasons)} if self.reasons else {})


class NotJson:
    """Stands for a body that is none."""


def _read(body: bytes) -> Any:
    try:
        return json.loads(body) if body.strip() else None
    except (ValueError, RecursionError):
        return NotJson()


def kind_of(value: Any, key: str = "") -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "number" if value else "zero"
    if isinstance(value, str):
        return f"word: {value}" if value in _words().get(key, ()) else _kind_of_text(value)
    if isinstance(value, dict):
        return "object"
    return "list" if isinstance(value, list) else "not JSON"


def _kind_of_text(text: str) -> str:
    if not text:
        return "empty text"
    for kind, pattern in _PATTERNS:
        if pattern.fullmatch(text):
            return kind
    return next((f"text of up to {most}" for most in _LENGTHS if len(text) <= most), "long text")


def _known_key(name: str) -> str:
    return name if name in _keys() else OTHER_KEY


# --------------------------------------------------------------------------- what Google has published


def _apis() -> list[Api]:
    return [found for found in vars(documents).values() if isinstance(found, Api)]


@cache
def _keys() -> frozenset[str]:
    published = {name for api in _apis() for name, _ in _properties(documents.document(api, "")["schemas"])}
    return frozenset(published | known_words.KEYS)


@cache
def _words() -> Mapping[str, frozenset[str]]:
    """By key: the words that a value under it may be."""
    found: dict[str, set[str]] = {key: set(words) for key, words in known_words.WORDS.items()}
    for api in _apis():
        for name, spec in _properties(documents.document(api, "")["schemas"]):
            words = [*spec.get("enum", ()), *spec.get("items", {}).get("enum", ())]
            words += [spec["default"]] if name == "kind" and "default" in spec else []
            found.setdefault(name, set()).update(words)
    return {key: frozenset(words) for key, words in found.items()}


def _properties(node: Any) -> Iterator[tuple[str, JsonObject]]:
    """Every property of every schema, however deep it stands."""
    if isinstance(node, list):
        node = dict(enumerate(node))
    if not isinstance(node, dict):
        return
    properties = node.get("properties")
    if isinstance(properties, dict):
        yield from ((name, spec) for name, spec in properties.items() if isinstance(spec, dict))
    for inner in node.values():
        yield from _properties(inner)
