"""Sixty findings and three thousand items: as many queries as for one, and a light page."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from audits.checks.catalogue import CHECKS
from audits.facts import ItemKind, VerdictState
from audits.models import Audit, AuditState, Connection, Finding, Item, Person
from audits.models.sealing import lookup_key, seal
from tests.audit import scenes
from tests.dashboard.conftest import Scene, signed_in

ACCOUNTS = 5
ITEMS = 3000
MOST_QUERIES = 12


@pytest.fixture
def crowded(db: None) -> Scene:
    person, first = scenes.person_with_connection()
    others = [another_connection(person, f"alice{number}@gmail.test") for number in range(ACCOUNTS - 1)]
    now = timezone.now()
    audit = Audit.objects.create(person=person, state=AuditState.FINISHED, created_at=now, finished_at=now)
    findings = [finding(audit, connection, check) for connection in (first, *others) for check in CHECKS]
    Finding.objects.bulk_create(findings)
    scene = Scene(person, first, audit, signed_in(person))
    holder = Finding.objects.get(person=person, connection=first, check_id="open_files")
    Finding.objects.filter(pk=holder.pk).update(item_count=ITEMS, open_count=ITEMS)
    Item.objects.bulk_create(item(holder, number) for number in range(ITEMS))
    scene.client.get("/")  # the first request of a sign-in notes when it began
    return scene


def another_connection(person: Person, email: str) -> Connection:
    made = Connection(person=person, sub_key=lookup_key("sub", email))
    made.email = email
    made.save()
    return made


def finding(audit: Audit, connection: Connection, check: str) -> Finding:
    now = timezone.now()
    made = Finding(audit=audit, person=audit.person, connection=connection, check_id=check, judged_at=now, seen_at=now)
    made.verdict, made.reason, made.rung, made.strength = VerdictState.NEEDS_LOOK, "unreachable", "live", "proves"
    made.values = {}
    return made


def item(holder: Finding, number: int) -> Item:
    content = {"identity": f"f{number}", "name": f"Holiday picture {number}.jpg", "says": "", "values": {}, "link": ""}
    return Item(
        finding=holder,
        person_id=holder.person_id,
        kind=ItemKind.FILE,
        key=f"{number:032x}",
        place=number,
        first_seen_at=holder.judged_at,
        content_sealed=seal(content, str(holder.person_id)),
    )


def holder_of(person: Person) -> Finding:
    return Finding.objects.get(person=person, item_count=ITEMS)


@pytest.mark.parametrize("name", ["overview", "overview-who", "timeline"])
def test_many_findings_cost_no_more_queries(crowded: Scene, django_assert_max_num_queries: Any, name: str) -> None:
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = crowded.client.get(reverse(name))
    assert answer.status_code == 200
    assert len(gzip.compress(answer.content)) < 20_000


def test_many_items_cost_no_more_queries(crowded: Scene, django_assert_max_num_queries: Any) -> None:
    address = reverse("check", args=[holder_of(crowded.person).public_id])
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = crowded.client.get(f"{address}?page=120")
    text = answer.content.decode()
    assert "Holiday picture 2999.jpg" in text
    assert text.count('class="item"') == 25
    assert "Page 120 of 120, 3000 in all" in text
    assert len(gzip.compress(answer.content)) < 20_000


def test_every_finding_names_its_account(crowded: Scene) -> None:
    text = crowded.client.get(reverse("overview")).content.decode()
    assert text.count("<bdi>alice3@gmail.test</bdi>") == len(CHECKS)
