"""A page that the Person pastes: read once, its lines offered with tick boxes, and only what is ticked is kept.

Nothing of it touches the disk or the log. It travels in the form itself, so that nothing is stored in between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from audits.audit import answers, guided, pasted
from audits.checks.catalogue import CHECKS, Check
from audits.dashboard import forms
from audits.dashboard.asking import answerable, see_other
from audits.dashboard.views import blank
from audits.models import Finding
from audits.models.loading import person_of

View = Callable[..., HttpResponseBase]

MOST_SENT = pasted.MOST_BYTES + 64 * 1024  # the page, and the form around it
MOST_DRAINED = 16 * 1024 * 1024


@dataclass(frozen=True)
class Place:
    """Where a page was pasted: addresses of the check and of what is done with what was ticked."""

    check: Check
    back: str
    keep: str


def small_enough(view: View) -> View:
    """What is too large is not read at all, so the form's token is looked at only after that."""
    protected = csrf_protect(view)

    @wraps(view)
    def bounded(request: HttpRequest, **where: UUID | str) -> HttpResponseBase:
        if forms.length_of(request) <= MOST_SENT:
            return protected(request, **where)
        drain(request)
        messages.info(request, _("That page is larger than 2 MB, so we did not read it. Paste only the part you need."))
        return see_other("check" if "finding" in where else "blank-check", *where.values(), tail="#paste")

    bounded.csrf_exempt = True  # type: ignore[attr-defined]
    return bounded


def drain(request: HttpRequest) -> None:
    """Take in what a browser still sends, or it shows a broken connection instead of our answer."""
    left = min(forms.length_of(request), MOST_DRAINED)
    while left > 0 and (part := request.read(min(left, 64 * 1024))):
        left -= len(part)


@small_enough
@require_POST
def paste(request: HttpRequest, finding: UUID) -> HttpResponse:
    return offer(request, place_of_finding(answerable(person_of(request), finding)))


@small_enough
@require_POST
def blank_paste(request: HttpRequest, place: str) -> HttpResponse:
    check, owner = blank.answerable(person_of(request), place)
    name = guided.place_of(check, owner)
    return offer(request, Place(check, resolve_url("blank-check", name), resolve_url("blank-keep-pasted", name)))


@require_POST
def keep_pasted(request: HttpRequest, finding: UUID) -> HttpResponse:
    found = answerable(person_of(request), finding)
    names = forms.ticked_names(request.POST)
    if not names:
        messages.info(request, _("Nothing was ticked, so nothing was kept."))
        return see_other("check", finding)
    kept = answers.keep_pasted(found, names)
    messages.success(request, kept_words(kept, len(names)))
    return see_other("check", finding, tail="#saw")


@require_POST
def blank_keep_pasted(request: HttpRequest, place: str) -> HttpResponse:
    if not forms.ticked_names(request.POST):
        blank.answerable(person_of(request), place)
        messages.info(request, _("Nothing was ticked, so nothing was kept."))
        return see_other("blank-check", place)
    return keep_pasted(request, blank.begun(request, place).public_id)


def offer(request: HttpRequest, place: Place) -> HttpResponse:
    """The lines that could be a name, with tick boxes; or why there are none, in plain words."""
    found = read(request) if place.check.words.pasted else _("There is no page that can be pasted for this.")
    if isinstance(found, str):
        messages.info(request, found)
        return see_other(place.back, tail="#paste")
    shown = {"names": found, "cut": len(found) == pasted.MOST_CANDIDATES, "back": place.back, "keep": place.keep}
    return render(request, "dashboard/pasted.html", {**shown, "title": _(place.check.words.short)})


def read(request: HttpRequest) -> tuple[str, ...] | str:
    """The candidates of what was pasted and chosen; a sentence when there are none."""
    text, file = request.POST.get("text", ""), request.FILES.get("file")
    if not text.strip() and not (file and file.size):
        return _("Nothing was pasted. Copy the text of the page and paste it here, or choose a saved file.")
    try:
        texts = [pasted.text_of_paste(text), pasted.text_of_file(file.read()) if file else ""]
    except pasted.NoText:
        return _("We could not read that file as text. Save the page as a web page or as text, or paste its text.")
    found = pasted.candidates("\n".join(texts))
    return found or _("No line on it could be a name. That tells us nothing. You can type the names yourself.")


def place_of_finding(finding: Finding) -> Place:
    check = CHECKS.get(finding.check_id)
    if check is None:
        raise Http404
    return Place(check, resolve_url("check", finding.public_id), resolve_url("keep-pasted", finding.public_id))


def kept_words(kept: int, ticked: int) -> str:
    if kept < ticked:
        return _(
            "We kept {kept} of the {ticked} names. There is no room for more here. Take off what you know."
        ).format(kept=kept, ticked=ticked)
    return ngettext(
        "Kept, as what stood on the page you pasted. Say whether you know it.",
        "Kept, as what stood on the page you pasted. Say for each whether you know it.",
        kept,
    )
