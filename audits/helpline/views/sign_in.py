"""Coming to the desk, and leaving it."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits.helpline import door, sign_in
from audits.helpline.door import before_second_factor, for_all
from audits.helpline.sign_in_forms import NOT_THESE, SignInForm
from privacy_audit.security.leaving import away
from privacy_audit.security.limits import too_often

logger = logging.getLogger(__name__)


@for_all
@require_http_methods(["GET", "HEAD", "POST"])
def desk_sign_in(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _first_page(request)
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    if seconds := sign_in.slowed(request, form.cleaned_data["name"]):
        return too_often(request, seconds)
    helper = sign_in.helper_with(form.cleaned_data["name"], form.cleaned_data["password"])
    if helper is None:
        form.add_error("password", NOT_THESE)
        return _page(request, form)
    door.sign_in(request, helper)
    return redirect("desk-second")


def _first_page(request: HttpRequest) -> HttpResponse:
    helper = door.signed_in(request)
    if helper is None:
        return _page(request, SignInForm())
    return redirect(sign_in.home_of(helper) if door.second_factor_shown(request) else "desk-second")


def _page(request: HttpRequest, form: SignInForm) -> HttpResponse:
    return render(request, "desk/sign_in.html", {"form": form}, status=400 if form.errors else 200)


@before_second_factor
@require_POST
def desk_sign_out(request: HttpRequest) -> HttpResponse:
    """The desk's cookies alone: a caller in the same browser stays who they are."""
    sign_in.leave(request)
    return redirect("desk-sign-in")


@for_all
@require_safe
def desk_exit(request: HttpRequest) -> HttpResponse:
    """A plain link leads here, so that it works without scripts. It leads away whatever goes wrong meanwhile."""
    try:
        sign_in.leave(request)
    except Exception as error:
        logger.error("leaving the desk did not end the sign-in: %s", type(error).__name__)
    return away()
