"""Template tags of every page: built in (settings.TEMPLATES), so that no template has to load them."""

from __future__ import annotations

from functools import cache

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from audits.audit.tell.shapes import Card, First, Progress, Row

register = template.Library()

CHANGE_ICONS = {
    "new": "i-plus",
    "gone": "i-minus",
    "back": "i-plus",
    "decided": "i-tick",
    "look": "i-time",
    "changed": "i-changed",
    "verdict": "i-changed",
    "blind": "m-unknown",
}
RUNG_ICONS = {
    "stands": "i-tick",
    "tried": "m-unknown",
    "open": "m-unchecked",
    "none": "i-minus",
    "next": "i-next",
}


@register.simple_tag
@cache
def icon(name: str, classes: str = "") -> SafeString:
    """One drawing of static/icons.svg, never alone: a word stands beside it. `m-…` are marks, `i-…` all else."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f"i {classes}".rstrip(),
        static("icons.svg"),
        name,
    )


@register.simple_tag
def ring(mark: str) -> SafeString:
    """The ring of a mark, in its colour."""
    return icon(f"m-{mark}", f"{mark}-c")


@register.simple_tag
def change_icon(kind: str) -> SafeString:
    return icon(CHANGE_ICONS.get(kind, "i-person"))


@register.simple_tag
def rung_icon(state: str) -> SafeString:
    return icon(RUNG_ICONS[state], "flip" if state == "next" else "")


@register.filter
def stamp(progress: Progress) -> str:
    """What a page last showed of an audit, so that asking again can answer *nothing new*."""
    return f"{progress.state}-{progress.done}-{progress.total}-{int(progress.waiting_long)}"


@register.simple_tag
def to(page: str, place: Card | Row | First) -> str:
    """The address of a page (`check`, `answer-check`, `leave-check`) of a check, with or without a finding."""
    if place.finding is not None:
        return reverse(page, args=[place.finding])
    return reverse(f"blank-{page}", args=[place.place])
