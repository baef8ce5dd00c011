"""What this app can and cannot see: one public page, made from the looks, the sources and the checks themselves."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audits.accounts.looks import LOOKS, Look, Words
from audits.accounts.privacy import class_words, ordered
from audits.accounts.views.start import what_is_kept
from audits.audit.tell import story as told


@dataclass(frozen=True)
class LookStory:
    look: Look
    class_words: Words
    sources: tuple[told.SourceStory, ...]
    checks: tuple[told.CheckStory, ...]


@login_not_required
@require_safe
def story(request: HttpRequest) -> HttpResponse:
    shown = {
        "looks": [story_of(look) for look in ordered(LOOKS.values())],
        "without": told.sources_without_look(),
        "by_looking": told.checks_by_looking(),
        "nobody": told.nobody(),
        **what_is_kept(),
    }
    return render(request, "accounts/story.html", shown)


def story_of(look: Look) -> LookStory:
    return LookStory(look, class_words(look), told.sources_of(look.sources), told.checks_from(look.sources))
