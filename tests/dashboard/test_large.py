"""The whole catalogue for three accounts and three thousand items: as many queries as for one, and a light page."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from audits.audit.situation import Said, keep
from audits.checks.catalogue import CHECKS, RULED
from audits.facts import ItemKind, VerdictState
from audits.models import Audit, AuditState, Connection, Finding, Item, Person
from audits.models.sealing import lookup_key, seal
from tests.audit import scenes
from tests.dashboard.conftest import Scene, signed_in
from tests.dashboard.test_pages import static_paths, wire_size

ACCOUNTS = 3
ITEMS = 3000
MOST_QUERIES = 12
MOST_BYTES = 100_000
STATES = (VerdictState.NEEDS_LOOK, VerdictState.COULD_NOT_TELL, VerdictState.LOOKS_FINE)


@pytest.fixture
def crowded(db: None) -> Scene:
    """What a machine judges was judged for each account; half of the rest was answered, half waits."""
    person, first = scenes.person_with_connection()
    others = [another_connection(person, f"alice{number}@gmail.test") for number in range(ACCOUNTS - 1)]
    now = timezone.now()
    audit = Audit.objects.create(person=person, state=AuditState.FINISHED, created_at=now, finished_at=now)
    ruled = [finding(audit, connection, check) for connection in (first, *others) for check in RULED]
    alone = [check.id for check in CHECKS.values() if check.about == "person" and check.words.told]
    Finding.objects.bulk_create(ruled + [finding(audit, None, check, n) for n, check in enumerate(alone[::2])])
    keep(person, Said(worries=frozenset({"leak"}), danger=True))
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


def finding(audit: Audit, connection: Connection | None, check: str, number: int = 0) -> Finding:
    now = timezone.now()
    made = Finding(audit=audit, person=audit.person, connection=connection, check_id=check, judged_at=now, seen_at=now)
    made.verdict, made.reason, made.rung, made.strength = STATES[number % 3], "unreachable", "live", "proves"
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


def weight(text: str) -> int:
    """All that a first visit fetches, as it goes over the wire: the page, its sheets, scripts, drawings and font."""
    return len(gzip.compress(text.encode(), 6)) + sum(wire_size(path) for path in static_paths(text))


@pytest.mark.parametrize("name", ["overview", "overview-who", "all-checks", "timeline"])
def test_many_findings_cost_no_more_queries(crowded: Scene, django_assert_max_num_queries: Any, name: str) -> None:
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = crowded.client.get(reverse(name))
    assert answer.status_code == 200
    assert weight(answer.text) <= MOST_BYTES


def test_many_items_cost_no_more_queries(crowded: Scene, django_assert_max_num_queries: Any) -> None:
    address = reverse("check", args=[holder_of(crowded.person).public_id])
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = crowded.client.get(f"{address}?page=120")
    text = answer.content.decode()
    assert "Holiday picture 2999.jpg" in text
    assert text.count('class="item"') == 25
    assert "Page 120 of 120, 3000 in all" in text
    assert len(gzip.compress(answer.content)) < 20_000


def test_every_check_stands_there_once_for_each_account(crowded: Scene) -> None:
    text = crowded.client.get(reverse("all-checks")).text
    told = [check for check in CHECKS.values() if check.rule or check.words.told]
    about_accounts = [check for check in told if check.about == "account"]
    assert text.count("<bdi>alice1@gmail.test</bdi>") == len(about_accounts)
    alone = [check for check in told if check.about == "person"]
    assert text.count('<li class="row ') == len(about_accounts) * ACCOUNTS + len(alone)
