from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F
from django.test import Client
from django.urls import reverse

from audits.checks.catalogue import CHECKS
from audits.models import Audit, AuditState, Connection, ConnectionState
from tests.audit import scenes
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


def test_before_the_first_look_there_is_one_thing_to_do_and_a_plan_below(db: None) -> None:
    person, _ = scenes.person_with_connection()
    text = overview(signed_in(person))
    assert "Look now" in text
    assert text.count('class="first"') == 1
    assert "What you can look at yourself" in text
    assert 'class="tally"' not in text


def test_without_an_account_there_is_no_look_and_a_quiet_way_to_connect(people: Any) -> None:
    text = overview(signed_in(people.alice))
    for words in ("Look now", "Look at everything again", "Open or close a look", "By who"):
        assert words not in text
    assert "Connect Google to let us look for you" in text
    assert 'class="tally"' not in text


def test_answering_puts_a_check_where_it_belongs(people: Any) -> None:
    browser = signed_in(people.alice)
    first = browser.get(reverse("overview")).context["overview"].first
    browser.post(reverse("blank-answer-check", args=[first.place]), {"answer": "something_odd"})
    now = browser.get(reverse("overview")).context["overview"]
    assert now.first.finding is not None
    assert (now.tally.look, now.tally.begun) == (1, True)
    browser.post(reverse("leave-check", args=[now.first.finding]))
    left = browser.get(reverse("overview")).context["overview"]
    assert [row.finding for row in left.plan.left] == [now.first.finding]


def test_every_check_is_reachable_and_its_page_opens(people: Any) -> None:
    browser = signed_in(people.alice)
    text = browser.get(reverse("all-checks")).text
    links = set(re.findall(r'href="(/c/[^"]+)"', text))
    assert len(links) == sum(1 for check in CHECKS.values() if check.words.told)
    for link in sorted(links)[::20]:
        assert browser.get(link).status_code == 200


def test_it_prints_with_its_date_and_folds_hide_nothing(people: Any) -> None:
    text = overview(signed_in(people.alice))
    assert "Printed on" in text
    assert "data-print" in text
    sheet = (Path(settings.BASE_DIR) / "static/css/components/print.css").read_text(encoding="utf-8")
    assert ".place > summary" in sheet
    assert "content-visibility: visible" in sheet


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
    assert first.another
    assert f"?skip={first.place}#first" in overview(alice.client)
    another = alice.client.get(reverse("overview"), {"skip": first.place}).context["overview"].first
    assert another.place != first.place
    for junk in ("<script>", "\x00", "a" * 500, str(first.finding)):
        again = alice.client.get(reverse("overview"), {"skip": junk}).context["overview"].first
        assert again.place == first.place


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
