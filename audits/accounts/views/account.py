"""Your data: the connected Google accounts, and the ways to end or renew what we may do with them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits.accounts.confirming import CONNECT, asked
from audits.accounts.forms import TimeZoneForm
from audits.accounts.looks import LookState, offered, state_of
from audits.accounts.reasons import why_dead
from audits.accounts.trips import Purpose, Trip, set_out
from audits.accounts.ways import ways_of
from audits.audit import schedule
from audits.audit.tell.by_itself import by_itself
from audits.models import Connection, ConnectionState
from audits.models.loading import connection_of, person_of


@dataclass(frozen=True)
class Line:
    connection: Connection
    open_looks: tuple[str, ...]
    dead: str


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    lines = [line_of(connection) for connection in person.connections.all()]
    zone = TimeZoneForm(initial={"zone": person.time_zone}, label_suffix="")
    known = {
        "ways": ways_of(person),
        "lines": lines,
        "named": person.named_people.count() + person.named_devices.count(),
        "records": person.records.count(),
        "zone_form": zone,
        "again": by_itself(person),
    }
    return render(request, "accounts/account.html", known)


@require_POST
def time_zone(request: HttpRequest) -> HttpResponse:
    form = TimeZoneForm(request.POST)
    if form.is_valid():
        person = person_of(request)
        person.time_zone = form.cleaned_data["zone"]
        person.save(update_fields=["time_zone"])
        schedule.move(person)
        messages.success(request, _("Kept."))
    else:
        messages.error(request, _("We do not know this time zone. Nothing was changed."))
    return redirect("account")


def line_of(connection: Connection) -> Line:
    looks = tuple(str(k.title) for k in offered(connection) if state_of(k, connection) is LookState.OPEN)
    dead = why_dead(connection.state_why) if connection.state != ConnectionState.WORKING else ""
    return Line(connection, looks, dead)


@require_POST
def reconnect(request: HttpRequest, connection: UUID) -> HttpResponse:
    found = connection_of(person_of(request), connection)
    return set_out(request, Trip(Purpose.RECONNECT, str(found.public_id)), found)


@require_http_methods(["GET", "HEAD", "POST"])
def second_account(request: HttpRequest) -> HttpResponse:
    """Connecting one account more is a step of its own, with its own words: it never happens by picking wrongly.

    For who has a code alone it becomes the way to sign in, so it needs step-up like every change of the ways in.
    """
    person = person_of(request)
    by_code = ways_of(person).code is not None
    shown = {**asked(request, person, CONNECT), "first": not person.connections.exists(), "by_code": by_code}
    if request.method != "POST":
        return render(request, "accounts/second_account.html", shown)
    if by_code and not shown["stepped_up"]:
        return render(request, "accounts/second_account.html", {**shown, "refused": True}, status=403)
    return set_out(request, Trip(Purpose.SECOND_ACCOUNT))
