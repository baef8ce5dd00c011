"""The beat: what both pages of a session ask for every moment. One read in Redis, no query, no sign-in looked up.

A signed ticket says whose page asks (audits/audit/helping/live.py). What is told holds no name: a version, a state,
and places of the catalogue; what a page shows always comes from the database, through the whole stack. The beat
answers before everything else and is not in the access log, which it would fill.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from audits.audit.helping import live
from audits.models import HelpState
from privacy_audit.security.headers import KeepNothing

PATH = "/live/"
TICKET_LONGEST = 200
# Milliseconds until a page asks again. A pointing finger must reach the Person's page within a second.
CALLER_MS, HELPER_MS, PAUSED_MS = 600, 1000, 2000
WITHOUT_REDIS_MS, TOO_OFTEN_MS = 3000, 5000
# A page asks 17 times in ten seconds; somebody may have a few of them open.
MOST, MOST_SECONDS = 100, 10.0
_NOTHING = "default-src 'none'; frame-ancestors 'none'"

_asked: dict[tuple[int, str, int], int] = {}
_asked_since = 0.0


class Beats:
    """Middleware: answers the beat itself, before sessions, forms and the log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.answer = KeepNothing(beat)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == PATH:
            return self.answer(request)
        return self.get_response(request)


def beat(request: HttpRequest) -> HttpResponse:
    """401: the page needs a new ticket. 503: neither Redis nor the database answers. Without a state: ask later."""
    request.get_host()  # refuses a name that is not ours
    if request.method != "GET":
        return _json({}, 405)
    try:
        ticket = live.read_ticket(request.headers.get("X-Ticket", "")[:TICKET_LONGEST])
    except live.BadTicket:
        return _json({}, 401)
    if _too_often(ticket):
        return _json({"again": TOO_OFTEN_MS})  # no error: every one of them would be a line in the log
    try:
        found, is_quick = live.now(ticket.session)
    except DatabaseError:
        return _json({"again": TOO_OFTEN_MS}, 503)
    if found is None or live.is_over(found) or _was_handed_over(ticket, found):
        return _json({"s": HelpState.ENDED})
    return _json({**_told(ticket, found), "again": _again(ticket, found) if is_quick else WITHOUT_REDIS_MS})


def _was_handed_over(ticket: live.Ticket, found: live.Live) -> bool:
    """For the former Helper it is over, whatever goes on."""
    return ticket.side != live.CALLER and ticket.helper != found.helper


def _told(ticket: live.Ticket, found: live.Live) -> Mapping[str, object]:
    if ticket.side == live.CALLER:
        return {"v": found.version, "s": found.state, "p": found.place, "n": found.step}
    if found.state == HelpState.PAUSED:
        return {"v": 0, "s": found.state}  # not even that the Person goes from page to page
    return {"v": found.version, "s": found.state, "p": found.place, "n": found.step, "c": found.caller}


def _again(ticket: live.Ticket, found: live.Live) -> int:
    if ticket.side == live.CALLER:
        return CALLER_MS
    return PAUSED_MS if found.state == HelpState.PAUSED else HELPER_MS


def _too_often(ticket: live.Ticket) -> bool:
    """Counted in this process alone, which costs nothing. Only tickets that we signed are counted."""
    global _asked_since
    now = time.monotonic()
    if now - _asked_since > MOST_SECONDS:
        _asked_since = now
        _asked.clear()
    who = (ticket.session, ticket.side, ticket.helper)
    _asked[who] = _asked.get(who, 0) + 1
    return _asked[who] > MOST


def _json(said: Mapping[str, object], status: int = 200) -> HttpResponse:
    text = json.dumps(said, separators=(",", ":"))
    headers = {"Content-Security-Policy": _NOTHING, "X-Frame-Options": "DENY", "Content-Length": str(len(text))}
    return HttpResponse(text, content_type="application/json", status=status, headers=headers)
