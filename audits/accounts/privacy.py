"""How private each look is: their order on a page, the group they stand in, and Google's own word for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from audits.accounts.looks import ADMINISTRATOR, EXPORTS, LOOKS, Look, ScopeClass, Words

_ORDER = tuple(ScopeClass)

# Looks whose class was read in Google's own words; of all others it is said as far as we know.
# https://support.google.com/cloud/answer/13464325 (restricted),
# https://developers.google.com/workspace/drive/api/guides/api-specific-auth (Drive)
CLASS_READ = frozenset({"drive_apps", "drive_sharing", "storage", "mail", "drive_activity"})

# What the three words mean: https://support.google.com/cloud/answer/15549135
_CLASSES = {
    ScopeClass.NON_SENSITIVE: _("Google does not count this permission as private. Its word is “non-sensitive”."),
    ScopeClass.SENSITIVE: _("Google counts this permission as private. Its word is “sensitive”."),
    ScopeClass.RESTRICTED: _("Google counts this permission among the most private. Its word is “restricted”."),
}
_CLASSES_AS_FAR_AS_WE_KNOW = {
    ScopeClass.NON_SENSITIVE: _(
        "As far as we know, Google does not count this permission as private. Its word is “non-sensitive”."
    ),
    ScopeClass.SENSITIVE: _("As far as we know, Google counts this permission as private. Its word is “sensitive”."),
    ScopeClass.RESTRICTED: _(
        "As far as we know, Google counts this permission among the most private. Its word is “restricted”."
    ),
}


def class_words(look: Look) -> Words:
    words = _CLASSES if look.id in CLASS_READ else _CLASSES_AS_FAR_AS_WE_KNOW
    return words[look.scope_class]


def how_private(look: Look) -> tuple[bool, int]:
    """Sorts the least private first; looks for one time stand at the end."""
    return (not look.standing, _ORDER.index(look.scope_class))


def ordered(looks: Iterable[Look]) -> list[Look]:
    return sorted(looks, key=how_private)


def looks_for(sources: Sequence[str]) -> tuple[Look, ...]:
    """The fewest looks that feed these sources, each the least private that will do. A source may need none."""
    possible = {source: [look for look in ordered(LOOKS.values()) if _feeds(look, source)] for source in sources}
    chosen: list[Look] = []
    for found in sorted(possible.values(), key=len):
        if found and not any(look in chosen for look in found):
            chosen.append(found[0])
    return tuple(ordered(chosen))


def _feeds(look: Look, source: str) -> bool:
    """Whether it does, and this installation offers it at all."""
    clients = {ADMINISTRATOR: settings.GOOGLE_ADMIN_CLIENT_ID, EXPORTS: settings.GOOGLE_PORTABILITY_CLIENT_ID}
    return source in look.sources and bool(clients.get(look.id, True))
