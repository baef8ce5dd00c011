"""Starting a look, following it, stopping it, and looking again at one thing."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audits import tasks
from audits.audit import tell, work
from audits.dashboard.asking import see_other
from audits.dashboard.tags import stamp
from audits.models import Trigger, loading
from audits.models.loading import person_of


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    work.start(person_of(request), trigger=Trigger.PERSON, wake=tasks.wake)
    return see_other("overview")


@require_POST
def look_again(request: HttpRequest, finding: UUID) -> HttpResponse:
    """Only the sources that this one check needs."""
    person = person_of(request)
    found = loading.finding_of(person, finding)
    audit = work.start(person, trigger=Trigger.RECHECK, only_checks=(found.check_id,), wake=tasks.wake)
    if audit.only_checks and found.check_id not in audit.only_checks:
        messages.info(request, _("Another look is still under way. When it is done, press it once more."))
    return see_other("check", finding)


@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    audit = work.active_audit(person_of(request))
    if audit is not None and work.cancel(audit):
        messages.success(request, _("Stopped. What we saw before still stands."))
    return see_other("overview")


@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """A part of a page, asked for every two seconds. 204 says *nothing new*, so that nothing is read out again."""
    if not request.headers.get("HX-Request"):
        return redirect("overview")
    found = tell.progress(person_of(request))
    fresh = "fresh" in request.GET
    if found is not None and stamp(found) == request.GET.get("seen"):
        return HttpResponse(status=204)
    if found is None or (fresh and not found.active):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "components/progress.html", {"progress": found, "fresh": fresh, "ended_here": True})
