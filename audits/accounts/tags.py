"""What pages of every room may ask about looks, and about the short list of a session.

Built in (settings.TEMPLATES), so that no template has to load it.
"""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.template import Context

from audits.accounts.looks import Look
from audits.accounts.privacy import looks_for
from audits.audit.tell.help_list import ShortList, list_here

register = template.Library()


@register.simple_tag
def looks_to_open(sources: Sequence[str]) -> tuple[Look, ...]:
    """The looks that would let these sources answer, the least private first."""
    return looks_for(sources)


@register.simple_tag
def look_anchor(look: Look, connection: str) -> str:
    """Where the card of a look for this Connection (its public id) stands on the page of looks."""
    return f"look-{look.id}-{connection[:8]}"


@register.simple_tag(takes_context=True)
def short_list_here(context: Context, place: str = "") -> ShortList | None:
    """The short list of the session that is on, for the page of a card (`place`) or another one; None without one."""
    return list_here(context["request"], place)
