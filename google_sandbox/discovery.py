"""What Google publishes about its APIs: the discovery documents that google-api-python-client ships.

For an API that has none there, `documents/` holds one in the same form, written by hand after Google's reference pages.
The sandbox takes paths, parameters, accepted scopes and schemas from them, never from memory.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]

OURS = Path(__file__).parent / "documents"


@dataclass(frozen=True, eq=False)
class Method:
    id: str
    verb: str
    path: str
    scopes: frozenset[str]
    parameters: dict[str, Json]
    schema: str | None

    @property
    def query(self) -> dict[str, Json]:
        return {name: spec for name, spec in self.parameters.items() if spec["location"] == "query"}


@dataclass(frozen=True, eq=False)
class Document:
    name: str
    host: str
    batch_path: str
    methods: dict[str, Method]
    schemas: Json
    common: frozenset[str]
    scopes: dict[str, str]


def documents_folder() -> Path:
    spec = find_spec("googleapiclient")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("google-api-python-client is needed: it ships the discovery documents")
    return Path(next(iter(spec.submodule_search_locations))) / "discovery_cache" / "documents"


def _raw(name: str) -> Json:
    document: Json = json.loads(_file(name).read_bytes())
    return document


def _file(name: str) -> Path:
    ours = OURS / f"{name}.json"
    return ours if ours.exists() else documents_folder() / f"{name}.json"


def _methods(node: Json, base: str) -> dict[str, Method]:
    found = {}
    for spec in node.get("methods", {}).values():
        found[spec["id"]] = Method(
            id=spec["id"],
            verb=spec["httpMethod"],
            path=base + spec.get("flatPath", spec["path"]),
            scopes=frozenset(spec.get("scopes", ())),
            parameters=spec.get("parameters", {}),
            schema=spec.get("response", {}).get("$ref"),
        )
    for child in node.get("resources", {}).values():
        found.update(_methods(child, base))
    return found


@cache
def document(name: str) -> Document:
    """The document `name` as its file is called, for instance `drive.v3` or `admin.directory_v1`."""
    raw = _raw(name)
    return Document(
        name=raw["name"],
        host=urlsplit(raw["rootUrl"]).hostname or "",
        batch_path="/" + raw["batchPath"],
        methods=_methods(raw, "/" + raw["servicePath"]),
        schemas=raw["schemas"],
        common=frozenset(raw["parameters"]),
        scopes=_scopes(raw),
    )


def _scopes(raw: Json) -> dict[str, str]:
    listed = raw.get("auth", {}).get("oauth2", {}).get("scopes", {})
    return {scope: words["description"] for scope, words in listed.items()}


@cache
def scope_words(names: tuple[str, ...]) -> dict[str, str]:
    """Each scope of these documents with Google's sentence for it. Documents that are absent are skipped."""
    words: dict[str, str] = {}
    for name in names:
        if _file(name).exists():
            words.update(_scopes(_raw(name)))
    return words
