"""Back from Google with the permission to remove one app: remove it, and look once more so that it is seen.

That trip is the step-up as well: minutes old, and only the account that the app is connected to may answer it.
"""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from audits import tasks
from audits.accounts.grants import Grant
from audits.accounts.one_audit import keep_for_one_audit, throw_away
from audits.accounts.timeline import Happened, note
from audits.accounts.trips import Trip
from audits.audit import removable, work
from audits.audit.tell.sentences import set_apart
from audits.models import Connection, Finding, Item, Trigger
from audits.models.loading import finding_of, item_of
from audits.sources.contract import Credentials
from audits.sources.google import removal
from audits.sources.google.errors import (
    Forbidden,
    GoogleFault,
    LimitReached,
    NeedsReconnecting,
    NotAdministrator,
    NotFound,
    ScopeMissing,
)
from audits.sources.google.scopes import DIRECTORY_SECURITY

logger = logging.getLogger(__name__)


def arrive(request: HttpRequest, connection: Connection, grant: Grant, trip: Trip) -> HttpResponse:
    try:
        finding, item = _still_there(connection, trip)
    except Http404:
        throw_away(grant)
        messages.info(request, _("This app is no longer on the list that we saw. We have removed nothing."))
        return redirect("overview")
    if grant.email.lower() != (connection.email or "").lower():
        throw_away(grant)
        messages.info(request, _("The address of this account has changed since we looked. Look once more first."))
        return redirect("looks")
    app = removable.app_of(finding, item)
    if app.why_not is not None:
        throw_away(grant)
        return redirect("remove-app", finding.public_id, item.key)
    try:
        if DIRECTORY_SECURITY not in grant.scopes:
            raise ScopeMissing
        gone_before = _remove(connection, grant, app.client_id)
    except GoogleFault as fault:
        logger.info("an app was not removed: %s", fault.detail)
        throw_away(grant)
        messages.error(request, sentence(fault))
        return redirect("remove-app", finding.public_id, item.key)
    _look_once_more(connection, grant)
    messages.success(request, _done(gone_before) % {"app": set_apart(item.content["name"])})
    return redirect("check", finding.public_id)


def _still_there(connection: Connection, trip: Trip) -> tuple[Finding, Item]:
    """Raises Http404 when it is gone, or of another account."""
    finding = finding_of(connection.person, trip.finding)
    if finding.connection_id != connection.pk:
        raise Http404
    return finding, item_of(finding, trip.item)


def _remove(connection: Connection, grant: Grant, client_id: str) -> bool:
    """True when Google had nothing to remove any more. The address is the one that this very trip confirmed."""
    held = Credentials(
        access_token=grant.access_token,
        expires_at=grant.expires_at,
        refresh_token="",
        client_id=settings.GOOGLE_ADMIN_CLIENT_ID,
        client_secret=settings.GOOGLE_ADMIN_CLIENT_SECRET,
    )
    try:
        removal.remove(held, connection.email or "", client_id, timezone.now)
    except NotFound:
        return True
    return False


def _look_once_more(connection: Connection, grant: Grant) -> None:
    with transaction.atomic():
        locked = Connection.objects.select_for_update().get(pk=connection.pk)
        note(locked.person, Happened.APP_REMOVED, locked)
        work.start(locked.person, trigger=Trigger.ADMINISTRATOR, only_checks=(removable.CHECK,), wake=tasks.wake)
        keep_for_one_audit(locked, grant, [DIRECTORY_SECURITY])


def _done(gone_before: bool) -> str:
    if gone_before:
        return _("%(app)s had no access any more, says Google. We are looking once more, so that you see it yourself.")
    return _("Google has ended the access of %(app)s. We are looking once more, so that you see it yourself.")


def sentence(fault: GoogleFault) -> str:
    """What became of it, and what to do next. Where an answer is missing, nobody knows whether it was done."""
    if isinstance(fault, ScopeMissing):
        return _("The permission was not ticked at Google, so nothing was removed. You can try again, or leave it.")
    if isinstance(fault, NotAdministrator):
        return _(
            "Google says that this account may not do it, so nothing was removed. Only an administrator of your "
            "organisation may. You can remove the app yourself on Google’s page of connected apps."
        )
    if isinstance(fault, LimitReached):
        return _("Google asked us to slow down, so nothing was removed. You can try again in a while.")
    if isinstance(fault, NeedsReconnecting | Forbidden):
        return _("Google refused it, so nothing was removed. You can try again, or remove it on Google’s own page.")
    return _(
        "We had no clear answer from Google, so we do not know whether the app was removed. Nothing else has changed. "
        "Try again in a few minutes: doing it twice harms nothing."
    )
