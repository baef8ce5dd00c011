"""What changed, day by day."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audits.audit import tell
from audits.dashboard.asking import page_of
from audits.models.loading import person_of


@require_safe
def timeline(request: HttpRequest) -> HttpResponse:
    told = tell.timeline(person_of(request), page_of(request))
    return render(request, "dashboard/timeline.html", {"timeline": told})
