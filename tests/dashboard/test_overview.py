from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import F
from django.test import Client
from django.urls import reverse

from audits.models import Audit, AuditState, Connection, ConnectionState
from tests.dashboard.conftest import Scene, signed_in


def overview(client: Client, query: str = "") -> str:
    answer = client.get(reverse("overview") + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_check_stands_once_under_its_mark(alice: Scene) -> None:
    text = overview(alice.client)
    assert text.count(reverse("check", args=[alice.finding("two_step").public_id])) == 1
    assert "Needs a look" in text
    assert "Could not tell" in text


def test_before_the_first_look_there_is_one_thing_to_do(people: Any) -> None:
    text = overview(signed_in(people.alice))
    assert "Look now" in text
    assert "No Google account is connected" in text
    assert 'class="tally"' not in text


def test_a_waiting_look_says_so_and_asks_again_by_itself(alice: Scene) -> None:
    alice.client.post(reverse("audit-start"))
    text = overview(alice.client)
    assert "Waiting to begin." in text
    assert 'hx-trigger="every 2s"' in text
    assert "htmx-2.min.js" in text


def test_htmx_is_only_loaded_while_something_runs(alice: Scene) -> None:
    assert "htmx-2.min.js" not in overview(alice.client)


def test_nobody_working_on_it_is_said_with_its_reason(alice: Scene) -> None:
    alice.client.post(reverse("audit-start"))
    Audit.objects.update(created_at=F("created_at") - timedelta(minutes=5))
    assert "has not picked it up yet" in overview(alice.client)


def test_a_failed_look_keeps_what_was_seen(alice: Scene) -> None:
    alice.client.post(reverse("audit-start"))
    Audit.objects.filter(state=AuditState.QUEUED).update(state=AuditState.FAILED)
    text = overview(alice.client)
    assert "did not finish" in text
    assert "Needs a look" in text


def test_a_lost_account_can_be_connected_again(alice: Scene) -> None:
    Connection.objects.filter(pk=alice.connection.pk).update(state=ConnectionState.NEEDS_RECONNECTING)
    text = overview(alice.client)
    assert "Connect it again" in text
    assert "<bdi>alice@gmail.test</bdi>" in text


def test_show_me_another_puts_the_next_one_first(alice: Scene) -> None:
    first = alice.client.get(reverse("overview")).context["overview"].first
    another = alice.client.get(reverse("overview"), {"skip": str(first.finding)}).context["overview"].first
    assert another is None or first.another is None or another.finding == first.another


def test_by_who_has_its_own_address(alice: Scene) -> None:
    text = alice.client.get(reverse("overview-who")).content.decode()
    assert "<bdi>PicPolish</bdi>" in text
    assert f'href="{reverse("overview-who")}" aria-current="page"' in text


def test_bob_sees_nothing_of_alice(alice: Scene, bob: Client) -> None:
    for name in ("overview", "overview-who", "timeline"):
        assert "PicPolish" not in bob.get(reverse(name)).content.decode()


def test_a_party_shows_where_to_look_at_it(alice: Scene, bob: Client) -> None:
    party = alice.client.get(reverse("overview-who")).context["groups"][1].rows[0]
    address = reverse("party", args=[party.key])
    text = alice.client.get(address).content.decode()
    assert f"<h1><bdi>{party.name}</bdi></h1>" in text
    assert reverse("check", args=[alice.finding().public_id]) in text
    assert bob.get(address).status_code == 404


def test_changes_are_told_by_day(alice: Scene) -> None:
    text = alice.client.get(reverse("timeline")).content.decode()
    assert "What changed over time" in text


def test_a_group_that_does_not_exist_is_not_found(alice: Scene) -> None:
    assert alice.client.get(reverse("who-list"), {"of": "people"}).status_code == 200
    assert alice.client.get(reverse("who-list"), {"of": "<script>"}).status_code == 404
