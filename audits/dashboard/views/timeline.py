"""What changed and what was decided, day by day, and how much of it in each month."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audits.audit import tell
from audits.audit.tell.history import About
from audits.checks.catalogue import by_code
from audits.dashboard.asking import page_of
from audits.models import Person, loading
from audits.models.loading import person_of


@require_safe
def timeline(request: HttpRequest) -> HttpResponse:
    """`?kind=` and `?about=` narrow it: to a kind of line, and to a check by its place."""
    person = person_of(request)
    told = tell.timeline(person, page_of(request), request.GET.get("kind", ""), about_of(person, request))
    return render(request, "dashboard/timeline.html", {"timeline": told})


def about_of(person: Person, request: HttpRequest) -> About | None:
    """None: about everything. 404 for what is no check, and for an account of somebody else."""
    place = request.GET.get("about", "")
    if not place:
        return None
    code, _, account = place.partition("-")
    check = by_code(code)
    if check is None:
        raise Http404
    return About(check, loading.connection_of(person, account) if account else None)


@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboard/over_time.html", {"over_time": tell.over_time(person_of(request))})
