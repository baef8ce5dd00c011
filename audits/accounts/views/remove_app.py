"""Removing an app from the administrator's own account: what it means, a record first, and off to Google."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audits.accounts import step_up
from audits.accounts.forms import PasswordForm
from audits.accounts.trips import Purpose, Trip, set_out
from audits.audit import removable
from audits.models import Finding, Item
from audits.models.loading import finding_of, item_of, person_of


@require_http_methods(["GET", "HEAD", "POST"])
def remove_app(request: HttpRequest, finding: UUID, item: str) -> HttpResponse:
    person = person_of(request)
    found = finding_of(person, finding)
    try:
        wanted = item_of(found, item)
    except Http404:
        messages.info(request, _("This app is no longer on the list that we saw."))
        return redirect("check", finding)
    if request.method != "POST" or removable.app_of(found, wanted).why_not is not None:
        return ask(request, found, wanted)
    if person.has_usable_password() and not step_up.stepped_up(request):
        form = PasswordForm(person, request.POST)
        if not form.is_valid():
            return ask(request, found, wanted, form=form, status=403)
        step_up.mark(request, person)
    account = str(found.connection.public_id) if found.connection else ""
    trip = Trip(Purpose.REMOVE_APP, account, finding=str(finding), item=wanted.key)
    return set_out(request, trip, found.connection)


def ask(
    request: HttpRequest, finding: Finding, item: Item, *, form: PasswordForm | None = None, status: int = 200
) -> HttpResponse:
    """The page before the deed. It says why, when this app cannot be removed from here."""
    person = finding.person
    asks_password = person.has_usable_password() and not step_up.stepped_up(request)
    shown = {
        "finding": finding,
        "item": item,
        "name": item.content["name"],
        "why_not": removable.app_of(finding, item).why_not,
        "email": finding.connection.email if finding.connection else "",
        "form": form or (PasswordForm(person) if asks_password else None),
    }
    return render(request, "accounts/remove_app.html", shown, status=status)
