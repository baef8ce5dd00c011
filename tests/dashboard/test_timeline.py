"""The timeline, narrowed and paged; what a card tells of its past; how much in each month."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audits.audit import answers, keeping, tell
from audits.audit.unseen import SILENT
from audits.checks.catalogue import CHECKS
from audits.facts import ItemAnswer, Why
from audits.models import Audit, Change, NamedDevice, NamedPerson, Person, Summary
from audits.models.sealing import lookup_key
from tests.audit.scenes import app, audit_with
from tests.dashboard.conftest import Scene, signed_in

WIDE = "drive_wide_apps"
CODE = CHECKS[WIDE].code


@pytest.fixture
def busy(alice: Scene) -> Scene:
    """Two looks, of which the second found something new; and one of everything that a person can decide."""
    audit_with(alice.person, alice.connection, {"drive_apps": [app("1", "PicPolish"), app("3", "Fresh Filter")]})
    finding = alice.finding()
    item = next(one for one in finding.items.all() if one.content["name"] == "PicPolish")
    answers.answer_items(alice.person, finding, {item.key: ItemAnswer.KNOWN})
    answers.leave(alice.person, finding)
    keeping.keep(alice.person, finding)
    for model, name in ((NamedPerson, "Robin"), (NamedDevice, "Old phone")):
        named = model(person=alice.person, **{_key(model): lookup_key("name", name)})
        named.label = name
        named.save()
    return alice


def _key(model: type) -> str:
    return "address_key" if model is NamedPerson else "label_key"


def lines(person: Person, **narrowed: Any) -> list[str]:
    told = tell.timeline(person, 1, **narrowed)
    return [f"{line.word}: {line.name}: {line.text}" for day in told.days for line in day.entries]


def page(client: Client, **query: str) -> str:
    answer = client.get(reverse("timeline"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_everything_stands_there_once(busy: Scene) -> None:
    told = lines(busy.person)
    title = CHECKS[WIDE].words.short
    assert told.count("You said: PicPolish: I know this") == 1
    assert told.count(f"You said: {title}: Leave it for now.") == 1
    assert told.count("You named: Robin: Somebody you have in mind") == 1
    assert told.count("You named: Old phone: A device you have in mind") == 1
    assert len([one for one in told if f"You kept a record: {title}." in one]) == 1
    assert len([one for one in told if "We looked at everything" in one]) == 2
    assert len([one for one in told if one.startswith(("New: Fresh Filter", "Gone: QuizTown"))]) == 4, "in two lists"


@pytest.mark.parametrize(
    ("kind", "there", "not_there"),
    [
        ("changes", "Fresh Filter", "You said"),
        ("decided", "You said", "Fresh Filter"),
        ("looks", "We looked at everything", "You said"),
        ("kept", "You kept a record", "We looked at everything"),
    ],
)
def test_it_can_be_narrowed_to_a_kind(busy: Scene, kind: str, there: str, not_there: str) -> None:
    text = page(busy.client, kind=kind)
    assert there in text
    assert not_there not in text
    assert re.search(rf'href="[^"]*kind={kind}" aria-current="true"', text)


def test_it_can_be_narrowed_to_a_check_and_to_an_account(busy: Scene) -> None:
    place = f"{CODE}-{busy.connection.public_id}"
    for about in (CODE, place):
        text = page(busy.client, about=about)
        assert "About one check" in text
        assert {"Fresh Filter", "QuizTown", "I know this", "Leave it for now.", "You kept a record"} <= set(
            re.findall("Fresh Filter|QuizTown|I know this|Leave it for now.|You kept a record", text)
        )
        assert "We looked at everything" not in text
        assert "Robin" not in text
        assert f"kind=decided&amp;about={about}" in text, "both at once"
    both = page(busy.client, about=place, kind="decided")
    assert "I know this" in both
    assert "Fresh Filter" not in both


def test_what_names_nothing_is_everything_or_not_found(busy: Scene, bob: Client) -> None:
    assert "Fresh Filter" in page(busy.client, kind="<script>")
    place = f"{CODE}-{busy.connection.public_id}"
    for client, about in ((bob, place), (busy.client, "nothing"), (busy.client, f"{CODE}-{uuid4()}"), (bob, "\x00")):
        assert client.get(reverse("timeline"), {"about": about}).status_code == 404
    assert "Fresh Filter" not in page(bob, about=CODE)


def test_an_answer_to_what_is_gone_keeps_its_name(busy: Scene) -> None:
    audit_with(busy.person, busy.connection, {"drive_apps": []})
    busy.finding().items.all().delete()
    assert "You said: PicPolish: I know this" in lines(busy.person)
    Change.objects.filter(person=busy.person).delete()
    busy.person.audits.all().delete()
    assert "You said: Something that is no longer listed: I know this" in lines(busy.person)


def test_a_hundred_pages_cost_as_much_as_one(busy: Scene) -> None:
    def cost(number: int) -> int:
        with CaptureQueriesContext(database) as asked:
            told = tell.timeline(busy.person, number)
        assert told.page.number == number
        assert sum(len(day.entries) for day in told.days) <= 50
        return len(asked)

    few = cost(1)
    audit = Audit.objects.filter(person=busy.person).latest("pk")
    change = Change.objects.filter(audit=audit, kind="new").first()
    assert change is not None
    old = timezone.now() - timedelta(days=9)
    rows = [
        Change(
            **{name: getattr(change, name) for name in ("audit", "person", "connection", "check_id", "kind")},
            content_sealed=change.content_sealed,
            item_key=str(number),
            at=old,
        )
        for number in range(5000)
    ]
    Change.objects.bulk_create(rows)
    assert cost(1) == few
    assert cost(100) <= few
    assert tell.timeline(busy.person, 10**6).page.number > 100


def test_what_waits_in_silence_is_nowhere(alice: Scene) -> None:
    for said in ([], Why.BUSY):
        audit_with(alice.person, alice.connection, {"drive_apps": said})
    assert Change.objects.filter(person=alice.person, item_key=SILENT).exists()
    assert not [line for line in lines(alice.person) if "0 things" in line]
    assert "0 things" not in alice.client.get(reverse("overview")).text
    assert "0 things" not in alice.client.get(reverse("check", args=[alice.finding().public_id])).text


def test_the_overview_tells_what_changed_since_the_look_before_also_after_a_part_was_looked_at_again(
    alice: Scene,
) -> None:
    audit_with(alice.person, alice.connection, {"drive_apps": [app("3", "Fresh Filter")]})
    audit_with(alice.person, alice.connection, {"drive_apps": [app("3", "Fresh Filter")]}, only_checks=[WIDE])
    told = tell.overview(alice.person)
    assert "Fresh Filter" in {change.name for change in told.changes}
    assert told.since


def test_a_card_tells_its_own_past(busy: Scene) -> None:
    text = busy.client.get(reverse("check", args=[busy.finding().public_id])).text
    past = text[text.index('id="over-time"') :]
    assert "Fresh Filter" in past
    assert "Leave it for now." in past
    assert f"?about={CODE}-{busy.connection.public_id}" in past
    other = busy.client.get(reverse("check", args=[busy.finding("open_files").public_id])).text
    assert "Fresh Filter" not in other[other.index("<main") :]


# --------------------------------------------------------------------------- how much in each month


@pytest.fixture
def in_december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 15, 12, tzinfo=UTC))


def month(person: Person, name: str) -> tuple[int, int, int, int]:
    told = tell.over_time(person)
    return next((m.looks, m.seen, m.decided, m.changed) for m in (*told.months, *told.older) if m.name == name)


@pytest.mark.usefixtures("in_december")
def test_numbers_of_a_month(busy: Scene) -> None:
    looks, seen, decided, changed = month(busy.person, "December 2026")
    assert (looks, decided) == (2, 2)
    assert seen == 4, "two apps in two lists, in the last look"
    assert changed == 2, "what is new counts, what is gone does not"


@pytest.mark.usefixtures("in_december")
def test_nothing_rises_when_access_ends(busy: Scene) -> None:
    before = month(busy.person, "December 2026")
    audit_with(busy.person, busy.connection, {"drive_apps": []})
    looks, *rest = month(busy.person, "December 2026")
    assert looks == before[0] + 1
    assert all(now <= then for now, then in zip(rest, before[1:], strict=True))


@pytest.mark.usefixtures("in_december")
def test_months_without_anything_are_left_out_before_the_first(busy: Scene) -> None:
    Audit.objects.filter(person=busy.person).update(finished_at=datetime(2026, 10, 31, 23, 30, tzinfo=UTC))
    told = tell.over_time(busy.person)
    assert [one.name for one in told.months] == ["December 2026", "November 2026", "October 2026"]
    assert [bar.width for bar in told.months[1].bars] == [0, 0, 0]
    with timezone.override("Europe/Berlin"):
        assert [one.looks for one in tell.over_time(busy.person).months] == [0, 2], "by the clock of the person"


@pytest.mark.usefixtures("in_december")
def test_older_months_are_what_is_left_of_them(busy: Scene) -> None:
    numbers = {"audits": 4, "items": 30, "decided": 7, "changes": 2, "needs_look": 3}
    Summary.objects.create(person=busy.person, month=date(2025, 11, 1), numbers=numbers)
    Summary.objects.create(person=busy.person, month=date(2025, 10, 1), numbers={})
    assert month(busy.person, "November 2025") == (4, 30, 7, 2)
    assert month(busy.person, "October 2025") == (0, 0, 0, 0)
    assert len(tell.over_time(busy.person).months) == 12
    text = busy.client.get(reverse("over-time")).text
    assert "Only these numbers are left of them." in text


def test_the_picture_has_a_name_a_table_and_no_score(busy: Scene) -> None:
    text = busy.client.get(reverse("over-time")).text
    main = text[text.index("<main") : text.index("</main")]
    assert '<svg class="months__picture"' in main
    assert 'role="img" aria-labelledby="months-title"' in main
    assert "<table" in main
    assert "style=" not in main
    for word in ("score", "%", "streak", "well done", "points"):
        assert word not in main.lower()


def test_somebody_new_has_no_numbers_yet(db: None) -> None:
    client = signed_in(Person.objects.create_user())
    assert "Nothing yet." in client.get(reverse("over-time")).text
    assert "Nothing yet." in client.get(reverse("timeline")).text


def test_months_cost_a_constant_number_of_queries(busy: Scene, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(6):
        tell.over_time(busy.person)
