"""Every address of the product. Names in URLs stay neutral: they remain in the browser's history."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path

from audits.helpline import beat
from privacy_audit import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", login_not_required(health.healthz), name="healthz"),
    path("readyz", login_not_required(health.readyz), name="readyz"),
    path("", include("audits.accounts.urls")),
    path("", include("audits.dashboard.urls")),
    path("live/", login_not_required(beat.beat), name="live"),
    path("desk/", include("audits.helpline.urls")),
]

handler400 = "privacy_audit.security.pages.bad_request"
handler403 = "privacy_audit.security.pages.forbidden"
handler404 = "privacy_audit.security.pages.not_found"
handler500 = "privacy_audit.security.pages.broken"
