"""Times are shown in the Person's zone: the one they chose, else the one their browser names, else UTC (said so)."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from datetime import tzinfo
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

COOKIE = "zone"  # set by static/js/zone.js; it holds a name such as Europe/Berlin and nothing of the person


@cache
def zones() -> frozenset[str]:
    """Every zone with a place in its name, and UTC."""
    return frozenset(name for name in zoneinfo.available_timezones() if "/" in name and name[0].isupper()) | {"UTC"}


class LocalTime:
    """Middleware: the zone holds for this request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(zone_of(request)):
            return self.get_response(request)


def zone_of(request: HttpRequest) -> tzinfo:
    chosen = getattr(request.user, "time_zone", "") or request.COOKIES.get(COOKIE, "").replace("%2F", "/")
    return zoneinfo.ZoneInfo(chosen if chosen in zones() else "UTC")
