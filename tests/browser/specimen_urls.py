"""The product's addresses, and beside them every state of every page and a place to leave to."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from audits.dashboard.views.styleguide import styleguide
from audits.models import Person
from tests.dashboard.pages import PAGES


@login_not_required
def specimen(request: HttpRequest, name: str) -> HttpResponse:
    template, context = PAGES[name]
    request.user = Person()
    return render(request, template, dict(context))


@login_not_required
def weather(request: HttpRequest) -> HttpResponse:
    icon = "<link rel=icon href=/static/icon.svg>"  # or the browser asks for one that is not there
    return HttpResponse(f"<!doctype html><html lang=en><title>Weather</title>{icon}<h1>Weather</h1>")


@login_not_required
def nothing_new(request: HttpRequest) -> HttpResponse:
    """A made-up look goes on for ever."""
    return HttpResponse(status=204)


urlpatterns = [
    path("look/progress/", nothing_new),
    path("specimen/<slug:name>/", specimen),
    path("styleguide/", styleguide),
    path("weather/", weather),
    path("", include("privacy_audit.urls")),
]
