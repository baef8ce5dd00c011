"""One check, whole, and what the Person answers on its page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audits.audit import answers, naming, tell
from audits.audit.helping import here
from audits.audit.helping.sees import card_sees
from audits.audit.tell.shapes import Card, Mark
from audits.dashboard import forms
from audits.dashboard.asking import answerable, page_of, see_other
from audits.models import Finding, loading
from audits.models.loading import person_of


@require_safe
def check(request: HttpRequest, finding: UUID) -> HttpResponse:
    found = loading.finding_of(person_of(request), finding)
    newest = newest_of(found)
    if newest != found:
        return redirect("check", newest.public_id)
    try:
        card = tell.card(found, page_of(request))
    except tell.NoSuchCheck:
        raise Http404 from None
    here.caller_is_at(request, card.place)
    shown = {"card": card, "guided_first": guided_first(card), "sees": card_sees(request, found)}
    return render(request, "dashboard/check.html", shown)


def newest_of(finding: Finding) -> Finding:
    """An address may be older than the last look. What was seen then stands in the timeline."""
    if finding.current:
        return finding
    same = Finding.objects.filter(
        person_id=finding.person_id, connection=finding.connection, check_id=finding.check_id, current=True
    )
    return same.first() or finding


def guided_first(card: Card) -> bool:
    """Where nothing settled a check that the Person can look at, the way to look comes before what we tried."""
    return bool(card.told) and card.mark not in (Mark.LOOK, Mark.FINE)


@require_POST
def answer_items(request: HttpRequest, finding: UUID) -> HttpResponse:
    person = person_of(request)
    found = answerable(person, finding)
    kept = answers.answer_items(person, found, forms.item_answers(request.POST))
    if kept:
        messages.success(request, _("Kept. This changes nothing in your accounts."))
    else:
        messages.info(request, _("You chose nothing new, so there was nothing to keep."))
    return see_other("check", finding, tail=f"?page={page_of(request)}#saw" if page_of(request) > 1 else "")


@require_POST
def answer_check(request: HttpRequest, finding: UUID) -> HttpResponse:
    person = person_of(request)
    found = answerable(person, finding)
    answer = forms.told_answer(request.POST)
    if answer is None:
        messages.info(request, choose_first())
        return see_other("check", finding, tail="#tell")
    names = forms.typed_names(request.POST)
    answers.answer_check(person, found, answer, forms.again_on(request.POST, timezone.localdate()), names)
    messages.success(request, _("Kept, as what you told us today. This changes nothing in your accounts."))
    return see_other("check", finding, tail="#saw" if names else "")


@require_POST
def take_out(request: HttpRequest, told_item: UUID) -> HttpResponse:
    """Take a name off the list that the Person named themselves."""
    finding = naming.take_out(loading.told_item_of(person_of(request), told_item))
    messages.success(request, _("Taken off the list. That says nothing about whether it is there."))
    return see_other("check", finding.public_id) if finding else see_other("overview")


def choose_first() -> str:
    return _("Choose one of the answers first, or leave it for now. Nothing was kept.")


@require_POST
def leave(request: HttpRequest, finding: UUID) -> HttpResponse:
    """Leave the whole check as it is, or take it up again."""
    person = person_of(request)
    found = answerable(person, finding)
    if request.POST.get("again"):
        answers.take_up_again(person, found)
        messages.success(request, _("It is back on your list."))
        return see_other("check", finding)
    answers.leave(person, found)
    messages.success(request, _("Left as it is for now. We will not bring it up again until you do."))
    return see_other("overview")
