from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audits.facts import ItemAnswer, VerdictState, Why
from audits.models import AnswerToCheck, AnswerToItem, Finding
from tests.audit import scenes
from tests.dashboard.conftest import Scene


def page(scene: Scene, finding: Finding, query: str = "") -> str:
    answer = scene.client.get(reverse("check", args=[finding.public_id]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def messages_of(answer: Any) -> list[str]:
    return [str(message) for message in answer.wsgi_request._messages]


def test_a_check_shows_its_items(alice: Scene) -> None:
    text = page(alice, alice.finding())
    assert "<bdi>PicPolish</bdi>" in text
    assert "<bdi>QuizTown</bdi>" in text


def test_answers_are_kept_and_said_calmly(alice: Scene) -> None:
    finding = alice.finding()
    one, other = finding.items.all()
    answer = alice.client.post(
        reverse("answer-items", args=[finding.public_id]),
        {f"item-{one.key}": "known", f"was-{one.key}": "", f"item-{other.key}": "leave", f"was-{other.key}": ""},
    )
    assert answer.status_code == 303
    assert answer["Location"] == reverse("check", args=[finding.public_id])
    assert messages_of(answer) == ["Kept. This changes nothing in your accounts."]
    kept = {row.item_key: row.answer for row in AnswerToItem.objects.filter(person=alice.person)}
    assert kept == {one.key: ItemAnswer.KNOWN, other.key: ItemAnswer.LEAVE}
    finding.refresh_from_db()
    assert finding.verdict == VerdictState.LOOKS_FINE


def test_answers_on_a_later_page_come_back_to_it(alice: Scene) -> None:
    finding = alice.finding()
    answer = alice.client.post(reverse("answer-items", args=[finding.public_id]), {"page": "3"})
    assert answer["Location"].endswith("?page=3#saw")
    assert messages_of(answer) == ["You chose nothing new, so there was nothing to keep."]


def test_a_guided_answer_is_kept_as_told(alice: Scene) -> None:
    finding = alice.finding("two_step")
    answer = alice.client.post(reverse("answer-check", args=[finding.public_id]), {"answer": "as_it_should_be"})
    assert answer.status_code == 303
    finding.refresh_from_db()
    assert (finding.verdict, finding.rung) == (VerdictState.LOOKS_FINE, "told")
    assert "You told us" in page(alice, finding)


def test_no_guided_answer_is_no_error(alice: Scene) -> None:
    finding = alice.finding("two_step")
    answer = alice.client.post(reverse("answer-check", args=[finding.public_id]), {"answer": "nonsense"})
    assert answer["Location"].endswith("#tell")
    assert not AnswerToCheck.objects.exists()


def test_leaving_it_and_taking_it_up_again(alice: Scene) -> None:
    finding = alice.finding()
    address = reverse("leave-check", args=[finding.public_id])
    assert alice.client.post(address)["Location"] == reverse("overview")
    assert "Left as it is for now" in alice.client.get(reverse("overview")).content.decode()
    assert "Take it up again" in page(alice, finding)
    assert alice.client.post(address, {"again": "1"}).status_code == 303
    assert "Take it up again" not in page(alice, finding)


def test_where_nothing_settled_it_the_guided_way_comes_first(alice: Scene) -> None:
    text = page(alice, alice.finding("two_step"))
    assert "Look together" in text
    assert text.index('id="look"') < text.index('id="how"')
    assert "is off" not in text.split('id="tell"')[0].replace("does not mean that it is off", "")


def test_where_it_was_seen_the_items_come_first(alice: Scene) -> None:
    text = page(alice, alice.finding())
    order = [text.index(f'id="{name}"') for name in ("saw", "how", "why", "before", "steps", "undo", "leave")]
    assert order == sorted(order)


def test_a_rung_that_is_open_leads_to_the_look_that_opens_it(alice: Scene) -> None:
    scenes.audit_with(alice.person, alice.connection, {"drive_apps": Why.NOT_ASKED})
    ladder = page(alice, alice.finding()).split('class="ladder"')[1]
    assert f'href="{reverse("looks")}#look-drive_apps-{str(alice.connection.public_id)[:8]}"' in ladder


def test_a_check_about_a_person_leads_to_the_list_of_names(alice: Scene) -> None:
    assert f'href="{reverse("names")}"' in page(alice, alice.finding("files_one_person"))


def test_an_older_address_leads_to_what_was_seen_last(alice: Scene) -> None:
    before = alice.finding()
    scenes.audit_with(alice.person, alice.connection, {"drive_apps": [scenes.app("1")]})
    answer = alice.client.get(reverse("check", args=[before.public_id]))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("check", args=[alice.finding().public_id])


def test_a_check_that_is_no_more_is_not_found(alice: Scene) -> None:
    finding = alice.finding()
    Finding.objects.filter(pk=finding.pk).update(check_id="gone_since")
    assert alice.client.get(reverse("check", args=[finding.public_id])).status_code == 404


@pytest.mark.parametrize("name", ["check", "answer-items", "answer-check", "leave-check", "look-again"])
def test_a_stranger_finds_nothing(alice: Scene, bob: Client, name: str) -> None:
    address = reverse(name, args=[alice.finding().public_id])
    answer = bob.get(address) if name == "check" else bob.post(address, {"answer": "leave"})
    assert answer.status_code == 404
    assert not AnswerToCheck.objects.exists()


@pytest.mark.parametrize("wanted", ["0", "-1", "2", "999999999999", "x", "٣", "", "1e3"])
def test_any_page_number_is_a_page(alice: Scene, wanted: str) -> None:
    assert "<bdi>PicPolish</bdi>" in page(alice, alice.finding(), f"?page={wanted}")
