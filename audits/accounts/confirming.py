"""Step-up in a page: which proof this Person is asked for, and what comes after it.

A password or a passkey if there is one, else a trip to Google, else the return code once more.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from audits.accounts import passkeys, step_up
from audits.accounts.forms import CodeForm, PasswordForm
from audits.accounts.ways import Ways, ways_of
from audits.models import Connection, Person
from privacy_audit.security import webauthn

DISCONNECT, DELETE, WAYS, CONNECT, TAKE, HELP = "disconnect", "delete", "ways", "connect", "take", "help"
# What a form may name as the page that comes after step-up, and that page. Disconnecting needs its Connection too.
THEN = {DELETE: "delete-everything", WAYS: "ways", CONNECT: "second-account", TAKE: "take", HELP: "help-code"}


def onward(then: str, connection: str = "") -> HttpResponse:
    """To the page that step-up was for."""
    if then == DISCONNECT:
        return redirect("disconnect", connection)
    return redirect(THEN.get(then, "overview"))


def asked(
    request: HttpRequest,
    person: Person,
    then: str,
    connection: Connection | None = None,
    *,
    form: PasswordForm | CodeForm | None = None,
    refused: bool = False,
) -> dict[str, Any]:
    """For accounts/confirm.html, which asks for the proof, and for the page around it."""
    ways = ways_of(person)
    return {
        "then": then,
        "connection": connection,
        "stepped_up": step_up.stepped_up(request),
        "refused": refused,
        "form": form or form_for(person, ways),
        "by_passkey": bool(ways.passkeys),
        "passkeys_work_here": webauthn.works_at(request),
    }


def form_for(person: Person, ways: Ways, data: QueryDict | None = None) -> PasswordForm | CodeForm | None:
    """None: this Person has nothing to type."""
    if ways.password:
        return PasswordForm(person, data)
    if ways.passkeys or needs_google(ways):
        return None
    return CodeForm(data, person=person)


def needs_google(ways: Ways) -> bool:
    return not ways.password and not ways.passkeys and (ways.google or ways.code is None)


def proved_by_passkey(request: HttpRequest, person: Person) -> bool:
    """Whether the form brings proof by a passkey of this very Person."""
    try:
        return passkeys.person_with(request, request.POST.get("passkey", "")) == person
    except webauthn.NotThisPasskey:
        return False
