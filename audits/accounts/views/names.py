"""The people whom the Person has in mind: addresses that Drive is asked about, and nobody else learns of."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audits.accounts.forms import MOST_NAMES, NameForm
from audits.models.loading import named_person_of, person_of


@require_http_methods(["GET", "HEAD", "POST"])
def names(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = NameForm(person, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        form.keep()
        messages.info(request, _("Kept. We look for this address the next time we look."))
        return redirect("names")
    named = list(person.named_people.all()[:MOST_NAMES])
    shown = {"form": form, "named": named, "full": len(named) >= MOST_NAMES, "most": MOST_NAMES}
    return render(request, "accounts/names.html", shown, status=400 if form.errors else 200)


@require_POST
def remove_name(request: HttpRequest, named_person: UUID) -> HttpResponse:
    named_person_of(person_of(request), named_person).delete()
    messages.info(request, _("Taken out of your list."))
    return redirect("names")
