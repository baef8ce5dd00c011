"""From kept facts to findings: one current finding a check, judged again when the Person answers."""

from __future__ import annotations

import pytest

from audits.audit import answers, forget, keep
from audits.audit.judge import item_key, judge, judge_again
from audits.audit.work import ClaimLost, claim, start
from audits.checks.catalogue import CHECKS, RULED
from audits.facts import ItemAnswer, ToldAnswer, VerdictState, Why
from audits.models import (
    Audit,
    AuditState,
    Finding,
    Item,
    Party,
    Person,
    SourceRun,
    Trigger,
)
from tests.audit.scenes import app, audit_with, file, keep_run, person_with_connection, two_step

pytestmark = pytest.mark.django_db
APPS = "drive_wide_apps"


def current(person: Person, check: str) -> Finding:
    return Finding.objects.get(person=person, check_id=check, current=True)


def test_every_check_with_a_rule_gets_one_current_finding() -> None:
    """The others are in no audit: their findings begin with an answer."""
    person, connection = person_with_connection()
    for _ in range(2):
        audit_with(person, connection, {"drive_apps": [app("1")]})
    found = Finding.objects.filter(person=person, current=True)
    assert sorted(found.values_list("check_id", flat=True)) == sorted(RULED)
    assert Finding.objects.filter(person=person).count() == 2 * len(RULED)


def test_looking_again_at_one_check_leaves_the_others_alone() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": [app("1")], "drive_public": [file("a", anyone=True)]})
    other = current(person, "two_step").pk
    audit_with(person, connection, {"drive_apps": []}, only_checks=[APPS])
    assert current(person, APPS).verdict == VerdictState.LOOKS_FINE
    assert current(person, "two_step").pk == other
    assert SourceRun.objects.filter(source="drive_public", current=True).count() == 1


def test_a_known_item_settles_the_finding_at_once_and_survives_the_next_audit() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": [app("1")]})
    finding = current(person, APPS)
    assert (finding.verdict, finding.open_count) == (VerdictState.NEEDS_LOOK, 1)
    key = Item.objects.get(finding=finding).key
    assert answers.answer_items(person, finding, {key: ItemAnswer.KNOWN}) == 1
    finding.refresh_from_db()
    assert (finding.verdict, finding.open_count) == (VerdictState.LOOKS_FINE, 0)
    audit_with(person, connection, {"drive_apps": [app("1")]})
    assert current(person, APPS).open_count == 0


def test_an_answer_to_somebody_elses_item_is_not_kept() -> None:
    alice, connection = person_with_connection()
    audit_with(alice, connection, {"drive_apps": [app("1")]})
    finding = current(alice, APPS)
    bob, _ = person_with_connection("bob@gmail.test")
    key = Item.objects.get(finding=finding).key
    assert answers.answer_items(bob, finding, {key: ItemAnswer.KNOWN}) == 0
    finding.refresh_from_db()
    assert finding.open_count == 1


def test_item_keys_differ_between_people() -> None:
    alice, connection = person_with_connection()
    audit_with(alice, connection, {"drive_apps": [app("1")]})
    bob, others = person_with_connection("bob@gmail.test")
    audit_with(bob, others, {"drive_apps": [app("1")]})
    assert Item.objects.filter(finding__check_id=APPS).values("key").distinct().count() == 2


def test_what_the_person_told_counts_at_once_and_leaving_keeps_the_verdict() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {})
    finding = current(person, "two_step")
    assert finding.verdict in (VerdictState.COULD_NOT_TELL, VerdictState.NOT_CHECKED)
    answers.answer_check(person, finding, ToldAnswer.AS_IT_SHOULD_BE)
    finding.refresh_from_db()
    assert (finding.verdict, finding.rung) == (VerdictState.LOOKS_FINE, "told")
    answers.answer_check(person, finding, ToldAnswer.OFF)
    finding.refresh_from_db()
    assert finding.verdict == VerdictState.NEEDS_LOOK
    answers.leave(person, finding)
    finding.refresh_from_db()
    assert finding.left_at is not None
    answers.take_up_again(person, finding)
    finding.refresh_from_db()
    assert finding.left_at is None
    assert finding.verdict == VerdictState.NEEDS_LOOK


def test_a_rule_that_breaks_tells_nothing_untrue(monkeypatch) -> None:
    def broken(evidence: object) -> None:
        raise ZeroDivisionError

    check = CHECKS[APPS]
    monkeypatch.setitem(check.__dict__, "judge", broken)
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": [app("1")]})
    finding = current(person, APPS)
    assert (finding.verdict, finding.reason) == (VerdictState.COULD_NOT_TELL, Why.OUR_FAULT)


def test_a_worker_that_lost_its_claim_writes_no_finding() -> None:
    person, connection = person_with_connection()
    audit = start(person, trigger=Trigger.PERSON)
    held = claim(audit.pk)
    assert held is not None
    keep_run(audit, connection, "drive_apps", [app("1")], None)
    Audit.objects.filter(pk=audit.pk).update(attempt=2)
    with pytest.raises(ClaimLost):
        judge(held, audit)
    assert not Finding.objects.exists()
    assert not Party.objects.exists()


def test_findings_from_before_any_account_end_when_one_is_connected() -> None:
    person = Person.objects.create_user()
    audit_with(person, None, {})
    assert Finding.objects.filter(person=person, current=True, connection=None).exists()
    _, connection = person_with_connection()
    connection.person = person
    connection.sub_sealed = connection.email_sealed = connection.hosted_domain_sealed = None
    connection.access_token_sealed = connection.refresh_token_sealed = None
    connection.save()
    audit_with(person, connection, {})
    assert not Finding.objects.filter(person=person, current=True, connection=None).exists()


def test_parties_gather_files_by_address_and_named_people_come_first() -> None:
    person, connection = person_with_connection()
    shared = [file(str(n), source="drive_outsiders", people=["many@x.test"]) for n in range(5)]
    named = file("0", source="drive_named", picture=True, named=["Ex@x.test"], people=["ex@x.test"])
    public = file("p", anyone=True, picture=True, located=True)
    audit_with(
        person,
        connection,
        {"drive_outsiders": shared, "drive_named": [named], "drive_public": [public], "drive_apps": [app("1")]},
    )
    found = [(party.kind, party.content["name"], party.content["files"]) for party in Party.objects.all()]
    assert found[0] == ("user", "ex@x.test", 1)
    assert ("user", "many@x.test", 5) in found
    assert ("link", "anyone", 1) in found
    assert ("app", "PicPolish", 0) in found


def test_closing_a_look_forgets_what_came_from_it() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": [app("1")], "drive_public": [file("a", anyone=True)]})
    forget.forget_sources(connection, ["drive_apps"])
    finding = current(person, APPS)
    assert finding.verdict == VerdictState.COULD_NOT_TELL
    assert not finding.items.exists()
    assert not SourceRun.objects.filter(source="drive_apps").exists()
    assert not Party.objects.filter(kind="app").exists()
    assert Party.objects.filter(kind="link").exists()


def test_facts_are_deleted_when_the_next_two_audits_are_done(settings) -> None:
    settings.KEEP_AUDITS = 2
    person, connection = person_with_connection()
    audits = []
    for _ in range(4):
        audits.append(audit_with(person, connection, {"drive_apps": [app("1")]}))
        keep.tidy(person)
    kept = SourceRun.objects.exclude(facts_sealed=None).values_list("audit_id", flat=True)
    assert set(kept) == {audit.pk for audit in audits[1:]}
    assert not Item.objects.filter(finding__audit=audits[0]).exists()


def test_names_and_answers_are_sealed_in_the_database() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": [app("secret-id", "Secret name")]})
    item = Item.objects.get(finding__check_id=APPS)
    assert b"Secret name" not in bytes(item.content_sealed)
    assert item.content["name"] == "Secret name"
    assert item.key != item_key(person.pk + 1, item_of(item))


def item_of(item: Item):
    from audits.facts import ItemKind, SeenItem

    return SeenItem(kind=ItemKind(item.kind), identity=item.content["identity"], name="", says="")


def test_an_audit_ends_finished_with_its_findings_or_not_at_all() -> None:
    person, connection = person_with_connection()
    audit = audit_with(person, connection, {"drive_apps": [app("1")]})
    assert audit.state == AuditState.FINISHED
    assert audit.finished_at is not None


def test_an_old_answer_does_not_come_back_when_a_later_proof_is_not_renewed() -> None:
    person, connection = person_with_connection("sam@shelter.test", "shelter.test")
    audit_with(person, connection, {"directory_user": Why.NOT_ASKED})
    answers.answer_check(person, current(person, "two_step"), ToldAnswer.AS_IT_SHOULD_BE)
    assert current(person, "two_step").verdict == VerdictState.LOOKS_FINE
    audit_with(person, connection, {"directory_user": [two_step(enrolled=False)]})
    assert current(person, "two_step").verdict == VerdictState.NEEDS_LOOK
    audit_with(person, connection, {"directory_user": Why.NOT_ASKED})
    assert current(person, "two_step").verdict == VerdictState.COULD_NOT_TELL
    answers.answer_check(person, current(person, "two_step"), ToldAnswer.AS_IT_SHOULD_BE)
    assert current(person, "two_step").verdict == VerdictState.LOOKS_FINE


def test_an_answer_that_comes_as_an_audit_ends_does_not_bring_the_older_finding_back() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": [app("1")]})
    older = current(person, APPS)
    audit_with(person, connection, {"drive_apps": [app("2")]})
    judge_again(older)
    older.refresh_from_db()
    assert not older.current
    assert current(person, APPS) != older
