"""Renders a page as a signed-in person gets it, without an audit behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from audits.models import Person


def request() -> HttpRequest:
    made = RequestFactory().get("/overview/")
    made.user = Person()
    made.session = {}  # type: ignore[assignment]
    made._messages = FallbackStorage(made)  # type: ignore[attr-defined]
    return made


def rendered(page: tuple[str, Mapping[str, Any]]) -> str:
    template, context = page
    return render_to_string(template, dict(context), request())
