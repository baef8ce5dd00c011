"""What every page of a Person knows of a session with a helpline: the bar, and on which page they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from audits.audit.helping.bar import bar_here
from audits.audit.helping.here import caller_is_at

# Pages of a card say themselves which one it is. Parts of pages are no page that somebody went to.
CARDS = frozenset({"check", "blank-check"})
PARTS = frozenset({"help-bar", "help-ticket", "audit-progress", "reminder-file", "quick-exit", "live"})


def bar(request: HttpRequest) -> dict[str, object]:
    """Context processor. Asked for only by a page that shows it."""
    return {"helping": SimpleLazyObject(lambda: bar_here(request))}


class CallerIsHere:
    """Middleware: a page that is no card's is noted as just that. Must stand after the one that knows who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if request.method == "GET" and is_another_page(request):
            caller_is_at(request, "")


def is_another_page(request: HttpRequest) -> bool:
    name = request.resolver_match.url_name if request.resolver_match else ""
    return name not in CARDS | PARTS and not request.headers.get("HX-Request")
