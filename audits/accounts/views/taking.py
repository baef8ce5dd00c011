"""Taking one's notes away: what each way means, showing once more who it is, and the files."""

from __future__ import annotations

import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audits.accounts import step_up
from audits.accounts.confirming import TAKE, asked
from audits.audit.taking import content, lock, noting, paper
from audits.audit.taking.sheet import sheet_of
from audits.audit.tell.records_sheet import records_sheet
from audits.models import Person
from audits.models.loading import person_of
from audits.models.sealing import SealBroken, seal, unseal

FETCH_SECONDS = 15 * 60  # from the showing of a passphrase to the fetching of its file
LONGEST_TICKET = 1_000


@require_safe
def take(request: HttpRequest) -> HttpResponse:
    return page(request)


def page(request: HttpRequest, *, refused: bool = False) -> HttpResponse:
    shown = asked(request, person_of(request), TAKE, refused=refused)
    return render(request, "accounts/take.html", shown, status=403 if refused else 200)


@require_POST
def take_paper(request: HttpRequest) -> HttpResponse:
    """The plan as a PDF; `names=out`: blacked out."""
    named = request.POST.get("names") != "out"
    kind = noting.PAPER if named else noting.BLACKED_OUT

    def make(person: Person) -> bytes:
        return paper.drawn(sheet_of(person, named=named))

    return taken(request, kind, make, "application/pdf", "pdf")


@require_POST
def take_records(request: HttpRequest) -> HttpResponse:
    """All records on one sheet, as a PDF."""

    def make(person: Person) -> bytes:
        return paper.drawn(records_sheet(person, on_paper=True).sheet)

    return taken(request, noting.PAPER, make, "application/pdf", "pdf")


@require_POST
def take_data(request: HttpRequest) -> HttpResponse:
    return taken(request, noting.DATA, content.as_json, "application/json", "json")


def taken(
    request: HttpRequest, kind: str, make: Callable[[Person], bytes], content_type: str, ending: str
) -> HttpResponse:
    if not step_up.stepped_up(request):
        return page(request, refused=True)
    person = person_of(request)
    response = as_file(make(person), content_type, ending)
    noting.note(person, kind)
    return response


def as_file(data: bytes, content_type: str, ending: str) -> HttpResponse:
    """To be saved, under a name that says nothing but the day."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="notes-{timezone.localdate().isoformat()}.{ending}"'
    response["Cache-Control"] = "no-store"
    return response


# --------------------------------------------------------------------------- the locked file


@require_POST
def take_locked(request: HttpRequest) -> HttpResponse:
    """Show a new passphrase once. It is kept nowhere: the page itself holds it, sealed, for fetching the file."""
    if not step_up.stepped_up(request):
        return page(request, refused=True)
    passphrase = lock.new_passphrase()
    shown = {"groups": passphrase.split("-"), "ticket": ticket_for(person_of(request), passphrase)}
    return render(request, "accounts/take_locked.html", {**shown, "minutes": FETCH_SECONDS // 60})


@require_POST
def take_file(request: HttpRequest) -> HttpResponse:
    """Lock the file with the passphrase that the page showed. Only who has just stepped up was given that page."""
    person = person_of(request)
    passphrase = passphrase_in(request.POST.get("ticket", ""), person)
    if not passphrase:
        messages.info(request, _("That page is too old. Begin once more, and you get a new passphrase."))
        return redirect("take")
    data = content.as_json(person, content.FOR_THE_LOCKED_FILE)
    noting.note(person, noting.LOCKED)
    return as_file(lock.locked(data, passphrase), "application/octet-stream", "age")


def ticket_for(person: Person, passphrase: str) -> str:
    return urlsafe_b64encode(seal({"is": passphrase, "until": time.time() + FETCH_SECONDS}, owner(person))).decode()


def passphrase_in(ticket: str, person: Person) -> str:
    """ "" for a ticket that is too old, somebody else's, or none of ours."""
    try:
        found = unseal(urlsafe_b64decode(ticket[:LONGEST_TICKET].encode()), owner(person))
    except (SealBroken, ValueError):
        return ""
    return str(found["is"]) if 0 <= found["until"] - time.time() <= FETCH_SECONDS else ""


def owner(person: Person) -> str:
    return f"locked file of {person.pk}"
