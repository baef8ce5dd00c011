"""Leaving for now: quick exit and signing out."""

from __future__ import annotations

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from audits.audit.helping.sessions import caller_leaves
from audits.models import Person
from privacy_audit.security.leaving import away, forgotten


@login_not_required
def quick_exit(request: HttpRequest) -> HttpResponse:
    """A plain link leads here, so that it works without scripts and in every browser. Ends the sign-in, leaves."""
    end_here(request)
    return away()


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    end_here(request)
    return forgotten(redirect("start"))


def end_here(request: HttpRequest) -> None:
    """Sign out. Nobody looks along any more, and a code that waits opens nothing."""
    person = request.user if isinstance(request.user, Person) else None
    logout(request)
    if person is not None:
        caller_leaves(person)
