"""Cards to read, for everybody and without signing in: what is believed of apps, and before a picture is sent."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from audits.audit.situation import NOTHING, Said, situation_of
from audits.audit.tell import cards, sending
from audits.models import Person

MOST_TICKS = 24


@login_not_required
@require_safe
def beliefs(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboard/myths.html", {"myths": cards.beliefs(_said(request).uses)})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def before_sending(request: HttpRequest) -> HttpResponse:
    """What is ticked comes by POST, makes the list of this one answer, and is kept nowhere."""
    if _said(request).young or "young" in request.POST:
        return render(request, "dashboard/before_sending_young.html", {"card": sending.under_18()})
    card = sending.before_sending(request.POST.getlist("so")[:MOST_TICKS])
    return render(request, "dashboard/before_sending.html", {"card": card, "asked": request.method == "POST"})


def _said(request: HttpRequest) -> Said:
    return situation_of(request.user) if isinstance(request.user, Person) else NOTHING
