"""What every view of the dashboard asks of a request, and how it answers a form."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url

from audits.audit import young
from audits.checks.catalogue import CHECKS, id_now
from audits.models import Finding, Person, loading

LAST_PAGE = 100_000


def page_of(request: HttpRequest) -> int:
    """The wanted page of a list, from 1. What is no number is the first page; a list knows its own last one."""
    wanted = request.GET.get("page", "") or request.POST.get("page", "")
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 7):
        return 1
    return min(max(int(wanted), 1), LAST_PAGE)


def answerable(person: Person, finding: UUID | str) -> Finding:
    """A finding of which something may be kept: 404 for one that somebody under 18 only reads."""
    found = loading.finding_of(person, finding)
    check = CHECKS.get(id_now(found.check_id))
    if check is not None and young.reads_only(person, check):
        raise Http404
    return found


def see_other(name: str, *arguments: object, tail: str = "") -> HttpResponseRedirect:
    """After a form: 303 to the page that shows what came of it. `tail` is a query or an anchor."""
    response = HttpResponseRedirect(resolve_url(name, *arguments) + tail)
    response.status_code = 303
    return response
