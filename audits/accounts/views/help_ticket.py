"""A new ticket for the beat of a Person's page, while a session goes on. An open page is no activity."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from audits.audit.helping import live, sessions
from audits.models.loading import person_of


@require_safe
def ticket(request: HttpRequest) -> HttpResponse:
    """{"ticket": text}; "" where no session goes on."""
    session = sessions.session_of(person_of(request))
    text = live.sign(live.Ticket(session.pk, live.CALLER)) if session else ""
    return JsonResponse({"ticket": text})
