"""Showing a second factor, setting one, and a Helper's own page of both and of the password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audits.helpline import door, passkeys, second_factor, sign_in, totp
from audits.helpline.door import EVERY_ROLE, before_second_factor, for_roles, helper_of
from audits.helpline.second_factor import Factors, factors_of
from audits.helpline.sign_in_forms import NOT_THIS_NUMBER, NewPasswordForm, NumberForm
from audits.models import Helper
from privacy_audit.security import webauthn
from privacy_audit.security.limits import too_often
from privacy_audit.security.webauthn import NotThisPasskey

# --------------------------------------------------------------------------- showing one


@before_second_factor
@require_http_methods(["GET", "HEAD", "POST"])
def desk_second(request: HttpRequest) -> HttpResponse:
    helper = helper_of(request)
    factors = factors_of(helper)
    if not factors:
        return redirect("desk-factor")
    if request.method != "POST":
        return _ask(request, factors, NumberForm())
    if seconds := second_factor.slowed(helper):
        return too_often(request, seconds)
    if "passkey" in request.POST:
        return _by_passkey(request, helper)
    form = NumberForm(request.POST)
    if form.is_valid() and not totp.is_right(helper, form.cleaned_data["number"]):
        form.add_error("number", NOT_THIS_NUMBER)
    return _ask(request, factors, form) if form.errors else _shown(request, helper)


def _by_passkey(request: HttpRequest, helper: Helper) -> HttpResponse:
    try:
        passkeys.check(request, helper, request.POST["passkey"])
    except NotThisPasskey:
        messages.error(request, _("That was no passkey of yours that we know. You can try once more."))
        return redirect("desk-second")
    return _shown(request, helper)


def _shown(request: HttpRequest, helper: Helper) -> HttpResponse:
    """Whoever was in already came to show it again, for a change on their own page."""
    again = door.second_factor_shown(request)
    door.show_second_factor(request)
    return redirect("desk-account" if again else sign_in.home_of(helper))


def _ask(request: HttpRequest, factors: Factors, form: NumberForm) -> HttpResponse:
    shown = {
        "factors": factors,
        "form": form,
        "again": door.second_factor_shown(request),
        "passkeys_work_here": webauthn.works_at(request),
    }
    return render(request, "desk/second.html", shown, status=400 if form.errors else 200)


@before_second_factor
@require_POST
def desk_second_ask(request: HttpRequest) -> HttpResponse:
    """For a script: what a browser needs to show a passkey."""
    try:
        return JsonResponse(passkeys.ask_for_one(request, helper_of(request)))
    except NotThisPasskey:
        return JsonResponse({}, status=403)


# --------------------------------------------------------------------------- setting one


@before_second_factor
@require_http_methods(["GET", "HEAD", "POST"])
def desk_factor(request: HttpRequest) -> HttpResponse:
    """The first one opens the desk. For one more, who has one must have shown it just now."""
    helper = helper_of(request)
    factors = factors_of(helper)
    if not _may_set(request, factors):
        return redirect("desk-second")
    if request.method != "POST":
        return _setting(request, helper, factors, NumberForm())
    if seconds := second_factor.slowed(helper):
        return too_often(request, seconds)
    if "passkey" in request.POST:
        return _set_passkey(request, helper, factors)
    form = NumberForm(request.POST)
    if form.is_valid() and not totp.set_up(request, helper, form.cleaned_data["number"]):
        form.add_error("number", NOT_THIS_NUMBER)
    return _setting(request, helper, factors, form) if form.errors else _is_set(request, helper, factors)


def _may_set(request: HttpRequest, factors: Factors) -> bool:
    return not factors or door.second_factor_is_fresh(request)


def _set_passkey(request: HttpRequest, helper: Helper, factors: Factors) -> HttpResponse:
    try:
        passkeys.add(request, helper, request.POST["passkey"])
    except NotThisPasskey:
        messages.error(request, _("That did not work, and nothing has changed. You can try once more."))
        return redirect("desk-factor")
    return _is_set(request, helper, factors)


def _is_set(request: HttpRequest, helper: Helper, before: Factors) -> HttpResponse:
    door.show_second_factor(request)
    sign_in.end_other_sign_ins(request, helper)
    messages.success(request, _("Your second factor stands. You need it each time you sign in."))
    return redirect("desk-account" if before else sign_in.home_of(helper))


def _setting(request: HttpRequest, helper: Helper, factors: Factors, form: NumberForm) -> HttpResponse:
    seed = totp.seed_to_set(request, helper)
    shown = {
        "factors": factors,
        "form": form,
        "picture": totp.picture(seed),
        "groups": totp.groups(seed),
        "passkeys_work_here": webauthn.works_at(request),
    }
    return render(request, "desk/factor.html", shown, status=400 if form.errors else 200)


@before_second_factor
@require_POST
def desk_factor_ask(request: HttpRequest) -> HttpResponse:
    """For a script: what a browser needs to make a passkey."""
    helper = helper_of(request)
    factors = factors_of(helper)
    if not _may_set(request, factors) or factors.full:
        return JsonResponse({}, status=403)
    return JsonResponse(passkeys.ask_for_new(request, helper))


# --------------------------------------------------------------------------- the Helper's own page


@for_roles(*EVERY_ROLE)
@require_http_methods(["GET", "HEAD", "POST"])
def desk_account(request: HttpRequest) -> HttpResponse:
    """POST: a new password."""
    helper = helper_of(request)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _account(request, helper, form)
    if not door.second_factor_is_fresh(request):
        return _first_show(request)
    if form.is_valid() and check_password(form.cleaned_data["password"], helper.password):
        form.add_error("password", _("This is the password you have already."))
    if form.errors:
        return _account(request, helper, form)
    sign_in.change_password(request, helper, form.cleaned_data["password"])
    messages.success(request, _("Your new password holds from now on. Wherever else you were signed in, you are not."))
    return redirect("desk-account")


@for_roles(*EVERY_ROLE)
@require_POST
def desk_factor_remove(request: HttpRequest) -> HttpResponse:
    helper = helper_of(request)
    if not door.second_factor_is_fresh(request):
        return _first_show(request)
    try:
        if second_factor.remove(helper, request.POST.get("which", "")):
            sign_in.end_other_sign_ins(request, helper)
            messages.info(request, _("That one opens nothing any more. You can delete it on your device too."))
        else:
            messages.info(request, _("That one is no longer here. Nothing has changed."))
    except second_factor.LastOne:
        messages.info(request, _("This is your only second factor, so it stays. Set another one first."))
    return redirect("desk-account")


def _first_show(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("Nothing has changed. First show your second factor once more."))
    return redirect("desk-second")


def _account(request: HttpRequest, helper: Helper, form: NewPasswordForm) -> HttpResponse:
    shown = {
        "form": form,
        "factors": factors_of(helper),
        "fresh": door.second_factor_is_fresh(request),
        "minutes": door.FRESH_SECONDS // 60,
    }
    return render(request, "desk/account.html", shown, status=400 if form.errors else 200)
