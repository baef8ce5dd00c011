"""Records: keeping one, the list, one to read and print, and deleting one."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits.audit import keeping
from audits.audit.helping.sees import record_sees
from audits.audit.tell.kept_until import kept_until
from audits.audit.tell.record import name_of, record_page, records
from audits.audit.tell.records_sheet import records_sheet
from audits.dashboard.asking import answerable, page_of, see_other
from audits.models import Record, loading
from audits.models.loading import person_of

# Where a form may lead back to, by the name of the address, with the arguments that it takes from the form.
# A form names one of these and never an address.
LEADS_BACK_TO: Mapping[str, tuple[str, ...]] = {"check": (), "remove-app": ("item",)}
LONGEST_ARGUMENT = 64


@require_POST
def keep(request: HttpRequest, finding: UUID) -> HttpResponse:
    person = person_of(request)
    found = answerable(person, finding)
    try:
        said(request, keeping.keep(person, found))
    except keeping.TooManyRecords:
        messages.error(request, _("No record was made: you have as many as we keep. Delete one you no longer need."))
        return see_other("records")
    except keeping.NoLongerWhole:
        messages.error(request, _("No record was made: what we saw then is no longer here. This is what we saw last."))
    return back(request, finding)


def said(request: HttpRequest, record: Record) -> None:
    text = _("A record of this is kept.")
    messages.success(
        request,
        format_html('{} <a href="{}">{}</a>', text, reverse("record", args=[record.public_id]), _("See the record")),
    )


def back(request: HttpRequest, finding: UUID) -> HttpResponse:
    """To the page that the form names, if we know it; else to the check."""
    name = request.POST.get("next", "")
    arguments = {one: request.POST.get(one, "")[:LONGEST_ARGUMENT] for one in LEADS_BACK_TO.get(name, ())}
    try:
        address = reverse(name, kwargs={"finding": finding, **arguments}) if name in LEADS_BACK_TO else ""
    except NoReverseMatch:
        address = ""
    if not address or name == "check":
        return see_other("check", finding, tail="#before")
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


@require_safe
def list_of_records(request: HttpRequest) -> HttpResponse:
    found = records(person_of(request), page_of(request))
    return render(request, "dashboard/records.html", {"records": found, "most": keeping.MOST_RECORDS})


@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """All of them one below the other, to be printed."""
    return render(request, "dashboard/records_sheet.html", {"records": records_sheet(person_of(request))})


@require_safe
def until(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboard/kept_until.html", {"lines": kept_until(person_of(request))})


@require_safe
def record(request: HttpRequest, record: UUID) -> HttpResponse:
    found = loading.record_of(person_of(request), record)
    shown = record_page(found, page_of(request), whole="whole" in request.GET)
    return render(request, "dashboard/record.html", {"record": shown, "sees": record_sees(request, found)})


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, record: UUID) -> HttpResponse:
    found = loading.record_of(person_of(request), record)
    if request.method != "POST":
        return render(request, "dashboard/record_delete.html", {"record": found.public_id, "title": name_of(found)})
    keeping.delete(found)
    messages.info(request, _("The record is deleted."))
    return see_other("records")
