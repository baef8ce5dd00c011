"""The ways into a record: which there are, adding a better one than the code, taking one away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits.accounts import passkeys, passwords, step_up
from audits.accounts.confirming import WAYS, asked
from audits.accounts.forms import NewPasswordForm
from audits.accounts.timeline import Happened
from audits.accounts.ways import better_way, remove_passkey, remove_password, ways_of
from audits.models import Person
from audits.models.loading import person_of
from privacy_audit.security import webauthn


@require_safe
def ways(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    shown = {
        **asked(request, person, WAYS),
        "ways": ways_of(person),
        "most_passkeys": passkeys.MOST_PASSKEYS,
        "site": webauthn.name_of_site(),
    }
    return render(request, "accounts/ways.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    if not step_up.stepped_up(request):
        return first_show(request)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return password_page(request, person, form)
    try:
        passwords.keep(person, form.cleaned_data["name"], form.cleaned_data["password"])
    except passwords.NameTaken:
        form.add_error("name", _("Please take another name. This one is not free."))
        return password_page(request, person, form)
    return stands(request, person, Happened.PASSWORD_SET, _("Your name and password open this record from now on."))


def password_page(request: HttpRequest, person: Person, form: NewPasswordForm) -> HttpResponse:
    shown = {"form": form, "ways": ways_of(person)}
    return render(request, "accounts/password.html", shown, status=400 if form.errors else 200)


@require_POST
def password_remove(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    if not step_up.stepped_up(request):
        return first_show(request)
    if not ways_of(person).password:
        return redirect("ways")
    last = remove_password(request, person)
    messages.info(request, _("The password opens nothing any more. Other windows are signed out."))
    return redirect("return-code" if last else "ways")


@require_POST
def passkey_ask(request: HttpRequest) -> HttpResponse:
    """For a script: what a browser needs to make a passkey."""
    person = person_of(request)
    if not step_up.stepped_up(request):
        return JsonResponse({}, status=403)
    return JsonResponse(passkeys.ask_for_new(request, person))


@require_POST
def passkey_add(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    if not step_up.stepped_up(request):
        return first_show(request)
    try:
        passkeys.add(request, person, request.POST.get("passkey", ""))
    except webauthn.NotThisPasskey:
        messages.error(request, _("That did not work, and nothing has changed. You can try once more."))
        return redirect("ways")
    return stands(request, person, Happened.PASSKEY_ADDED, _("Your passkey opens this record from now on."))


@require_POST
def passkey_remove(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    if not step_up.stepped_up(request):
        return first_show(request)
    passkey = passkeys.passkey_of(person, request.POST.get("which", ""))
    if passkey is None:
        messages.info(request, _("That passkey is no longer here. Nothing has changed."))
        return redirect("ways")
    last = remove_passkey(request, person, passkey)
    messages.info(request, _("That passkey opens nothing any more. You can delete it on your device too."))
    return redirect("return-code" if last else "ways")


def stands(request: HttpRequest, person: Person, what: Happened, sentence: str) -> HttpResponse:
    """A better way in stands: what it ended is said with it."""
    messages.success(request, sentence)
    if better_way(request, person, what):
        messages.info(request, _("The return code no longer opens it: you can throw your note away."))
    messages.info(request, _("Wherever else this record was open, it is closed now."))
    return redirect("ways")


def first_show(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("Nothing has changed. First show that it is you."))
    return redirect("ways")
