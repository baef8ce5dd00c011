"""The Person's hand while a helper looks along: opening, hiding, pausing, ending, and whether another takes over."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audits.audit.helping import openings, sessions
from audits.audit.helping.errors import HelpRefused, NotForYoung
from audits.audit.helping.here import helped_here, session_here
from audits.audit.helping.openable import thing_of
from audits.audit.helping.openings import Openings, openings_of
from audits.audit.tell.help_log import lines
from audits.audit.tell.help_sees import sees as all_that_is_seen
from audits.checks.catalogue import by_code
from audits.models import HelpEnd, HelpSession, HelpState, LoggedBy, Opening, OpeningKind
from audits.models.loading import person_of

LONGEST_PATH = 500
LONGEST_KEY = 80
# A form leads back to the page on which it stood. These lead elsewhere, or are a part of a page.
NO_WAY_BACK = frozenset({"quick-exit", "help-bar", "help-ticket", "audit-progress", "reminder-file"})


@require_safe
def bar(request: HttpRequest) -> HttpResponse:
    """The bar alone, for a page that is open: ?at= says for which one. Once the session is over, it says so."""
    return render(request, "help/bar.html", {"at": way_back(request.GET.get("at", "")), "part": True})


@require_safe
def sees(request: HttpRequest) -> HttpResponse:
    session = helped_here(request)
    if session is None:
        return see("help-ask" if session_here(request) else "help")
    shown = {"sees": all_that_is_seen(person_of(request), session), "session": session, "log": lines(session)}
    return render(request, "help/sees.html", shown)


# --------------------------------------------------------------------------- opening and hiding


@require_POST
def open_thing(request: HttpRequest) -> HttpResponse:
    session = helped_here(request)
    if session is None:
        return over(request)
    kind, key, place = (request.POST.get(name, "")[: LONGEST_KEY + 1] for name in ("kind", "key", "place"))
    try:
        thing = thing_of(person_of(request), kind, key, place)
        openings.open_up(session, thing.kind, thing.key, place=thing.place)
    except NotForYoung:
        messages.info(request, _("This stays closed for everybody under 18. You can open single cards and names."))
    except HelpRefused:
        return over(request)
    return back(request, kind, key)


@require_POST
def hide_thing(request: HttpRequest) -> HttpResponse:
    """Whatever is open can be hidden, also when what it was is no longer here."""
    session = helped_here(request)
    if session is None:
        return over(request)
    kind, key = request.POST.get("kind", ""), request.POST.get("key", "")[: LONGEST_KEY + 1]
    try:
        for one_kind, one_key in to_hide(session, kind, key):
            openings.hide(session, one_kind, one_key, place=request.POST.get("place", "")[:LONGEST_KEY])
    except HelpRefused:
        return over(request)
    return back(request, kind, key)


def to_hide(session: HelpSession, kind: str, key: str) -> list[tuple[OpeningKind, str]]:
    """What of this is open. A card that was opened together with others is hidden together with them."""
    if kind != OpeningKind.CARD:
        found = Opening.objects.filter(session=session, kind=kind, key=key).first()
        return [(OpeningKind(found.kind), found.key)] if found is not None else []
    return card_and_wider(openings_of(session), key)


def card_and_wider(opened: Openings, place: str) -> list[tuple[OpeningKind, str]]:
    check = by_code(place.partition("-")[0])
    group = check.platform.id if check is not None else ""
    found = [(OpeningKind.CARD, place)] if place in opened.cards else []
    if group in opened.groups:
        found.append((OpeningKind.GROUP, group))
    if opened.all:
        found.append((OpeningKind.ALL, ""))
    return found


@require_POST
def hide_all(request: HttpRequest) -> HttpResponse:
    text = _("Hidden. Only the titles and states of your checks are left.")
    return act(request, openings.hide_all, text)


# --------------------------------------------------------------------------- pausing and ending


@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    return act(request, sessions.pause, _("Paused. Nothing is sent to the helper until you go on."))


@require_POST
def go_on(request: HttpRequest) -> HttpResponse:
    return act(request, sessions.go_on, _("You go on together. The helper sees what you had opened."))


def act(request: HttpRequest, deed: Callable[[HelpSession], None], text: str) -> HttpResponse:
    session = helped_here(request)
    if session is None:
        return over(request)
    try:
        deed(session)
    except HelpRefused:
        return over(request)
    messages.success(request, text)
    return back(request)


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Before the yes as well. What stays of a session is the Person's alone."""
    session = session_here(request)
    if session is None:
        return over(request)
    sessions.end(session, HelpEnd.CALLER, LoggedBy.CALLER)
    messages.success(request, _("You ended it. The helper is sent nothing more."))
    if session.state == HelpState.ASKED:
        return see("help")
    response = redirect("help-after", session.public_id)
    response.status_code = 303
    return response


# --------------------------------------------------------------------------- another helper


@require_POST
def over_yes(request: HttpRequest) -> HttpResponse:
    """A yes counts for the helper whom the page named."""
    session = helped_here(request)
    other = session.next_helper if session is not None else None
    if session is None or other is None or str(other.public_id) != request.POST.get("helper", ""):
        return over(request)
    try:
        sessions.hand_over(session, cover=bool(request.POST.get("cover")))
    except HelpRefused:
        return over(request)
    messages.success(request, _("%(helper)s looks with you from now on.") % {"helper": other.name})
    return back(request)


@require_POST
def over_no(request: HttpRequest) -> HttpResponse:
    session = helped_here(request)
    if session is None:
        return over(request)
    try:
        sessions.not_over(session, LoggedBy.CALLER)
    except HelpRefused:
        return over(request)
    messages.success(request, _("Nobody else was let in. %(helper)s stays with you.") % {"helper": session.helper.name})
    return back(request)


# --------------------------------------------------------------------------- where it leads


def over(request: HttpRequest) -> HttpResponse:
    """What was asked for is over: said in words, wherever they are."""
    if session_here(request) is None:
        messages.info(request, _("No session is on. Nobody looks along."))
    else:
        messages.info(request, _("That is no longer so. Nothing has changed; look again at how it stands."))
    return back(request)


def back(request: HttpRequest, kind: str = "", key: str = "") -> HttpResponse:
    """To the page on which the form stood, near what was opened or hidden."""
    where = way_back(request.POST.get("next", "")) or reverse("help-sees")
    anchor = {OpeningKind.NAME.value: f"#i{key}", OpeningKind.CARD.value: f"#c{key}"}.get(kind, "")
    response = HttpResponseRedirect(where + (anchor if key.replace("-", "").isalnum() else ""))
    response.status_code = 303
    return response


def way_back(wanted: str) -> str:
    """A path of ours that is a page; "" for everything else."""
    if len(wanted) > LONGEST_PATH or not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return ""
    parts = urlsplit(wanted)
    try:
        found = resolve(parts.path)
    except Resolver404:
        return ""
    if found.url_name in NO_WAY_BACK or str(found.url_name).startswith("desk-") or parts.fragment:
        return ""
    return wanted


def see(name: str) -> HttpResponse:
    response = redirect(name)
    response.status_code = 303
    return response
