"""Parameters as the discovery document describes them, refused as Google refuses them."""

import re
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from google_sandbox.discovery import Method
from google_sandbox.errors import bad_parameter, bad_request, not_built

Json = dict[str, Any]

PART: Json = {"type": "string"}  # a piece of a longer `name`, which the flat path has and the parameters do not


def read_parameters(
    method: Method, common: frozenset[str], query: "MultiDict[str, str]", path: Mapping[str, str]
) -> Json:
    """Typed values with the published defaults; a repeated one as one text, with commas.

    GoogleError 400 for the unknown and the wrong.
    """
    known = method.query
    for name in query:
        if name not in known and name not in common:
            raise _unknown(name)
    if query.get("alt", "json") != "json":
        raise not_built(f"{method.id} with alt={query['alt'][:20]}")
    values: Json = {name: _typed(name, spec, spec["default"]) for name, spec in known.items() if "default" in spec}
    for name, spec in known.items():
        given = query.getlist(name)
        if given:
            typed = [_typed(name, spec, text) for text in given]
            values[name] = ",".join(typed) if spec.get("repeated") else typed[-1]
        elif spec.get("required"):
            raise bad_parameter(f"Required parameter: {name}", name, "required")
    return values | {name: _typed(name, method.parameters.get(name, PART), text) for name, text in path.items()}


def _unknown(name: str) -> Exception:
    shown = name[:100]
    return bad_request(
        f'Invalid JSON payload received. Unknown name "{shown}": Cannot bind query parameter. '
        f"Field '{shown}' could not be found in request message."
    )


def _typed(name: str, spec: Json, text: str) -> Any:
    if spec["type"] == "integer":
        return _integer(name, spec, text)
    if spec["type"] == "boolean":
        if text.lower() not in ("true", "false"):
            raise _wrong(name, "TYPE_BOOL", text)
        return text.lower() == "true"
    if "enum" in spec and text not in spec["enum"]:
        raise _wrong(name, "TYPE_ENUM", text)
    return text


def _integer(name: str, spec: Json, text: str) -> int:
    if not re.fullmatch(r"-?\d{1,10}", text, re.ASCII):
        raise _wrong(name, f"TYPE_{spec.get('format', 'int32').upper()}", text)
    number, lowest, highest = int(text), spec.get("minimum"), spec.get("maximum")
    if (lowest and number < int(lowest)) or (highest and number > int(highest)):
        raise bad_parameter(f"Invalid value '{number}'. Values must be within the range: [{lowest}, {highest}]", name)
    return number


def _wrong(name: str, kind: str, text: str) -> Exception:
    field = re.sub(r"([A-Z])", lambda found: "_" + found[1].lower(), name)
    return bad_request(f"Invalid value at '{field}' ({kind}), \"{text[:100]}\"", field)
