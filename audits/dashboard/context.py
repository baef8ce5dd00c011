"""What every page knows besides its own view: whether this installation runs on practice data."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, object]:
    return {"on_sandbox": settings.ON_SANDBOX}
