"""Bringing back: what of a file comes in, and putting it there. Older words never replace newer ones.

Everything is drawn up first and counted, so that the Person sees what would come in; on their yes it is drawn up anew
and written in one transaction. Brought a second time, the same file changes nothing more. Verdicts do not come back:
an old one is not today's. Checks are judged again with what was told, on the rung *from a file you brought*.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from audits.audit import forget, guided, keeping, name_list, situation, young
from audits.audit.asks import MOST_ADDRESSES
from audits.audit.judge import item_key_of, judge_again
from audits.audit.naming import FOR_A_CHECK, FOR_A_PERSON, named_key
from audits.audit.situation import Said
from audits.audit.taking import content
from audits.audit.taking.noting import BROUGHT_BACK, note
from audits.audit.taking.reading import Brought
from audits.checks.catalogue import CHECKS, Check, id_now
from audits.checks.names import alike, tidy
from audits.facts import ItemKind, Rung, ToldAnswer
from audits.models import (
    AnswerToCheck,
    AnswerToItem,
    Connection,
    Finding,
    Item,
    NamedDevice,
    NamedPerson,
    Person,
    Record,
    Situation,
    ToldItem,
)

Row = Mapping[str, Any]
Place = tuple[str, int | None]  # a check and the number of a Connection

MOST_ANSWERS = content.MOST_ANSWERS


@dataclass
class Coming:
    """What would come in, as rows that are not saved yet. `left`: how many stay out, by the reason."""

    answers: list[AnswerToCheck] = field(default_factory=list)
    told_items: list[ToldItem] = field(default_factory=list)
    item_answers: list[AnswerToItem] = field(default_factory=list)
    people: list[tuple[str, str]] = field(default_factory=list)  # label and address; one of them may be ""
    devices: list[str] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    situation: Said | None = None
    said_at: datetime | None = None
    left: Counter[str] = field(default_factory=Counter)

    @property
    def anything(self) -> bool:
        return self.situation is not None or any(self.counts.values())

    @property
    def counts(self) -> Mapping[str, int]:
        return {
            "answers": len(self.answers),
            "told_items": len(self.told_items),
            "item_answers": len(self.item_answers),
            "names": len(self.people) + len(self.devices),
            "records": len(self.records),
        }


HERE, UNKNOWN, YOUNG, FULL = "here", "unknown", "young", "full"


def drawn_up(person: Person, brought: Brought) -> Coming:
    """What of this file would come in now. Writes nothing."""
    return _Drawing(person, brought).coming


def bring(person: Person, brought: Brought) -> Coming:
    """Put it there, all or nothing. What came in is returned."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)  # two windows at once: one waits for the other
        coming = drawn_up(person, brought)
        if not coming.anything:
            return coming
        _write(person, coming)
        _judge(person, coming)
        note(person, BROUGHT_BACK)
    return coming


# --------------------------------------------------------------------------- drawing up


class _Drawing:
    """One file held against what is here."""

    def __init__(self, person: Person, brought: Brought) -> None:
        self.person, self.now, self.coming = person, timezone.now(), Coming()
        own = {(one.email or "").lower(): one for one in Connection.objects.filter(person=person)}
        self.own = own.keys() - {""}
        self.owners = {name: own.get(address.lower()) for name, address in brought.accounts.items()}
        self._situation(brought.situation)
        self.held_back = self._held_back(brought.situation)
        self._answers(brought.answers)
        self.known_answers = dict(AnswerToItem.objects.filter(person=person).values_list("item_key", "answered_at"))
        self._told_items(brought.told_items)
        self._item_answers(brought.item_answers)
        self._people(brought.people)
        self._devices(brought.devices)
        self._records(brought.records)

    def _situation(self, said: Row | None) -> None:
        """What was said here stands. Under 18 comes in only where nothing here would have to be closed or go for it."""
        if said is None or Situation.objects.filter(person=self.person).exists():
            return
        if said["young"] and (self.own or forget.has_pictures(self.person)):
            return
        words = {name: said[name] for name in ("uses", "worries", "young", "danger")}
        found = situation.said(**words)
        if found != situation.NOTHING:
            self.coming.situation, self.coming.said_at = found, said["said_at"]

    def _held_back(self, said: Row | None) -> Collection[str]:
        """Checks of which nothing is kept of somebody under 18, whether they said so here or in the file."""
        is_young = situation.situation_of(self.person).young or bool(said and said["young"])
        return frozenset(young.kept_back()) if is_young else frozenset()

    def _left(self, why: str) -> None:
        self.coming.left[why] += 1

    def _check(self, row: Row) -> Check | None:
        """None: not among our checks, or one of which nothing is kept here."""
        check = CHECKS.get(id_now(row["check"]))
        if check is None:
            self._left(UNKNOWN)
        elif check.id in self.held_back:
            self._left(YOUNG)
            return None
        return check

    def _owner(self, check: Check, row: Row) -> Connection | None:
        return self.owners.get(row["account"]) if check.about == "account" else None

    # ------------------------------------------------------------------- answers to checks

    def _answers(self, rows: Collection[Row]) -> None:
        mine = AnswerToCheck.objects.filter(person=self.person)
        known: set[tuple[str, int | None, datetime]] = {
            (id_now(one), owner, at) for one, owner, at in mine.values_list("check_id", "connection", "answered_at")
        }
        room = max(0, MOST_ANSWERS - len(known))
        for row in rows:
            check = self._check(row)
            if check is None:
                continue
            owner = self._owner(check, row)
            place = (check.id, owner.pk if owner else None, row["answered_at"])
            if place in known:
                self._left(HERE)
            elif not _may_answer(check, row["answer"]):
                self._left(UNKNOWN)
            elif len(self.coming.answers) >= room:
                self._left(FULL)
            else:
                known.add(place)
                self.coming.answers.append(self._answer(check, owner, row))

    def _answer(self, check: Check, owner: Connection | None, row: Row) -> AnswerToCheck:
        answer = AnswerToCheck(
            person=self.person,
            connection=owner,
            check_id=check.id,
            answered_at=row["answered_at"],
            again_on=row["again_on"],
            rung=Rung.BROUGHT.value,
            overtaken=row["overtaken"],
        )
        answer.told = {"answer": row["answer"].value}
        return answer

    # ------------------------------------------------------------------- things that were named

    def _told_items(self, rows: Collection[Row]) -> None:
        mine = {(one.check_id, one.connection_id, one.key): one for one in ToldItem.objects.filter(person=self.person)}
        in_check = Counter((check_id, owner) for check_id, owner, _ in mine)
        for row in rows:
            check, name = self._check(row), tidy(row["name"])
            if check is None:
                continue
            if not name or row["kind"] not in _nameable(check):
                self._left(UNKNOWN)
                continue
            owner = self._owner(check, row)
            place = (check.id, owner.pk if owner else None)
            key = named_key(self.person.pk, row["kind"], name)
            item = mine.get((*place, key))
            if item is not None:
                self._left(HERE)
            elif in_check[place] >= FOR_A_CHECK or len(mine) >= FOR_A_PERSON:
                self._left(FULL)
                continue
            else:
                item = self._told_item(check, owner, row, key, name)
                mine[(*place, key)] = item
                in_check[place] += 1
                self.coming.told_items.append(item)
            if row["answer"] is not None and row["answered_at"] is not None:
                self._answer_to(row, str(item.public_id))

    def _told_item(self, check: Check, owner: Connection | None, row: Row, key: str, name: str) -> ToldItem:
        item = ToldItem(
            person=self.person,
            connection=owner,
            check_id=check.id,
            kind=row["kind"].value,
            rung=Rung.BROUGHT.value,
            key=key,
            named_at=row["named_at"],
        )
        item.told = {"name": name}
        return item

    def _item_answers(self, rows: Collection[Row]) -> None:
        for row in rows:
            if self.held_back and row["kind"].value in young.PICTURES_AND_FILES:
                self._left(YOUNG)
            else:
                self._answer_to(row, row["identity"])

    def _answer_to(self, row: Row, identity: str) -> None:
        """*I know this*, and the like; the newer one stays."""
        key = item_key_of(self.person.pk, row["kind"], identity)
        known = self.known_answers.get(key)
        if known is not None and known >= row["answered_at"]:
            return self._left(HERE)
        if known is None and len(self.known_answers) >= content.MOST_ITEM_ANSWERS:
            return self._left(FULL)
        self.known_answers[key] = row["answered_at"]
        answer = AnswerToItem(person=self.person, item_key=key, answered_at=row["answered_at"])
        answer.meaning = {"kind": row["kind"].value, "identity": identity, "answer": row["answer"].value}
        self.coming.item_answers.append(answer)
        return None

    # ------------------------------------------------------------------- names

    def _people(self, rows: Collection[Row]) -> None:
        """An address is known by itself, a label only where it has none."""
        mine = list(NamedPerson.objects.filter(person=self.person))
        known = {one.address for one in mine if one.address} | {alike(one.label) for one in mine if one.label}
        for row in rows:
            label, address = tidy(row["label"], name_list.LONGEST_LABEL), row["address"].strip().lower()
            if address in self.own or not (label or address) or not asks_well(address):
                self._left(UNKNOWN)
            elif (address or alike(label)) in known:
                self._left(HERE)
            elif len(mine) + len(self.coming.people) >= MOST_ADDRESSES:
                self._left(FULL)
            else:
                known.add(address or alike(label))
                self.coming.people.append((label, address))

    def _devices(self, rows: Collection[Row]) -> None:
        mine = NamedDevice.objects.filter(person=self.person)
        known = {alike(one.label) for one in mine}
        for row in rows:
            label = tidy(row["label"], name_list.LONGEST_LABEL)
            if not label:
                self._left(UNKNOWN)
            elif alike(label) in known:
                self._left(HERE)
            elif len(known) >= name_list.MOST_DEVICES:
                self._left(FULL)
            else:
                known.add(alike(label))
                self.coming.devices.append(label)

    # ------------------------------------------------------------------- records

    def _records(self, rows: Collection[Row]) -> None:
        mine = Record.objects.filter(person=self.person)
        known = set(mine.values_list("sha256", "kept_at"))
        room = keeping.MOST_RECORDS - len(known)
        for row in rows:
            if row["check"] in self.held_back:
                self._left(YOUNG)
            elif (row["sha256"], row["kept_at"]) in known:
                self._left(HERE)
            elif len(self.coming.records) >= room:
                self._left(FULL)
            else:
                known.add((row["sha256"], row["kept_at"]))
                self.coming.records.append(self._record(row))

    def _record(self, row: Row) -> Record:
        record = Record(
            person=self.person,
            connection=self.owners.get(row["account"]),
            check_id=row["check"],
            audit_public_id=row["audit"],
            kept_at=row["kept_at"],
            sha256=row["sha256"],
        )
        record.content = keeping.brought(row["text"], self.now)
        return record


def asks_well(address: str) -> bool:
    """Whether Google can be asked about this address, or there is none. The same as in the form for names."""
    if not address:
        return True
    if any(one in address for one in "\"'\\") or not address.isprintable():
        return False
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def _may_answer(check: Check, answer: ToldAnswer) -> bool:
    return answer is ToldAnswer.LEAVE or (check.words.told is not None and answer in check.words.told.choices)


def _nameable(check: Check) -> Collection[ItemKind]:
    """The kinds of things that can be named for this check."""
    told, pasted = check.words.told, check.words.pasted
    return {kind for kind in (told.items if told else None, pasted.items if pasted else None) if kind is not None}


# --------------------------------------------------------------------------- writing


def _write(person: Person, coming: Coming) -> None:
    AnswerToCheck.objects.bulk_create(coming.answers)
    ToldItem.objects.bulk_create(coming.told_items)
    AnswerToItem.objects.bulk_create(
        coming.item_answers,
        update_conflicts=True,
        unique_fields=["person", "item_key"],
        update_fields=["answered_at", "meaning_sealed"],
        batch_size=500,
    )
    _write_names(person, coming)
    Record.objects.bulk_create(coming.records)
    if coming.situation is not None:
        situation.keep(person, coming.situation)
        Situation.objects.filter(person=person).update(said_at=coming.said_at)


def _write_names(person: Person, coming: Coming) -> None:
    """The list has its own limits; what it does not take was too much already."""
    for label, address in coming.people:
        with suppress(name_list.NotKept):
            name_list.add_person(person, label, address)
    for label in coming.devices:
        with suppress(name_list.NotKept):
            name_list.add_device(person, label)


def _judge(person: Person, coming: Coming) -> None:
    """Every check that something came in for, and every finding with an item that was answered."""
    rows: list[AnswerToCheck | ToldItem] = [*coming.answers, *coming.told_items]
    findings = {one.pk: one for one in _begun(person, {(row.check_id, row.connection_id): row for row in rows})}
    answered = {one.item_key for one in coming.item_answers}
    items = Item.objects.filter(person=person, finding__current=True).values_list("key", "finding_id")
    touched = {finding for key, finding in items.iterator() if key in answered} if answered else set()
    for one in Finding.objects.filter(pk__in=touched - findings.keys()):
        findings[one.pk] = one
    for finding in findings.values():
        judge_again(finding)


def _begun(person: Person, places: Mapping[Place, AnswerToCheck | ToldItem]) -> Iterator[Finding]:
    """What is about an account waits for the Person's word on which one it is, where there are some (adopting.py)."""
    connected = Connection.objects.filter(person=person).exists()
    for (check_id, _), row in places.items():
        check = CHECKS[check_id]
        if connected and check.about == "account" and row.connection_id is None:
            continue
        found = guided.found(person, check, row.connection)
        if found is not None:
            yield found
        elif guided.can_begin(check, row.connection):
            yield guided.begin(person, check, row.connection)
