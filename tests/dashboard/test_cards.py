"""Cards to read: myths, and before a picture is sent. For everybody, and nothing of it is kept."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audits.audit import situation
from audits.audit.tell.cards import BeliefCard, Beliefs, beliefs
from audits.audit.tell.sending import before_sending, under_18
from audits.checks import catalogue, language, sending
from audits.checks.catalogue import COMMON
from audits.checks.myths import MYTHS
from audits.checks.sending import SENDING
from audits.models import Person
from tests.checks.reading_age import grade
from tests.dashboard.conftest import signed_in

TICKS = [tick for part in SENDING.steps for tick in part.ticks]


def person_who_said(**said: Any) -> Client:
    person = Person.objects.create_user()
    situation.keep(person, situation.said(**{"uses": (), "worries": (), "young": False, "danger": False, **said}))
    return signed_in(person)


def all_cards(found: Beliefs) -> list[BeliefCard]:
    return [*found.yours, *found.common, *(card for group in found.groups for card in group.cards)]


# --------------------------------------------------------------------------- myths


@pytest.mark.parametrize("uses", [(), ("snapchat",), ("whatsapp", "iphone"), tuple(COMMON.uses), ("no such app",)])
def test_each_myth_stands_once_whatever_one_uses(uses: tuple[str, ...]) -> None:
    claims = [card.claim for card in all_cards(beliefs(uses))]
    assert sorted(claims) == sorted(myth.claim for myth in MYTHS.values())


def test_what_one_uses_comes_first() -> None:
    found = beliefs(("snapchat",))
    assert [card.claim for card in found.yours] == [m.claim for m in MYTHS.values() if "snapchat" in m.uses]
    assert "Snapchat" not in [group.name for group in found.groups]
    assert not beliefs().yours


def test_a_card_says_of_which_day_it_is_who_reviewed_it_and_its_sources() -> None:
    card = next(card for card in all_cards(beliefs()) if card.claim == MYTHS["view_once"].claim)
    assert "Words last checked on 23 November 2026." in card.checked
    assert "Not yet reviewed by a helpline." in card.checked
    assert card.sources
    assert "WhatsApp" in card.about


def test_everybody_may_read_them_and_the_apps_one_named_come_first(db: None) -> None:
    anybody, snapchat = Client().get("/cards/").text, person_who_said(uses=["snapchat"]).get("/cards/").text
    for myth in MYTHS.values():
        assert anybody.count(f"“{myth.claim}”") == snapchat.count(f"“{myth.claim}”") == 1
    assert "Of the apps you use" not in anybody
    assert snapchat.index(MYTHS["my_eyes_only"].claim) < snapchat.index("Of all apps")
    assert anybody.index(MYTHS["my_eyes_only"].claim) > anybody.index("App by app")


# --------------------------------------------------------------------------- before a picture is sent


def test_its_words_are_whole_calm_and_easy_to_read() -> None:
    assert sending.problems() == []
    parts = (*SENDING.steps, *SENDING.young)
    for text in (text for part in parts for text in (part.text, *(tick.says for tick in part.ticks))):
        assert grade(text) <= 6, text
        assert not re.search(r"\b(don’t|do not|never) (send|take|share)\b(?! pictures)", text), text
    assert len(SENDING.steps) <= 6
    assert SENDING.talk
    assert any("happened_help_young" in part.shows for part in SENDING.young)


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        ("steps: []", "young: is missing"),
        ("steps: [{title: One, text: You must not., ticks: []}]", "uses the word 'you must'"),
        ("steps: [{title: One, text: Fine., shows: {no_such_check: do}}]", "is no check of the catalogue"),
        ("steps: [{title: One, text: Fine., shows: {two_step: alter}}]", "is 'alter', not one of do, look"),
        ("extra: 1", "is not a known key"),
    ],
)
def test_broken_words_are_found_at_the_start(tmp_path: Path, broken: str, problem: str) -> None:
    path, found = tmp_path / sending.FILE, []
    path.write_text(broken, encoding="utf-8")
    sending.load(path, found)
    assert any(problem in one and one.startswith("sending.yaml:") for one in found), found


def test_two_ticks_of_one_name_are_found(tmp_path: Path) -> None:
    path, found = tmp_path / sending.FILE, []
    step = "{title: One, text: Fine., ticks: [{id: a, text: It is so, says: Well.}]}"
    path.write_text(f"steps: [{step}, {step}]", encoding="utf-8")
    assert sending.load(path, found).checked_on == date.min
    assert any("has two ticks called 'a'" in one for one in found)


def test_a_helpline_may_bring_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "folders", lambda: (catalogue.FOLDER, tmp_path))
    assert sending.path_of_words() == catalogue.FOLDER / sending.FILE
    (tmp_path / sending.FILE).touch()
    assert sending.path_of_words() == tmp_path / sending.FILE


@pytest.mark.parametrize("tick", TICKS, ids=lambda tick: tick.id)
def test_a_tick_puts_its_sentence_on_the_list_and_no_other(tick: sending.Tick) -> None:
    card = before_sending([tick.id])
    assert [sentence for part in card.list for sentence in part.says] == [tick.says]
    assert card.asks_for_help is tick.help


def test_pressure_and_threats_bring_people_to_talk_to(client: Client, db: None) -> None:
    assert {tick.id for tick in TICKS if tick.help} >= {"pressed", "threat"}
    text = client.post("/six/", {"so": ["pressed"]}).text
    assert text.index("it is not your fault") < text.index("People you can talk to") < text.index("Revenge Porn Help")
    assert "People you can talk to" not in client.post("/six/", {"so": ["face"]}).text


def test_nothing_is_stored_and_nothing_stands_in_the_address(db: None) -> None:
    client = person_who_said(uses=["snapchat"])
    client.get("/six/")
    known = dict(client.session)
    with CaptureQueriesContext(connection) as asked:
        assert client.post("/six/", {"so": [tick.id for tick in TICKS]}).status_code == 200
    written = [query["sql"] for query in asked if re.match("INSERT|UPDATE|DELETE", query["sql"])]
    assert all(sql.startswith('UPDATE "django_session"') for sql in written)
    assert dict(client.session) == known
    answer = client.get("/six/")
    assert '" checked>' not in answer.text
    assert 'method="get"' not in answer.text
    assert 'type="file"' not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "form", [{}, {"so": "x" * 10_000}, {"so": ["<script>alert(1)</script>", "\x00", "face"] * 40}, {"other": "1"}]
)
def test_what_is_no_tick_is_nothing(client: Client, db: None, form: dict[str, Any]) -> None:
    text = client.post("/six/", form).text
    assert "<script>alert" not in text
    assert ("You ticked nothing" in text) is ("face" not in form.get("so", ()))


def test_what_was_ticked_stays_ticked(client: Client, db: None) -> None:
    text = client.post("/six/", {"so": ["face", "home"]}).text
    assert re.findall(r'value="(\w+)" checked', text) == ["face", "home"]


def test_under_18_there_is_a_gentler_page(client: Client, db: None) -> None:
    asked = client.post("/six/", {"young": "1", "so": ["face"]}).text
    told = person_who_said(young=True)
    for text in (asked, told.get("/six/").text, told.post("/six/", {"so": ["face"]}).text):
        assert "You are not in trouble with us" in text
        assert "Childline, 0800 1111" in text
        assert "the law" in text
        assert 'type="checkbox"' not in text
        assert "Your list" not in text
    assert "another page" in client.get("/six/").text


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(client: Client, db: None, method: str) -> None:
    assert getattr(client, method)("/six/").status_code == 405
    assert getattr(client, method)("/cards/").status_code == 405


def test_a_post_without_its_token_is_refused(db: None) -> None:
    assert Client(enforce_csrf_checks=True).post("/six/", {"so": ["face"]}).status_code == 403


@pytest.mark.parametrize("path", ["/cards/", "/six/"])
def test_every_page_leads_there(client: Client, db: None, path: str) -> None:
    assert f'href="{path}"' in client.get(reverse("privacy")).text


def test_the_ways_of_a_check_stand_below_the_step_and_lead_to_it_when_signed_in(db: None) -> None:
    anybody, person = Client().get("/six/").text, person_who_said().get("/six/").text
    for text in (anybody, person):
        assert "What a picture carries with it" in text
        assert "iPhone and iPad" in text
    assert 'href="/c/' not in anybody
    links = set(re.findall(r'href="(/c/[^"]+)"', person))
    assert len(links) >= 3


def test_language_of_what_is_said_in_the_steps() -> None:
    for card in (before_sending(), under_18()):
        for part in card.steps:
            assert not list(language.text_problems(f"{part.title}. {part.text}"))
