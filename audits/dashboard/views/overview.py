"""The overview: one thing first, then every check, sorted by what or by who."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audits.audit import tell
from audits.dashboard.asking import person_of


@require_safe
def by_what(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboard/overview.html", {"overview": tell.overview(person_of(request), skipped(request))})


@require_safe
def by_who(request: HttpRequest) -> HttpResponse:
    view = tell.by_who(person_of(request), skipped(request))
    return render(request, "dashboard/who.html", {"overview": view.overview, "groups": view.groups, "by_who": True})


def skipped(request: HttpRequest) -> str:
    """The finding that shall not stand first, after *show me another*."""
    return request.GET.get("skip", "")[:36]
