"""Start here: nothing has to be answered, little is kept, and what is not ours is dropped."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audits.audit.situation import NOTHING, Said, keep, situation_of
from audits.checks.catalogue import COMMON
from audits.models import Person, ReturnCode, Situation
from privacy_audit.security.limits import LIMITS
from tests.dashboard.conftest import signed_in

pytestmark = pytest.mark.django_db

BEGIN = "/begin/"
FULL = {
    "uses": ["whatsapp", "iphone"],
    "worries": ["leak", "threat"],
    "age": "over",
    "danger": "keep",
    "device": "mine",
}


def newest() -> Person:
    [person] = Person.objects.all()
    return person


def test_everybody_can_begin_without_signing_in(client: Client) -> None:
    text = client.get(BEGIN).text
    for words in ("Is this device safe", "Are you in danger", "How old are you", "Skip the questions", "<b>112</b>"):
        assert words in text
    for key in (*COMMON.uses, *COMMON.worries):
        assert f'value="{key}"' in text
    assert "checked" not in text.split('name="age" value="under"')[1].split(">")[0]
    assert not Person.objects.exists()


def test_the_answers_make_a_plan_and_a_code(client: Client) -> None:
    answer = client.post(BEGIN, FULL)
    assert answer.headers["Location"] == reverse("return-code")
    said = situation_of(newest())
    assert said == Said(
        uses=frozenset({"whatsapp", "iphone"}), worries=frozenset({"leak", "threat"}), young=False, danger=True
    )
    assert ReturnCode.objects.filter(person=newest()).exists()
    assert client.get("/overview/").status_code == 200


@pytest.mark.parametrize("form", [{"skip": "1"}, {**FULL, "skip": "1"}, {}, {"device": "mine", "age": "over"}])
def test_nothing_said_keeps_nothing(client: Client, form: dict[str, Any]) -> None:
    assert client.post(BEGIN, form).headers["Location"] == reverse("return-code")
    assert not Situation.objects.exists()
    assert situation_of(newest()) == NOTHING


@pytest.mark.parametrize("device", ["unsure", "seen"])
def test_a_device_that_may_be_seen_gets_a_calm_page_first_and_nothing_is_kept(client: Client, device: str) -> None:
    page = client.post(BEGIN, {**FULL, "device": device})
    assert page.status_code == 200
    assert "Maybe not on this device" in page.text
    assert "Go on anyway" in page.text
    assert not Person.objects.exists()
    assert 'name="device"' not in page.text
    kept = {"uses": ["whatsapp", "iphone"], "worries": ["leak", "threat"], "danger": "keep"}
    for name, values in kept.items():
        for value in [values] if isinstance(values, str) else values:
            assert f'<input type="hidden" name="{name}" value="{value}">' in page.text
    client.post(BEGIN, {**kept, "anyway": "1"})
    assert situation_of(newest()).worries == {"leak", "threat"}


def test_skipping_on_a_device_that_may_be_seen_still_skips(client: Client) -> None:
    page = client.post(BEGIN, {**FULL, "device": "seen", "skip": "1"})
    assert '<input type="hidden" name="skip" value="1">' in page.text
    client.post(BEGIN, {"skip": "1", "anyway": "1", "uses": ["signal"]})
    assert not Situation.objects.exists()


@pytest.mark.parametrize("danger", ["", "yes", "on", "1", "KEEP"])
def test_danger_is_kept_only_when_its_own_tick_asks_for_it(client: Client, danger: str) -> None:
    client.post(BEGIN, {"uses": ["signal"], "danger": danger})
    assert not situation_of(newest()).danger


@pytest.mark.parametrize(
    "junk",
    [
        {"uses": ["<script>", "\x00", "whatsapp' OR 1=1"], "worries": ["x" * 10_000], "age": "<b>", "device": "\u202e"},
        {"uses": [str(n) for n in range(900)], "age": "UNDER"},
        {"said": '{"young": true}', "young": "1", "person": "1"},
    ],
)
def test_hostile_answers_are_dropped(client: Client, junk: dict[str, Any]) -> None:
    assert client.post(BEGIN, junk).status_code == 302
    assert situation_of(newest()) == NOTHING


def test_the_start_page_leads_here_with_what_has_happened_and_keeps_nothing(client: Client) -> None:
    text = client.get("/").text
    assert 'action="/begin/"' in text
    assert 'href="/begin/"' in text
    page = client.post(BEGIN, {"from_start": "1", "worries": "threat"})
    assert 'value="threat" checked' in page.text
    assert 'value="leak" checked' not in page.text
    assert not Person.objects.exists()


def test_who_is_signed_in_changes_the_answers_and_takes_them_back() -> None:
    person = Person.objects.create_user()
    keep(person, Said(uses=frozenset({"signal"}), danger=True))
    browser = signed_in(person)
    text = browser.get(BEGIN).text
    assert 'value="signal" checked' in text
    assert 'name="danger" value="keep" checked' in text
    assert browser.post(BEGIN, {"uses": ["x"], "skip": "1"}).headers["Location"] == "/overview/"
    assert situation_of(person).uses == {"signal"}
    assert browser.post(BEGIN, {"uses": ["x"], "age": ""}).headers["Location"] == "/overview/"
    assert situation_of(person) == Said(uses=frozenset({"x"}))
    browser.post(BEGIN, {})
    assert not Situation.objects.exists()
    assert Person.objects.count() == 1
    assert not ReturnCode.objects.exists()


def test_one_network_cannot_begin_without_end(client: Client) -> None:
    most = LIMITS["begin"].times
    codes = [Client().post(BEGIN, {"skip": "1"}).status_code for _ in range(most + 1)]
    assert codes == [302] * most + [429]
    assert Person.objects.count() == most


def test_another_site_cannot_send_it(client: Client) -> None:
    assert Client(enforce_csrf_checks=True).post(BEGIN, FULL).status_code == 403
    assert not Person.objects.exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_other_way(client: Client, method: str) -> None:
    assert getattr(client, method)(BEGIN).status_code == 405
