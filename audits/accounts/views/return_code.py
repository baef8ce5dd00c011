"""The return code: shown once, kept by the Person, replaced when they ask for it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audits.accounts import return_codes, step_up
from audits.accounts.ways import new_code, ways_of
from audits.models.loading import person_of


@require_safe
def return_code(request: HttpRequest) -> HttpResponse:
    """Until the Person has kept it, and for a quarter of an hour at most, the page may be loaded again."""
    digits = return_codes.to_show(request, person_of(request))
    if not digits:
        return redirect("ways")
    shown = {"groups": return_codes.groups(digits), "empty_days": settings.EMPTY_RECORD_DAYS}
    return render(request, "accounts/return_code.html", shown)


@require_POST
def kept(request: HttpRequest) -> HttpResponse:
    person_of(request)
    return_codes.never_show_again(request)
    return redirect("overview")


@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """For who has no better way in: the page of ways offers it to nobody else."""
    person = person_of(request)
    if not step_up.stepped_up(request) or ways_of(person).better_than_code:
        messages.info(request, _("Nothing has changed. First show that it is you."))
        return redirect("ways")
    new_code(request, person)
    return redirect("return-code")
