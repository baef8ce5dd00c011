"""The overview: one thing first, then every check, sorted by what or by who."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audits.audit import adopting, tell
from audits.audit.tell.by_itself import by_itself
from audits.audit.tell.reminders import unread
from audits.dashboard.asking import page_of
from audits.models.loading import person_of

LONGEST_PLACE = 60


@require_safe
def by_what(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    shown = {
        "overview": tell.overview(person, skipped(request)),
        "adopt": adopting.offer(person),
        "by_itself": by_itself(person),
        "reminders": unread(person),
    }
    return render(request, "dashboard/overview.html", shown)


@require_safe
def by_who(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    view = tell.by_who(person, skipped(request))
    shown = {"overview": view.overview, "groups": view.groups, "by_who": True, "by_itself": view.by_itself}
    return render(request, "dashboard/who.html", shown)


@require_safe
def all_of(request: HttpRequest) -> HttpResponse:
    """One group of by who, whole: ?of=people, a page at a time."""
    try:
        found = tell.all_of(person_of(request), request.GET.get("of", "people"), page_of(request))
    except tell.NoSuchGroup:
        raise Http404 from None
    return render(request, "dashboard/who_list.html", {"list": found})


@require_safe
def all_checks(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboard/all.html", {"places": tell.all_checks(person_of(request))})


def skipped(request: HttpRequest) -> str:
    """The place of the check that shall not stand first, after *show me another*."""
    return request.GET.get("skip", "")[:LONGEST_PLACE]
