"""Things that carry a name: devices, and people whom the Person named for a check. Read from the items of findings,
so that what the Person named a moment ago is there, and what they took out is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from audits.audit.tell.rows import Found, how_we_know, row_of
from audits.audit.tell.sentences import say
from audits.audit.tell.shapes import PartyItem, PartyRow
from audits.checks.answers import is_named
from audits.checks.names import alike
from audits.facts import ItemKind
from audits.models import Item, Person
from audits.models.sealing import lookup_key

MOST_THINGS = 1_000


@dataclass(frozen=True)
class Thing:
    """One item of a current finding that is a device or a person."""

    name: str
    kind: ItemKind
    item: Item
    found: Found

    @property
    def by_person(self) -> bool:
        """The Person named it themselves."""
        return is_named(self.item.content["says"])


@dataclass(frozen=True)
class Device:
    """All things that carry one name, however it is written."""

    key: str
    name: str
    things: tuple[Thing, ...]


def things_of(person: Person, found: Iterable[Found]) -> list[Thing]:
    """Devices and people in the items of these findings, the newest 1,000. One query."""
    findings = {one.finding.pk: one for one in found if one.finding.pk and one.finding.item_count}
    items = Item.objects.filter(person=person, finding__current=True, finding__person=person)
    items = items.filter(kind__in=(ItemKind.DEVICE, ItemKind.PERSON)).order_by("-first_seen_at", "place", "pk")
    shown = [item for item in items[:MOST_THINGS] if item.finding_id in findings]
    return [
        Thing(name, ItemKind(item.kind), item, findings[item.finding_id])
        for item in shown
        if (name := item.content["name"])
    ]


def devices_in(person: Person, things: Iterable[Thing]) -> list[Device]:
    """Devices by their names, those that stand in most places first."""
    by_name: dict[str, list[Thing]] = {}
    for thing in things:
        if thing.kind is ItemKind.DEVICE and alike(thing.name):
            by_name.setdefault(alike(thing.name), []).append(thing)
    found = [Device(device_key(person, name), mine[0].name, tuple(mine)) for name, mine in by_name.items()]
    return sorted(found, key=lambda device: (-len(device.things), alike(device.name)))


def device_key(person: Person, name: str) -> str:
    """Names a device in an address. `name` as `alike` folds it."""
    return lookup_key("party", str(person.pk), "device", name)


def device_row(device: Device) -> PartyRow:
    return PartyRow(
        key=device.key, kind="device", name=device.name, text=places_text(device.things), page="device-party"
    )


def places_text(things: Sequence[Thing]) -> str:
    """Where the things stand, the first two by name."""
    titles = list(dict.fromkeys(gettext(thing.found.check.words.short) for thing in things))
    text = "; ".join(titles[:2])
    if len(titles) <= 2:
        return text
    more = len(titles) - 2
    return ngettext("{titles}; and {n} more", "{titles}; and {n} more", more).format(titles=text, n=more)


def thing_items(things: Iterable[Thing], accounts: Mapping[int, str]) -> tuple[PartyItem, ...]:
    return tuple(_thing_item(thing, accounts) for thing in things)


def _thing_item(thing: Thing, accounts: Mapping[int, str]) -> PartyItem:
    content, finding = thing.item.content, thing.found.finding
    sentence = thing.found.check.words.item_says.get(content["says"])
    fits = sentence is not None and sentence.fits(content["values"])
    return PartyItem(
        name=thing.name,
        says=say(sentence, content["values"]) if sentence is not None and fits else "",
        how="" if thing.by_person else how_we_know(finding.rung, finding.seen_at),
        account=accounts.get(finding.connection_id or 0, ""),
        row=row_of(finding, thing.found.check, {}),
    )
