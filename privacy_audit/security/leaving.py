"""What a browser is told when somebody leaves: go elsewhere, and forget this site."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from privacy_audit.security import local_time
from privacy_audit.security.spaces import DESK, DESK_COOKIE, DESK_FORM_COOKIE

# "cache" is left out on purpose: emptying it can take a browser many seconds, and nothing of ours is in it.
FORGET = '"cookies", "storage"'


class AlwaysLeaves:
    """Middleware, outermost: quick exit leads away even when the session or the database does not answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= 400 and request.path in (reverse("quick-exit"), reverse("desk-exit")):
            return away()
        return response


def away() -> HttpResponse:
    response = HttpResponseRedirect(settings.EXIT_URL)
    response.status_code = 303
    response["Cache-Control"] = "no-store"
    return forgotten(response)


def forgotten(response: HttpResponse) -> HttpResponse:
    """Let the browser forget what it kept of this site: asked for, and for older browsers cookie by cookie."""
    response["Clear-Site-Data"] = FORGET
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, local_time.COOKIE):
        response.delete_cookie(name, samesite="Lax")
    for name in (DESK_COOKIE, DESK_FORM_COOKIE):
        response.delete_cookie(name, path=DESK, samesite="Strict")
    return response
