"""The Helpers' desk. Closed by default: door.py says who sees what."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
