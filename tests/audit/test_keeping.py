"""Keep a record of this: whole, fixed, bounded, and still there when all else of it is gone."""

from __future__ import annotations

import hashlib
import json
import tomllib
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import override

from audits.audit import answers, guided, keeping, purging, record_text, tell
from audits.audit.forget import forget_sources
from audits.audit.tell.card import lead_of
from audits.audit.tell.record import ITEMS_A_PAGE, record_page, records
from audits.audit.tell.sentences import day_and_year
from audits.checks.catalogue import CHECKS, RULED
from audits.facts import ItemAnswer, ToldAnswer, Why
from audits.models import Audit, Finding, Item, Person, Record, RecordIsFixed, SourceRun, TimelineEntry
from audits.models.sealing import seal
from privacy_audit import __version__
from tests.audit.scenes import app, audit_with, file, person_with_connection

pytestmark = pytest.mark.django_db

WIDE = "drive_wide_apps"


def finding_of(person: Any, check: str = WIDE) -> Finding:
    return Finding.objects.get(person=person, check_id=check, current=True)


def kept(apps: int = 2) -> tuple[Any, Any, Record]:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": [app(str(n), f"App {n}") for n in range(apps)]})
    return person, connection, keeping.keep(person, finding_of(person))


def content(record: Record) -> dict[str, Any]:
    found = json.loads(keeping.text_of(record))
    assert isinstance(found, dict)
    return found


def test_the_hash_is_of_exactly_the_text_and_the_text_has_one_form() -> None:
    _, _, record = kept()
    text = keeping.text_of(record)
    assert record.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert keeping.check(record)
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=1, sort_keys=True)
    numbers: list[str] = []
    json.loads(text, parse_float=numbers.append)
    assert numbers == []


def test_it_says_what_was_seen_how_and_when() -> None:
    person, connection = person_with_connection()
    audit = audit_with(person, connection, {"drive_apps": [app("1", "PicPolish"), app("2", "QuizTown")]})
    item = Item.objects.get(finding=finding_of(person), place=0)
    answers.answer_items(person, finding_of(person), {item.key: ItemAnswer.UNKNOWN})
    said = content(keeping.keep(person, finding_of(person)))
    year = str(timezone.now().year)
    assert (said["format"], said["account"]) == (1, connection.email)
    assert said["audit"]["id"] == str(audit.public_id)
    assert said["verdict"]["state"] == "needs_look"
    assert said["verdict"]["rung"] == "live"
    assert "two apps" in said["verdict"]["sentence"]["shown"] or "2 apps" in said["verdict"]["sentence"]["shown"]
    assert year in said["verdict"]["how"]["english"], "a day without its year says too little later"
    assert {one["id"]: one["state"] for one in said["sources"]}["drive_apps"] == "complete"
    assert said["items"]["counted"] == said["items"]["kept"] == 2
    answered = {one["name"]: (one["number"], one["answer"]) for one in said["items"]["list"]}
    assert answered == {"PicPolish": ("1", "unknown"), "QuizTown": ("2", "")}
    assert all(one["first_seen_at"].endswith("+00:00") for one in said["items"]["list"])


def test_it_holds_no_key_to_the_account_and_no_number_that_opens_a_file() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_public": [file("1AbCdEfOpens", anyone=True)]})
    text = keeping.text_of(keeping.keep(person, finding_of(person, "open_files")))
    assert '"name": "file 1AbCdEfOpens"' in text
    for secret in ('"1AbCdEfOpens"', connection.access_token, connection.refresh_token, connection.sub_key):
        assert str(secret) not in text.replace('"name": "file 1AbCdEfOpens"', "")


@pytest.mark.parametrize("check", sorted(RULED))
def test_every_check_of_an_audit_can_be_kept_and_read_again(check: str) -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": Why.UNTICKED})
    can_be_kept(finding_of(person, check))


@pytest.mark.parametrize("check", sorted(CHECKS.keys() - RULED.keys()))
def test_every_check_that_begins_with_an_answer_can_be_kept_and_read_again(check: str) -> None:
    """In no audit: the finding begins with the answer, and what was named stands in the record."""
    person = Person.objects.create_user()
    finding = guided.begin(person, CHECKS[check], None)
    answers.answer_check(person, finding, ToldAnswer.SOMETHING_ODD, names=["Old phone", "Tablet"])
    finding.refresh_from_db()
    said = can_be_kept(finding)
    named = CHECKS[check].words.told.items is not None
    assert [one["name"] for one in said["items"]["list"]] == (["Old phone", "Tablet"] if named else [])
    assert all("You named this on" in one["sentence"]["english"] for one in said["items"]["list"])
    assert {one["number"] for one in said["items"]["list"]} <= {""}, "a name of the Person has no number at Google"
    assert said["audit"] == {"id": "", "began_at": "", "finished_at": "", "asked_for_by": ""}


def can_be_kept(finding: Finding) -> dict[str, Any]:
    record = keeping.keep(finding.person, finding)
    shown = record_page(record)
    assert shown.fits
    assert shown.card is not None
    assert shown.card.sentence == lead_of(finding, CHECKS[finding.check_id], day_and_year)
    assert shown.card.title == tell.card(finding).title
    return content(record)


def test_a_could_not_tell_keeps_why() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": Why.UNTICKED})
    record = keeping.keep(person, finding_of(person))
    source = content(record)["sources"][0]
    assert (source["state"], source["why"]) == ("failed", "unticked")
    assert "un-ticked" in source["why_words"]["english"]
    page = record_page(record).card
    assert page is not None
    assert page.sources[0].text.startswith("Not read. ")


def test_the_answer_to_a_guided_check_is_kept_with_its_day() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {})
    answers.answer_check(person, finding_of(person, "connected_apps"), ToldAnswer.SOMETHING_ODD)
    record = keeping.keep(person, finding_of(person, "connected_apps"))
    assert content(record)["told"]["answer"] == "something_odd"
    page = record_page(record).card
    assert page is not None
    assert "There is one I do not know" in page.told
    assert str(timezone.now().year) in page.told


def test_words_are_kept_as_shown_and_in_english() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": [app("1")]})
    seen = timezone.now().replace(month=3, day=3)
    Finding.objects.filter(person=person).update(seen_at=seen)
    with override("fr"):
        said = content(keeping.keep(person, finding_of(person)))
    assert said["language"] == "fr"
    assert "mars" in said["verdict"]["how"]["shown"]
    assert "March" in said["verdict"]["how"]["english"]


# --------------------------------------------------------------------------- it stays


def test_it_stays_as_it_is_when_all_else_changes() -> None:
    person, connection, record = kept()
    text, page = keeping.text_of(record), record_page(record)
    audit_with(person, connection, {"drive_apps": []})
    answers.answer_check(person, finding_of(person), ToldAnswer.LEAVE)
    forget_sources(connection, ["drive_apps"])
    Audit.objects.filter(person=person).delete()
    purging.purge(person)
    connection.delete()
    found = Record.objects.get(pk=record.pk)
    assert found.connection is None
    assert keeping.text_of(found) == text
    assert record_page(found) == page


def test_the_same_thing_may_be_kept_again_each_with_its_time() -> None:
    person, _, record = kept()
    later = keeping.keep(person, finding_of(person))
    assert later.kept_at > record.kept_at
    assert Record.objects.filter(person=person).count() == 2


def test_it_cannot_be_written_twice() -> None:
    _, _, record = kept()
    record.content = "{}"
    with pytest.raises(RecordIsFixed):
        record.save()


def test_it_is_as_it_was_with_a_new_key(settings: Any) -> None:
    _, _, record = kept()
    before = keeping.text_of(record)
    settings.DATA_KEYS = ["bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmU=", *settings.DATA_KEYS]
    call_command("rotate_keys", stdout=StringIO())
    settings.DATA_KEYS = settings.DATA_KEYS[:1]
    found = Record.objects.get(pk=record.pk)
    assert keeping.text_of(found) == before
    assert keeping.check(found)


def test_a_window_left_open_keeps_what_it_showed() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": [app("1", "Before")]})
    shown = finding_of(person)
    audit_with(person, connection, {"drive_apps": Why.BUSY})
    said = content(keeping.keep(person, Finding.objects.get(pk=shown.pk)))
    assert [one["name"] for one in said["items"]["list"]] == ["Before"]
    assert said["sources"][0]["state"] == "complete", "how it was seen then, not how it was read since"


def test_what_was_forgotten_since_is_not_kept_as_if_nothing_had_been_there() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": [app("1")]})
    shown = finding_of(person)
    audit_with(person, connection, {"drive_apps": []})
    Item.objects.filter(finding=shown).delete()
    with pytest.raises(keeping.NoLongerWhole):
        keeping.keep(person, Finding.objects.get(pk=shown.pk))
    assert not Record.objects.exists()


def test_a_look_that_was_stopped_is_not_what_it_was_judged_from() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": [app("1")]})
    stopped = Audit.objects.create(person=person, state="cancelled", created_at=timezone.now())
    SourceRun.objects.create(
        audit=stopped, person=person, connection=connection, source="drive_apps", state="failed", why="stopped",
        seen_at=timezone.now(),
    )  # fmt: skip
    assert content(keeping.keep(person, finding_of(person)))["sources"][0]["state"] == "complete"


# --------------------------------------------------------------------------- what no longer fits


def test_another_text_or_another_hash_is_noticed() -> None:
    person, _, record = kept()
    other = keeping.text_of(record).replace("App 0", "App 9")
    Record.objects.filter(pk=record.pk).update(content_sealed=seal(other, str(person.pk)))
    found = record_page(Record.objects.get(pk=record.pk))
    assert found.card is not None
    assert not found.fits
    Record.objects.filter(pk=record.pk).update(content_sealed=record.content_sealed, sha256="0" * 64)
    assert not keeping.check(Record.objects.get(pk=record.pk))


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "{", '{"verdict": 1}'])
def test_a_text_of_another_form_is_no_page(text: str) -> None:
    person, _, record = kept()
    Record.objects.filter(pk=record.pk).update(content_sealed=seal(text, str(person.pk)))
    found = record_page(Record.objects.get(pk=record.pk))
    assert (found.card, found.fits) == (None, False)


def test_what_cannot_be_opened_is_said_and_breaks_nothing() -> None:
    _, _, record = kept()
    Record.objects.filter(pk=record.pk).update(content_sealed=seal(keeping.text_of(record), "somebody else"))
    found = record_page(Record.objects.get(pk=record.pk))
    assert (found.card, found.fits) == (None, False)
    assert found.title == "Apps that can open all your Drive files"


# --------------------------------------------------------------------------- bounds


def test_there_is_an_end_to_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    person, _, _ = kept()
    monkeypatch.setattr(keeping, "MOST_RECORDS", 1)
    with pytest.raises(keeping.TooManyRecords):
        keeping.keep(person, finding_of(person))
    assert Record.objects.filter(person=person).count() == 1
    assert TimelineEntry.objects.filter(kind="record_kept").count() == 1
    other, there = person_with_connection("bob@gmail.test")
    audit_with(other, there, {"drive_apps": [app("1")]})
    keeping.keep(other, finding_of(other))


def test_more_things_than_a_record_holds_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_text, "MOST_ITEMS", 3)
    _, _, record = kept(apps=5)
    assert {key: content(record)["items"][key] for key in ("counted", "kept")} == {"counted": 5, "kept": 3}
    card = record_page(record).card
    assert card is not None
    assert card.items_note == "This record holds 3 of 5 things that were counted."


def test_a_long_record_comes_a_page_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audits.audit.tell.record.MOST_SHOWN_TEXT", 10_000)
    _, _, record = kept(apps=ITEMS_A_PAGE + 5)
    first, last = record_page(record, 1).card, record_page(record, 9).card
    assert first is not None
    assert last is not None
    assert (len(first.items), len(last.items), last.page.number) == (ITEMS_A_PAGE, 5, 2)
    assert first.text == "", "too long for a page"
    whole = record_page(record, whole=True).card
    assert whole is not None
    assert (len(whole.items), whole.page.count) == (ITEMS_A_PAGE + 5, 1)


def test_the_list_opens_nothing_and_costs_the_same(django_assert_num_queries: Any) -> None:
    person, _, record = kept()
    Record.objects.filter(pk=record.pk).update(content_sealed=b"broken")
    for _ in range(30):
        keeping.keep(person, finding_of(person))
    with django_assert_num_queries(2):
        pages = records(person, 1)
    assert (len(pages.rows), pages.page.total, pages.page.count) == (25, 31, 2)
    assert len(records(person, 2).rows) == 6


def test_keeping_and_deleting_stand_in_the_timeline() -> None:
    _, _, record = kept()
    person = record.person
    keeping.delete(record)
    texts = [line.text for day in tell.timeline(person, 1).days for line in day.entries]
    assert texts[0] == "You deleted a record: Apps that can open all your Drive files."
    assert texts[1] == "You kept a record: Apps that can open all your Drive files."
    assert not Record.objects.exists()


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__
