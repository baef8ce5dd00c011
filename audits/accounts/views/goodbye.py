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
from audits.accounts.forms import PasswordForm
from audits.accounts.leaving import Farewell, delete_everything, disconnect
from audits.accounts.trips import Purpose, Trip, set_out
from audits.accounts.views.leave import forgotten
from audits.models import Connection, Person
from audits.models.loading import connection_of, person_of

DISCONNECT, DELETE = "disconnect", "delete"


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Step-up. `then` says which page comes after it; `account` names the Connection for disconnecting."""
    person = person_of(request)
    then, connection = destination(request, person)
    if not person.has_usable_password():
        return set_out(request, Trip(Purpose.CONFIRM, str(connection.public_id) if connection else "", then=then))
    form = PasswordForm(person, request.POST)
    if not form.is_valid():
        return ask(request, person, then, connection, form=form, status=403)
    step_up.mark(request, person)
    return redirect("disconnect", connection.public_id) if connection else redirect("delete-everything")


def destination(request: HttpRequest, person: Person) -> tuple[str, Connection | None]:
    then = request.POST.get("then", "")
    if then == DELETE:
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
    form: PasswordForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page before the deed. Its last button is there only for who has just shown who they are."""
    shown = {
        "then": then,
        "connection": connection,
        "last_connection": person.connections.count() == 1,
        "stepped_up": step_up.stepped_up(request),
        "refused": status == 403,
        "form": form or (PasswordForm(person) if person.has_usable_password() else None),
        "revoke_days": settings.REVOKE_DAYS,
    }
    return render(request, f"accounts/{then}.html", shown, status=status)


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
