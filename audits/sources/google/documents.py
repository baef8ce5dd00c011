"""API clients built from the discovery documents that google-api-python-client ships.

The document itself is patched, because the client's own `api_endpoint` option moves calls but not batches: a batch,
with the bearer token in it, would still go to Google's host. googleapiclient costs 250 ms and 40 MB to import, so it
is imported by the first look and never by a web process that makes none.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Any

JsonObject = dict[str, Any]


@dataclass(frozen=True)
class Api:
    """One API, by its name and version in the discovery documents."""

    name: str
    version: str


_ROOTS = 16  # clients kept: one an API and root; each is about 0.8 MB
DRIVE = Api("drive", "v3")
DRIVE_ACTIVITY = Api("driveactivity", "v2")
DIRECTORY = Api("admin", "directory_v1")
REPORTS = Api("admin", "reports_v1")
GMAIL = Api("gmail", "v1")
CALENDAR = Api("calendar", "v3")
YOUTUBE = Api("youtube", "v3")
PORTABILITY = Api("dataportability", "v1")


@lru_cache(maxsize=_ROOTS)
def document(api: Api, root: str) -> JsonObject:
    """The discovery document with `root` in place of Google's host ("": as shipped). Do not change it."""
    from googleapiclient.discovery_cache import get_static_doc

    found: JsonObject = json.loads(get_static_doc(api.name, api.version))
    if root:
        found["rootUrl"] = root + "/"
    found["baseUrl"] = found["rootUrl"] + found["servicePath"]
    found.pop("mtlsRootUrl", None)
    return found


@lru_cache(maxsize=_ROOTS)
def service(api: Api, root: str) -> Any:
    """The client of one API. It only builds requests, so threads may share it; see session.py for sending them."""
    from googleapiclient.discovery import build_from_document

    found = document(api, root)
    return _made_once(build_from_document(found, http=_NeverSends()), found)


def _made_once(client: Any, described: JsonObject) -> Any:
    """The same client, whose parts (`files()`, `users().messages()`) are made when first asked for and then kept.

    googleapiclient makes them anew each time, from the document: 3 ms a call, more than all else that a call costs us.
    """
    for name, inner in described.get("resources", {}).items():
        make = getattr(client, name, None)
        if make is not None:
            setattr(client, name, cache(partial(_make_once, make, inner)))
    return client


def _make_once(make: Callable[[], Any], described: JsonObject) -> Any:
    return _made_once(make(), described)


def batch_url(api: Api, root: str) -> str:
    found = document(api, root)
    return f"{found['rootUrl']}{found['batchPath']}"


class _NeverSends:
    """build_from_document insists on a transport, and would look for Google's default credentials without one."""
