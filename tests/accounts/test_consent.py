"""Consent on one page: a card a look, the least private first, nothing chosen for anybody, one asked at a time."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from audits.accounts.looks import IDENTITY, LOOKS, LookState, ScopeClass, offered
from audits.accounts.privacy import how_private, looks_for, ordered
from audits.accounts.trips import Purpose, Trip, asking_for
from audits.accounts.views.looks import account_of
from audits.checks.catalogue import CHECKS
from audits.models import Connection
from audits.sources.google import scopes
from audits.sources.registry import SOURCES
from tests.audit import scenes
from tests.dashboard.conftest import signed_in

pytestmark = pytest.mark.django_db

PHOTOS = {scopes.PHOTOS_PICKER}
PORTABILITY = {scopes.PLAY_INSTALLS, scopes.PLAY_DEVICES, scopes.CHROME_EXTENSIONS}


@pytest.fixture
def connection() -> Connection:
    return scenes.person_with_connection("alice@shelter.test", "shelter.test")[1]


@pytest.fixture
def shown(connection: Connection) -> str:
    return str(signed_in(connection.person).get("/looks/").text)


def cards(text: str) -> list[str]:
    return re.findall(r'<section class="look".*?</section>', text, re.DOTALL)


def test_a_card_for_each_look_with_one_button_each_and_nothing_chosen(connection: Connection, shown: str) -> None:
    found = cards(shown)
    assert len(found) == len(offered(connection))
    for card in found:
        assert len(re.findall(r'class="btn"', card)) == 1
        assert len(re.findall(r'<(form|p) class="look__act"', card)) == 1
    assert not re.search(r"<input[^>]*(checked|checkbox)", shown)
    anchors = re.findall(r'class="look" id="([^"]+)"', shown)
    assert len(set(anchors)) == len(anchors)


def test_two_accounts_have_their_own_cards(connection: Connection) -> None:
    second = Connection(person=connection.person, sub_key="second")
    second.email = "second@gmail.test"
    second.save()
    anchors = re.findall(r'class="look" id="([^"]+)"', signed_in(connection.person).get("/looks/").text)
    assert len(set(anchors)) == len(anchors)
    for public_id in (str(connection.public_id)[:8], str(second.public_id)[:8]):
        assert f"look-drive_apps-{public_id}" in anchors


def test_all_looks_at_a_glance_lead_to_their_cards(connection: Connection, shown: str) -> None:
    glance = shown.split('class="fold glance"')[1].split("</details>")[0]
    assert re.findall(r'href="#([^"]+)"', glance) == re.findall(r'class="look" id="([^"]+)"', shown)
    assert glance.count("Not asked yet") == len(offered(connection))


def test_the_top_says_that_all_works_with_none(shown: str) -> None:
    assert shown.index("The whole checklist works with none of them.") < shown.index('class="look"')


def test_the_least_private_comes_first_and_what_is_for_one_time_last(connection: Connection) -> None:
    shown = [card.look for group in account_of(connection).groups for card in group.cards]
    assert shown == sorted(shown, key=how_private)
    assert set(shown) == set(offered(connection))
    standing = [look for look in shown if look.standing]
    assert shown[: len(standing)] == standing
    classes = [list(ScopeClass).index(look.scope_class) for look in standing]
    assert classes == sorted(classes)


def test_what_google_counts_as_most_private_stands_in_a_group_of_its_own(connection: Connection) -> None:
    for group in account_of(connection).groups:
        found = {card.look.scope_class is ScopeClass.RESTRICTED for card in group.cards if card.look.standing}
        assert len(found) <= 1
        assert not found or found == {group.id == "more"}


def test_googles_class_is_said_and_where_it_was_not_read_as_far_as_we_know(connection: Connection) -> None:
    for group in account_of(connection).groups:
        for card in group.cards:
            words = str(card.class_words)
            assert card.look.scope_class.value.replace("_", "-") in words
            read = card.look.id in {"drive_apps", "drive_sharing", "storage", "mail", "drive_activity"}
            assert words.startswith("As far as we know") is not read


def test_what_a_look_is_good_for_comes_from_the_checks(connection: Connection) -> None:
    for group in account_of(connection).groups:
        for card in group.cards:
            wanted = {c.words.short for c in CHECKS.values() if set(c.sources) & set(card.look.sources)}
            assert set(card.answers) == wanted
            assert wanted, f"{card.look.id} is good for nothing"


def marked(connection: Connection, look: str, word: LookState) -> str:
    connection.look_marks = {look: {"word": word.value, "at": timezone.now().isoformat()}}
    connection.save()
    text = str(signed_in(connection.person).get("/looks/").text)
    card = next(card for card in cards(text) if f'id="look-{look}-' in card)
    return re.sub(r"<[^>]*>", "", card.split('class="state"')[1].split("</p>")[0]).split(">", 1)[1]


@pytest.mark.parametrize(
    ("word", "granted", "closed", "said"),
    [
        (LookState.NOT_ASKED, False, False, "Not asked yet"),
        (LookState.OPEN, True, False, "Open since "),
        (LookState.UNTICKED, False, False, "Not ticked by you at Google"),
        (LookState.ENDED, False, False, "Ended at Google"),
        (LookState.OPEN, False, False, "Ended at Google"),
        (LookState.CLOSED, True, True, "Closed by you"),
    ],
)
def test_the_state_of_a_look_in_its_words(
    connection: Connection, word: LookState, granted: bool, closed: bool, said: str
) -> None:
    connection.granted = list(LOOKS["drive_apps"].scopes) if granted else []
    connection.closed = list(LOOKS["drive_apps"].scopes) if closed else []
    assert marked(connection, "drive_apps", word).startswith(said)


def test_a_look_for_one_time_was_used_once(connection: Connection, settings: Any) -> None:
    settings.GOOGLE_ADMIN_CLIENT_ID = "admin"
    assert marked(connection, "administrator", LookState.USED).startswith("Used once, ")


# --------------------------------------------------------------------------- one asked at a time


@pytest.mark.parametrize("look", sorted(LOOKS))
def test_a_look_asks_for_nothing_of_another(connection: Connection, look: str) -> None:
    if not LOOKS[look].standing:
        return
    asking = asking_for(Trip(Purpose.LOOK, str(connection.public_id), look), connection)
    assert set(asking.scopes) == {*IDENTITY, *LOOKS[look].scopes}


def test_photos_and_exports_are_never_asked_for_together_with_anything_else(connection: Connection) -> None:
    """Whatever is granted: https://developers.google.com/photos and Data Portability forbid mixing."""
    connection.granted = sorted({scope for look in LOOKS.values() for scope in look.scopes})
    for purpose in Purpose:
        for look in ("", *LOOKS):
            try:
                asking = asking_for(Trip(purpose, str(connection.public_id), look), connection)
            except (ValueError, KeyError):
                continue
            asked = {scope for scope in asking.scopes if scope not in IDENTITY}
            for alone in (PHOTOS, PORTABILITY):
                if asked & alone:
                    assert asked <= alone, (purpose, look)
                    assert asking.params.get("include_granted_scopes") != "true", (purpose, look)


# --------------------------------------------------------------------------- which look for which source


def test_the_least_private_look_is_named_and_no_more_than_needed() -> None:
    assert [look.id for look in looks_for(["drive_storage"])] == ["storage"]
    assert [look.id for look in looks_for(["drive_storage", "drive_public"])] == ["drive_sharing"]
    assert looks_for(["told_us", "sign_in_claims", "no_such_source"]) == ()
    assert looks_for([]) == ()


def test_an_administrator_look_that_is_not_offered_here_is_not_named(settings: Any) -> None:
    settings.GOOGLE_ADMIN_CLIENT_ID = ""
    assert looks_for(["directory_user"]) == ()
    settings.GOOGLE_ADMIN_CLIENT_ID = "admin"
    assert [look.id for look in looks_for(["directory_user"])] == ["administrator"]


def test_every_source_that_asks_google_belongs_to_a_look() -> None:
    fed = {source for look in LOOKS.values() for source in look.sources}
    assert {name for name, source in SOURCES.items() if source.scope} <= fed
    assert ordered(LOOKS.values())[0].scope_class is ScopeClass.NON_SENSITIVE
