"""Every address of the product. Names in URLs stay neutral: they remain in the browser's history."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
