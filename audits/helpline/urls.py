"""The Helpers' desk. Closed by default: door.py says who sees what."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from audits.helpline.views import ticket

urlpatterns: list[URLPattern | URLResolver] = [
    path("ticket/", ticket.ticket, name="desk-ticket"),
]
