"""The list of people and devices that the Person has in mind: adding, changing a label, taking away.

An address that is added has not been asked about: what was looked at says so from then on. With an address that is
taken away goes all that was found by asking about it, at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum

from django.db import transaction

from audits.audit import work
from audits.audit.asks import MOST_ADDRESSES
from audits.audit.named_looks import forget_address, note_unasked
from audits.checks.names import alike
from audits.models import NamedDevice, NamedPerson, Person
from audits.models.sealing import lookup_key

MOST_LABELS = 20
MOST_DEVICES = 20
LONGEST_LABEL = 60


class Reason(StrEnum):
    """Why something was not kept."""

    ADDRESS_THERE = "address_there"
    LABEL_THERE = "label_there"
    DEVICE_THERE = "device_there"
    ADDRESSES_FULL = "addresses_full"
    LABELS_FULL = "labels_full"
    DEVICES_FULL = "devices_full"
    NEEDS_LABEL = "needs_label"


class NotKept(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def address_key(person_id: int, address: str) -> str:
    """Bound to the person: that two people fear the same address must not show. `address` in lower case."""
    return lookup_key("named person", str(person_id), address)


def label_key(person_id: int, label: str) -> str:
    """Stands in the place of an address where there is none."""
    return lookup_key("named label", str(person_id), alike(label))


def device_key(person_id: int, label: str) -> str:
    return lookup_key("named device", str(person_id), alike(label))


def add_person(person: Person, label: str, address: str) -> None:
    """`label` tidied, `address` in lower case; one of them may be "". Raises NotKept."""
    with transaction.atomic():
        rows = _locked_rows(person)
        same = _sharing(rows, label)
        _check_room(rows, same, label, address)
        row = NamedPerson(person=person)
        _fill(row, same[0].label if same else label, address)
        row.save()
        if address:
            _delete(one for one in same if not one.address)  # the label has an address now
            note_unasked(person)


def _check_room(rows: Collection[NamedPerson], same: Collection[NamedPerson], label: str, address: str) -> None:
    if address and any(one.address == address for one in rows):
        raise NotKept(Reason.ADDRESS_THERE)
    if not address and same:
        raise NotKept(Reason.LABEL_THERE)
    if address and sum(1 for one in rows if one.address) >= MOST_ADDRESSES:
        raise NotKept(Reason.ADDRESSES_FULL)
    if label and not same and _labels(rows) >= MOST_LABELS:
        raise NotKept(Reason.LABELS_FULL)


def relabel_person(person: Person, named: NamedPerson, label: str) -> None:
    """Give all rows of this person another label; "" takes it from its addresses. Raises NotKept."""
    with transaction.atomic():
        rows = _locked_rows(person)
        own = _sharing(rows, named.label or "") or [one for one in rows if one.pk == named.pk]
        others = [one for one in _sharing(rows, label) if one not in own]
        if not label and not all(one.address for one in own):
            raise NotKept(Reason.NEEDS_LABEL)
        if label and not named.label and not others and _labels(rows) >= MOST_LABELS:
            raise NotKept(Reason.LABELS_FULL)
        joined = others[0].label if others else label
        for row in own:
            _fill(row, joined, row.address or "")
        whole = [*others, *own]
        bare = [one for one in whole if not one.address]
        _delete(bare if len(bare) < len(whole) else bare[1:])  # one row without an address is enough, or none
        for row in own:
            if row.pk is not None:
                row.save()


def take_person(person: Person, named: NamedPerson) -> bool:
    """Take one address, or a label without one, out of the list. True when a look was stopped for it.

    A look that is going on would still ask about the address, so it is stopped.
    """
    address = named.address or ""
    with transaction.atomic():
        named.delete()
        if not address:
            return False
        audit = work.active_audit(person)
        stopped = audit is not None and work.cancel(audit)
        forget_address(person, address)
    return stopped


def add_device(person: Person, label: str) -> None:
    """Raises NotKept."""
    with transaction.atomic():
        _lock(person)
        devices = NamedDevice.objects.filter(person=person)
        if devices.filter(label_key=device_key(person.pk, label)).exists():
            raise NotKept(Reason.DEVICE_THERE)
        if devices.count() >= MOST_DEVICES:
            raise NotKept(Reason.DEVICES_FULL)
        row = NamedDevice(person=person, label_key=device_key(person.pk, label))
        row.label = label
        row.save()


def relabel_device(person: Person, device: NamedDevice, label: str) -> None:
    """Raises NotKept."""
    if not label:
        raise NotKept(Reason.NEEDS_LABEL)
    key = device_key(person.pk, label)
    with transaction.atomic():
        _lock(person)
        if NamedDevice.objects.filter(person=person, label_key=key).exclude(pk=device.pk).exists():
            raise NotKept(Reason.DEVICE_THERE)
        device.label, device.label_key = label, key
        device.save()


def _lock(person: Person) -> None:
    """Two windows at once: one waits for the other."""
    Person.objects.select_for_update().get(pk=person.pk)


def _locked_rows(person: Person) -> list[NamedPerson]:
    _lock(person)
    return list(NamedPerson.objects.filter(person=person))


def _fill(row: NamedPerson, label: str, address: str) -> None:
    row.label, row.address = label or None, address or None
    row.address_key = address_key(row.person_id, address) if address else label_key(row.person_id, label)


def _sharing(rows: Collection[NamedPerson], label: str) -> list[NamedPerson]:
    return [one for one in rows if label and one.label and alike(one.label) == alike(label)]


def _labels(rows: Collection[NamedPerson]) -> int:
    return len({alike(one.label) for one in rows if one.label})


def _delete(rows: Iterable[NamedPerson]) -> None:
    for row in rows:
        row.delete()
