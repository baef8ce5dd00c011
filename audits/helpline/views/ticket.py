"""A new ticket for the beat of a Helper's page. The door has looked at everything; an open page is no activity."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from audits.audit.helping import live, sessions
from audits.helpline.door import helper_of


@require_safe
def ticket(request: HttpRequest) -> HttpResponse:
    """{"ticket": text}; "" where no session goes on."""
    helper = helper_of(request)
    session = sessions.session_for(helper)
    text = live.sign(live.Ticket(session.pk, live.HELPER, helper.pk)) if session else ""
    return JsonResponse({"ticket": text})
