"""Pages for what goes wrong: plain words, a neutral title, and never a stack trace."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from privacy_audit.security.spaces import in_desk

logger = logging.getLogger(__name__)

Text = str | Promise
# By status, and "form" for a form that could not be checked: a title and what to do next.
WORDS: Mapping[str, tuple[Text, Text]] = {
    "400": (
        _("We could not read this request"),
        _("Nothing has changed. Go back to the start and try from there."),
    ),
    "403": (
        _("This is not open to you"),
        _("Nothing has changed. Go back to the start and try from there."),
    ),
    "404": (
        _("There is no page here"),
        _("The address may be old, or what it showed has been deleted. Nothing else has changed."),
    ),
    "405": (
        _("This address is only used by a button"),
        _("Nothing has changed. Go back to the start and use the button there."),
    ),
    "429": (
        _("That was a lot in a short time"),
        _("So that this stays quick for everybody, we wait a little. Nothing has changed."),
    ),
    "500": (
        _("Something went wrong on our side"),
        _("It is nothing you did. What you saved before is still there. Please try again in a few minutes."),
    ),
    "form": (
        _("This page was open for too long"),
        _(
            "Or you signed in or out in another window, or this browser does not keep cookies for this site. Nothing "
            "has changed. Go back, load the page again, and try once more."
        ),
    ),
}
_PLAIN = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>Notes</title><p>Something went wrong on our side. "
    "Please try again in a few minutes.<p><a href='/x/' rel=noreferrer>Quick exit</a>"
)


def error_page(request: HttpRequest | None, name: str, status: int, more: Text = "") -> HttpResponse:
    """Without a request nothing of the session or the database is touched: they may be what is broken."""
    title, text = WORDS[name]
    shown: dict[str, object] = {"title": title, "text": text, "more": more}
    if request is None:
        shown |= {"user": AnonymousUser(), "on_sandbox": settings.ON_SANDBOX}
    page = "desk/error.html" if request is not None and in_desk(request) else "error.html"
    return HttpResponse(render_to_string(page, shown, request), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(None, "400", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, "403", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, "404", 404)


def broken(request: HttpRequest) -> HttpResponse:
    try:
        return error_page(None, "500", 500)
    except Exception as error:
        # Whatever broke may have broken this page too. The person still gets words.
        logger.error("the page for errors broke: %s", type(error).__name__)
        return HttpResponse(_PLAIN, status=500)


def form_not_checked(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(request, "form", 403)


class NoBlankPages:
    """Middleware: Django answers a wrong method with an empty page. People get words instead."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = error_page(request, "405", 405)
        page["Allow"] = response.headers.get("Allow", "")
        return page
