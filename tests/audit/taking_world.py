"""A Person with something of everything that can be taken away, and the names that may stand nowhere blacked out."""

from __future__ import annotations

from dataclasses import replace

from audits.audit import answers, guided, keeping, name_list, naming, schedule, situation
from audits.audit.helping import after, log, sessions, short_list, words
from audits.checks.catalogue import CHECKS, Check
from audits.facts import ItemAnswer, ItemKind, Rung, ToldAnswer
from audits.models import Connection, Every, Finding, HelpEnd, Item, LoggedBy, Person, SessionNote
from tests.audit import scenes
from tests.helpline import cast

EMAIL = "alice.secret@gmail.test"
APP, FILE, OUTSIDER = "PicPolish Zebra", "Holiday-Zebra.jpg", "ex.zebra@mail.test"
NAMED, LABEL, DEVICE = "Zebra tablet", "Zed Zebra", "Old zebra phone"
LINE, HELPER, OWN_NOTE, REACHED_AT = "Zebra Helpline", "Hana Zebra", "Ask about the zebra", "07700 900123"
NAMES = (EMAIL, APP, FILE, OUTSIDER, NAMED, LABEL, DEVICE, LINE, HELPER, OWN_NOTE, "zebra")


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
    be_helped(person, connection)
    return person, connection


def be_helped(person: Person, connection: Connection) -> None:
    """A session with a helpline, of which lists, a note and a way to be reached stayed."""
    session = cast.session_of(person, cast.hana(cast.line(LINE), HELPER))
    places = [guided.place_of(CHECKS[check], connection) for check in ("drive_wide_apps", "two_step")]
    for place in places:
        short_list.add(session, place)
    short_list.mark(session, places[0], done=True, another_day=False)
    log.looked(session, "drive_wide_apps")
    words.word_of(person, session.helpline)
    sessions.end(session, HelpEnd.CALLER, LoggedBy.CALLER)
    note = SessionNote.objects.get(session=session)
    after.write(note, OWN_NOTE)
    after.keep_reach(note, {"to": REACHED_AT})


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
