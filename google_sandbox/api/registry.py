"""Which APIs there are, and which method a path belongs to."""

import re
from dataclasses import dataclass
from functools import cache

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from google_sandbox.discovery import Method

from . import calendar, directory, drive_activity, photos_picker, portability, reports, userinfo, youtube
from .base import Api
from .drive import api as drive
from .gmail import api as gmail

APIS: tuple[Api, ...] = (
    drive.API,
    drive_activity.API,
    gmail.API,
    calendar.API,
    youtube.API,
    directory.API,
    reports.API,
    photos_picker.API,
    portability.API,
    userinfo.API,
)


@dataclass(frozen=True)
class Route:
    api: Api
    method: Method
    path: dict[str, str]

    @property
    def played(self) -> bool:
        return self.method.id in self.api.endpoints


@cache
def _map() -> Map:
    rules = [
        Rule(_werkzeug(method.path), methods=[method.verb], endpoint=(api, method))
        for api in APIS
        for method in api.document.methods.values()
    ]
    return Map(rules, merge_slashes=False, redirect_defaults=False)


def _werkzeug(path: str) -> str:
    return re.sub(r"\{\+?(\w+)\}", r"<\1>", path)


def find(verb: str, path: str) -> Route | None:
    try:
        (api, method), arguments = _map().bind("").match(path, verb)
    except HTTPException:
        return None
    return Route(api, method, {name: str(value) for name, value in arguments.items()})
