"""One address, app or app password: what it can reach."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audits.audit import tell
from audits.dashboard.asking import page_of
from audits.models import loading
from audits.models.loading import person_of


@require_safe
def party(request: HttpRequest, key: str) -> HttpResponse:
    person = person_of(request)
    card = tell.party(person, loading.party_of(person, key), page_of(request))
    return render(request, "dashboard/party.html", {"card": card})
