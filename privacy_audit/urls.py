"""Every address of the product. Names in URLs stay neutral: they remain in the browser's history."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from privacy_audit import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
