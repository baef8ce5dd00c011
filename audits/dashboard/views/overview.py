"""The overview: one thing first, then every check, sorted by what or by who."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audits.audit import tell
from audits.dashboard.asking import person_of


@require_safe
def by_what(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboard/overview.html", {"overview": tell.overview(person_of(request))})


@require_safe
def by_who(request: HttpRequest) -> HttpResponse:
    view = tell.by_who(person_of(request))
    return render(request, "dashboard/who.html", {"overview": view.overview, "groups": view.groups, "by_who": True})
