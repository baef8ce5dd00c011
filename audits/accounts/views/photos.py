"""Choosing a photo in Google Photos: what will happen, the way there and back, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from audits import tasks
from audits.accounts.looks import LOOKS, offered
from audits.accounts.trips import Purpose, Trip, set_out
from audits.audit import picking
from audits.audit.tell.sentences import day, set_apart
from audits.checks.catalogue import CHECKS
from audits.facts import PickedPhoto, Why
from audits.models import Connection, Finding, PhotoPick, WaitState
from audits.models.loading import connection_of, person_of

SHOWN = 10
LATE = timedelta(seconds=30)


@dataclass(frozen=True)
class Round:
    """One round of choosing, for the page. `stage`: begin, asking, choosing, ending, done, none, expired, failed."""

    stage: str
    address: str = ""  # Google's page, while the Person may choose
    ends_at: datetime | None = None
    trouble: str = ""  # what went wrong, or goes wrong at the moment
    sentences: tuple[str, ...] = ()
    more: str = ""

    @property
    def waiting(self) -> bool:
        return self.stage in ("asking", "choosing", "ending")

    @property
    def stamp(self) -> str:
        """What a page last showed, so that asking again can answer *nothing new*."""
        return f"{self.stage}-{len(self.trouble)}"


@dataclass(frozen=True)
class Link:
    finding: UUID
    title: str


# While a round goes on.
_PASSING: dict[str, str | Promise] = {
    Why.BUSY: gettext_lazy("Google asks us to slow down. We go on asking."),
    Why.UNREACHABLE: gettext_lazy("Google does not answer just now. We go on asking."),
    Why.GOOGLE_ERROR: gettext_lazy("Google has a fault of its own just now. We go on asking."),
    Why.UNREADABLE: gettext_lazy("Google’s answer did not come whole. We go on asking."),
}
# Why it ended.
_ENDED: dict[str, str | Promise] = {
    Why.NO_SERVICE: gettext_lazy("Google says that this account does not use Google Photos, so there is no photo."),
    Why.NEEDS_RECONNECTING: gettext_lazy("Google no longer accepts this permission. It is only ever for a short time."),
    Why.UNTICKED: gettext_lazy("Google says that this permission was not given."),
    Why.FORBIDDEN: gettext_lazy("Google refused this for your account. A rule of your organisation may be the reason."),
    Why.UNREADABLE: gettext_lazy("Google’s answer came, but we could not read it for certain. So we do not use it."),
    Why.BUSY: gettext_lazy("Google gives us no more for today."),
}
_LEFT_OUT: dict[str, str | Promise] = {
    Why.UNREADABLE: gettext_lazy("Something of what you chose could not be read for certain, so it is left out."),
    Why.TOO_MANY: gettext_lazy("You chose more than we read. One photo is enough."),
}


@require_safe
def photos(request: HttpRequest, connection: UUID) -> HttpResponse:
    """The page; asked for by htmx, only the part of it that changes. 204 says *nothing new*."""
    found = account_of(request, connection)
    pick = picking.newest(found)
    if pick is not None and picking.is_due(pick):
        tasks.wake_picks()
    now = round_of(pick)
    shown = {"round": now, "connection": found, "look": LOOKS["photos"]}
    if request.headers.get("HX-Request"):
        return _part(request, now, shown)
    return render(request, "accounts/photos.html", {**shown, "links": links(found) if now.stage == "done" else ()})


def account_of(request: HttpRequest, connection: UUID) -> Connection:
    """404 where this look is not offered: to a stranger, and to somebody under 18."""
    found = connection_of(person_of(request), connection)
    if LOOKS["photos"] not in offered(found):
        raise Http404
    return found


def _part(request: HttpRequest, now: Round, shown: dict[str, object]) -> HttpResponse:
    if now.stamp == request.GET.get("seen"):
        return HttpResponse(status=204)
    if not now.waiting:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "accounts/photos_round.html", shown)


@require_POST
def begin(request: HttpRequest, connection: UUID) -> HttpResponse:
    """To Google, for the permission: for one round, and nothing else with it."""
    found = account_of(request, connection)
    return set_out(request, Trip(Purpose.PHOTOS, str(found.public_id), "photos"), found)


@require_POST
def stop(request: HttpRequest, connection: UUID) -> HttpResponse:
    found = account_of(request, connection)
    if picking.stop(found):
        messages.success(request, _("Stopped. We no longer hold the permission, and nothing was kept."))
    return redirect("photos", found.public_id)


# --------------------------------------------------------------------------- what the page says


def round_of(pick: PhotoPick | None) -> Round:
    if pick is None:
        return Round("begin")
    if pick.state == WaitState.WAITING:
        return _waiting(pick)
    if pick.state == WaitState.DONE:
        return _done(pick)
    if pick.state == WaitState.EXPIRED:
        return Round("expired")
    usual = _("Something did not work, on our side or at Google’s.")
    return Round("failed", trouble=str(_ENDED.get(pick.why, usual)))


def _waiting(pick: PhotoPick) -> Round:
    if pick.expires_at <= timezone.now():
        return Round("ending")
    trouble = str(_PASSING.get(pick.why, ""))
    if pick.session is None:
        late = pick.created_at < timezone.now() - LATE
        return Round("asking", trouble=trouble or (_("This takes longer than usual.") if late else ""))
    return Round("choosing", address=pick.session["uri"], ends_at=pick.expires_at, trouble=trouble)


def _done(pick: PhotoPick) -> Round:
    found = sorted(picking.photos_of(pick), key=lambda fact: fact.taken_at, reverse=True)
    beyond = len(found) - SHOWN
    more = ngettext("And {count} more.", "And {count} more.", beyond).format(count=beyond) if beyond > 0 else ""
    left_out = str(_LEFT_OUT.get(pick.why, ""))
    sentences = tuple(sentence_of(fact) for fact in found[:SHOWN])
    return Round("done" if found else "none", trouble=left_out, sentences=sentences, more=more)


def sentence_of(fact: PickedPhoto) -> str:
    what = _("A video") if fact.video else _("A photo")
    values = {"what": what, "day": day(fact.taken_at), "camera": set_apart(fact.camera)}
    if fact.dated and fact.camera:
        return _("{what} taken on {day} with {camera} is in Google Photos.").format(**values)
    if fact.dated:
        text = _("{what} taken on {day} is in Google Photos. Google does not say with which phone.")
        return text.format(**values)
    if fact.camera:
        return _("{what} taken with {camera} is in Google Photos. Its date cannot be right.").format(**values)
    return _("{what} is in Google Photos. Its date cannot be right, and Google names no phone.").format(**values)


def links(connection: Connection) -> tuple[Link, ...]:
    """The checks that this was for, as they stand now."""
    checks = picking.checks_fed()
    found = Finding.objects.filter(connection=connection, current=True, check_id__in=checks)
    by_check = {one.check_id: one.public_id for one in found}
    return tuple(Link(by_check[check], _(CHECKS[check].words.short)) for check in checks if check in by_check)
