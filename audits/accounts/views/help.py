"""Getting help: choosing a helpline, the code to read out, and the question whether its helper may look along."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits.accounts import step_up
from audits.accounts.confirming import HELP, asked
from audits.audit.helping import codes, sessions, words
from audits.audit.helping.errors import NotNow
from audits.audit.helping.here import session_here
from audits.audit.helping.lasting import ends_at
from audits.audit.situation import situation_of
from audits.audit.tell.shapes import Page
from audits.models import HelpCode, Helpline, HelpSession, HelpState, Person, loading
from audits.models.loading import person_of

LINES_A_PAGE = 10
SAFE = "no"  # nobody else can see this screen
_CHOSEN = "helpline"


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """The helplines of this installation; a POST chooses one."""
    person, session = person_of(request), session_here(request)
    if request.method == "POST" and session is None:
        request.session[_CHOSEN] = str(loading.helpline_of(request.POST.get("line", "")).public_id)
        codes.drop(person)
        return see("help-code")
    found = Paginator(loading.helplines(), LINES_A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "lines": list(found),
        "page": Page(number=found.number, count=found.paginator.num_pages, total=found.paginator.count),
        "code": codes.code_of(person),
        "session": session,
        "young": situation_of(person).young,
        "minutes": settings.HELP_QUIET_MINUTES,
    }
    return render(request, "help/choose.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code while there is one, and before that what comes with it. Only a form makes one."""
    person, session = person_of(request), session_here(request)
    if session is not None:
        return to_session(request, session)
    if request.headers.get("HX-Request"):
        return still_waiting(request, person)
    in_flight = codes.code_of(person)
    if in_flight is not None:
        return show_code(request, person, in_flight)
    line = chosen_line(request)
    if line is None:
        return see("help")
    if request.method != "POST":
        return before_code(request, person, line)
    return make_code(request, person, line)


def chosen_line(request: HttpRequest) -> Helpline | None:
    """None when none was chosen, or it was closed since."""
    try:
        return loading.helpline_of(request.session.get(_CHOSEN, ""))
    except Http404:
        return None


def make_code(request: HttpRequest, person: Person, line: Helpline) -> HttpResponse:
    if not step_up.stepped_up(request):
        return before_code(request, person, line, refused=True)
    if request.POST.get("seen") != SAFE and "anyway" not in request.POST:
        return render(request, "help/device.html", {"line": line})
    try:
        codes.make(person, line)
    except NotNow:
        messages.info(request, _("No code was made: this helpline takes no sessions just now."))
        return see("help")
    return see("help-code")


def before_code(request: HttpRequest, person: Person, line: Helpline, *, refused: bool = False) -> HttpResponse:
    shown = {
        **asked(request, person, HELP, refused=refused),
        "line": line,
        "young": situation_of(person).young,
        "code_minutes": codes.MINUTES,
        "minutes": settings.HELP_QUIET_MINUTES,
    }
    return render(request, "help/before.html", shown, status=403 if refused else 200)


def show_code(request: HttpRequest, person: Person, code: HelpCode) -> HttpResponse:
    shown = {
        "groups": codes.groups(code.digits),
        "until": clock(code.ends_at),
        "line": code.helpline,
        "word": words.word_of(person, code.helpline),
    }
    return render(request, "help/code.html", shown)


def still_waiting(request: HttpRequest, person: Person) -> HttpResponse:
    """For the page of the code, which asks every few seconds: 204 says *nothing new*."""
    response = HttpResponse(status=204)
    if codes.code_of(person) is None:
        response["HX-Refresh"] = "true"
    return response


def to_session(request: HttpRequest, session: HelpSession) -> HttpResponse:
    page = redirect("help-ask" if session.state == HelpState.ASKED else "help-sees")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": page["Location"]})
    return page


@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    codes.drop(person_of(request))
    messages.info(request, _("The code is gone. It opens nothing any more."))
    return see("help")


@require_POST
def new_word(request: HttpRequest) -> HttpResponse:
    """A new word with the helpline that the code is for: whoever knew the old one knows nothing now."""
    person = person_of(request)
    found = codes.code_of(person)
    if found is None:
        messages.info(request, _("There is no code any more. Choose a helpline, and your word stands beside the code."))
        return see("help")
    words.new_word(person, found.helpline)
    messages.success(request, _("This is your new word. The old one no longer counts."))
    return see("help-code")


# --------------------------------------------------------------------------- may they look along?


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    person, session = person_of(request), session_here(request)
    if session is None:
        return see("help")
    if session.state != HelpState.ASKED:
        return see("help-sees")
    shown = {
        "session": session,
        "word": words.word_of(person, session.helpline),
        "until": clock(ends_at(session)),
        "young": situation_of(person).young,
        "minutes": settings.HELP_QUIET_MINUTES,
    }
    return render(request, "help/ask.html", shown)


@require_POST
def yes(request: HttpRequest) -> HttpResponse:
    """A yes counts for the session that the page named, and for no other that may have begun since."""
    session = named_session(request)
    if session is None:
        return too_late(request)
    try:
        sessions.let_in(session)
    except NotNow:
        return too_late(request)
    text = _("%(helper)s now sees the titles and states of your checks, and nothing else until you open it.")
    messages.success(request, text % {"helper": session.helper.name})
    return see("help-sees")


@require_POST
def no(request: HttpRequest) -> HttpResponse:
    session = named_session(request)
    if session is None:
        return too_late(request)
    try:
        sessions.refuse(session)
    except NotNow:
        return too_late(request)
    messages.info(request, _("Nobody was let in, and the code is used up. That is a good answer too."))
    return see("help")


def named_session(request: HttpRequest) -> HelpSession | None:
    """The session that the form was shown for, while it is still the one that is on."""
    session = session_here(request)
    if session is None or str(session.public_id) != request.POST.get("session", ""):
        return None
    return session


def too_late(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("That question is no longer open. Nothing has changed."))
    return see("help-code")


def clock(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "H:i")


def see(name: str) -> HttpResponse:
    response = redirect(name)
    response.status_code = 303
    return response
