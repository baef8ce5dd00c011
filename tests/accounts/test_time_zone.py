"""Times on the Person's own clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django import forms
from django.test import Client, RequestFactory, SimpleTestCase
from django.urls import reverse
from django.utils import timezone

from audits.accounts.forms import TimeZoneForm, zone_choices
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


@pytest.mark.parametrize("chosen", ["", "Asia/Tokyo"])
def test_the_list_of_zones_is_the_one_that_django_would_draw(chosen: str) -> None:
    drawn = str(TimeZoneForm(initial={"zone": chosen})["zone"].as_widget())
    plain = str(TimeZoneForm(initial={"zone": chosen})["zone"].as_widget(forms.Select(choices=zone_choices())))
    SimpleTestCase().assertHTMLEqual(drawn, plain)
    assert drawn.count(" selected") == 1


def test_a_zone_that_is_none_chooses_nothing_and_breaks_nothing() -> None:
    drawn = str(TimeZoneForm({"zone": '"><script>'})["zone"].as_widget())
    assert "script" not in drawn
    assert " selected" not in drawn
