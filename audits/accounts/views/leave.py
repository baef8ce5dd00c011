"""Leaving for now: quick exit and signing out."""

from __future__ import annotations

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from privacy_audit.security.leaving import away, forgotten


@login_not_required
def quick_exit(request: HttpRequest) -> HttpResponse:
    """A plain link leads here, so that it works without scripts and in every browser. Ends the sign-in, leaves."""
    logout(request)
    return away()


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return forgotten(redirect("start"))
