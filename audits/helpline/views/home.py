"""Where a helper's work begins: the code that a caller reads out, the session that is on, one that is handed over."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audits.audit.helping import codes, sessions
from audits.audit.helping.errors import CodesLocked, HelpRefused, NoSuchCode, NotACode
from audits.checks.helper_words import COMMON_WORDS
from audits.helpline import care
from audits.helpline.answering import see_other
from audits.helpline.door import helper_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return page(request)


@require_POST
def code(request: HttpRequest) -> HttpResponse:
    """A wrong one changes nothing for any caller, and says nothing of why it is wrong."""
    typed = request.POST.get("code", "")[: codes.LONGEST_TYPED + 1]
    try:
        session = codes.redeem(helper_of(request), typed)
    except HelpRefused as refused:
        return page(request, error=_why(refused), status=403)
    return see_other("desk-session", session.public_id)


def page(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    helper = helper_of(request)
    session = sessions.session_for(helper)
    shown = {
        "session": session,
        "offered": None if session else sessions.offered_to(helper),
        "error": error,
        "start": COMMON_WORDS.start,
        "breath": care.breath_of(helper),
    }
    template = "desk/home_calls.html" if request.headers.get("X-Part") else "desk/home.html"
    return render(request, template, shown, status=status)


def _why(refused: HelpRefused) -> str:
    if isinstance(refused, CodesLocked):
        return _locked(refused)
    if isinstance(refused, NotACode):
        return _("A code has eight digits. This was no try, so nothing is counted.")
    if isinstance(refused, NoSuchCode):
        return _(
            "No such code waits for your helpline. It may be mistyped, used, or older than ten minutes. Ask the caller "
            "to read it to you again, or to make a new one."
        )
    return _("You are in a session already, or your helpline takes no calls now. Nothing has changed.")


def _locked(refused: CodesLocked) -> str:
    if refused.until is None:
        return _("You typed too many codes that do not exist. Your lead can let you type codes again.")
    time = date_format(timezone.localtime(refused.until), "H:i")
    return _("You typed several codes that do not exist. You can type the next one at {time}.").format(time=time)
