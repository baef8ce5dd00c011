"""A Person with something of everything that can be taken away, and the names that may stand nowhere blacked out."""

from __future__ import annotations

from dataclasses import replace

from audits.audit import answers, guided, keeping, name_list, naming, schedule, situation
from audits.checks.catalogue import CHECKS, Check
from audits.facts import ItemAnswer, ItemKind, Rung, ToldAnswer
from audits.models import Connection, Every, Finding, Item, Person
from tests.audit import scenes

EMAIL = "alice.secret@gmail.test"
APP, FILE, OUTSIDER = "PicPolish Zebra", "Holiday-Zebra.jpg", "ex.zebra@mail.test"
NAMED, LABEL, DEVICE = "Zebra tablet", "Zed Zebra", "Old zebra phone"
NAMES = (EMAIL, APP, FILE, OUTSIDER, NAMED, LABEL, DEVICE, "zebra")


def naming_check() -> Check:
    """A guided check for which devices can be named, that is nobody's account."""
    return next(
        check
        for check in CHECKS.values()
        if check.about == "person"
        and check.words.told
        and check.words.told.items is ItemKind.DEVICE
        and check.words.fits.young == "same"
    )


def plain_check() -> Check:
    return next(
        check
        for check in CHECKS.values()
        if check.about == "person"
        and check.words.told
        and check.id != naming_check().id
        and check.words.fits.young == "same"
    )


def person_with_everything() -> tuple[Person, Connection]:
    person, connection = scenes.person_with_connection(EMAIL)
    said = {
        "drive_apps": [
            scenes.app("1", APP),
            scenes.app("2", "\u202eevil \u0645\u062d\u0645\u062f \u65e5\u672c \U0001f600 {nb}"),
        ],
        "drive_public": [replace(scenes.file("b", anyone=True), name=FILE)],
        "drive_outsiders": [replace(scenes.file("a", source="drive_outsiders", people=[OUTSIDER]), name=FILE)],
    }
    scenes.audit_with(person, connection, said)
    item = Item.objects.filter(person=person, kind="app").first()
    assert item is not None
    answers.answer_items(person, item.finding, {item.key: ItemAnswer.KNOWN})
    answer_here(person)
    name_list.add_person(person, LABEL, OUTSIDER)
    name_list.add_device(person, DEVICE)
    situation.keep(person, situation.said(uses={"google", "iphone"}, worries={"breakup"}, young=False, danger=True))
    schedule.choose(person, schedule.Choice(every=Every.MONTH, day=31, hour=3))
    keeping.keep(person, item.finding)
    return person, connection


def answer_here(person: Person) -> None:
    """Two guided checks, one with a thing that was named and is not known."""
    named = guided.begin(person, naming_check(), None)
    naming.name_things(named, ItemKind.DEVICE, [NAMED], Rung.TOLD)
    answers.answer_check(person, named, ToldAnswer.SOMETHING_ODD)
    thing = Item.objects.get(finding=named)
    answers.answer_items(person, named, {thing.key: ItemAnswer.UNKNOWN})
    plain = guided.begin(person, plain_check(), None)
    answers.answer_check(person, plain, ToldAnswer.AS_IT_SHOULD_BE)


def finding_of(person: Person, check: Check) -> Finding:
    return Finding.objects.get(person=person, check_id=check.id, current=True)
