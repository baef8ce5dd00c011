"""What a browser may keep and use. Static files are served before this and may be cached; pages never are."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Nothing here needs a camera or a place, so no page may ask for one.
_NOTHING = ", ".join(
    f"{feature}=()" for feature in ("camera", "geolocation", "microphone", "payment", "usb", "display-capture", "midi")
)


class KeepNothing:
    """Middleware: no page of ours is stored by a browser or a proxy, or found by a search engine."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Permissions-Policy"] = _NOTHING
        return response
