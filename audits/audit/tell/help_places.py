"""Cards named by their places, as the short list and what stays of a session keep them: titles, and where they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from audits.audit import young
from audits.audit.guided import can_begin
from audits.audit.situation import situation_of
from audits.checks.catalogue import by_code, id_now
from audits.models import Connection, Finding, Person


@dataclass(frozen=True, kw_only=True)
class PlaceLine:
    """`there`: it has a page now, that of its `finding` or the blank one. `account`: where there are several."""

    place: str
    title: str
    account: str = ""
    finding: UUID | None = None
    there: bool = False


def lines_of(person: Person, places: Sequence[str]) -> dict[str, PlaceLine]:
    """By place. None, or three queries, however many there are."""
    if not places:
        return {}
    own = {str(one.public_id): one for one in Connection.objects.filter(person=person)}
    current = Finding.objects.filter(person=person, current=True).values_list("check_id", "connection_id", "public_id")
    findings: dict[tuple[str, int | None], UUID] = {(id_now(check), owner): found for check, owner, found in current}
    is_young = situation_of(person).young
    return {place: _line(place, own, findings, is_young=is_young) for place in places}


def _line(
    place: str,
    own: Mapping[str, Connection],
    findings: Mapping[tuple[str, int | None], UUID],
    *,
    is_young: bool,
) -> PlaceLine:
    code, _, account = place.partition("-")
    check, owner = by_code(code), own.get(account)
    if check is None:
        return PlaceLine(place=place, title=gettext("A check that this version no longer has"))
    title = gettext(check.words.short)
    address = (owner.email or "") if owner and len(own) > 1 else ""
    if (account and owner is None) or (is_young and young.how(check) == young.NOT):
        return PlaceLine(place=place, title=title)
    finding = findings.get((check.id, owner.pk if owner else None))
    there = finding is not None or can_begin(check, owner)
    return PlaceLine(place=place, title=title, account=address, finding=finding, there=there)
