"""By who, beyond files: the calendars an address can see, the drives it belongs to, and the files it opened to you."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audits.audit import tell
from audits.facts import CalendarAccess, DriveMember, Fact, IncomingFile, Rung, Strength
from audits.models import Party, Person
from tests.audit.scenes import audit_with, file, person_with_connection

pytestmark = pytest.mark.django_db

EX, AUNT = "ex@x.test", "aunt@x.test"


def base(source: str) -> dict[str, Any]:
    return {
        "connection": "",
        "source": source,
        "seen_at": timezone.now(),
        "rung": Rung.LIVE,
        "strength": Strength.PROVES,
    }


def calendar(number: int, who: str, *, named: bool = False, kind: str = "user", role: str = "reader") -> Fact:
    return CalendarAccess(
        **base("calendar_sharing"),
        calendar_id=f"c{number}",
        calendar=f"Calendar {number}",
        kind=kind,
        role=role,
        address=who,
        named=named,
    )


def lent(number: int, owner: str) -> Fact:
    more: dict[str, Any] = {
        "name": f"Lent {number}",
        "mime_type": "text/plain",
        "link": "https://drive.google.com/x",
        "role": "writer",
    }
    return IncomingFile(**base("drive_incoming"), file_id=f"l{number}", owner=owner, named=owner.upper(), **more)


def member(who: str) -> Fact:
    return DriveMember(
        **base("drive_shared_drives"), drive_id="d", holds="Plan", kind="user", role="reader", address=who
    )


def people(person: Person) -> dict[str, str]:
    group = next(group for group in tell.by_who(person).groups if group.id == "people")
    return {row.name: row.text for row in group.rows}


def test_each_way_of_reaching_is_counted_and_the_named_person_comes_first() -> None:
    person, connection = person_with_connection(hosted_domain="x.test")
    said: dict[str, list[Fact]] = {
        "drive_outsiders": [file(str(n), source="drive_outsiders", people=[AUNT]) for n in range(9)],
        "calendar_sharing": [calendar(1, EX, named=True), calendar(2, EX), calendar(2, AUNT), calendar(3, "")],
        "drive_incoming": [lent(1, EX), lent(2, EX)],
        "drive_shared_drives": [member("out@y.test")],
    }
    audit_with(person, connection, said)
    assert list(people(person).items()) == [
        (EX, "Can see 2 calendars of yours. Owns 2 files that you can open."),
        (AUNT, "Can open 9 files. Can see 1 calendar of yours."),
        ("out@y.test", "Belongs to 1 shared drive of yours."),
    ]


def test_the_same_address_as_a_group_is_another_party() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"calendar_sharing": [calendar(1, AUNT), calendar(1, AUNT, kind="group")]})
    assert Party.objects.filter(person=person).count() == 2


def test_the_page_of_an_address_shows_calendars_and_files_of_its_own_and_where_to_look() -> None:
    person, connection = person_with_connection()
    calendars = [calendar(1, EX, role="owner"), calendar(2, EX, role="writer"), calendar(3, AUNT)]
    audit_with(person, connection, {"calendar_sharing": calendars, "drive_incoming": [lent(1, EX)]})
    card = tell.party(person, Party.objects.filter(person=person).first())  # type: ignore[arg-type]
    assert (card.name, card.named) == (EX, True)
    assert [(one.name, one.says) for one in card.calendars] == [
        ("Calendar 1", "Can see and change it, and decide who else can see it."),
        ("Calendar 2", "Can see and change what is in it."),
    ]
    assert [(one.name, one.says) for one in card.lent] == [("Lent 1", "You can open it and change it.")]
    assert {"calendar_sharing", "files_from_person"} <= {row.check_id for row in card.findings}


def test_a_calendar_that_is_open_to_everyone_stays_in_view() -> None:
    """No address stands for it, so it stands among what is not sorted by who."""
    person, connection = person_with_connection()
    audit_with(person, connection, {"calendar_sharing": [calendar(1, "", kind="public")]})
    look = next(group for group in tell.by_who(person).overview.groups if group.id == "look")
    assert [row.check_id for kind in look.kinds for row in kind.rows] == ["calendar_sharing"]


def test_what_is_counted_costs_no_more_queries() -> None:
    person, connection = person_with_connection()
    audit_with(person, connection, {"drive_outsiders": [file("1", source="drive_outsiders", people=[EX])]})
    few = queries(person)
    said: dict[str, list[Fact]] = {
        "drive_outsiders": [file(str(n), source="drive_outsiders", people=[EX, f"p{n}@x.test"]) for n in range(40)],
        "calendar_sharing": [calendar(n, EX) for n in range(40)],
        "drive_incoming": [lent(n, EX) for n in range(40)],
    }
    audit_with(person, connection, said)
    assert queries(person) == few
    card = tell.party(person, Party.objects.filter(person=person).first())  # type: ignore[arg-type]
    assert (len(card.items), len(card.calendars), len(card.lent)) == (25, 25, 25)


def queries(person: Person) -> tuple[int, int]:
    found = Party.objects.filter(person=person).first()
    assert found is not None
    with CaptureQueriesContext(database) as overview:
        tell.by_who(person)
    with CaptureQueriesContext(database) as page:
        tell.party(person, found)
    return len(overview), len(page)
