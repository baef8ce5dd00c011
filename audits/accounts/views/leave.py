"""Leaving for now: quick exit and signing out."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from privacy_audit.security import local_time

# "cache" is left out on purpose: emptying it can take a browser many seconds, and nothing of ours is in it.
FORGET = '"cookies", "storage"'


@login_not_required
def quick_exit(request: HttpRequest) -> HttpResponse:
    """A plain link leads here, so that it works without scripts and in every browser. Ends the sign-in, leaves."""
    logout(request)
    return away()


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return forgotten(redirect("start"))


class AlwaysLeaves:
    """Middleware, outermost: quick exit leads away even when the session or the database does not answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= 400 and request.path == reverse("quick-exit"):
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
    return response
