"""What pages of every room may ask about looks. Built in (settings.TEMPLATES), so that no template has to load it."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from audits.accounts.looks import Look
from audits.accounts.privacy import looks_for

register = template.Library()


@register.simple_tag
def looks_to_open(sources: Sequence[str]) -> tuple[Look, ...]:
    """The looks that would let these sources answer, the least private first."""
    return looks_for(sources)


@register.simple_tag
def look_anchor(look: Look, connection: str) -> str:
    """Where the card of a look for this Connection (its public id) stands on the page of looks."""
    return f"look-{look.id}-{connection[:8]}"
