"""Google's own lists of phones, apps and browser extensions: have a copy made, wait for it, delete what it said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from audits.accounts.leaving import close_look
from audits.accounts.looks import EXPORTS, LOOKS, may_export
from audits.accounts.timeline import Happened, note
from audits.accounts.trips import Purpose, Trip, set_out
from audits.audit import exporting
from audits.audit.listings import loaded_lists
from audits.audit.records import unpack
from audits.audit.tell.sentences import day
from audits.checks.catalogue import COMMON
from audits.facts import Why
from audits.models import Export, WaitState
from audits.models.loading import connection_of, person_of

MOST_ROUNDS = 20

_NAMES: Mapping[str, str | Promise] = {
    "play.installs": gettext_lazy("Apps that Google Play installed"),
    "play.devices": gettext_lazy("Phones and tablets that use Google Play"),
    "chrome.extensions": gettext_lazy("Extensions in Chrome"),
}
_WHY: Mapping[Why, str | Promise] = {
    Why.NOT_YET: gettext_lazy("Google is making it."),
    Why.UNTICKED: gettext_lazy("Not ticked by you at Google, so we did not ask for it."),
    Why.BUSY: gettext_lazy("Google would not make it again so soon. You can ask again tomorrow."),
    Why.GOOGLE_ERROR: gettext_lazy("Google told us that it could not make it. You can ask again."),
    Why.STOPPED: gettext_lazy("It was stopped at Google. You can ask again."),
    Why.NEEDS_RECONNECTING: gettext_lazy("Google ended the permission before it was ready. You can ask again."),
    Why.UNREACHABLE: gettext_lazy("Google did not have it ready in time. You can ask again."),
    Why.FORBIDDEN: gettext_lazy("Google refused it for the account that you chose."),
}


@dataclass(frozen=True)
class Row:
    name: str
    state: str
    icon: str


@require_safe
def exports(request: HttpRequest, connection: UUID) -> HttpResponse:
    account = connection_of(person_of(request), connection)
    rounds = list(Export.objects.filter(connection=account)[:MOST_ROUNDS])
    waiting = next((one for one in rounds if one.state == WaitState.WAITING), None)
    shown = {
        "account": account,
        "offered": may_export(account),
        "look": LOOKS[EXPORTS],
        "waiting": waiting,
        "until": day(waiting.expires_at) if waiting else "",
        "rows": [row for one in rounds[:1] for row in rows_of(one)],
        "read": any(one.facts for one in rounds),
        "lists": loaded_lists(),
    }
    return render(request, "accounts/exports.html", shown)


def rows_of(export: Export) -> list[Row]:
    """What became of each list in one round."""
    facts, jobs = export.facts or {}, export.jobs or {}
    return [row_of(export, name, jobs[resource]["why"], facts.get(resource)) for resource, name in named(jobs)]


def named(jobs: Mapping[str, object]) -> list[tuple[str, str]]:
    return [(resource, str(name)) for resource, name in _NAMES.items() if resource in jobs]


def row_of(export: Export, name: str, why: str, packed: str | None) -> Row:
    if packed is None:
        reason = Why(why)
        waits = reason is Why.NOT_YET
        return Row(name, str(_WHY.get(reason) or _(COMMON.says[reason].other)), "m-unchecked" if waits else "m-unknown")
    number = len(unpack(packed))
    text = ngettext("Read: %(number)s entry.", "Read: %(number)s entries.", number) % {"number": number}
    if why:
        text = f"{text} {_('Some of it we could not read.')}"
    return Row(name, text, "i-tick")


@require_POST
def begin(request: HttpRequest, connection: UUID) -> HttpResponse:
    """To Google, unless a copy is being made already or this account is not one for it: the page says so."""
    account = connection_of(person_of(request), connection)
    waits = Export.objects.filter(connection=account, state=WaitState.WAITING).exists()
    if waits or not may_export(account):
        return redirect("exports", account.public_id)
    return set_out(request, Trip(Purpose.EXPORTS, str(account.public_id), EXPORTS), account)


@require_POST
def stop(request: HttpRequest, connection: UUID) -> HttpResponse:
    """No longer wait. What an earlier round read stays."""
    account = connection_of(person_of(request), connection)
    with transaction.atomic():
        ended = exporting.forget(Export.objects.filter(connection=account, state=WaitState.WAITING))
        if ended:
            note(account.person, Happened.EXPORT_STOPPED, account)
    exporting.end_permissions(ended)
    if ended:
        messages.info(request, _("Stopped. Our permission for it ends at Google."))
    return redirect("exports", account.public_id)


@require_POST
def forget(request: HttpRequest, connection: UUID) -> HttpResponse:
    account = connection_of(person_of(request), connection)
    close_look(account, LOOKS[EXPORTS])
    messages.info(request, _("Deleted: what these lists said, but for records that you kept."))
    return redirect("exports", account.public_id)
