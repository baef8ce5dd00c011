"""The pages that need no account: the start, the privacy notice, what quick exit does not hide."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("overview")
    return render(request, "accounts/start.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    known = {
        "host_name": settings.HOST_NAME,
        "host_contact": settings.HOST_CONTACT,
        "revoke_days": settings.REVOKE_DAYS,
        **what_is_kept(),
    }
    return render(request, "accounts/privacy.html", known)


def what_is_kept() -> dict[str, object]:
    """For accounts/kept.html, which says what is kept and for how long."""
    return {
        "keep_audits": settings.KEEP_AUDITS,
        "keep_history_days": settings.KEEP_HISTORY_DAYS,
        "keep_event_days": settings.KEEP_EVENT_DAYS,
        "empty_days": settings.EMPTY_RECORD_DAYS,
        "session_hours": round(settings.SESSION_COOKIE_AGE / 3600, 1),
        "administrator_offered": bool(settings.GOOGLE_ADMIN_CLIENT_ID),
        "exports_offered": bool(settings.GOOGLE_PORTABILITY_CLIENT_ID),
    }


@login_not_required
@require_safe
def exit_help(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/exit_help.html", {"session_hours": round(settings.SESSION_COOKIE_AGE / 3600, 1)})
