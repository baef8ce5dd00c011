"""A check that nobody has answered yet: its page is the same, and what is answered there begins its finding."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from audits.audit import guided, tell, young
from audits.audit.helping import here
from audits.audit.helping.openable import card_at
from audits.audit.helping.sees import card_sees
from audits.checks.catalogue import Check, by_code
from audits.dashboard import forms
from audits.dashboard.asking import see_other
from audits.dashboard.views import check as answered
from audits.models import Connection, Finding, Person, loading
from audits.models.loading import person_of


@require_safe
def check(request: HttpRequest, place: str) -> HttpResponse:
    person = person_of(request)
    what, owner = card_at(person, place)
    known = guided.found(person, what, owner)
    if known is not None:
        return redirect("check", known.public_id)
    blank = guided.blank(person, what, owner)
    card = tell.card(blank)
    here.caller_is_at(request, card.place)
    shown = {"card": card, "guided_first": True, "sees": card_sees(request, blank)}
    return render(request, "dashboard/check.html", shown)


@require_POST
def answer_check(request: HttpRequest, place: str) -> HttpResponse:
    """Without an answer nothing begins."""
    if forms.told_answer(request.POST) is None:
        answerable(person_of(request), place)
        messages.info(request, answered.choose_first())
        return see_other("blank-check", place, tail="#tell")
    return answered.answer_check(request, begun(request, place).public_id)


@require_POST
def leave(request: HttpRequest, place: str) -> HttpResponse:
    return answered.leave(request, begun(request, place).public_id)


def begun(request: HttpRequest, place: str) -> Finding:
    person = person_of(request)
    return guided.begin(person, *answerable(person, place))


def answerable(person: Person, place: str) -> tuple[Check, Connection | None]:
    """What an address names, when something of it may be kept: 404 for what somebody under 18 only reads."""
    what, owner = named(person, place)
    if young.reads_only(person, what):
        raise Http404
    return what, owner


def named(person: Person, place: str) -> tuple[Check, Connection | None]:
    """What an address names: 404 for what is no guided check, or cannot be about this account."""
    code, _, account = place.partition("-")
    what = by_code(code)
    owner = loading.connection_of(person, account) if account else None
    if what is None or not guided.can_begin(what, owner) or young.left_out(person, what):
        raise Http404
    return what, owner
