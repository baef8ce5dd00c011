"""Bringing a locked file back: open it, show what would come in, and put it there on the Person's yes.

The file is held in memory and never on disk. Between the two pages only what may come in waits, sealed, in the
(server-side) session: it is of use for a quarter of an hour, and gone with their answer or with the session.
"""

from __future__ import annotations

import time
import zlib
from base64 import b64decode, b64encode
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audits.audit.taking import bringing, lock, reading
from audits.audit.taking.shape import Misshapen
from audits.models import Person
from audits.models.loading import person_of
from audits.models.sealing import SealBroken, seal, unseal

WAITS_SECONDS = 15 * 60
_WAITING = "brought"


class CannotBring(Exception):
    """The sentence for the Person is the only argument."""


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    request.session.pop(_WAITING, None)
    if request.method != "POST":
        return render(request, "accounts/bring.html")
    person = person_of(request)
    try:
        data = opened(request)
        coming = bringing.drawn_up(person, read(data))
    except CannotBring as why:
        return render(request, "accounts/bring.html", {"why": str(why)}, status=400)
    if coming.anything:
        leave_waiting(request, person, reading.without_verdicts(data))
    return render(request, "accounts/bring_in.html", shown(coming))


@require_POST
def bring_in(request: HttpRequest) -> HttpResponse:
    """Their yes. What is here may have changed since, so all is drawn up anew."""
    person = person_of(request)
    data = waiting(request, person)
    request.session.pop(_WAITING, None)
    if "no" in request.POST:
        messages.info(request, _("Nothing came in."))
        return redirect("take")
    if data is None:
        messages.info(request, _("That took too long, so we let the file go. Choose it once more."))
        return redirect("bring")
    try:
        bringing.bring(person, read(data))
    except CannotBring as why:
        return render(request, "accounts/bring.html", {"why": str(why)}, status=400)
    messages.success(request, _("It is here again. Each answer carries its old day, and that it came from a file."))
    return redirect("overview")


def shown(coming: bringing.Coming) -> dict[str, Any]:
    return {"coming": coming, "counts": coming.counts, "left": dict(coming.left), "situation": coming.situation}


# --------------------------------------------------------------------------- the file


def opened(request: HttpRequest) -> bytes:
    """What is in the file that this form brings. Raises CannotBring."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile) or not 0 < (file.size or 0) <= lock.MOST_BYTES:
        raise CannotBring(_("Choose the file that you took away from here. It is never larger than 5 MB."))
    passphrase = lock.as_shown(request.POST.get("passphrase", ""))
    if not passphrase:
        raise CannotBring(_("The passphrase has five groups of five letters and digits. Please compare it once more."))
    try:
        return lock.opened(file.read(), passphrase)
    except lock.NotOurs:
        raise CannotBring(_("This is not a file that was taken away from here, so we did not open it.")) from None
    except lock.DoesNotOpen:
        raise CannotBring(
            _("The file did not open. Either the passphrase is another one, or the file was changed on its way.")
        ) from None


def read(data: bytes) -> reading.Brought:
    try:
        return reading.read(data)
    except reading.NewerVersion:
        raise CannotBring(
            _("This file was made by a newer version of this program. Nothing is wrong with it.")
        ) from None
    except Misshapen:
        raise CannotBring(
            _("The file opened, but what is in it is not as we write it. So we leave all of it out.")
        ) from None


# --------------------------------------------------------------------------- until their yes


def leave_waiting(request: HttpRequest, person: Person, data: bytes) -> None:
    packed = b64encode(zlib.compress(data)).decode()
    sealed = b64encode(seal(packed, owner(person))).decode()
    request.session[_WAITING] = {"sealed": sealed, "until": time.time() + WAITS_SECONDS}


def waiting(request: HttpRequest, person: Person) -> bytes | None:
    """What we packed ourselves, and sealed: it cannot be a bomb."""
    left: Any = request.session.get(_WAITING)
    try:
        if not 0 <= left["until"] - time.time() <= WAITS_SECONDS:
            return None
        return zlib.decompress(b64decode(unseal(b64decode(left["sealed"]), owner(person))))
    except (SealBroken, KeyError, TypeError, ValueError, zlib.error):
        return None


def owner(person: Person) -> str:
    return f"brought file of {person.pk}"
