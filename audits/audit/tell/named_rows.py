"""Whom and what the Person named, as rows: what was seen of each, or that nobody could look, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext, ngettext

from audits.audit.named import DEVICE, Named
from audits.audit.parties import party_key
from audits.audit.tell.devices import Thing, places_text
from audits.audit.tell.overview import account_names
from audits.audit.tell.party import is_about
from audits.audit.tell.reach import reach_text
from audits.audit.tell.shapes import PartyRow
from audits.audit.tell.ways import Looks, why_not
from audits.models import Connection, Party, Person

SOURCE = "drive_named"


def named_keys(person: Person, one: Named) -> list[str]:
    """Keys of the parties that its addresses may be: people, or groups of people."""
    return [party_key(person.pk, kind, address) for address in one.texts for kind in ("user", "group")]


def named_row(
    person: Person,
    one: Named,
    connections: Sequence[Connection],
    looks: Looks,
    parties: Mapping[str, Sequence[Party]],
    things: Iterable[Thing],
    *,
    young: bool,
) -> PartyRow:
    mine = [thing for thing in things if is_about(one, thing)]
    if one.kind == DEVICE:
        return _device_row(one, mine)
    rows = [row for key in named_keys(person, one) for row in parties.get(key, ())]
    told = _told_text(mine)
    reached = reach_text(rows, account_names(connections))
    texts = [reached, told, "" if not one.addresses else _missing(one, connections, looks, rows, reached, young=young)]
    return PartyRow(
        key=str(one.id),
        kind=one.kind,
        name=one.name,
        text=" ".join(text for text in texts if text) or gettext("You gave no address, so we asked nobody."),
        named=True,
        page="named-person",
    )


def _device_row(one: Named, mine: Sequence[Thing]) -> PartyRow:
    none = gettext("No device of this name was seen or named so far. No app can see all devices.")
    return PartyRow(
        key=str(one.id),
        kind=one.kind,
        name=one.name,
        text=places_text(mine) if mine else none,
        tags=(gettext("Device"),),
        named=True,
        page="named-device",
    )


def _told_text(mine: Sequence[Thing]) -> str:
    if not mine:
        return ""
    return ngettext("You named them in {n} check.", "You named them in {n} checks.", len(mine)).format(n=len(mine))


def _missing(
    one: Named, connections: Sequence[Connection], looks: Looks, rows: Sequence[Party], reached: str, *, young: bool
) -> str:
    """*Nothing* only when Drive answered whole about every address in every account; else why we could not look."""
    asked = {(row.content["identity"], row.connection_id) for row in rows if SOURCE in row.content.get("asked", ())}
    short = [account for account in connections if not all((text, account.pk) in asked for text in one.texts)]
    if connections and not short:
        return "" if reached else gettext("We saw nothing that this person can open, in what we could look at.")
    why = why_not(looks, short[0] if short else None, SOURCE, young=young)
    little = gettext("There may be more.") if reached else gettext("We could not look.")
    return f"{little} {why}"
