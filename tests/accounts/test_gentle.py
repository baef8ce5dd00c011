"""Under 18: pictures and files are not looked at, their looks are not offered, and nothing of them is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from audits.accounts import gentle
from audits.accounts.looks import LOOKS, offered
from audits.audit import answers, guided, keeping, tell, young
from audits.audit.asks import answers_to_checks
from audits.audit.evidence import facts_of
from audits.audit.situation import NOTHING, Said, situation_of
from audits.checks.catalogue import CHECKS
from audits.facts import IncomingFile, SharedFile, ToldAnswer, TrashedPicture, VerdictState, Why
from audits.models import AnswerToCheck, Connection, Finding, Item, Person, PhotoPick, Record, SourceRun, WaitState
from audits.models.sealing import Sealed
from tests.audit.scenes import audit_with, file, person_with_connection
from tests.dashboard.conftest import signed_in

pytestmark = pytest.mark.django_db

MAYA = "maya@gmail.test"
YOUNG = Said(young=True)
READ_ONLY = next(check for check in CHECKS.values() if young.how(check) == young.READ and not check.rule)
STANDING = sorted({scope for look in LOOKS.values() if look.standing for scope in look.scopes})


@pytest.fixture
def maya(sandbox: Any, settings: Any) -> Connection:
    """Every standing look is open."""
    settings.AUDIT_HEARTBEAT_SECONDS = 3600
    sandbox.reset()
    _, connection = person_with_connection(MAYA)
    connection.access_token = sandbox.token(MAYA, STANDING)
    connection.granted = connection.asked = STANDING
    connection.save()
    return connection


def look() -> None:
    call_command("audit", MAYA)


def opened(value: Any) -> Iterator[str]:
    """Every text inside a value."""
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from opened(one)
    elif value is not None:
        yield str(value)


def everything_opened() -> str:
    """All that the database holds, with every seal opened and every fact unpacked."""
    found: list[str] = []
    for model in apps.get_models():
        sealed = [name for name, one in vars(model).items() if isinstance(one, Sealed)]
        for row in model._default_manager.all():
            found += opened([getattr(row, field.attname) for field in model._meta.concrete_fields])
            found += [text for name in sealed for text in opened(getattr(row, name))]
            if isinstance(row, SourceRun):
                found += [repr(fact) for fact in facts_of(row)]
    return "\n".join(found)


def names_seen() -> set[str]:
    facts = [fact for run in SourceRun.objects.all() for fact in facts_of(run)]
    return {fact.name for fact in facts if isinstance(fact, SharedFile | TrashedPicture | IncomingFile)}


def still_there(names: set[str]) -> set[str]:
    text = everything_opened()
    return {name for name in names if name in text}


def test_after_whole_audits_no_table_holds_the_name_of_a_picture_or_file(maya: Connection, sandbox: Any) -> None:
    look()
    names = {name for name in names_seen() if len(name) > 4}
    assert len(names) > 30
    assert still_there(names) == names
    gentle.keep_said(maya.person, YOUNG)
    assert still_there(names) == set()
    asked = len(sandbox.log().of("drive.files.list"))
    look()
    assert still_there(names) == set()
    assert len(sandbox.log().of("drive.files.list")) == asked
    runs = SourceRun.objects.filter(current=True, source__in=young.OF_PICTURES_AND_FILES)
    assert {run.source for run in runs} == young.OF_PICTURES_AND_FILES
    assert {run.why for run in runs} == {Why.UNDER_18}
    assert SourceRun.objects.filter(current=True, source="drive_apps", state="complete").exists()


def test_an_audit_that_begins_under_18_never_asks_for_them(maya: Connection, sandbox: Any) -> None:
    gentle.keep_said(maya.person, YOUNG)
    maya.refresh_from_db()
    maya.closed = []  # as if Google had been asked again elsewhere
    maya.save()
    look()
    assert not sandbox.log().of("drive.files.list")
    assert not Item.objects.filter(kind__in=young.PICTURES_AND_FILES).exists()


def test_looks_at_pictures_and_files_are_closed_and_not_offered(maya: Connection) -> None:
    gentle.keep_said(maya.person, YOUNG)
    maya.refresh_from_db()
    ids = {look.id for look in offered(maya)}
    assert not ids & {"drive_sharing", "drive_activity", "photos"}
    assert {"drive_apps", "storage"} <= ids
    assert not frozenset(LOOKS["drive_sharing"].scopes) <= maya.usable_scopes
    browser = signed_in(maya.person)
    for one in ("drive_sharing", "drive_activity", "photos"):
        assert browser.post(reverse("look-open", args=[one]), {"account": maya.public_id}).status_code == 404
    assert browser.get(reverse("photos", args=[maya.public_id])).status_code == 404
    assert browser.post(reverse("photos-begin", args=[maya.public_id])).status_code == 404


def test_what_was_chosen_in_google_photos_goes_too(maya: Connection) -> None:
    now = maya.created_at
    picked = {"created_at": now, "expires_at": now, "next_poll_at": now, "state": WaitState.DONE}
    PhotoPick.objects.create(person=maya.person, connection=maya, **picked)
    assert gentle.would_forget(maya.person, YOUNG)
    gentle.keep_said(maya.person, YOUNG)
    assert not PhotoPick.objects.exists()


def test_why_it_is_not_looked_at_is_told_and_no_look_is_offered_for_it() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_public": [file("a", anyone=True, picture=True)]})
    gentle.keep_said(person, YOUNG)
    finding = Finding.objects.get(check_id="open_pictures", current=True)
    assert (finding.verdict, finding.reason, finding.item_count) == (VerdictState.COULD_NOT_TELL, Why.UNDER_18, 0)
    card = tell.card(finding)
    assert "You told us that you are under 18." in card.lead
    assert "drive_public" not in card.unopened
    assert card.read_only


def test_what_they_only_read_keeps_nothing() -> None:
    person = Person.objects.create_user()
    gentle.keep_said(person, YOUNG)
    browser = signed_in(person)
    place = READ_ONLY.code
    page = browser.get(reverse("blank-check", args=[place]))
    assert page.status_code == 200
    assert "we keep nothing" in page.text
    for words in ('name="answer"', "Keep a record", "Leave this as it is for now"):
        assert words not in page.text
    for name in ("blank-answer-check", "blank-leave-check"):
        assert browser.post(reverse(name, args=[place]), {"answer": "as_it_should_be"}).status_code == 404
    assert not Finding.objects.exists()
    assert not AnswerToCheck.objects.exists()


def test_a_finding_that_is_only_read_takes_no_answer_and_no_record() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_public": []})
    gentle.keep_said(person, YOUNG)
    finding = Finding.objects.get(check_id="open_pictures", current=True)
    browser = signed_in(person)
    forms = ("answer-check", "answer-items", "leave-check", "record-keep")
    found = {name: browser.post(reverse(name, args=[finding.public_id]), {"answer": "leave"}) for name in forms}
    assert {name: answer.status_code for name, answer in found.items()} == dict.fromkeys(forms, 404)
    with pytest.raises(keeping.CannotKeep):
        keeping.keep(person, finding)
    assert not Record.objects.exists()
    assert answers_to_checks(person, connection) == []


@pytest.fixture
def answered() -> Person:
    """Somebody who has answered a check, and kept a record of it, that is only to read under 18."""
    person = Person.objects.create_user()
    finding = guided.begin(person, READ_ONLY, None)
    answers.answer_check(person, finding, ToldAnswer.AS_IT_SHOULD_BE)
    keeping.keep(person, finding)
    return person


def test_what_would_be_deleted_is_asked_about_first(answered: Person) -> None:
    browser = signed_in(answered)
    form = {"age": "under", "uses": ["whatsapp"], "worries": ["leak"]}
    page = browser.post(reverse("begin"), form)
    assert "forget some things" in page.text
    assert Record.objects.exists()
    assert situation_of(answered) == NOTHING
    for field in ('name="uses" value="whatsapp"', 'name="worries" value="leak"', 'name="age" value="under"'):
        assert field in page.text
    assert browser.post(reverse("begin"), {**form, "forget": "1"}).headers["Location"] == reverse("overview")
    assert situation_of(answered).young
    assert not Record.objects.exists()
    assert not AnswerToCheck.objects.exists()
    assert not Finding.objects.exists()


def test_who_has_nothing_to_lose_is_not_asked() -> None:
    person = Person.objects.create_user()
    assert signed_in(person).post(reverse("begin"), {"age": "under"}).status_code == 302
    assert situation_of(person).young


def test_not_under_18_after_all() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_public": []})
    gentle.keep_said(person, YOUNG)
    gentle.keep_said(person, NOTHING)
    finding = Finding.objects.get(check_id="open_pictures", current=True)
    assert finding.reason == Why.NOT_ASKED
    assert "drive_sharing" in {look.id for look in offered(connection)}
    assert not tell.card(finding).read_only


def test_the_overview_of_somebody_young_begins_with_people() -> None:
    person = Person.objects.create_user()
    gentle.keep_said(person, YOUNG)
    overview = tell.overview(person)
    assert [row.check_id for row in overview.helps] == ["happened_tell_somebody", "happened_help_young"]
    text = signed_in(person).get(reverse("overview")).text
    assert "You do not have to do this alone" in text
    assert text.index("You do not have to do this alone") < text.index('id="next"')
    left_out = {check.id for check in CHECKS.values() if young.how(check) == young.NOT}
    everything = {row.check_id for place in tell.all_checks(person) for row in place.rows}
    assert left_out
    assert not everything & left_out


@pytest.mark.parametrize("check", sorted(check.id for check in CHECKS.values() if young.how(check) == young.NOT))
def test_what_is_not_for_them_has_no_page(check: str) -> None:
    person = Person.objects.create_user()
    gentle.keep_said(person, YOUNG)
    if CHECKS[check].words.told:
        address = reverse("blank-check", args=[CHECKS[check].code])
        assert signed_in(person).get(address).status_code == 404
        assert Client().get(address).status_code == 302
