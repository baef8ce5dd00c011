"""The log of a session, whole, and the sessions of before. Nobody but the Person reads what was looked at."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audits.audit.helping.after import end_if_over
from audits.audit.paging import page_of
from audits.audit.tell.help_after import past, session_line
from audits.audit.tell.help_log import help_log
from audits.models import SessionNote
from audits.models.loading import help_session_of, person_of


@require_safe
def log(request: HttpRequest, session: UUID) -> HttpResponse:
    person = person_of(request)
    end_if_over(help_session_of(person, session))
    found = help_session_of(person, session)
    has_note = SessionNote.objects.filter(session=found, person=person).exists()
    shown = {"log": help_log(found, page_of(request)), "line": session_line(found, has_note=has_note)}
    return render(request, "help/log.html", shown)


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    return render(request, "help/sessions.html", {"sessions": past(person_of(request), page_of(request))})
