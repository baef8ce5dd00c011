"""All records on one sheet: nothing but what stands in them, a list that can be checked, and counted where cut."""

from __future__ import annotations

import hashlib
import html
import io
import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from pypdf import PdfReader

from audits.audit import answers, guided, keeping, purging
from audits.audit.tell import kept_until, records_sheet
from audits.audit.tell.sentences import day_and_year
from audits.checks.catalogue import CHECKS
from audits.facts import ToldAnswer
from audits.models import Change, Finding, Person, Record, Summary, TimelineEntry
from audits.models.sealing import seal
from tests.audit import scenes
from tests.dashboard.conftest import Scene

SHEET, PDF, UNTIL = "records-sheet", "take-records", "kept-until"


def kept(alice: Scene) -> Record:
    return keeping.keep(alice.person, alice.finding())


def kept_told(person: Person) -> Record:
    finding = guided.begin(person, CHECKS["passkeys"], None)
    answers.answer_check(person, finding, ToldAnswer.AS_IT_SHOULD_BE)
    finding.refresh_from_db()
    return keeping.keep(person, finding)


def page(alice: Scene, name: str = SHEET) -> str:
    answer = alice.client.get(reverse(name))
    assert answer.status_code == 200
    return html.unescape(str(answer.text))


def test_the_sheet_says_how_each_thing_was_seen_and_when(alice: Scene) -> None:
    record = kept(alice)
    text = page(alice)
    for words in (
        "How we know: ",
        "Where we looked: ",
        "Checked for this sheet: text and hash fit.",
        "Not verified by",
    ):
        assert words in text, words
    assert str(record.public_id) in text
    assert re.sub(r"\s", "", record.sha256) in re.sub(r"<[^>]*>|\s", "", text)
    assert all(one.content["name"] in text for one in alice.finding().items.all()[:5])


def test_what_was_told_is_marked_as_told(alice: Scene) -> None:
    kept(alice)
    assert "Told: the person said so" not in page(alice)
    kept_told(alice.person)
    assert page(alice).count("Told: the person said so. This program did not see it.") == 1


def test_the_list_can_be_checked_by_anybody(alice: Scene) -> None:
    first, second = kept(alice), kept_told(alice.person)
    text = page(alice)
    found = re.search(r"<pre[^>]*>(.*?)</pre>", text, re.DOTALL)
    groups = re.findall(r"<span>([0-9a-f]{8})</span>", text)
    assert found
    assert hashlib.sha256(found[1].encode()).hexdigest() == "".join(groups[-8:])
    lines = found[1].splitlines()
    assert [line.split()[3:] for line in lines[1:]] == [[first.sha256, "fits"], [second.sha256, "fits"]]


def test_a_record_that_does_not_fit_or_open_says_so(alice: Scene) -> None:
    changed, broken = kept(alice), kept_told(alice.person)
    Record.objects.filter(pk=changed.pk).update(sha256="0" * 64)
    Record.objects.filter(pk=broken.pk).update(content_sealed=seal("{}", "somebody else"))
    sheet = records_sheet.records_sheet(alice.person)
    assert [line.split()[-1] for line in sheet.listed.splitlines()[1:]] == ["does-not-fit", "does-not-fit"]
    assert page(alice).count("Do not rely on this record") == 2


def test_it_is_cut_with_a_count_and_never_silently(alice: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scenes.audit_with(
        alice.person, alice.connection, {"drive_apps": [scenes.app(str(n), f"App {n}") for n in range(5)]}
    )
    for _ in range(3):
        kept(alice)
    monkeypatch.setattr(records_sheet, "ITEMS_A_RECORD", 3)
    monkeypatch.setattr(records_sheet, "ITEMS_IN_ALL", 4)
    entries = records_sheet.records_sheet(alice.person).sheet.sections[0].entries
    assert [len(one.items) for one in entries] == [3, 1, 0]
    assert ["and 2 more" in entries[0].more, "and 4 more" in entries[1].more, "and 5 more" in entries[2].more] == [
        True
    ] * 3
    monkeypatch.setattr(records_sheet, "MOST_OPENED", 10)
    sheet = records_sheet.records_sheet(alice.person)
    assert all("too long for this sheet" in " ".join(one.lines) for one in sheet.sheet.sections[0].entries)
    assert [line.split()[-1] for line in sheet.listed.splitlines()[1:]] == ["not-opened"] * 3


def test_nothing_of_anybody_else_and_a_constant_number_of_queries(alice: Scene) -> None:
    other, account = scenes.person_with_connection("omar@mail.test")
    scenes.audit_with(other, account, {"drive_apps": [scenes.app("1", "Of somebody else")]})
    keeping.keep(other, Finding.objects.get(person=other, check_id="drive_wide_apps", current=True))
    assert "There is none yet" in page(alice)
    kept(alice)
    with CaptureQueriesContext(connection) as few:
        page(alice)
    for _ in range(4):
        kept(alice)
    with CaptureQueriesContext(connection) as many:
        text = page(alice)
    assert len(many) == len(few)
    assert "Of somebody else" not in text


def test_the_pdf_leaves_only_after_step_up(alice: Scene) -> None:
    record = kept(alice)
    kept_told(alice.person)
    assert alice.client.post(reverse(PDF)).status_code == 403
    session = alice.client.session
    session["confirmed"] = {"person": alice.person.pk, "at": time.time()}
    session.save()
    answer = alice.client.post(reverse(PDF))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert re.fullmatch(r'attachment; filename="notes-[0-9-]{10}\.pdf"', answer["Content-Disposition"])
    text = re.sub(r"\s", "", "".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.content)).pages))
    for words in (record.sha256, str(record.public_id), "Told:thepersonsaidso", "SHA-256ofthislist"):
        assert words in text, words
    assert TimelineEntry.objects.filter(person=alice.person, kind="taken_paper").count() == 1


# --------------------------------------------------------------------------- in the timeline


def test_the_timeline_leads_to_a_record_while_it_is_there(alice: Scene) -> None:
    record, other = kept(alice), kept(alice)
    address = reverse("record", args=[record.public_id])
    assert page(alice, "timeline").count(address) == 1
    about = alice.client.get(reverse("timeline"), {"about": CHECKS[record.check_id].code})
    assert address in about.text
    keeping.delete(record)
    text = page(alice, "timeline")
    assert address not in text
    assert reverse("record", args=[other.public_id]) in text


# --------------------------------------------------------------------------- until when


def lines(person: Any) -> dict[str, kept_until.KeptLine]:
    return {line.name: line for line in kept_until.kept_until(person)}


def test_it_is_said_with_the_days_of_what_is_there(alice: Scene, settings: Any) -> None:
    settings.KEEP_HISTORY_DAYS = 365
    kept(alice)
    scenes.audit_with(alice.person, alice.connection, {"drive_apps": [scenes.app("77", "New")]})
    old = timezone.now() - timedelta(days=40)
    Change.objects.filter(person=alice.person).update(at=old)
    Finding.objects.filter(person=alice.person, current=False).update(judged_at=old - timedelta(days=2000))
    Summary.objects.create(person=alice.person, month=old.date().replace(day=1), numbers={})
    found = lines(alice.person)
    assert day_and_year(old) in found["What changed"].there
    assert f"The oldest goes on {day_and_year(purging.goes_on(old))}" in found["What changed"].until
    assert found["What checks came to before"].until == "The oldest goes within a day."
    assert "never goes by its age" in found["What each check came to last"].until
    assert "never go by their age" in found["Records you kept"].until
    assert found["Numbers of earlier months, without names"].there.startswith(date_format(old, "F Y"))
    text = page(alice, UNTIL)
    assert all(name in text for name in found)


def test_of_what_there_is_not_nothing_is_said(db: None) -> None:
    assert kept_until.kept_until(Person.objects.create_user()) == ()


def test_until_when_costs_a_constant_number_of_queries(alice: Scene) -> None:
    with CaptureQueriesContext(connection) as few:
        kept_until.kept_until(alice.person)
    for number in range(3):
        scenes.audit_with(alice.person, alice.connection, {"drive_apps": [scenes.app(str(number))]})
        kept(alice)
    with CaptureQueriesContext(connection) as many:
        kept_until.kept_until(alice.person)
    assert len(many) == len(few) <= 14
