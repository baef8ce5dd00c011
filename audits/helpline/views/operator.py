"""An operator's pages: helplines and their leads. No session, no number, no caller."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audits.helpline import invitations, rows, staff
from audits.helpline.answering import page_of, paged, see_other
from audits.helpline.door import for_roles
from audits.helpline.lead_forms import NameOfHelper, NewLine
from audits.helpline.views.lead import link_page
from audits.models import HelperRole, Helpline

operators_only = for_roles(HelperRole.OPERATOR)
page = require_http_methods(["GET", "HEAD", "POST"])


@operators_only
@require_safe
def lines(request: HttpRequest) -> HttpResponse:
    found, shown = paged(staff.lines(), page_of(request))
    return render(request, "desk/operator_lines.html", {"lines": found, "page": shown})


@operators_only
@page
def new(request: HttpRequest) -> HttpResponse:
    form = NewLine(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = staff.new_line(form.cleaned_data["line"], form.cleaned_data["lead"])
            return link_page(request, made, "desk-lines")
        except staff.NameTaken:
            form.add_error("line", _("A helpline has this name. Callers could not tell the two apart."))
        except invitations.NotAName:
            form.add_error("lead", _("There is nothing to read in this name."))
        except staff.TooMany:
            form.add_error(None, _("No helpline was made: there are as many as we keep."))
    return render(request, "desk/operator_new.html", {"form": form}, status=400 if form.errors else 200)


@operators_only
@page
def close(request: HttpRequest, line: UUID) -> HttpResponse:
    found = staff.line_at(line)
    if request.method != "POST":
        return render(request, "desk/operator_close.html", {"line": found})
    staff.close(found)
    messages.info(request, _("%(name)s is closed.") % {"name": found.name})
    return see_other("desk-lines")


@operators_only
@page
def leads(request: HttpRequest, line: UUID) -> HttpResponse:
    """Its leads. A POST gives one of them (`lead`) a new way in, or else invites one more."""
    found = staff.line_at(line)
    if request.method == "POST" and "lead" in request.POST:
        return link_page(request, staff.new_way_in(staff.lead_of_line(found, request.POST["lead"])), "desk-lines")
    form = NameOfHelper(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = staff.invite(found, HelperRole.LEAD, form.cleaned_data["name"])
            return link_page(request, made, "desk-lines")
        except invitations.NotAName:
            form.add_error("name", _("There is nothing to read in this name."))
        except staff.TooMany:
            form.add_error(None, _("Nobody was invited: the list has as many people as we keep."))
    return _leads_page(request, found, form)


def _leads_page(request: HttpRequest, line: Helpline, form: NameOfHelper) -> HttpResponse:
    shown = {"line": line, "form": form, "rows": [rows.person_row(lead) for lead in staff.leads_of(line)]}
    return render(request, "desk/operator_leads.html", shown, status=400 if form.errors else 200)
