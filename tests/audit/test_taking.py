"""What is taken as data and brought back: answers with their old days, and never an old verdict."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from audits.audit import answers, guided, keeping, name_list, situation
from audits.audit.taking import bringing, content, reading
from audits.audit.taking.shape import Misshapen
from audits.audit.tell.card import card
from audits.audit.tell.record import record_page
from audits.checks.catalogue import CHECKS
from audits.facts import ItemAnswer, ItemKind, Rung, ToldAnswer, VerdictState
from audits.models import (
    AnswerToCheck,
    AnswerToItem,
    Finding,
    HelpSession,
    NamedDevice,
    NamedPerson,
    Person,
    Record,
    SessionNote,
    Situation,
    TimelineEntry,
    ToldItem,
)
from tests.audit import scenes
from tests.audit.taking_world import (
    APP,
    DEVICE,
    EMAIL,
    HELPER,
    LABEL,
    LINE,
    NAMED,
    OUTSIDER,
    OWN_NOTE,
    REACHED_AT,
    finding_of,
    naming_check,
    person_with_everything,
    plain_check,
)

pytestmark = pytest.mark.django_db
KINDS = (AnswerToCheck, AnswerToItem, ToldItem, NamedPerson, NamedDevice, Record, Situation, Finding, TimelineEntry)


@pytest.fixture
def data() -> bytes:
    """The file of somebody who then deleted everything."""
    person, _ = person_with_everything()
    taken = content.as_json(person)
    person.delete()
    return taken


def brought(data: bytes, person: Person | None = None) -> tuple[Person, bringing.Coming]:
    person = person or Person.objects.create_user()
    return person, bringing.bring(person, reading.read(data))


def rows(person: Person) -> dict[str, int]:
    return {kind.__name__: kind.objects.filter(person=person).count() for kind in KINDS}


# --------------------------------------------------------------------------- taking


def test_everything_that_is_theirs_is_in_it_and_no_token_or_key(data: bytes) -> None:
    text = data.decode()
    for name in (EMAIL, APP, OUTSIDER, NAMED, LABEL, DEVICE, LINE, HELPER, OWN_NOTE, REACHED_AT):
        assert name in text
    for secret in ("token", "refresh", "_sealed", "session", "item_key", "sub_key"):
        assert secret not in text


def test_sessions_with_helplines_are_in_it_and_do_not_come_back(data: bytes) -> None:
    taken = json.loads(data)
    helped, log = taken["helped"][0], taken["helped_log"]
    assert [one["check"] for one in helped["done"]] == ["drive_wide_apps"]
    assert [(one["check"], one["account"]) for one in helped["open"]] == [("two_step", "account-1")]
    assert helped["end"] == "caller"
    assert [line["kind"] for line in log] == ["ended", "looked", "let_in", "asked"]
    assert {line["helped"] for line in log} == {helped["id"]}
    assert len(taken["call_words"][0]["word"].split()) == 2
    person, _ = brought(data)
    assert not HelpSession.objects.filter(person=person).exists()
    assert not SessionNote.objects.filter(person=person).exists()


def test_the_file_says_what_did_not_fit_and_keeps_what_matters_most() -> None:
    person, _ = person_with_everything()
    whole = json.loads(content.as_json(person))
    small = json.loads(content.as_json(person, 10_000 + 2_500))
    assert set(whole["left_out"].values()) == {0}
    assert len(small["answers"]) == len(whole["answers"])
    assert small["left_out"]["records"] == 1
    assert small["left_out"]["findings"] == len(whole["findings"]) - len(small["findings"]) > 0
    reading.read(json.dumps(small).encode())


def test_taking_costs_a_constant_number_of_queries(django_assert_max_num_queries: Any) -> None:
    person, _ = person_with_everything()
    with django_assert_max_num_queries(28):
        content.as_json(person)


def test_a_record_of_every_check_reads_back() -> None:
    person, _ = person_with_everything()
    for finding in list(Finding.objects.filter(person=person, current=True)):
        keeping.keep(person, finding)
    found = reading.read(content.as_json(person))
    assert len(found.records) == Record.objects.filter(person=person).count() > 30


# --------------------------------------------------------------------------- bringing back


def test_answers_stand_again_with_their_old_day_from_a_file(data: bytes) -> None:
    person, _ = brought(data)
    answer = AnswerToCheck.objects.get(person=person, check_id=plain_check().id)
    finding = finding_of(person, plain_check())
    assert (finding.verdict, finding.rung) == (VerdictState.LOOKS_FINE, Rung.BROUGHT)
    assert finding.seen_at == answer.answered_at
    shown = card(finding)
    assert shown.how.startswith("From a file you brought, ")
    assert "seen on" not in shown.mark_word
    assert [one.state for one in shown.rungs if one.id == Rung.BROUGHT] == ["stands"]


def test_what_was_named_comes_with_its_answer_and_says_where_it_is_from(data: bytes) -> None:
    person, _ = brought(data)
    finding = finding_of(person, naming_check())
    assert finding.verdict == VerdictState.NEEDS_LOOK
    [item] = card(finding).items
    assert (item.name, item.answer) == (NAMED, ItemAnswer.UNKNOWN)
    assert item.says.startswith("From a file you brought")


def test_names_situation_records_and_item_answers_come_back(data: bytes) -> None:
    person, coming = brought(data)
    assert coming.counts == {"answers": 2, "told_items": 1, "item_answers": 2, "names": 2, "records": 1}
    [named] = NamedPerson.objects.filter(person=person)
    assert (named.label, named.address) == (LABEL, OUTSIDER)
    assert NamedDevice.objects.get(person=person).label == DEVICE
    said = situation.situation_of(person)
    assert (said.uses, said.worries, said.danger) == ({"google", "iphone"}, {"breakup"}, True)
    record = Record.objects.get(person=person)
    assert keeping.check(record)
    assert record_page(record).brought
    assert TimelineEntry.objects.get(person=person).kind == "brought_back"


def test_no_verdict_of_the_file_comes_in(data: bytes) -> None:
    person, _ = brought(data)
    begun = {naming_check().id, plain_check().id}
    assert set(Finding.objects.filter(person=person).values_list("check_id", flat=True)) == begun


def test_the_same_file_twice_changes_nothing_more(data: bytes) -> None:
    person, _ = brought(data)
    before = rows(person)
    _, again = brought(data, person)
    assert not again.anything
    assert rows(person) == before


def test_what_was_taken_and_is_still_here_is_not_doubled() -> None:
    person, _ = person_with_everything()
    before = rows(person)
    _, coming = brought(content.as_json(person), person)
    assert not coming.anything
    assert rows(person) == before
    assert finding_of(person, plain_check()).rung == Rung.TOLD


def test_a_newer_answer_is_never_replaced(data: bytes) -> None:
    person = Person.objects.create_user()
    answers.answer_check(person, guided.begin(person, plain_check(), None), ToldAnswer.SOMETHING_ODD)
    brought(data, person)
    finding = finding_of(person, plain_check())
    assert (finding.verdict, finding.rung) == (VerdictState.NEEDS_LOOK, Rung.TOLD)


def test_an_answer_that_was_overtaken_stays_so(data: bytes) -> None:
    changed = json.loads(data)
    for answer in changed["answers"]:
        answer["overtaken"] = True
    person, _ = brought(json.dumps(changed).encode())
    assert finding_of(person, plain_check()).verdict == VerdictState.NOT_CHECKED


def test_answers_about_an_account_go_to_that_account_or_wait() -> None:
    person, connection = scenes.person_with_connection("bob@gmail.test")
    check = next(c for c in CHECKS.values() if c.about == "account" and c.words.told and c.rule is None)
    answers.answer_check(person, guided.begin(person, check, connection), ToldAnswer.AS_IT_SHOULD_BE)
    data = content.as_json(person)
    person.delete()

    same, account = scenes.person_with_connection("bob@gmail.test")
    brought(data, same)
    assert AnswerToCheck.objects.get(person=same).connection == account
    account.delete()
    other, _ = scenes.person_with_connection("carol@gmail.test")
    brought(data, other)
    assert AnswerToCheck.objects.get(person=other).connection is None
    assert not Finding.objects.filter(person=other).exists()  # the Person is asked which account it was about


def test_somebody_under_18_gets_back_nothing_about_pictures(data: bytes) -> None:
    person = Person.objects.create_user()
    situation.keep(person, situation.said(uses=(), worries=(), young=True, danger=False))
    check = next(c for c in CHECKS.values() if c.words.fits.young == "read" and c.about == "person" and c.words.told)
    changed = json.loads(data)
    changed["answers"].append({**changed["answers"][0], "check": check.id, "answer": "as_it_should_be"})
    changed["item_answers"].append({**changed["item_answers"][0], "kind": "picture", "identity": "x"})
    _, coming = brought(json.dumps(changed).encode(), person)
    assert coming.left[bringing.YOUNG] == 2
    assert not AnswerToCheck.objects.filter(person=person, check_id=check.id).exists()
    assert situation.situation_of(person).young


def test_under_18_comes_in_only_where_nothing_would_have_to_close(data: bytes) -> None:
    changed = json.loads(data)
    changed["situation"]["young"] = True
    changed["item_answers"].append({**changed["item_answers"][0], "kind": "picture", "identity": "x"})
    file = json.dumps(changed).encode()
    fresh, coming = brought(file)
    assert situation.situation_of(fresh).young
    assert coming.left[bringing.YOUNG] == 1
    connected, _ = scenes.person_with_connection("carol@gmail.test")
    _, coming = brought(file, connected)
    assert not situation.situation_of(connected).young
    assert coming.left[bringing.YOUNG] == 1


def test_limits_hold(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_RECORDS", 0)
    monkeypatch.setattr(bringing, "MOST_ANSWERS", 1)
    monkeypatch.setattr(bringing, "FOR_A_PERSON", 0)
    monkeypatch.setattr(name_list, "MOST_DEVICES", 0)
    person, coming = brought(data)
    assert coming.left[bringing.FULL] == 4
    assert rows(person) | {"Record": 0, "ToldItem": 0, "NamedDevice": 0, "AnswerToCheck": 1} == rows(person)


def test_a_fault_half_way_leaves_everything_as_it_was(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person.objects.create_user()
    before = rows(person)

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(bringing, "judge_again", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        brought(data, person)
    assert rows(person) == before


def test_a_check_or_word_that_is_no_more_stays_out(data: bytes) -> None:
    changed = json.loads(data)
    changed["answers"][0]["check"] = "gone_since"
    changed["told_items"][0]["kind"] = ItemKind.CALENDAR.value
    changed["people"][0]["address"] = 'x" or "y@mail.test'
    _, coming = brought(json.dumps(changed).encode())
    assert coming.left[bringing.UNKNOWN] == 3


# --------------------------------------------------------------------------- what is refused


def changed_at(path: str, value: Any) -> Any:
    def change(data: dict[str, Any]) -> None:
        *parents, last = path.split(".")
        place: Any = data
        for key in parents:
            place = place[int(key)] if key.isdigit() else place[key]
        if value is KeyError:
            del place[last]
        else:
            place[last] = value

    return change


FAR = (timezone.now() + timedelta(days=2)).isoformat()
BAD: dict[str, Any] = {
    "another format": changed_at("format", "other"),
    "no version": changed_at("version", KeyError),
    "a version that is no number": changed_at("version", True),
    "an unknown key": changed_at("extra", 1),
    "an unknown key inside": changed_at("answers.0.extra", 1),
    "a missing key": changed_at("answers.0.rung", KeyError),
    "an answer that is none": changed_at("answers.0.answer", "perhaps"),
    "a rung that is none": changed_at("answers.0.rung", "sworn"),
    "a check that is a path": changed_at("answers.0.check", "../x"),
    "an answer of tomorrow": changed_at("answers.0.answered_at", FAR),
    "an answer of long ago": changed_at("answers.0.answered_at", "1970-01-01T00:00:00+00:00"),
    "a time without a zone": changed_at("answers.0.answered_at", "2026-01-01T00:00:00"),
    "a time that is none": changed_at("answers.0.answered_at", "yesterday"),
    "a day far off": changed_at("answers.0.again_on", "2999-01-01"),
    "a day that is none": changed_at("answers.0.again_on", "2026-02-31"),
    "an account that is not there": changed_at("answers.0.account", "account-9"),
    "too many answers": changed_at("answers", [{}] * 1_001),
    "no list": changed_at("answers", {}),
    "a name that is too long": changed_at("told_items.0.name", "x" * 201),
    "half a letter": changed_at("told_items.0.name", "\ud800"),
    "a NUL": changed_at("told_items.0.name", "a\x00"),
    "a kind that is none": changed_at("item_answers.0.kind", "soul"),
    "young that is neither": changed_at("situation.young", "yes"),
    "an hour that is none": changed_at("schedule.hour", 24),
    "a rhythm that is none": changed_at("schedule.every", "second"),
    "another hash": changed_at("records.0.sha256", "0" * 64),
    "another text": changed_at("records.0.text", "{}"),
    "another check of a record": changed_at("records.0.check", "two_step"),
    "a finding that is none": changed_at("findings.0.verdict", "clean"),
    "a count below zero": changed_at("findings.0.counted", -1),
    "a broken number": changed_at("findings.0.counted", 1.5),
    "an end that is none": changed_at("helped.0.end", "hung_up"),
    "a line that is none": changed_at("helped_log.0.kind", "listened"),
    "a step that is none": changed_at("helped_log.0.step", -1),
    "no object": lambda data: None,
}


@pytest.mark.parametrize("fault", BAD)
def test_a_file_that_is_not_as_we_write_it_is_refused_whole(fault: str, data: bytes) -> None:
    value = json.loads(data)
    BAD[fault](value)
    with pytest.raises(Misshapen):
        reading.read(json.dumps([] if fault == "no object" else value).encode())


@pytest.mark.parametrize(
    "junk",
    [b"", b"\xff\xfe", b"[" * 100_000, b'{"format":1,"format":2}', b'{"format": NaN}', b"9" * 10_000, b"null"],
)
def test_junk_is_refused(junk: bytes) -> None:
    with pytest.raises(Misshapen):
        reading.read(junk)


def test_a_newer_file_is_told_apart(data: bytes) -> None:
    value = json.loads(data)
    value["version"], value["new_part"] = 2, []
    with pytest.raises(reading.NewerVersion):
        reading.read(json.dumps(value).encode())


def test_a_changed_record_text_with_its_own_hash_is_still_no_record(data: bytes) -> None:
    value = json.loads(data)
    record = value["records"][0]
    inside = json.loads(record["text"])
    inside["verdict"]["mark"] = "<script>"
    record["text"] = json.dumps(inside)
    record["sha256"] = keeping.sha256_of(record["text"])
    with pytest.raises(Misshapen):
        reading.read(json.dumps(value).encode())


def test_what_waits_between_two_pages_holds_no_verdicts(data: bytes) -> None:
    less = reading.without_verdicts(data)
    assert reading.read(less) == reading.read(data)
    assert json.loads(less)["findings"] == json.loads(less)["items"] == json.loads(less)["helped"] == []


def test_a_file_from_before_helplines_comes_back(data: bytes) -> None:
    older = json.loads(data)
    for part in ("helped", "helped_log", "call_words"):
        del older[part]
        older["left_out"].pop(part, None)
    assert reading.read(json.dumps(older).encode()) == reading.read(data)
