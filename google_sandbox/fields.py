"""Partial answers: the `fields` parameter, its grammar and its check against the published schema.

Grammar: `a,b/c,d(e,f/g),*`. A mask is a mapping from name to mask; an empty mapping below a name
stands for everything there.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from .discovery import Document
from .errors import bad_parameter

Json = dict[str, Any]
Mask = Mapping[str, Any]

EVERYTHING: Mask = {}
TOKEN = re.compile(r"\s*([A-Za-z0-9_$@.\-]+|[*,/()])\s*")
LONGEST = 4000
DEEPEST = 20


def parse(text: str) -> Mask:
    """ValueError when the text is not a field selection. Empty text selects nothing: `{"": {}}`."""
    if not text.strip():
        return {"": EVERYTHING}
    tokens = _tokens(text)
    mask, rest = _selection(tokens, 0, 0)
    if rest != len(tokens):
        raise ValueError(text)
    return mask


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    if len(text) > LONGEST:
        raise ValueError("too long")
    while at < len(text):
        found = TOKEN.match(text, at)
        if not found:
            raise ValueError(text)
        tokens.append(found[1])
        at = found.end()
    return tokens


def _selection(tokens: list[str], at: int, depth: int) -> tuple[dict[str, Any], int]:
    mask: dict[str, Any] = {}
    while True:
        at = _path(tokens, at, mask, depth)
        if at >= len(tokens) or tokens[at] != ",":
            return mask, at
        at += 1


def _path(tokens: list[str], at: int, mask: dict[str, Any], depth: int) -> int:
    if depth > DEEPEST or at >= len(tokens) or tokens[at] in ",/()":
        raise ValueError("a name is missing, or the selection is too deep")
    name, at = tokens[at], at + 1
    below: dict[str, Any] = {}
    if at < len(tokens) and tokens[at] == "/":
        at = _path(tokens, at + 1, below, depth + 1)
    elif at < len(tokens) and tokens[at] == "(":
        below, at = _selection(tokens, at + 1, depth + 1)
        if at >= len(tokens) or tokens[at] != ")":
            raise ValueError("a parenthesis is open")
        at += 1
    mask[name] = _union(mask[name], below) if name in mask else below
    return at


def _union(one: Mask, other: Mask) -> dict[str, Any]:
    if not one or not other:
        return {}
    both = dict(one)
    for name, below in other.items():
        both[name] = _union(both[name], below) if name in both else below
    return both


def check(mask: Mask, schema: Json, schemas: Json) -> str | None:
    """The first name the schema does not have, as Google would print it, or None."""
    schema = _resolve(schema, schemas)
    known = schema.get("properties", {})
    for name, below in mask.items():
        inner = known.get(name) or schema.get("additionalProperties")
        if name == "*":
            continue
        if inner is None and schema.get("type") != "any":
            return name
        if below and inner is not None:
            wrong = check(below, inner, schemas)
            if wrong:
                return f"{name}/{wrong}" if "/" in wrong else wrong
    return None


def _resolve(schema: Json, schemas: Json) -> Json:
    while "$ref" in schema or schema.get("type") == "array":
        schema = schemas[schema["$ref"]] if "$ref" in schema else schema["items"]
    return schema


@lru_cache(maxsize=512)
def _checked(text: str, schema: str, document: Document) -> Mask | str:
    """The mask, or the part of the text that is wrong."""
    try:
        mask = parse(text)
    except ValueError:
        return text[:200]
    if "" in mask:
        return mask
    return check(mask, {"$ref": schema}, document.schemas) or mask


def selection(text: str, schema: str, document: Document) -> Mask:
    """The mask, or the 400 Google answers to a wrong one."""
    mask = _checked(text, schema, document)
    if isinstance(mask, str):
        raise bad_parameter(f"Invalid field selection {mask}", "fields")
    return mask


def project(value: Any, mask: Mask) -> Any:
    """What the mask leaves of a value; objects left with nothing in them are kept, as Google does."""
    if not mask:
        return value
    if isinstance(value, list):
        return [project(item, mask) for item in value]
    if not isinstance(value, dict):
        return value
    star = mask.get("*")
    kept = {}
    for name, inner in value.items():
        below = mask.get(name, star)
        if below is not None:
            kept[name] = project(inner, below)
    return kept
