"""A session as its helper sees it. They look and point; nothing here changes, answers, exports or prints anything.

Every page is made from tell/for_helper.py and its card, which hold only what the Person opened.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits.audit.helping import live, log, pointing, sessions, words
from audits.audit.helping.errors import NotNow
from audits.audit.tell import for_helper, for_helper_card
from audits.audit.tell.for_helper_card import NoSuchCard
from audits.checks.helper_words import COMMON_WORDS
from audits.helpline import care
from audits.helpline.answering import page_of, see_other
from audits.helpline.door import helper_of
from audits.helpline.free import free_helpers
from audits.models import HelpEnd, Helper, HelpSession, HelpState, LoggedBy

View = Callable[..., HttpResponse]
PARTS = {HelpState.ASKED: "waiting", HelpState.PAUSED: "paused", HelpState.ENDED: "ended"}
LONGEST_PLACE = 80


def part_goes_home(view: View) -> View:
    """A page whose session is no longer this helper's cannot be made anew: it leads back to where calls begin."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            if not request.headers.get("X-Part"):
                raise
            return HttpResponse(status=204, headers={"X-Go": reverse("desk-home")})

    return guarded


@require_safe
@part_goes_home
def session(request: HttpRequest, session: UUID) -> HttpResponse:
    row = mine(request, session)
    if not is_open(row):
        return quiet_page(request, row)
    touch(request, row)
    return page(request, row, "titles", {"aside": for_helper.aside(for_helper.sight_of(row), whole=True)})


@require_safe
@part_goes_home
def card(request: HttpRequest, session: UUID, place: str) -> HttpResponse:
    row = mine(request, session)
    if not is_open(row):
        return quiet_page(request, row)
    sight = for_helper.sight_of(row)
    try:
        shown = for_helper_card.card(sight, place, page_of(request))
    except NoSuchCard:
        raise Http404 from None
    touch(request, row)
    if shown.content is not None:
        log.looked(row, shown.check_id, by_itself=by_itself(request))
    return page(request, row, "card", {"card": shown, "aside": for_helper.aside(sight)})


@require_safe
@part_goes_home
def record(request: HttpRequest, session: UUID, record: UUID) -> HttpResponse:
    row = mine(request, session)
    if not is_open(row):
        return quiet_page(request, row)
    sight = for_helper.sight_of(row)
    try:
        shown, check_id = for_helper_card.record(sight, str(record), page_of(request))
    except NoSuchCard:
        raise Http404 from None
    touch(request, row)
    log.looked(row, check_id, by_itself=by_itself(request))
    return page(request, row, "record", {"record": shown, "aside": for_helper.aside(sight)})


@require_POST
def point(request: HttpRequest, session: UUID) -> HttpResponse:
    """At a card that this Person has, or at one step of a card that is open."""
    row = mine(request, session)
    place, step = request.POST.get("place", "")[:LONGEST_PLACE], request.POST.get("step", "")
    if not is_open(row):
        return see_other("desk-session", session)
    try:
        shown = for_helper_card.card(for_helper.sight_of(row), place)
    except NoSuchCard:
        raise Http404 from None
    number = int(step) if step.isascii() and step.isdecimal() and len(step) < 4 else None
    if step and number not in shown.steps:
        raise Http404
    unless_too_late(lambda: pointing.point(row, place, number, shown=shown.steps.get(number or 0)))
    return to_card(session, place, number)


@require_POST
def stop_pointing(request: HttpRequest, session: UUID) -> HttpResponse:
    row = mine(request, session)
    place, step = row.pointing_place, row.pointing_step
    unless_too_late(lambda: pointing.stop_pointing(row))
    return to_card(session, place, step) if place else see_other("desk-session", session)


@require_http_methods(["GET", "HEAD", "POST"])
@part_goes_home
def offer(request: HttpRequest, session: UUID) -> HttpResponse:
    """Ask whether another helper may take over. The Person decides."""
    row = mine(request, session)
    if row.state == HelpState.ASKED or sessions.is_over(row):
        return quiet_page(request, row)
    if request.method != "POST":
        return page(request, row, "handover", {"free": free_helpers(row)})
    other = free_helper(row, request.POST.get("helper", ""))
    if other is None or not unless_too_late(lambda: sessions.offer(row, other)):
        messages.info(request, _("This helper cannot take over just now. Nothing has changed."))
    return see_other("desk-offer", session)


@require_POST
def offer_back(request: HttpRequest, session: UUID) -> HttpResponse:
    """The helper takes the offer back, or the other one says not now."""
    helper = helper_of(request)
    rows = HelpSession.objects.filter(public_id=session)
    row = rows.filter(helper=helper).first() or rows.filter(next_helper=helper).first()
    if row is None:
        raise Http404
    unless_too_late(lambda: sessions.not_over(row, LoggedBy.HELPER))
    return see_other("desk-session", session) if row.helper_id == helper.pk else see_other("desk-home")


@require_POST
def leave(request: HttpRequest, session: UUID) -> HttpResponse:
    sessions.end(mine(request, session), HelpEnd.HELPER, LoggedBy.HELPER)
    return see_other("desk-session", session)


# --------------------------------------------------------------------------- what they share


def mine(request: HttpRequest, public_id: UUID) -> HelpSession:
    """The session that this helper looks along in, or did; 404 for everybody else's."""
    found = HelpSession.objects.select_related("helper", "helpline", "next_helper", "person")
    row = found.filter(public_id=public_id, helper=helper_of(request)).first()
    if row is None:
        raise Http404
    return row


def is_open(row: HelpSession) -> bool:
    return row.state == HelpState.OPEN and not sessions.is_over(row) and row.person is not None


def by_itself(request: HttpRequest) -> bool:
    """The page was made anew by a script, or by the browser without one. That is nothing a helper did."""
    return bool(request.headers.get("X-Part")) or "again" in request.GET


def touch(request: HttpRequest, row: HelpSession) -> None:
    if not by_itself(request):
        sessions.touch(row)


def quiet_page(request: HttpRequest, row: HelpSession) -> HttpResponse:
    """While the Person has not said yes, pauses, or has ended it, nothing of theirs is here."""
    over = sessions.is_over(row) or row.person is None
    state = HelpState.ENDED if over else HelpState(row.state)
    shown: dict[str, Any] = {}
    if state == HelpState.ASKED and row.person is not None:
        shown = {"word": words.word_of(row.person, row.helpline), "start": COMMON_WORDS.start}
    if state == HelpState.ENDED:
        shown = {"after": care.after_a_call(), "close": COMMON_WORDS.close}
    return page(request, row, PARTS[state], shown)


def page(request: HttpRequest, row: HelpSession, part: str, shown: dict[str, Any]) -> HttpResponse:
    """The whole page, or only the part that a script puts in place."""
    everywhere = {
        "session": row,
        "part": f"desk/{part}.html",
        "is_over": part == PARTS[HelpState.ENDED],
        "is_paused": row.state == HelpState.PAUSED,
        "stamp": for_helper.stamp_of(row),
        "ticket": live.sign(live.Ticket(row.pk, live.HELPER, row.helper_id)),
        "address": f"{request.path}?page={page_of(request)}" if page_of(request) > 1 else request.path,
        "common": COMMON_WORDS,
    }
    if request.headers.get("X-Part"):
        return render(request, "desk/call_part.html", {**everywhere, **shown})
    return render(request, "desk/call.html", {**everywhere, **shown, "breath": care.breath_of(helper_of(request))})


def unless_too_late(act: Callable[[], None]) -> bool:
    """The page that follows shows how things stand now."""
    try:
        act()
    except NotNow:
        return False
    return True


def free_helper(row: HelpSession, public_id: str) -> Helper | None:
    return next((one for one in free_helpers(row) if str(one.public_id) == public_id), None)


def to_card(session: UUID, place: str, step: int | None) -> HttpResponse:
    response = see_other("desk-card", session, place)
    if step is not None:
        response["Location"] += f"#step-{step}"
    return response
