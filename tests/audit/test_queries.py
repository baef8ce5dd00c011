"""Judging costs the same number of queries however many checks there are, and holds up nobody while it thinks."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from audits.audit import answers, work
from audits.audit import judge as judging
from audits.checks.catalogue import RULED
from audits.models import Change, Connection, Finding, Item, Person, Trigger
from tests.audit.scenes import Said, app, audit_with, file, keep_run, person_with_connection

pytestmark = pytest.mark.django_db


def queries_of_judging(person: Person, connection: Connection) -> int:
    """Of one audit in which something is new and something is gone."""
    audit = work.start(person, trigger=Trigger.PERSON)
    held = work.claim(audit.pk)
    assert held is not None
    keep_run(audit, connection, "drive_apps", [app("2", "Fresh")], None)
    keep_run(audit, connection, "drive_public", [file("b", anyone=True, picture=True)], None)
    with CaptureQueriesContext(database) as asked:
        judging.judge(held, audit)
    assert Change.objects.filter(audit=audit, kind="new").exists()
    assert Change.objects.filter(audit=audit, kind="gone").exists()
    return len(asked)


def test_judging_asks_the_database_as_often_for_three_checks_as_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    said: Said = {"drive_apps": [app("1")], "drive_public": [file("a", anyone=True, picture=True)]}
    few = {name: RULED[name] for name in ("drive_wide_apps", "open_files", "open_pictures")}
    counted = []
    for checks in (few, RULED):
        monkeypatch.setattr(judging, "RULED", checks)
        person, connection = person_with_connection()
        audit_with(person, connection, said)
        counted.append(queries_of_judging(person, connection))
        current = Finding.objects.filter(person=person, current=True)
        assert current.count() == len(checks)
        assert Item.objects.filter(person=person, finding__current=True).exists()
    assert counted[0] == counted[1] <= 30


def test_an_answer_that_comes_while_an_audit_is_judged_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_apps": [app("1")]})
    drafted: list[int] = []
    draft = judging.draft

    def answered_meanwhile(*arguments: Any) -> judging.Draft:
        found = draft(*arguments)
        if not drafted:
            answers.leave(person, Finding.objects.get(person=person, check_id="drive_wide_apps", current=True))
        drafted.append(1)
        return found

    monkeypatch.setattr(judging, "draft", answered_meanwhile)
    second = audit_with(person, connection, {"drive_apps": [app("1")]})
    finding = Finding.objects.get(audit=second, check_id="drive_wide_apps")
    assert finding.current
    assert finding.left_at is not None
    assert len(drafted) == 2


def test_without_an_answer_it_is_judged_once_and_outside_of_the_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    person, connection = person_with_connection()
    within: list[int] = []
    before = len(database.savepoint_ids)
    verdict_of = judging.verdict_of

    def watched(*arguments: Any) -> Any:
        within.append(len(database.savepoint_ids) - before)
        return verdict_of(*arguments)

    monkeypatch.setattr(judging, "verdict_of", watched)
    audit_with(person, connection, {"drive_apps": [app("1")]})
    assert within == [0] * len(RULED)
