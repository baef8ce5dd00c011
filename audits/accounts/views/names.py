"""The list of people and devices whom the Person has in mind. Drive is asked about its addresses; nobody else learns
of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audits.accounts.name_forms import ChangeLabelForm, DeviceForm, PersonForm
from audits.audit import name_list
from audits.audit.named import DEVICE, Named, named_by
from audits.audit.situation import situation_of
from audits.models import Connection, NamedDevice, NamedPerson, Person
from audits.models.loading import named_device_of, named_person_of, person_of


@require_http_methods(["GET", "HEAD", "POST"])
def names(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = PersonForm(person, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and form.keep():
        messages.info(request, _said(person, form.cleaned_data["address"]))
        return redirect("names")
    return _page(request, person, person_form=form)


def _said(person: Person, address: str) -> str:
    """What follows from naming somebody."""
    if not address:
        return _("Kept. A name without an address is asked about nowhere.")
    if situation_of(person).young:
        return _("Kept. You told us that you are under 18, so we do not look at files.")
    if not Connection.objects.filter(person=person).exists():
        return _("Kept. No Google account is connected, so nobody is asked about this address.")
    return _("Kept. We ask about this address the next time we look.")


@require_POST
def name_device(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = DeviceForm(person, request.POST)
    if form.is_valid() and form.keep():
        messages.info(request, _("Kept. What carries this name stands under it from now on."))
        return redirect("names")
    return _page(request, person, device_form=form)


@require_POST
def label_name(request: HttpRequest, named_person: UUID) -> HttpResponse:
    return _relabel(request, named_person_of(person_of(request), named_person))


@require_POST
def label_device(request: HttpRequest, named_device: UUID) -> HttpResponse:
    return _relabel(request, named_device_of(person_of(request), named_device))


def _relabel(request: HttpRequest, named: NamedPerson | NamedDevice) -> HttpResponse:
    form = ChangeLabelForm(named, named.label or "", request.POST)
    if form.is_valid() and form.keep():
        messages.info(request, _("Kept."))
        return redirect("names")
    return _page(request, person_of(request), change_form=form)


@require_POST
def remove_name(request: HttpRequest, named_person: UUID) -> HttpResponse:
    person = person_of(request)
    named = named_person_of(person, named_person)
    had_address = bool(named.address)
    stopped = name_list.take_person(person, named)
    messages.info(request, _taken_out(had_address, stopped))
    return redirect("names")


def _taken_out(had_address: bool, stopped: bool) -> str:
    if stopped:
        return _(
            "Taken out of your list, with what we found by asking about it. The look that was going on still knew this "
            "address, so we stopped it. You can start it again."
        )
    if had_address:
        return _("Taken out of your list, with what we found by asking about it. We ask about it no more.")
    return _("Taken out of your list.")


@require_POST
def remove_device(request: HttpRequest, named_device: UUID) -> HttpResponse:
    named_device_of(person_of(request), named_device).delete()
    messages.info(request, _("Taken out of your list."))
    return redirect("names")


def _page(
    request: HttpRequest,
    person: Person,
    *,
    person_form: PersonForm | None = None,
    device_form: DeviceForm | None = None,
    change_form: ChangeLabelForm | None = None,
) -> HttpResponse:
    listed = named_by(person)
    wrong = any(form is not None and form.errors for form in (person_form, device_form, change_form))
    shown = {
        "people": [_entry(one, change_form) for one in listed if one.kind != DEVICE],
        "devices": [_entry(one, change_form) for one in listed if one.kind == DEVICE],
        "form": person_form or PersonForm(person),
        "device_form": device_form or DeviceForm(person),
        "young": situation_of(person).young,
    }
    return render(request, "accounts/names.html", shown, status=400 if wrong else 200)


def _entry(one: Named, bound: ChangeLabelForm | None) -> dict[str, object]:
    """One in the list with the form that changes its label: the bound one, when it was just sent."""
    if bound is not None and bound.named.public_id in one.ids:
        return {"one": one, "form": bound}
    row = NamedDevice(public_id=one.id) if one.kind == DEVICE else NamedPerson(public_id=one.id)
    return {"one": one, "form": ChangeLabelForm(row, one.label)}
