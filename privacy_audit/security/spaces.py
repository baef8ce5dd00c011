"""Two spaces apart: the Persons' pages, and the Helpers' desk under /desk/ with cookies of its own.

A browser sends the desk's cookies to the desk alone. Under their own names the same middleware serves both, so a
sign-in of one space is worth nothing in the other.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

DESK = "/desk/"
DESK_COOKIE = "desk"
DESK_FORM_COOKIE = "desk_form"


def in_desk(request: HttpRequest) -> bool:
    return request.path_info.startswith(DESK)


class TwoSpaces:
    """Middleware. Must stand before sessions and the check of forms."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.names = {settings.SESSION_COOKIE_NAME: DESK_COOKIE, settings.CSRF_COOKIE_NAME: DESK_FORM_COOKIE}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not in_desk(request):
            return self.get_response(request)
        for name, at_desk in self.names.items():
            request.COOKIES.pop(name, None)
            if at_desk in request.COOKIES:
                request.COOKIES[name] = request.COOKIES.pop(at_desk)
        response = self.get_response(request)
        for name, at_desk in self.names.items():
            _rename(response, name, at_desk)
        return response


def _rename(response: HttpResponse, name: str, at_desk: str) -> None:
    cookie = response.cookies.pop(name, None)
    if cookie is None:
        return
    response.cookies[at_desk] = cookie.value
    response.cookies[at_desk].update(cookie)
    response.cookies[at_desk].update({"path": DESK, "samesite": "Strict"})
