"""Apps held against the published lists of apps that are made to watch somebody.

A match is only ever *possible*: ids and names on the lists are partly everyday words, and apps share names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from audits.facts import Fact, Listing, PhoneApp
from audits.models import AppList, ListedApp

MOST_APPS = 2_000  # apps of one account that are held against the lists
SHORTEST_NAME = 4  # letters and digits; anything shorter is too many things
_TAGLINE = re.compile(r"\s*(?:[:|(\u2013\u2014]|\s-\s).*", re.DOTALL)


def name_key(name: str) -> str:
    """Only letters and digits, without case. "" for a name that is too short to tell anything."""
    whole = unicodedata.normalize("NFKC", name).casefold()
    key = "".join(letter for letter in whole if letter.isalnum())
    return key[:200] if len(key) >= SHORTEST_NAME else ""


def name_keys(name: str) -> set[str]:
    """Of the whole name, and of what stands before a tagline: “Findall: family map” is “Findall” too."""
    return {name_key(name), name_key(_TAGLINE.sub("", name))} - {""}


def listings_of(facts: Iterable[Fact]) -> dict[str, Listing]:
    """By package or by name, as the fact has it: what the lists say of it. The graver word stands."""
    apps = [fact for fact in facts if isinstance(fact, PhoneApp)][:MOST_APPS]
    by_name = {name: name_keys(name) for name in {app.name for app in apps}}
    found = _by("package", {app.package for app in apps})
    keys = _by("name_key", {key for wanted in by_name.values() for key in wanted})
    for name, wanted in by_name.items():
        said = [keys[key] for key in sorted(wanted) if key in keys]
        if said:
            found[name] = min(said, key=lambda one: one.kind)  # stalkerware stands before watchware
    return found


def loaded_lists() -> tuple[str, ...]:
    """Each list that is loaded: title, version, licence."""
    return tuple(source_of(one) for one in AppList.objects.order_by("kind"))


def source_of(app_list: AppList) -> str:
    return ", ".join(part for part in (app_list.title, app_list.version, app_list.licence) if part)


def _by(column: str, wanted: set[str]) -> dict[str, Listing]:
    """By what was wanted. Of two lists that name the same, stalkerware is read last and stays."""
    rows = ListedApp.objects.filter(**{f"{column}__in": sorted(wanted - {""})}).select_related("app_list")
    return {getattr(row, column): _listing(row) for row in rows.order_by("-app_list__kind")}


def _listing(row: ListedApp) -> Listing:
    return Listing(kind=row.app_list.kind, title=row.title, source=source_of(row.app_list))
