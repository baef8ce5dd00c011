"""Whom and what the Person named: people by any label, with addresses or without, and devices.

Nobody else learns of it. Rows of NamedPerson that share a label are one person with several addresses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import BinaryField, CharField, Value

from audits.checks.names import alike
from audits.models import NamedDevice, NamedPerson, Person
from audits.models.sealing import unseal

PERSON, DEVICE = "person", "device"
MOST_ROWS = 100  # more than anybody may write, also after two records were put together

# Writing without spaces between words: each of its letters counts as a word.
_UNSPACED = re.compile("([\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff])")


@dataclass(frozen=True, kw_only=True)
class Address:
    id: UUID
    text: str


@dataclass(frozen=True, kw_only=True)
class Named:
    """One person or device in the list. Label, addresses, or both; a device has a label only. `ids` of its rows: any of
    them names it."""

    kind: str
    ids: tuple[UUID, ...]
    label: str
    addresses: tuple[Address, ...] = ()

    @property
    def id(self) -> UUID:
        return self.ids[0]

    @property
    def name(self) -> str:
        return self.label or self.addresses[0].text

    @property
    def texts(self) -> tuple[str, ...]:
        """Its addresses, in lower case."""
        return tuple(address.text for address in self.addresses)

    def is_meant_by(self, name: str) -> bool:
        """Whether a thing of this name is about this one: it holds the label, or an address, as whole words."""
        return any(holds(name, own) for own in (self.label, *self.texts) if own)


def named_by(person: Person) -> list[Named]:
    """People first, then devices, each in the order they were named. One query."""
    people: dict[str, Named] = {}
    devices: list[Named] = []
    for kind, public_id, label_sealed, address_sealed, _ in _rows(person):
        label, address = (unseal(one, str(person.pk)) if one else "" for one in (label_sealed, address_sealed))
        addresses = (Address(id=public_id, text=address),) if address else ()
        one = Named(kind=kind, ids=(public_id,), label=label, addresses=addresses)
        if kind == DEVICE:
            devices.append(one)
            continue
        known = people.get(alike(label) or str(public_id))
        people[alike(label) or str(public_id)] = _joined(known, one) if known else one
    return [*people.values(), *devices]


def _joined(first: Named, second: Named) -> Named:
    return replace(first, ids=first.ids + second.ids, addresses=first.addresses + second.addresses)


def one_of(person: Person, public_id: UUID) -> Named:
    """The one in the list that this row belongs to. Raises LookupError."""
    found = (one for one in named_by(person) if public_id in one.ids)
    if (one := next(found, None)) is None:
        raise LookupError(f"no such row: {public_id}")
    return one


def _rows(person: Person) -> Any:
    """Kind, public id, sealed label, sealed address (or None), and when it was named."""
    people = NamedPerson.objects.filter(person=person).order_by()
    devices = NamedDevice.objects.filter(person=person).order_by()
    no_address = Value(None, output_field=BinaryField())
    both = people.values_list(
        Value(PERSON, output_field=CharField()), "public_id", "label_sealed", "address_sealed", "created_at"
    ).union(
        devices.values_list(
            Value(DEVICE, output_field=CharField()), "public_id", "label_sealed", no_address, "created_at"
        ),
        all=True,
    )
    return both.order_by("created_at", "public_id")[:MOST_ROWS]


def holds(name: str, label: str) -> bool:
    """Whether a name holds a label as whole words that follow each other; upper and lower case are the same."""
    wanted = words_of(label)
    return bool(wanted) and f" {wanted} " in f" {words_of(name)} "


@lru_cache(maxsize=4096)
def words_of(text: str) -> str:
    """Its words with one space between them. A text without letters and digits, such as a heart, is one word."""
    folded = _UNSPACED.sub(r" \1 ", alike(text))
    return " ".join(re.findall(r"\w+", folded)) or folded.strip()
