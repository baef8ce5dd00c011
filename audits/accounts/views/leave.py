"""Leaving for now: quick exit and signing out."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

# "cache" is left out on purpose: emptying it can take a browser many seconds, and nothing of ours is in it.
FORGET = '"cookies", "storage"'


@login_not_required
def quick_exit(request: HttpRequest) -> HttpResponse:
    """A plain link leads here, so that it works without scripts and in every browser. Ends the sign-in, leaves."""
    logout(request)
    response = HttpResponseRedirect(settings.EXIT_URL)
    response.status_code = 303
    return forgotten(response)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return forgotten(redirect("start"))


def forgotten(response: HttpResponse) -> HttpResponse:
    """Let the browser forget what it kept of this site: asked for, and for older browsers cookie by cookie."""
    response["Clear-Site-Data"] = FORGET
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        response.delete_cookie(name, samesite="Lax")
    return response
