"""One address, app, app password or device, or one of the Person's own list: what it can reach, and where it stands."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audits.audit import tell
from audits.audit.named import one_of
from audits.audit.tell.shapes import PartyCard
from audits.dashboard.asking import page_of
from audits.models import loading
from audits.models.loading import person_of


@require_safe
def party(request: HttpRequest, key: str) -> HttpResponse:
    person = person_of(request)
    return _page(request, tell.party(person, loading.party_of(person, key), page_of(request)))


@require_safe
def device(request: HttpRequest, device: str) -> HttpResponse:
    card = tell.device(person_of(request), device)
    if card is None:
        raise Http404
    return _page(request, card)


@require_safe
def named_person(request: HttpRequest, named_person: UUID) -> HttpResponse:
    """Any of a person's addresses names them."""
    person = person_of(request)
    found = loading.named_person_of(person, named_person)
    return _page(request, tell.named(person, one_of(person, found.public_id), page_of(request)))


@require_safe
def named_device(request: HttpRequest, named_device: UUID) -> HttpResponse:
    person = person_of(request)
    found = loading.named_device_of(person, named_device)
    return _page(request, tell.named(person, one_of(person, found.public_id)))


def _page(request: HttpRequest, card: PartyCard) -> HttpResponse:
    return render(request, "dashboard/party.html", {"card": card})
