"""A helper's pages of a session: waiting, titles, pointing, paused, ended; live parts, the log, and what is counted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audits.audit.guided import place_of
from audits.audit.helping import openings, pointing, sessions, short_list
from audits.audit.tell.for_helper import stamp_of
from audits.checks.catalogue import CHECKS
from audits.models import Connection, HelpSession, HelpState, OpeningKind, Person, SessionLog
from tests.audit import scenes
from tests.helpline import cast
from tests.helpline.conftest import Cast

pytestmark = pytest.mark.django_db
PART = {"X-Part": "1"}


@dataclass
class Scene:
    person: Person
    session: HelpSession
    hana: Client
    place: str

    def url(self, name: str, *more: object) -> str:
        return reverse(name, args=[self.session.public_id, *more])

    @property
    def card(self) -> str:
        return self.url("desk-card", self.place)

    def read(self, address: str, **headers: str) -> str:
        return self.hana.get(address, headers=headers).content.decode()

    def looks(self) -> int:
        return SessionLog.objects.filter(session=self.session, kind="looked").count()


@pytest.fixture
def scene(crew: Cast, caller: Person) -> Scene:
    owner = Connection.objects.get(person=caller)
    scenes.audit_with(caller, owner, {"drive_apps": [scenes.app("1"), scenes.app("2", "QuizTown")]})
    place = place_of(CHECKS["drive_wide_apps"], owner)
    return Scene(caller, cast.session_of(caller, crew.hana), cast.desk_client(crew.hana), place)


def test_pointing_at_a_card_and_a_step_and_stopping(scene: Scene) -> None:
    openings.open_up(scene.session, OpeningKind.CARD, scene.place, place=scene.place)
    answer = scene.hana.post(scene.url("desk-point"), {"place": scene.place})
    assert answer["Location"] == scene.card
    assert "You point at this card." in scene.read(scene.card)
    step = re.findall(r'name="step" value="(\d+)"', scene.read(scene.card))[-1]
    answer = scene.hana.post(scene.url("desk-point"), {"place": scene.place, "step": step})
    assert answer["Location"] == f"{scene.card}#step-{step}"
    shown = scene.read(scene.card)
    assert shown.count("step--pointed") == 1
    assert f'id="step-{step}"' in shown.split("step--pointed")[1][:40]
    scene.session.refresh_from_db()
    assert (scene.session.pointing_place, scene.session.pointing_step) == (scene.place, int(step))
    scene.hana.post(scene.url("desk-point-stop"))
    assert "step--pointed" not in scene.read(scene.card)


@pytest.mark.parametrize("form", [{"place": "x"}, {"place": ""}, {"place": "0" * 900}, {"step": "99"}, {"step": "x"}])
def test_pointing_at_what_is_not_there_points_nowhere(form: dict[str, str], scene: Scene) -> None:
    openings.open_up(scene.session, OpeningKind.ALL)
    assert scene.hana.post(scene.url("desk-point"), {"place": scene.place, **form}).status_code == 404
    scene.session.refresh_from_db()
    assert scene.session.pointing_place == ""


def test_a_step_of_a_closed_card_is_not_pointed_at_but_its_title_is(scene: Scene) -> None:
    assert scene.hana.post(scene.url("desk-point"), {"place": scene.place, "step": "1"}).status_code == 404
    assert scene.hana.post(scene.url("desk-point"), {"place": scene.place}).status_code == 303


def test_every_look_is_written_down_once(scene: Scene) -> None:
    scene.read(scene.card)
    assert scene.looks() == 0  # nothing of it was shown
    openings.open_up(scene.session, OpeningKind.CARD, scene.place, place=scene.place)
    for _ in range(3):
        scene.read(scene.card, **PART)
        scene.read(f"{scene.card}?again=1")
        scene.read(scene.card)
    assert scene.looks() == 1
    assert "looked at" in scene.read(scene.url("desk-session"))


def test_two_pages_that_come_by_themselves_write_no_look_after_look(scene: Scene) -> None:
    openings.open_up(scene.session, OpeningKind.ALL)
    owner = Connection.objects.get(person=scene.person)
    other = scene.url("desk-card", place_of(CHECKS["passkeys"], owner))
    for _ in range(4):
        scene.read(f"{scene.card}?again=1")
        scene.read(other, **PART)
    assert scene.looks() == 2


def test_a_page_that_comes_by_itself_keeps_no_session_alive(scene: Scene) -> None:
    early = timezone.now() - timedelta(minutes=30)
    HelpSession.objects.update(touched_at=early)
    scene.read(scene.card, **PART)
    scene.read(f"{scene.card}?again=1")
    assert HelpSession.objects.get().touched_at == early
    scene.read(scene.card)
    assert HelpSession.objects.get().touched_at > early


def test_the_part_is_the_part_and_the_page_is_whole(scene: Scene) -> None:
    part, whole = scene.read(scene.card, **PART), scene.read(scene.card)
    assert part.strip().startswith('<div id="desk" data-live data-ticket="')
    assert "<html" not in part
    assert f'data-part="{scene.card}"' in part
    assert f'data-version="{HelpSession.objects.get().version}"' in part
    assert '<noscript><meta http-equiv="refresh"' in whole
    assert "<script" not in part


def test_paused_there_is_nothing_but_that(scene: Scene) -> None:
    openings.open_up(scene.session, OpeningKind.ALL)
    short_list.add(scene.session, scene.place)
    sessions.pause(scene.session)
    for address in (scene.card, scene.url("desk-session")):
        shown = scene.read(address)
        assert "The caller has paused" in shown
        assert CHECKS["drive_wide_apps"].words.short not in shown
        assert 'data-version="0"' in shown
    assert scene.hana.post(scene.url("desk-point"), {"place": scene.place}).status_code == 303
    scene.session.refresh_from_db()
    assert scene.session.pointing_place == ""


def test_the_end_is_said_kindly_and_there_is_no_way_back(scene: Scene) -> None:
    openings.open_up(scene.session, OpeningKind.ALL)
    assert scene.hana.post(scene.url("desk-leave"))["Location"] == scene.url("desk-session")
    scene.session.refresh_from_db()
    assert (scene.session.state, scene.session.end) == ("ended", "helper")
    for address in (scene.card, scene.url("desk-session")):
        shown = scene.read(address)
        assert "This session is over" in shown
        assert "data-live" not in shown
        assert "http-equiv" not in shown
    scene.hana.post(scene.url("desk-point"), {"place": scene.place})
    scene.hana.post(scene.url("desk-point-stop"))
    scene.hana.post(scene.url("desk-offer"), {"helper": "x"})
    scene.session.refresh_from_db()
    assert scene.session.pointing_place == ""


@pytest.mark.parametrize("name", ["desk-session", "desk-offer"])
def test_another_helper_learns_nothing_and_a_part_leads_home(name: str, scene: Scene, crew: Cast) -> None:
    elsewhere = cast.hana(cast.line("Hillside"), "Gus")
    for helper in (cast.hana(crew.line, "Ines"), elsewhere):
        client = cast.desk_client(helper)
        assert client.get(scene.url(name)).status_code == 404
        assert client.get(scene.card).status_code == 404
        part = client.get(scene.url(name), headers=PART)
        assert (part.status_code, part["X-Go"], part.content) == (204, reverse("desk-home"), b"")
        for post in ("desk-point", "desk-point-stop", "desk-leave", "desk-offer", "desk-offer-back"):
            assert client.post(scene.url(post), {"place": scene.place}).status_code == 404
    scene.session.refresh_from_db()
    assert scene.session.state == HelpState.OPEN


def test_where_the_caller_is_and_their_short_list(scene: Scene) -> None:
    title = CHECKS["drive_wide_apps"].words.short
    assert "The caller is on another page" in scene.read(scene.url("desk-session"))
    pointing.caller_is_at(scene.session, scene.place)
    short_list.add(scene.session, scene.place)
    short_list.mark(scene.session, scene.place, done=False, another_day=True)
    shown = scene.read(scene.url("desk-session"))
    assert f"The caller is on “{title}”" in shown
    assert "another day" in shown


def test_every_page_carries_the_short_name_of_the_session(scene: Scene) -> None:
    stamp = stamp_of(scene.session)
    assert re.fullmatch(r"[A-Z]\d-\d\d-[A-Z]{2}", stamp)
    for address in (scene.card, scene.url("desk-session")):
        assert scene.read(address).count(stamp) >= 3


def test_there_is_no_form_but_pointing_offering_and_leaving(scene: Scene) -> None:
    openings.open_up(scene.session, OpeningKind.ALL)
    allowed = {scene.url(name) for name in ("desk-point", "desk-point-stop", "desk-leave", "desk-offer-back")}
    allowed |= {reverse("desk-sign-out"), reverse("desk-hold")}
    for address in (scene.card, scene.url("desk-session")):
        shown = scene.read(address)
        assert set(re.findall(r'<form[^>]*action="([^"]*)"', shown)) <= allowed
        assert shown.count("<form") == len(re.findall(r'<form[^>]*action="', shown))
        assert "download" not in re.sub(r'<p class="stamp">.*?</p>', "", shown)
        assert "data-print" not in shown


def test_a_pause_is_offered_beside_a_call_after_a_long_time(crew: Cast, scene: Scene) -> None:
    page = scene.url("desk-session")
    assert "A pause may do you good" not in scene.read(page)
    for minutes, kind in ((300, "let_in"), (205, "ended")):
        at = timezone.now() - timedelta(minutes=minutes)
        SessionLog.objects.create(session=scene.session, at=at, kind=kind, by="app", helper=crew.hana)
    assert "A pause may do you good" in scene.read(page)
    assert "desk/hold" not in scene.read(page)


def test_without_the_person_there_is_nothing(scene: Scene) -> None:
    HelpSession.objects.update(person=None)
    assert "This session is over" in scene.read(scene.card)


def test_pages_ask_as_often_for_few_checks_as_for_many(scene: Scene) -> None:
    openings.open_up(scene.session, OpeningKind.ALL)
    counted = []
    for round_ in range(2):
        if round_:
            for check in list(CHECKS.values())[:5]:
                short_list.add(scene.session, place_of(check, None))
            owner = Connection.objects.get(person=scene.person)
            apps = [scenes.app(str(number), f"App {number}") for number in range(60)]
            scenes.audit_with(
                scene.person, owner, {"drive_apps": apps, "drive_public": [scenes.file("a", anyone=True)]}
            )
        for address in (scene.card, scene.url("desk-session")):
            scene.read(address)
            with CaptureQueriesContext(database) as asked:
                scene.read(address)
            counted.append(len(asked))
    assert counted[:2] == counted[2:]
    assert max(counted) <= 18


def test_things_come_a_page_at_a_time(scene: Scene) -> None:
    owner = Connection.objects.get(person=scene.person)
    scenes.audit_with(scene.person, owner, {"drive_apps": [scenes.app(str(n), f"App {n}") for n in range(60)]})
    openings.open_up(scene.session, OpeningKind.ALL)
    assert scene.read(scene.card).count('class="cover"') == 25
    last = scene.read(f"{scene.card}?page=3")
    assert last.count('class="cover"') == 10
    assert "<b>60</b>" in last
    assert f'data-part="{scene.card}?page=3"' in last
    assert scene.read(f"{scene.card}?page=999999").count('class="cover"') == 10


def test_after_a_quiet_hour_nothing_is_shown_even_when_no_worker_wrote_it_down(scene: Scene) -> None:
    openings.open_up(scene.session, OpeningKind.ALL)
    HelpSession.objects.update(touched_at=timezone.now() - timedelta(minutes=settings.HELP_QUIET_MINUTES + 1))
    assert "This session is over" in scene.read(scene.card)
