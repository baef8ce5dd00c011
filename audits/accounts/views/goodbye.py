"""Disconnecting an account and deleting everything: what it means, showing once more who it is, and the deed."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audits.accounts import step_up
from audits.accounts.confirming import (
    DELETE,
    DISCONNECT,
    THEN,
    asked,
    form_for,
    needs_google,
    onward,
    proved_by_passkey,
)
from audits.accounts.forms import CodeForm, PasswordForm
from audits.accounts.leaving import Farewell, delete_everything, disconnect
from audits.accounts.trips import Purpose, Trip, set_out
from audits.accounts.ways import ways_of
from audits.models import Connection, Person
from audits.models.loading import connection_of, person_of
from privacy_audit.security.leaving import forgotten


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Step-up. `then` says which page comes after it; `account` names the Connection for disconnecting."""
    person = person_of(request)
    then, connection = destination(request, person)
    public_id = str(connection.public_id) if connection else ""
    ways = ways_of(person)
    if needs_google(ways):
        return set_out(request, Trip(Purpose.CONFIRM, public_id, then=then))
    form = form_for(person, ways, request.POST)
    if proved_by_passkey(request, person) if "passkey" in request.POST else form is not None and form.is_valid():
        step_up.mark(request, person)
        return onward(then, public_id)
    if "passkey" in request.POST:
        messages.error(request, _("That passkey did not answer for this record. Nothing has changed."))
        form = None
    return ask(request, person, then, connection, form=form, status=403)


def destination(request: HttpRequest, person: Person) -> tuple[str, Connection | None]:
    then = request.POST.get("then", "")
    if then in THEN:
        return then, None
    if then == DISCONNECT:
        return then, connection_of(person, request.POST.get("account", ""))
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def disconnect_account(request: HttpRequest, connection: UUID) -> HttpResponse:
    person = person_of(request)
    found = connection_of(person, connection)
    if request.method != "POST":
        return ask(request, person, DISCONNECT, found)
    if not step_up.stepped_up(request):
        return ask(request, person, DISCONNECT, found, status=403)
    messages.info(request, sentence(disconnect(found)))
    if person.records.exists():
        messages.info(request, _("The records that you kept are still here. You can delete each of them."))
    return redirect("account")


@require_http_methods(["GET", "HEAD", "POST"])
def delete_all(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    if request.method != "POST":
        return ask(request, person, DELETE, None)
    if not step_up.stepped_up(request):
        return ask(request, person, DELETE, None, status=403)
    farewell = delete_everything(person)
    logout(request)
    shown = {"farewell": farewell, "revoke_days": settings.REVOKE_DAYS}
    return forgotten(render(request, "accounts/deleted.html", shown))


def ask(
    request: HttpRequest,
    person: Person,
    then: str,
    connection: Connection | None,
    *,
    form: PasswordForm | CodeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page before the deed. Its last button is there only for who has just shown who they are."""
    shown = {
        **asked(request, person, then, connection, form=form, refused=status == 403),
        "last_connection": person.connections.count() == 1,
        "revoke_days": settings.REVOKE_DAYS,
    }
    page = f"accounts/{then}.html" if then in (DISCONNECT, DELETE) else "accounts/show_you.html"
    return render(request, page, shown, status=status)


def sentence(farewell: Farewell) -> str:
    if farewell.waiting:
        return _(
            "The account is disconnected and what came from it is deleted. Google does not answer just now. We keep "
            "only the key to our access, try again for up to %(days)s days, and then throw it away. To be sure sooner, "
            "remove this app yourself on Google’s page myaccount.google.com/connections."
        ) % {"days": settings.REVOKE_DAYS}
    if farewell.unknown:
        return _(
            "The account is disconnected and what came from it is deleted. Our access had already run out. Google may "
            "still list this app; you can remove it on Google’s page myaccount.google.com/connections."
        )
    return _("The account is disconnected here and at Google, and what came from it is deleted.")
