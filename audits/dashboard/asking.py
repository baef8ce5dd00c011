"""What every view of the dashboard asks of a request, and how it answers a form."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import resolve_url

from audits.audit import young
from audits.audit.paging import page_of as page_of
from audits.checks.catalogue import CHECKS, id_now
from audits.models import Finding, Person, loading


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
