"""Looking again by ourselves: off, weekly or monthly, and a pause."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audits.audit import schedule
from audits.audit.tell.by_itself import by_itself, zone_name
from audits.dashboard.asking import see_other
from audits.dashboard.schedule_form import ScheduleForm
from audits.models import Connection, Person
from audits.models.loading import person_of


@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    kept = schedule.schedule_of(person)
    possible = kept is not None or Connection.objects.filter(person=person).exists()
    form = ScheduleForm(kept, request.POST if request.method == "POST" else None)
    if request.method == "POST" and not possible:
        messages.info(request, _("For this, connect a Google account first."))
        return see_other("again")
    if request.method == "POST" and form.is_valid():
        keep(request, person, form)
        return see_other("again")
    shown = {
        "form": form,
        "possible": possible,
        "by_itself": by_itself(person),
        "zone": zone_name(person.time_zone or timezone.get_current_timezone_name()),
        "zone_is_kept": bool(person.time_zone),
    }
    return render(request, "dashboard/again.html", shown, status=400 if form.errors else 200)


def keep(request: HttpRequest, person: Person, form: ScheduleForm) -> None:
    if form.choice is None:
        schedule.turn_off(person)
        messages.success(request, _("Kept. We look only when you ask."))
        return
    keep_zone(person)
    schedule.choose(person, form.choice)
    messages.success(request, _("Kept."))


def keep_zone(person: Person) -> None:
    """We look while no browser is there to say what time it is, so what it says now is kept, as the page announces."""
    zone = timezone.get_current_timezone_name()
    if not person.time_zone and zone != "UTC":
        person.time_zone = zone
        person.save(update_fields=["time_zone"])


@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    schedule.pause(person_of(request))
    messages.success(request, _("Paused. We look only when you ask, until you let it go on."))
    return see_other("again")


@require_POST
def go_on(request: HttpRequest) -> HttpResponse:
    schedule.go_on(person_of(request))
    return see_other("again")
