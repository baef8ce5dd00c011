"""The door of the desk: closed by default. A view that says nothing is for a helper who showed a second factor.

What a view says of itself: `for_all` (sign-in, invitation), `before_second_factor` (setting or showing one), or
`for_roles` (a lead's, an operator's, or several roles' pages). Whoever may not see a page learns nothing of it: 404.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect

from audits.models import Helper, HelperRole
from privacy_audit.security.spaces import in_desk

View = TypeVar("View", bound=Callable[..., HttpResponse])
EVERY_ROLE = frozenset(HelperRole)
_KEPT = "desk"
_ALL, _FIRST, _ROLES = "desk_for_all", "desk_before_second_factor", "desk_roles"
SEEN_EVERY_SECONDS = 60
FRESH_SECONDS = 5 * 60


def for_all(view: View) -> View:
    """Open to whoever comes."""
    setattr(view, _ALL, True)
    return view


def before_second_factor(view: View) -> View:
    """For who showed a password and no second factor yet."""
    setattr(view, _FIRST, True)
    return view


def for_roles(*roles: HelperRole) -> Callable[[View], View]:
    """For these roles, with a second factor."""

    def marked(view: View) -> View:
        setattr(view, _ROLES, frozenset(roles))
        return view

    return marked


class Door:
    """Middleware. Must stand after sessions, and before anything that answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not in_desk(request):
            return None
        helper = signed_in(request)
        request.helper = helper  # type: ignore[attr-defined]
        if getattr(view, _ALL, False):
            return None
        if helper is None:
            return _to(request, "desk-sign-in")
        if getattr(view, _FIRST, False):
            return None
        if not second_factor_shown(request):
            return _to(request, "desk-second")
        if helper.role not in getattr(view, _ROLES, frozenset({HelperRole.HELPER})):
            raise Http404
        return None


def helper_of(request: HttpRequest) -> Helper:
    """Who works here. The door has sent everybody else away."""
    helper = getattr(request, "helper", None)
    if not isinstance(helper, Helper):
        raise TypeError("this page needs a helper")
    return helper


def sign_in(request: HttpRequest, helper: Helper) -> None:
    """After the password. Nothing but the second factor opens yet."""
    request.session.flush()
    rotate_token(request)
    now = int(time.time())
    request.session[_KEPT] = {
        "helper": helper.pk,
        "round": helper.session_round,
        "second": False,
        "since": now,
        "seen": now,
    }


def show_second_factor(request: HttpRequest) -> None:
    request.session.cycle_key()
    request.session[_KEPT] = {**request.session[_KEPT], "second": True, "second_at": int(time.time())}


def second_factor_shown(request: HttpRequest) -> bool:
    return bool(request.session.get(_KEPT, {}).get("second"))


def second_factor_is_fresh(request: HttpRequest) -> bool:
    """Shown in the last minutes: then a way in may be changed."""
    age = time.time() - request.session.get(_KEPT, {}).get("second_at", 0)
    return second_factor_shown(request) and -60 <= age <= FRESH_SECONDS


def keep_up(request: HttpRequest, helper: Helper) -> None:
    """Of all sign-ins of this Helper, this one goes on."""
    request.session[_KEPT] = {**request.session[_KEPT], "round": helper.session_round}


def sign_out(request: HttpRequest) -> None:
    request.session.flush()


def signed_in(request: HttpRequest) -> Helper | None:
    """Who showed a password here, while their access and this sign-in last. One query."""
    kept = request.session.get(_KEPT)
    if not isinstance(kept, dict) or _is_over(kept):
        return None
    helper = Helper.objects.select_related("helpline").filter(pk=kept["helper"], ended_at=None).first()
    if helper is None or helper.session_round != kept["round"]:
        return None
    if helper.helpline is not None and helper.helpline.closed_at is not None:
        return None
    if time.time() - kept["seen"] > SEEN_EVERY_SECONDS and not _came_by_itself(request):
        request.session[_KEPT] = {**kept, "seen": int(time.time())}
    return helper


def _came_by_itself(request: HttpRequest) -> bool:
    """A script asked, or a page without one that is made anew: an open page is no sign of somebody."""
    return request.method == "GET" and ("X-Part" in request.headers or "again" in request.GET)


def _is_over(kept: dict[str, Any]) -> bool:
    """A time that lies ahead of us is not believed."""
    now = time.time()
    since, seen = now - kept["since"], now - kept["seen"]
    if min(since, seen) < -60:
        return True
    return bool(since > settings.HELPER_SESSION_HOURS * 3600 or seen > settings.HELPER_IDLE_MINUTES * 60)


def _to(request: HttpRequest, page: str) -> HttpResponse:
    """A part of a page cannot show a sign-in: then the whole page goes there."""
    response = redirect(page)
    if request.headers.get("X-Part"):
        return HttpResponse(status=204, headers={"X-Go": response["Location"]})
    return response
