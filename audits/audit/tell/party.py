"""One party, or somebody or something that the Person named: all that was seen of it, over every account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext

from audits.audit.named import DEVICE, Named
from audits.audit.situation import situation_of
from audits.audit.tell.devices import Thing, devices_in, thing_items, things_of
from audits.audit.tell.overview import account_names, applying, current_findings
from audits.audit.tell.reach import reach_text
from audits.audit.tell.rows import row_of
from audits.audit.tell.sentences import set_apart
from audits.audit.tell.shapes import PartyCard, Row, Way
from audits.audit.tell.ways import all_ways, seen_of, ways
from audits.models import Connection, Party, Person

MOST_SHOWN = 100  # things that carry one name
_FILE_CHECKS = {"link": ("open_files", "open_pictures", "pictures_with_location"), "": ("files_one_person",)}
_CHECKS = {"app": ("drive_wide_apps", "connected_apps"), "password": ("app_passwords",)}
_COUNTED_CHECKS = (
    ("mail", "mail_forwarding"),
    ("replies", "mail_send_as"),
    ("calendars", "calendar_sharing"),
    ("lends", "files_from_person"),
    ("drives", "shared_drives"),
)


def party(person: Person, found: Party, number: int = 1) -> PartyCard:
    """One party with a page of the files it can open, read from kept facts of every account it was seen in."""
    rows = list(Party.objects.filter(person=person, key=found.key).select_related("connection"))
    connections = list(Connection.objects.filter(person=person))
    content = found.content
    seen = seen_of(person, connections, (), young=False)
    return PartyCard(
        key=found.key,
        kind=found.kind,
        name=party_name(found.kind, content["name"]),
        named=content["named"],
        lead=reach_text(rows, account_names(connections)),
        ways=ways(seen, {(found.kind, content["identity"])}, number),
        findings=tuple(_rows(person, rows, connections)),
    )


def party_name(kind: str, name: str) -> str:
    return gettext("Anyone who has the link") if kind == "link" else name


def _rows(person: Person, rows: Sequence[Party], connections: Sequence[Connection]) -> Iterable[Row]:
    """The checks in which this party appears."""
    wanted = {(row.connection_id, check) for row in rows for check in _checks_of(row)}
    names = account_names(connections)
    for one in current_findings(person):
        if (one.finding.connection_id, one.check.id) in wanted:
            yield row_of(one.finding, one.check, names)


def _checks_of(row: Party) -> tuple[str, ...]:
    content = row.content
    counted = tuple(check for name, check in _COUNTED_CHECKS if content.get(name))
    if row.kind in _CHECKS:
        return _CHECKS[row.kind]
    return (_FILE_CHECKS.get(row.kind, _FILE_CHECKS[""]) if content["files"] else ()) + counted


def device(person: Person, key: str) -> PartyCard | None:
    """A device by the key of its name; None when there is none."""
    connections = list(Connection.objects.filter(person=person))
    things = things_of(person, applying(current_findings(person)))
    found = next((one for one in devices_in(person, things) if one.key == key), None)
    if found is None:
        return None
    return PartyCard(
        key=key,
        kind="device",
        name=found.name,
        named=False,
        lead=gettext("Everything of this name that we saw, or that you named."),
        ways=(_things_way("things", gettext("Where it stands"), found.things, connections),),
    )


def named(person: Person, one: Named, number: int = 1) -> PartyCard:
    """Somebody or something in the Person's list, with all that touches it."""
    connections = list(Connection.objects.filter(person=person))
    found = applying(current_findings(person))
    mine = [thing for thing in things_of(person, found) if is_about(one, thing)]
    if one.kind == DEVICE:
        return _device_card(one, mine, connections)
    who = {(kind, address) for address in one.texts for kind in ("user", "group")}
    seen = seen_of(person, connections, found, young=situation_of(person).young)
    told = _things_way("told", gettext("Where you named them yourself"), mine, connections)
    return PartyCard(
        key=str(one.id),
        kind=one.kind,
        name=one.name,
        named=True,
        lead=gettext("Someone in your list. This page is yours alone, and nobody is told.")
        if who
        else gettext("You gave no address, so nobody was asked about them. You can add an address to your list."),
        ways=(*(all_ways(seen, who, number) if who else ()), told),
        addresses=one.texts,
        rule=_rule(one),
        offline=bool(who) and not connections,
    )


def is_about(one: Named, thing: Thing) -> bool:
    """A device gathers devices. A person gathers what the Person named themselves."""
    right_kind = thing.kind.value == one.kind and (one.kind == DEVICE or thing.by_person)
    return right_kind and one.is_meant_by(thing.name)


def _device_card(one: Named, mine: Sequence[Thing], connections: Sequence[Connection]) -> PartyCard:
    return PartyCard(
        key=str(one.id),
        kind=one.kind,
        name=one.name,
        named=True,
        lead=gettext("A device in your list. This page is yours alone, and nobody is told."),
        ways=(_things_way("things", gettext("Devices of this name"), mine, connections),),
        rule=_rule(one),
    )


def _rule(one: Named) -> str:
    wanted = [set_apart(own) for own in (one.label, *one.texts) if own]
    if one.kind == DEVICE:
        return gettext(
            "Here stand devices whose name holds {words}, as whole words. A device may carry another name than the "
            "one you know, and no app can see all devices."
        ).format(words=wanted[0])
    return gettext("What you named in a check stands here when its name holds {words}, as whole words.").format(
        words=gettext(" or ").join(wanted)
    )


def _things_way(way: str, title: str, things: Sequence[Thing], connections: Sequence[Connection]) -> Way:
    by_id = account_names(connections)
    return Way(
        id=way,
        title=title,
        items=thing_items(things[:MOST_SHOWN], by_id),
        none="" if things else gettext("None so far."),
        more=max(0, len(things) - MOST_SHOWN),
    )
