"""A caller with something of everything, all of it marked: what carries the mark may stand on no helper's page.

Every check of the catalogue has a finding with things. Whatever a sentence names that is no number and no day, every
name, link, identity, address, label, note and record holds the mark, in a string of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from audits.audit import answers, guided, keeping, name_list, naming, situation
from audits.checks.answers import is_named
from audits.checks.catalogue import CHECKS, Check
from audits.checks.words import Sentence
from audits.facts import ItemAnswer, ItemKind, Rung, Strength, ToldAnswer, VerdictState
from audits.models import AnswerToItem, Connection, Finding, Item, Person, Record
from audits.models.sealing import lookup_key, seal
from tests.audit import scenes

MARK = "quixzebra"  # long enough that no random token holds it by chance
HOSTILE = '<b>{}</b> "\u202e https://evil.test/{}'
DAY = "2026-03-04T05:06:07+00:00"


@dataclass
class Rich:
    person: Person
    connections: list[Connection]
    record: Record
    findings: dict[str, Finding] = field(default_factory=dict)  # by place
    checks: dict[str, Check] = field(default_factory=dict)  # by place
    things: dict[str, dict[str, str]] = field(default_factory=dict)  # by place: names of its things by their key

    def client(self) -> Client:
        client = Client()
        client.force_login(self.person, backend="django.contrib.auth.backends.ModelBackend")
        return client


_numbers = count()


def marked(what: str) -> str:
    return f"{MARK}{next(_numbers)}{what}"


def some_checks() -> list[Check]:
    """Those that a machine judges, and the first of each other place."""
    places = {check.platform.id: check for check in reversed(list(CHECKS.values()))}
    return [check for check in CHECKS.values() if check.rule or places[check.platform.id] is check]


def rich(checks: Iterable[Check]) -> Rich:
    person, first = scenes.person_with_connection(f"{marked('one')}@gmail.test")
    second = _second_account(person)
    situation.keep(person, situation.said(uses={"iphone"}, worries={"threat"}, young=False, danger=False))
    name_list.add_person(person, marked("label"), f"{marked('ex')}@mail.test")
    name_list.add_device(person, marked("tablet"))
    told = _told(person)
    findings: list[Finding] = []
    items: list[Item] = []
    for check in checks:
        owner = (first, second)[len(findings) % 2] if check.about == "account" else None
        if (check.id, None) in told:
            continue
        finding = _finding(person, check, owner)
        findings.append(finding)
        items += list(_items(finding, check))
    Finding.objects.bulk_create(findings)
    Item.objects.bulk_create(items)
    _answer(items[0], ItemAnswer.UNKNOWN)
    world = Rich(person, [first, second], keeping.keep(person, findings[0]))
    _index(world)
    return world


def _second_account(person: Person) -> Connection:
    connection = Connection(person=person, sub_key=lookup_key("sub", marked("second")))
    connection.email = f"{marked('two')}@gmail.test"
    connection.email_key = lookup_key("email", connection.email)
    connection.sub, connection.hosted_domain = "2", ""
    connection.access_token, connection.refresh_token = "token", "refresh"
    connection.save()
    return connection


def _answer(item: Item, answer: ItemAnswer) -> None:
    """Kept beside the finding: judged again, it would be one that a rule made."""
    row = AnswerToItem(person=item.person, item_key=item.key, answered_at=timezone.now())
    row.meaning = {"kind": item.kind, "identity": "", "answer": answer.value}
    row.save()


def _told(person: Person) -> set[tuple[str, None]]:
    """One check that rests on the Person's word, with a thing that they named."""
    check = next(
        one
        for one in CHECKS.values()
        if one.about == "person" and one.words.told and one.words.told.items is ItemKind.DEVICE
    )
    finding = guided.begin(person, check, None)
    naming.name_things(finding, ItemKind.DEVICE, [marked("named")], Rung.TOLD)
    answers.answer_check(person, finding, ToldAnswer.SOMETHING_ODD)
    return {(check.id, None)}


def _values(sentence: Sentence) -> dict[str, str | int]:
    def one(name: str) -> str | int:
        if name == sentence.count:
            return 3
        return DAY if name.endswith("_at") else marked(name)

    return {name: one(name) for name in sorted(sentence.placeholders)}


def _finding(person: Person, check: Check, owner: Connection | None) -> Finding:
    """Of all its sentences, the one that names most; the others that name anything are its signs."""
    naming_ones = sorted(check.words.says, key=lambda code: -len(_texts(check.words.says[code])))
    reason, values = naming_ones[0], {}
    counts = {one.count for one in check.words.says.values()}
    for sentence in check.words.says.values():
        values.update({name: value for name, value in _values(sentence).items() if name not in counts})
    values.update(dict.fromkeys(counts - {""}, 3))
    return Finding(
        person=person,
        connection=owner,
        check_id=check.id,
        verdict=VerdictState.NEEDS_LOOK.value,
        reason=reason,
        rung=Rung.LIVE.value,
        strength=Strength.PROVES.value,
        signs=naming_ones[1:],
        seen_at=timezone.now(),
        judged_at=timezone.now(),
        item_count=len(check.words.item_says) or 1,
        values_sealed=seal(values, str(person.pk)),
    )


def _texts(sentence: Sentence) -> set[str]:
    return {name for name in sentence.placeholders if name != sentence.count and not name.endswith("_at")}


def _items(finding: Finding, check: Check) -> Iterator[Item]:
    for place, (code, sentence) in enumerate(check.words.item_says.items()):
        content: dict[str, Any] = {
            "identity": str(uuid4()) if is_named(code) else marked("identity"),
            "name": HOSTILE.format(marked("name"), marked("link")) if place % 7 != 6 else "",
            "says": code,
            "values": _values(sentence),
            "link": f"https://drive.google.com/file/d/{marked('file')}/view",
        }
        yield Item(
            finding=finding,
            person=finding.person,
            kind=ItemKind.APP.value,
            key=lookup_key("item", check.id, str(place), MARK),
            place=place,
            first_seen_at=timezone.now(),
            content_sealed=seal(content, str(finding.person_id)),
        )


def _index(world: Rich) -> None:
    found = Finding.objects.filter(person=world.person, current=True).select_related("connection")
    for finding in found.prefetch_related("items"):
        check = CHECKS[finding.check_id]
        place = guided.place_of(check, finding.connection)
        world.findings[place], world.checks[place] = finding, check
        world.things[place] = {item.key: item.content["name"] for item in finding.items.all()}
