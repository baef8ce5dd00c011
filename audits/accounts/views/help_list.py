"""The short list of a session: both see it, and only the Person changes it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audits.audit import young
from audits.audit.helping import short_list
from audits.audit.helping.errors import NotNow
from audits.audit.helping.sessions import ON, session_of
from audits.audit.tell import help_list
from audits.audit.tell.help_places import lines_of
from audits.checks.catalogue import by_code
from audits.models import HelpSession, Person, loading
from audits.models.loading import person_of

LONGEST_PLACE = 80
STEPS = {"up": -1, "down": 1}
MARKS = {"done": (True, False), "another_day": (False, True), "open": (False, False)}


@require_safe
def whole(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    session = session_of(person)
    if session is None or session.state not in ON:
        return redirect("help-sessions")
    shown = {"list": help_list.short_list(session, person), "helper": session.helper.name}
    return render(request, "help/list.html", shown)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    person, place = person_of(request), _place(request)
    if not _changed(request, person, partial(_add, place=place)):
        return redirect("help-sessions")
    line = lines_of(person, [place])[place]
    where = resolve_url("check", line.finding) if line.finding else resolve_url("blank-check", place)
    response = HttpResponseRedirect(f"{where}#short-list")
    response.status_code = 303
    return response


def _add(session: HelpSession, place: str) -> str:
    if len(short_list.entries(session)) >= short_list.MOST:
        return _("Your short list is full. Take something off first.")
    short_list.add(session, place)
    return ""


@require_POST
def mark(request: HttpRequest) -> HttpResponse:
    done, another_day = MARKS.get(request.POST.get("as", ""), MARKS["open"])
    return _to_the_list(
        request, lambda session, place: short_list.mark(session, place, done=done, another_day=another_day)
    )


@require_POST
def move(request: HttpRequest) -> HttpResponse:
    by = STEPS.get(request.POST.get("by", ""), 0)
    return _to_the_list(request, lambda session, place: short_list.move(session, place, by))


@require_POST
def take_off(request: HttpRequest) -> HttpResponse:
    return _to_the_list(request, short_list.take_off)


def _to_the_list(request: HttpRequest, change: Callable[[HelpSession, str], None]) -> HttpResponse:
    place = _written(request)

    def changed(session: HelpSession) -> str:
        change(session, place)
        return ""

    return redirect("help-list" if _changed(request, person_of(request), changed) else "help-sessions")


def _changed(request: HttpRequest, person: Person, change: Callable[[HelpSession], str]) -> bool:
    """Whether there is a session whose list this is. `change` says what stood in its way, or ""."""
    session = session_of(person)
    try:
        if session is None:
            raise NotNow
        if said := change(session):
            messages.info(request, said)
    except NotNow:
        messages.info(request, _("This session is over, or has not begun. Nothing was changed."))
        return False
    return True


def _written(request: HttpRequest) -> str:
    """What a form names, as far as a database may be asked for it."""
    place = request.POST.get("place", "")[:LONGEST_PLACE]
    return place if place.isprintable() else ""


def _place(request: HttpRequest) -> str:
    """What the form names: 404 for what is no check, is not for this Person, or is about nobody's account."""
    person, place = person_of(request), _written(request)
    code, _dash, account = place.partition("-")
    check = by_code(code)
    if check is None or young.left_out(person, check):
        raise Http404
    if account:
        loading.connection_of(person, account)
    return place
