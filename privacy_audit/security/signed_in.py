"""Every page needs a signed-in person, unless its view says otherwise (`login_not_required`)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from audits.audit.helping.sessions import caller_leaves
from audits.models import Person
from privacy_audit.security.spaces import in_desk

SINCE = "signed_in_at"


class SignedIn(LoginRequiredMiddleware):
    """Sends strangers to the start page, without the wanted address in the query: it would stay in the history."""

    def process_view(self, request: HttpRequest, view_func: Callable[..., Any], *args: Any) -> HttpResponse | None:
        if in_desk(request):
            return None  # nobody is a Person there: the desk has its own door
        return cast("HttpResponse | None", super().process_view(request, view_func, *args))

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponse:  # type: ignore[override]
        start = resolve_url(settings.LOGIN_URL)
        if request.headers.get("HX-Request"):
            # A part of a page cannot show the start page: the whole page must go there.
            response = HttpResponse(status=204)
            response["HX-Redirect"] = start
            return response
        return redirect(start)


class SignInEnds:
    """Middleware: a sign-in ends SESSION_HOURS after it began, however busy the session was since."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        if isinstance(person, Person) and sign_in_is_over(request):
            logout(request)
            caller_leaves(person)
        return self.get_response(request)


def sign_in_is_over(request: HttpRequest) -> bool:
    """Counts from the first page after signing in. A time that lies ahead of us is not believed."""
    age = time.time() - request.session.setdefault(SINCE, int(time.time()))
    return not -60 <= age < settings.SESSION_COOKIE_AGE
