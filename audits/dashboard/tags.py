"""Template tags of every page: built in (settings.TEMPLATES), so that no template has to load them."""

from __future__ import annotations

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """One drawing of static/icons.svg, never alone: a word stands beside it. `m-…` are marks, `i-…` all else."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f"i {classes}".rstrip(),
        static("icons.svg"),
        name,
    )
