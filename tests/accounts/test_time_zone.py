"""Times on the Person's own clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from audits.audit.tell.sentences import day_and_time
from audits.models import Person
from privacy_audit.security.local_time import zone_of

MIDNIGHT = datetime(2020, 6, 1, 23, 30, tzinfo=UTC)


def asked(zone: str, cookie: str = "") -> Any:
    request = RequestFactory().get("/")
    request.user = Person(time_zone=zone)
    request.COOKIES["zone"] = cookie
    return request


@pytest.mark.parametrize(
    ("zone", "cookie", "said"),
    [
        ("", "", "UTC"),
        ("", "Europe%2FBerlin", "Europe/Berlin"),
        ("", "Europe/Berlin", "Europe/Berlin"),
        ("Asia/Tokyo", "Europe/Berlin", "Asia/Tokyo"),
        ("", "../../etc/passwd", "UTC"),
        ("", "\x00", "UTC"),
        ("No/Where", "", "UTC"),
    ],
)
def test_what_was_chosen_comes_before_what_the_browser_says(zone: str, cookie: str, said: str) -> None:
    assert str(zone_of(asked(zone, cookie))) == said


def test_the_day_and_the_time_are_those_of_the_zone() -> None:
    with timezone.override("Europe/Berlin"):
        assert day_and_time(MIDNIGHT) == "2 June 2020 at 01:30"
    with timezone.override("UTC"):
        assert day_and_time(MIDNIGHT) == "1 June 2020 at 23:30 UTC"


@pytest.mark.django_db
def test_alice_chooses_a_zone_and_rubbish_changes_nothing(client: Client) -> None:
    alice = Person.objects.create_user()
    client.force_login(alice)
    client.post(reverse("time-zone"), {"zone": "Asia/Tokyo"})
    alice.refresh_from_db()
    assert alice.time_zone == "Asia/Tokyo"
    answer = client.post(reverse("time-zone"), {"zone": "<script>"}, follow=True)
    assert b"Nothing was changed" in answer.content
    alice.refresh_from_db()
    assert alice.time_zone == "Asia/Tokyo"
