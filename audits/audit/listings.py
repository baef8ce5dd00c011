"""Apps held against the published lists of apps that are made to watch somebody.

A match is only ever *possible*: ids and names on the lists are partly everyday words, and apps share names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from audits.facts import Fact, Listing, PhoneApp
from audits.models import AppList, ListedApp

STALKERWARE, WATCHWARE = "stalkerware", "watchware"
MOST_APPS = 2_000  # apps of one account that are held against the lists
SHORTEST_NAME = 4  # letters and digits; anything shorter is too many things
_TAGLINE = re.compile(r"\s*(?:[:|(\u2013\u2014]|\s-\s).*", re.DOTALL)


def name_key(name: str) -> str:
    """Only letters and digits, without case. "" for a name that is too short to tell anything."""
    whole = unicodedata.normalize("NFKC", name).casefold()
    key = "".join(letter for letter in whole if letter.isalnum())
    return key[:200] if len(key) >= SHORTEST_NAME else ""


def brand_key(name: str) -> str:
    """Of what stands before a tagline: “Findall: family map” is “Findall”."""
    return name_key(_TAGLINE.sub("", name))


def listings_of(facts: Iterable[Fact]) -> dict[str, Listing]:
    """By package or by name, as the fact has it: what the lists say of it. The graver word stands.

    Apps made to spy have names such as “Phone Tracker”, so there the whole name must be the same.
    """
    apps = [fact for fact in facts if isinstance(fact, PhoneApp)][:MOST_APPS]
    packages, names = {app.package for app in apps}, {app.name for app in apps}
    of_package = _listed("package", packages)
    of_key = _listed("name_key", {key for name in names for key in (name_key(name), brand_key(name))})
    found = {}
    for package in packages:
        if listing := of_package.get((STALKERWARE, package)) or of_package.get((WATCHWARE, package)):
            found[package] = listing
    for name in names:
        whole = of_key.get((STALKERWARE, name_key(name))) or of_key.get((WATCHWARE, name_key(name)))
        if listing := whole or of_key.get((WATCHWARE, brand_key(name))):
            found[name] = listing
    return found


def loaded_lists() -> tuple[str, ...]:
    """Each list that is loaded: title, version, licence."""
    return tuple(source_of(one) for one in AppList.objects.order_by("kind"))


def source_of(app_list: AppList) -> str:
    return ", ".join(part for part in (app_list.title, app_list.version, app_list.licence) if part)


def _listed(column: str, wanted: set[str]) -> dict[tuple[str, str], Listing]:
    """By the kind of list and what was wanted."""
    if not wanted - {""}:
        return {}
    rows = ListedApp.objects.filter(**{f"{column}__in": sorted(wanted - {""})}).select_related("app_list")
    return {(row.app_list.kind, getattr(row, column)): _listing(row) for row in rows}


def _listing(row: ListedApp) -> Listing:
    return Listing(kind=row.app_list.kind, title=row.title, source=source_of(row.app_list))
