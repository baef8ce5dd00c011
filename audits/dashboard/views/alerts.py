"""Reminders: off until chosen, what they say, one to try, and what is new and not seen yet."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits.audit import alert_post, alerting
from audits.audit.alert_mail import Outcome, text_in
from audits.audit.calendar_file import calendar_file
from audits.audit.schedule import schedule_of
from audits.audit.tell.by_itself import zone_name
from audits.audit.tell.reminders import WORDS
from audits.dashboard.alert_form import ReminderForm
from audits.dashboard.asking import see_other
from audits.dashboard.views.again import keep_zone
from audits.models import AlertChoice, Channel, Connection, Person, loading
from audits.models.loading import person_of


@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    kept, posted = alerting.choice_of(person), request.method == "POST"
    possible = kept is not None or Connection.objects.filter(person=person).exists()
    if posted and not possible:
        messages.info(request, _("For this, connect a Google account first."))
        return see_other("reminders")
    form = ReminderForm(person, kept, request.POST if posted else None)
    if posted and form.is_valid():
        keep_zone(person)
        alerting.choose(person, form.chosen)
        messages.success(request, _("Kept."))
        return see_other("reminders")
    shown = {"form": form, "possible": possible, **as_it_is(person, kept), **what_it_says(person)}
    return render(request, "dashboard/reminders.html", shown, status=400 if form.errors else 200)


def as_it_is(person: Person, kept: AlertChoice | None) -> dict[str, Any]:
    wanted: dict[str, Any] = kept.wanted if kept else {"address": "", "kinds": []}
    whose = alerting.whose(person, wanted["address"])
    return {
        "kept": kept,
        "kinds": [gettext(WORDS[kind]) for kind in WORDS if kind in wanted["kinds"]],
        "address": wanted["address"],
        "whose": whose,
        "held_back": whose not in ("", wanted.get("anyway", "")),
        "by_mail": kept is not None and kept.channel == Channel.EMAIL,
        "in_calendar": kept is not None and kept.channel == Channel.CALENDAR,
        "looks_by_itself": schedule_of(person) is not None,
        "zone": zone_name(person.time_zone or timezone.get_current_timezone_name()),
    }


def what_it_says(person: Person) -> dict[str, Any]:
    server = settings.MAIL_SERVER
    return {
        "mail_offered": server is not None,
        "sender": server.sender if server else "",
        "text": text_in(person.language),
    }


@require_POST
def off(request: HttpRequest) -> HttpResponse:
    alerting.turn_off(person_of(request))
    messages.success(request, _("Reminders are off."))
    return see_other("reminders")


@require_POST
def send_test(request: HttpRequest) -> HttpResponse:
    outcome = alert_post.send_test(person_of(request))
    messages.info(request, said_of(outcome))
    return see_other("reminders")


def said_of(outcome: Outcome | None) -> str:
    if outcome is None:
        return _("Nothing was sent. One message can be tried every ten minutes.")
    return {
        Outcome.TAKEN: _("The mail server took it. It may need a few minutes, or lie among unwanted mail."),
        Outcome.REFUSED: _("The mail server refused this address. Nothing more is sent to it."),
        Outcome.LATER: _("The mail server did not take it just now. Nothing was sent. Please try again later."),
        Outcome.OUT_OF_REACH: _("The mail server does not answer just now. Nothing was sent. Please try again later."),
        Outcome.UNSURE: _("The mail server did not say whether it took it. It may arrive, or not."),
    }[outcome]


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    alerting.have_seen(person, loading.alert_of(person, request.POST.get("until", "")))
    return see_other("overview")


@require_safe
def file(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    zone = timezone.get_current_timezone()
    content = calendar_file(person, schedule_of(person), alerting.choice_of(person), zone)
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="reminder.ics"'
    return answer
