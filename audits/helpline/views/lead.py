"""A lead's pages: who helps, that sessions happened, numbers, and what callers read. Never a caller."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits.audit.helping import codes
from audits.checks.catalogue import CHECKS, id_now
from audits.helpline import invitations, rows, staff
from audits.helpline.answering import page_of, paged, see_other
from audits.helpline.door import for_roles, helper_of
from audits.helpline.lead_forms import Invite, Texts
from audits.helpline.numbers import CALLER, HELPER, REST, Line, numbers_of
from audits.helpline.staff import line_of
from audits.models import Helper, HelperRole

leads_only = for_roles(HelperRole.LEAD)
page = require_http_methods(["GET", "HEAD", "POST"])


@leads_only
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    found, shown = paged(staff.people_of(line_of(helper_of(request))), page_of(request))
    return render(request, "desk/lead_people.html", {"rows": [rows.person_row(one) for one in found], "page": shown})


@leads_only
@page
def invite(request: HttpRequest) -> HttpResponse:
    """The link stands on the answer to the form, once, and nowhere else."""
    form = Invite(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            role = HelperRole(form.cleaned_data["role"])
            made = staff.invite(line_of(helper_of(request)), role, form.cleaned_data["name"])
            return link_page(request, made, "desk-people")
        except invitations.NotAName:
            form.add_error("name", _("There is nothing to read in this name."))
        except staff.TooMany:
            form.add_error(None, _("Nobody was invited: the list has as many people as we keep."))
    return render(request, "desk/lead_invite.html", {"form": form}, status=400 if form.errors else 200)


def link_page(request: HttpRequest, made: invitations.Invitation, back: str) -> HttpResponse:
    shown = {"name": made.helper.name, "link": made.link, "days": invitations.DAYS, "back": back}
    return render(request, "desk/lead_link.html", shown)


@leads_only
@require_safe
def person(request: HttpRequest, helper: UUID) -> HttpResponse:
    found = _of_line(request, helper)
    shown = {
        "row": rows.person_row(found),
        "is_me": found.pk == helper_of(request).pk,
        "can_end": staff.can_end(found),
        "can_reset": staff.can_reset(found),
    }
    return render(request, "desk/lead_person.html", shown)


def _of_line(request: HttpRequest, helper: UUID) -> Helper:
    return staff.helper_of_line(line_of(helper_of(request)), helper)


@leads_only
@page
def end(request: HttpRequest, helper: UUID) -> HttpResponse:
    found = _of_line(request, helper)
    if request.method != "POST":
        return render(request, "desk/lead_end.html", {"row": rows.person_row(found), "can_end": staff.can_end(found)})
    try:
        staff.end_access(found)
    except staff.LastLead:
        messages.error(request, _("Nothing was changed: this is the only lead who can sign in."))
        return see_other("desk-person", helper)
    if found.pk == helper_of(request).pk:
        return see_other("desk-sign-in")
    messages.info(request, _("The access of %(name)s has ended.") % {"name": found.name})
    return see_other("desk-people")


@leads_only
@require_POST
def unlock(request: HttpRequest, helper: UUID) -> HttpResponse:
    found = _of_line(request, helper)
    codes.unlock(found)
    messages.info(request, _("%(name)s can type codes again.") % {"name": found.name})
    return see_other("desk-person", helper)


@leads_only
@page
def factor(request: HttpRequest, helper: UUID) -> HttpResponse:
    """A new way in, for somebody who lost theirs."""
    found = _of_line(request, helper)
    if not staff.can_reset(found):
        messages.error(request, _("Nothing was changed: a lead’s way in comes anew from who runs this place."))
        return see_other("desk-person", helper)
    if request.method != "POST":
        return render(request, "desk/lead_factor.html", {"row": rows.person_row(found)})
    return link_page(request, staff.new_way_in(found), "desk-people")


@leads_only
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    found, shown = paged(rows.sessions_of(line_of(helper_of(request))), page_of(request))
    return render(request, "desk/lead_sessions.html", {"rows": [rows.session_row(one) for one in found], "page": shown})


@leads_only
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    found = numbers_of(line_of(helper_of(request)))
    shown = {
        "lines": [told(line) for line in found.lines],
        "in_all": told(found.in_all) if found.in_all else None,
        "waiting": [month_name(month) for month in found.waiting],
    }
    return render(request, "desk/lead_numbers.html", shown)


def told(line: Line) -> dict[str, object]:
    """A line of numbers as its page shows it. A way to end is None where too few callers stand behind it."""
    none = 0 if line.ways and REST not in line.ways else None
    return {
        "months": [month_name(month) for month in line.months],
        "sessions": line.sessions,
        "hours": line.minutes // 60,
        "rest": line.minutes % 60,
        "handed_over": line.handed_over,
        "ways": {CALLER: none, HELPER: none, REST: None, **line.ways},
        "checks": [_(CHECKS[one].words.short) for one in map(id_now, line.checks) if one in CHECKS],
    }


def month_name(month: date) -> str:
    return date_format(month, "F Y")


@leads_only
@page
def line(request: HttpRequest) -> HttpResponse:
    """Saved, or only shown as callers would read it (`show`)."""
    helpline = line_of(helper_of(request))
    form = Texts(helpline, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        shown = {"form": form, "line": helpline, "unsaved": False}
        return render(request, "desk/lead_line.html", shown, status=400 if form.errors else 200)
    for name, text in form.cleaned_data.items():
        setattr(helpline, name, text)
    if "show" in request.POST:
        return render(request, "desk/lead_line.html", {"form": form, "line": helpline, "unsaved": True})
    helpline.save(update_fields=["about", "limits", "hours"])
    messages.success(request, _("Saved. Callers read this from now on."))
    return see_other("desk-line")
