"""After a session: what is done, still open and for next time, and how to be reached safely. For the Person alone."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits.accounts.help_forms import NoteForm, ReachForm
from audits.accounts.views.help_list import LONGEST_PLACE
from audits.audit.helping.after import PARTS, delete, end_if_over, keep_reach, move, write
from audits.audit.tell.help_after import after
from audits.models import SessionNote
from audits.models.loading import help_session_of, person_of, session_note_of


@require_safe
def what_stays(request: HttpRequest, session: UUID) -> HttpResponse:
    return _page(request, _note(request, session))


@require_POST
def write_note(request: HttpRequest, session: UUID) -> HttpResponse:
    note = _note(request, session)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, note, form)
    write(note, form.cleaned_data["note"])
    messages.info(request, _("Kept, for you alone."))
    return redirect("help-after", session)


@require_POST
def move_place(request: HttpRequest, session: UUID) -> HttpResponse:
    note, to = _note(request, session), request.POST.get("to", "")
    if to in (*PARTS, "off"):
        move(note, request.POST.get("place", "")[:LONGEST_PLACE], "" if to == "off" else to)
    return redirect("help-after", session)


@require_http_methods(["GET", "HEAD", "POST"])
def reach(request: HttpRequest, session: UUID) -> HttpResponse:
    note = _note(request, session)
    form = ReachForm(request.POST if request.method == "POST" else None, initial=note.reach or {})
    if request.method == "POST" and form.is_valid():
        keep_reach(note, form.reach())
        messages.info(request, _("Kept, for you alone.") if form.reach() else _("Nothing of this is kept."))
        return redirect("help-after", session)
    shown = {"form": form, "session": session, "kept": note.reach is not None}
    return render(request, "help/reach.html", shown, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def delete_note(request: HttpRequest, session: UUID) -> HttpResponse:
    note = _note(request, session)
    if request.method != "POST":
        return render(request, "help/after_delete.html", {"session": session})
    delete(note)
    messages.info(request, _("What you kept of this session is deleted."))
    return redirect("help-sessions")


def _note(request: HttpRequest, session: UUID) -> SessionNote:
    """404 for a session that goes on, or that nobody was let into."""
    person = person_of(request)
    end_if_over(help_session_of(person, session))
    return session_note_of(person, session)


def _page(request: HttpRequest, note: SessionNote, form: NoteForm | None = None) -> HttpResponse:
    told = after(note)
    shown = {"after": told, "form": form or NoteForm(initial={"note": told.note})}
    return render(request, "help/after.html", shown, status=400 if form else 200)
