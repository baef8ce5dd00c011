"""Walks an answer through a published schema: nothing unknown, nothing of the wrong type."""

import re
from typing import Any

Json = dict[str, Any]

INT64 = re.compile(r"-?\d{1,20}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def wrong_in(value: Any, schema: Json, schemas: Json, where: str = "") -> list[str]:
    """What does not fit, each with its place. Empty when all of it fits."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"]]
    kind = schema.get("type", "object")
    if kind == "any":
        return []
    if kind == "array":
        return _list(value, schema, schemas, where)
    if kind == "object":
        return _object(value, schema, schemas, where)
    return [] if _leaf(value, kind, schema.get("format")) else [f"{where}: {value!r} is no {kind}"]


def _list(value: Any, schema: Json, schemas: Json, where: str) -> list[str]:
    if not isinstance(value, list):
        return [f"{where}: {value!r} is no list"]
    inner = [wrong_in(item, schema["items"], schemas, f"{where}[{n}]") for n, item in enumerate(value)]
    return [wrong for found in inner for wrong in found]


def _object(value: Any, schema: Json, schemas: Json, where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is no object"]
    known, rest = schema.get("properties", {}), schema.get("additionalProperties")
    wrong = []
    for name, inner in value.items():
        expected = known.get(name, rest)
        wrong += (
            [f"{where}.{name} is unknown"]
            if expected is None
            else wrong_in(inner, expected, schemas, f"{where}.{name}")
        )
    return wrong


def _leaf(value: Any, kind: str, form: str | None) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if not isinstance(value, str):
        return False
    pattern = {"int64": INT64, "uint64": INT64, "date-time": TIME}.get(form or "")
    return pattern is None or bool(pattern.fullmatch(value))
