"""The page on which a Person lets us look again by ourselves, and what other pages say of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from audits.audit import asks, schedule
from audits.models import Every, PausedBy, Person, Schedule
from tests.dashboard.conftest import Scene, signed_in

WEEKLY = {"every": "week", "weekday": "6", "day": "1", "hour": "18"}
MONTHLY = {"every": "month", "weekday": "6", "day": "31", "hour": "3"}


def choose(client: Client, form: dict[str, str]) -> Any:
    return client.post("/again/", form)


def test_at_first_we_look_only_when_asked(alice: Scene) -> None:
    page = alice.client.get("/again/").text
    assert 'value="off" checked' in page
    assert "As it is now" not in page
    assert "We look only when you ask." in alice.client.get("/overview/").text
    assert "We look only when you ask." in alice.client.get("/account/").text


@pytest.mark.parametrize(
    ("form", "kept", "said"),
    [
        (WEEKLY, ("week", 6, None, 18), "Every week, on Sunday"),
        (MONTHLY, ("month", None, 31, 3), "Every month, on day 31, or the last day of a shorter month"),
        ({"every": "week", "weekday": "0", "hour": "0"}, ("week", 0, None, 0), "Every week, on Monday"),
        ({**MONTHLY, "day": "28", "weekday": "99"}, ("month", None, 28, 3), "Every month, on day 28"),
    ],
)
def test_what_is_chosen_is_kept_and_said_everywhere(
    alice: Scene, form: dict[str, str], kept: tuple[Any, ...], said: str
) -> None:
    answer = choose(alice.client, form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/again/")
    row = Schedule.objects.get(person=alice.person)
    assert (row.every, row.weekday, row.day, row.hour) == kept
    page = alice.client.get("/again/").text
    assert f"<dd>{said}</dd>" in page
    assert f'value="{form["every"]}" checked' in page
    for path in ("/overview/", "/overview/who/", "/account/"):
        text = alice.client.get(path).text
        assert "We look again by ourselves: " in text
        assert "about" in text
        assert "We look only when you ask" not in text


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"every": "day"},
        {"every": "week"},
        {"every": "week", "weekday": "1"},
        {"every": "week", "weekday": "7", "hour": "1"},
        {"every": "week", "weekday": "-1", "hour": "1"},
        {"every": "week", "weekday": "1", "hour": "24"},
        {"every": "month", "day": "0", "hour": "1"},
        {"every": "month", "day": "32", "hour": "1"},
        {"every": "month", "day": "1", "hour": "١"},
        {"every": "month", "day": "1\x00", "hour": "1"},
        {"every": "week" * 10_000, "weekday": "1", "hour": "1"},
    ],
)
def test_what_the_page_never_offered_is_not_taken(alice: Scene, form: dict[str, str]) -> None:
    answer = choose(alice.client, form)
    assert answer.status_code == 400
    assert "field__error" in answer.text
    assert not Schedule.objects.exists()


def test_off_again_leaves_nothing(alice: Scene) -> None:
    choose(alice.client, WEEKLY)
    choose(alice.client, {"every": "off", "weekday": "99"})
    assert not Schedule.objects.exists()
    assert "We look only when you ask." in alice.client.get("/account/").text


def test_pause_and_go_on(alice: Scene) -> None:
    choose(alice.client, WEEKLY)
    assert alice.client.post("/again/pause/").status_code == 303
    assert "Paused, as you chose" in alice.client.get("/again/").text
    assert "Looking by ourselves is paused. We look when you ask." in alice.client.get("/overview/").text
    assert alice.client.post("/again/on/").status_code == 303
    assert Schedule.objects.get().next_at is not None


def test_choosing_anew_ends_a_pause(alice: Scene) -> None:
    choose(alice.client, WEEKLY)
    alice.client.post("/again/pause/")
    choose(alice.client, MONTHLY)
    assert Schedule.objects.get().paused_by == ""


def test_a_lost_account_is_said_in_one_notice(alice: Scene) -> None:
    choose(alice.client, WEEKLY)
    asks.mark_dead(alice.connection, "invalid_grant")
    for path in ("/overview/", "/overview/who/"):
        assert alice.client.get(path).text.count("Looking again by ourselves is paused: no connected") == 1
    page = alice.client.get("/again/").text
    assert "It is paused: no connected Google account lets us look just now." in page
    assert "Paused, until an account lets us look" in page


def test_the_zone_of_the_browser_is_kept_with_the_choice(alice: Scene) -> None:
    alice.client.cookies["zone"] = "Europe/Berlin"
    assert "as this browser says: Europe, Berlin. We keep that with your choice." in alice.client.get("/again/").text
    choose(alice.client, WEEKLY)
    alice.client.cookies["zone"] = "Asia/Tokyo"
    assert Person.objects.get(pk=alice.person.pk).time_zone == "Europe/Berlin"
    assert "Your clock: Europe, Berlin." in alice.client.get("/again/").text


def test_without_any_zone_it_is_utc_and_says_so(alice: Scene) -> None:
    assert "so the hour is in UTC" in alice.client.get("/again/").text
    choose(alice.client, WEEKLY)
    assert Person.objects.get(pk=alice.person.pk).time_zone == ""
    assert " UTC</dd>" in alice.client.get("/again/").text


def test_another_zone_on_the_page_of_your_data_moves_it(alice: Scene) -> None:
    alice.client.cookies["zone"] = "Europe/Berlin"
    choose(alice.client, WEEKLY)
    before = Schedule.objects.get().next_at
    alice.client.post("/account/zone/", {"zone": "Asia/Tokyo"})
    assert Schedule.objects.get().next_at != before
    assert "Sunday" in alice.client.get("/again/").text


def test_without_an_account_the_page_says_what_it_needs(db: None) -> None:
    person = Person.objects.create_user()
    client = signed_in(person)
    page = client.get("/again/").text
    assert "It needs a connected account" in page
    assert 'name="every"' not in page
    assert choose(client, WEEKLY).status_code == 303
    assert "connect a Google account first" in client.get("/again/").text
    assert not Schedule.objects.exists()


def test_whose_account_is_gone_can_still_turn_it_off(db: None) -> None:
    person = Person.objects.create_user()
    schedule.choose(person, schedule.Choice(every=Every.WEEK, weekday=1, hour=1))
    assert Schedule.objects.get().paused_by == PausedBy.CONNECTION
    choose(signed_in(person), {"every": "off"})
    assert not Schedule.objects.exists()


def test_a_stranger_changes_only_their_own(alice: Scene, bob: Client) -> None:
    choose(alice.client, WEEKLY)
    for path in ("/again/pause/", "/again/on/"):
        bob.post(path)
    choose(bob, {"every": "off"})
    row = Schedule.objects.get()
    assert (row.person, row.paused_by) == (alice.person, "")


@pytest.mark.parametrize("path", ["/again/pause/", "/again/on/"])
def test_a_link_changes_nothing(alice: Scene, path: str) -> None:
    assert alice.client.get(path).status_code == 405


def test_the_page_costs_few_queries(alice: Scene, django_assert_max_num_queries: Any) -> None:
    choose(alice.client, WEEKLY)
    alice.client.get("/again/")  # says that it was kept
    with django_assert_max_num_queries(4):
        alice.client.get("/again/")
