"""Coming back: with the return code, a passkey, or the name and password that the Person chose."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audits.accounts import passkeys, passwords, return_codes
from audits.accounts.forms import NO_SUCH_CODE, CodeForm, NameForSignIn
from audits.models import Person
from privacy_audit.security import webauthn
from privacy_audit.security.limits import Limit, key_for, over, too_often

# Of one name, from wherever the tries come.
TRIES_FOR_ONE_NAME = Limit(20, 600)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return stay(request)
    if request.method != "POST":
        return page(request)
    form = CodeForm(request.POST)
    person = return_codes.person_with(form.cleaned_data["code"]) if form.is_valid() else None
    if person is not None:
        return open_record(request, person)
    if form.is_valid():
        form.add_error("code", NO_SUCH_CODE)
    return page(request, code=form, status=403)


@login_not_required
@require_POST
def with_name(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return stay(request)
    form = NameForSignIn(request.POST, label_suffix="")
    if not form.is_valid():
        return page(request, name=form, status=403)
    name, password = form.cleaned_data["name"], form.cleaned_data["password"]
    if seconds_left := over(key_for("sign-in-name", f"name:{passwords.name_key(name)}"), TRIES_FOR_ONE_NAME):
        return too_often(request, seconds_left)
    person = passwords.person_with(name, password)
    if person is not None:
        return open_record(request, person)
    form.add_error("password", _("This name and this password do not go together. Nothing has changed."))
    return page(request, name=form, status=403)


@login_not_required
@require_POST
def ask_passkey(request: HttpRequest) -> HttpResponse:
    """For a script: the question that a passkey answers, to sign in or to show once more who it is."""
    return JsonResponse(passkeys.ask_for_one(request))


@login_not_required
@require_POST
def with_passkey(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return stay(request)
    try:
        person = passkeys.person_with(request, request.POST.get("passkey", ""))
    except webauthn.NotThisPasskey:
        messages.error(request, _("That passkey does not open a record here. Nothing has changed."))
        return redirect("come-back")
    return open_record(request, person)


def open_record(request: HttpRequest, person: Person) -> HttpResponse:
    return_codes.enter(request, person)
    return redirect("overview")


def stay(request: HttpRequest) -> HttpResponse:
    """Nothing that is typed is even looked at: two people's records must not be mixed up in one window."""
    if request.method == "POST":
        messages.info(request, _("You are signed in already. To open another record, sign out first."))
    return redirect("overview")


def page(
    request: HttpRequest, *, code: CodeForm | None = None, name: NameForSignIn | None = None, status: int = 200
) -> HttpResponse:
    shown = {
        "code_form": code or CodeForm(),
        "name_form": name or NameForSignIn(label_suffix=""),
        "by_name": name is not None,
        "passkeys_work_here": webauthn.works_at(request),
    }
    return render(request, "accounts/come_back.html", shown, status=status)
