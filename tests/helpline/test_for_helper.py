"""Covered means absent. A caller whose every name is marked, and a helper whose every answer is read byte by byte."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from audits.audit import guided, situation, young
from audits.audit.helping import openings, pointing, sessions, short_list
from audits.audit.helping.errors import HelpRefused
from audits.audit.tell import for_helper, for_helper_card
from audits.checks.catalogue import CHECKS
from audits.models import HelpSession, OpeningKind, SessionLog
from tests.helpline import cast
from tests.helpline.conftest import Cast
from tests.helpline.rich import MARK, Rich, rich, some_checks

pytestmark = pytest.mark.django_db
MARKED = re.compile(rf"{MARK}\d+[a-z_]+")


@dataclass
class Scene:
    caller: Rich
    session: HelpSession
    hana: Client

    def open(self, kind: OpeningKind, key: str = "", place: str = "") -> None:
        openings.open_up(self.session, kind, key, place=place)

    def hide_all(self) -> None:
        openings.hide_all(self.session)

    def address(self, place: str) -> str:
        return reverse("desk-card", args=[self.session.public_id, place])

    def read(self, address: str, status: int = 200) -> str:
        """All that is sent: text, headers, cookies. What a browser would decode is decoded."""
        answer = self.hana.get(address)
        assert answer.status_code == status, address
        sent = answer.content.decode() + repr(answer.headers) + str(answer.cookies)
        return html.unescape(sent).casefold()


@pytest.fixture
def scene(crew: Cast) -> Scene:
    caller = rich(some_checks())
    return Scene(caller, cast.session_of(caller.person, crew.hana), cast.desk_client(crew.hana))


def is_bare(sent: str, *but: str) -> bool:
    """True when nothing marked was sent but these, and none of their other names: no key, no link, no id."""
    for one in but:
        assert one.casefold() in sent
        sent = sent.replace(one.casefold(), "")
    return MARK not in sent


def nothing_else_tells(sent: str, caller: Rich) -> bool:
    """No key or id that stands for a thing or a finding, and no door into the caller's accounts."""
    keys = {key for things in caller.things.values() for key in things}
    ids = {str(finding.public_id) for finding in caller.findings.values()} | {str(caller.record.public_id)}
    return not any(one in sent for one in keys | ids) and "accountchooser" not in sent and 'href="https' not in sent


def test_what_is_searched_for_is_there_on_the_callers_own_pages(scene: Scene) -> None:
    """Without this, an empty account would pass everything below."""
    own, client = set(), scene.caller.client()
    for finding in scene.caller.findings.values():
        own |= set(MARKED.findall(client.get(reverse("check", args=[finding.public_id])).content.decode()))
    assert len(scene.caller.findings) >= 45
    assert len(own) > 400
    shown = {
        name for things in scene.caller.things.values() for whole in things.values() for name in MARKED.findall(whole)
    }
    assert shown <= own


def test_at_first_there_are_titles_and_states_and_nothing_else(scene: Scene) -> None:
    titles = scene.read(reverse("desk-session", args=[scene.session.public_id]))
    assert is_bare(titles)
    assert nothing_else_tells(titles, scene.caller)
    assert all(check.words.short.casefold() in titles for check in scene.caller.checks.values())
    for place, check in list(scene.caller.checks.items())[::4]:
        card = scene.read(scene.address(place))
        assert is_bare(card)
        assert nothing_else_tells(card, scene.caller)
        assert "has not opened this card to you" in card
        assert check.words.why.casefold() not in card
    assert not SessionLog.objects.filter(session=scene.session, kind="looked").exists()


def test_all_cards_open_tell_no_name(scene: Scene) -> None:
    scene.open(OpeningKind.ALL)
    for place, check in scene.caller.checks.items():
        sent = scene.read(scene.address(place))
        assert is_bare(sent), place
        assert nothing_else_tells(sent, scene.caller), place
        assert " ".join(check.words.why.casefold().split()) in " ".join(sent.split())
        assert sent.count('class="cover"') == len(scene.caller.things[place])
    scene.hide_all()
    assert all("has not opened" in scene.read(scene.address(place)) for place in list(scene.caller.checks)[:5])


def test_no_card_of_any_check_holds_a_name_however_it_is_worded(crew: Cast) -> None:
    """Every check there is, with every sentence that it has for its things, as data: what templates are handed."""
    caller = rich(CHECKS.values())
    session = cast.session_of(caller.person, crew.hana)
    openings.open_up(session, OpeningKind.ALL)
    sight = for_helper.sight_of(HelpSession.objects.select_related("person").get(pk=session.pk))
    assert MARK not in repr(for_helper.aside(sight, whole=True))
    for place, finding in caller.findings.items():
        card = for_helper_card.card(sight, place)
        assert card.content is not None
        assert MARK not in repr(card), place
        assert len(card.content.items) == len(caller.things[place])
        assert "AccountChooser" not in repr(card)
        finding.refresh_from_db()
        assert not finding.values or finding.values == caller.findings[place].values


def test_a_group_opens_its_own_cards_alone(scene: Scene) -> None:
    scene.open(OpeningKind.GROUP, "photos")
    for place, check in list(scene.caller.checks.items())[::3]:
        sent = scene.read(scene.address(place))
        assert is_bare(sent)
        assert ("has not opened this card" in sent) is (check.platform.id != "photos")


def test_one_name_is_uncovered_and_no_other(scene: Scene) -> None:
    for place, things in list(scene.caller.things.items())[:6]:
        key, name = next((key, name) for key, name in things.items() if name)
        scene.open(OpeningKind.NAME, key, place)
        sent = scene.read(scene.address(place))
        assert is_bare(sent, name), place
        assert nothing_else_tells(sent, scene.caller)
        raw = scene.hana.get(scene.address(place)).content.decode()
        assert "<b>" not in name or name not in raw  # it is hostile: escaped, and no link
        assert f"<bdi>{html.escape(name, quote=True)}</bdi>" in raw
        others = [one for one in scene.caller.checks if one != place][:3]
        assert all(is_bare(scene.read(scene.address(one))) for one in others)
        openings.hide(scene.session, OpeningKind.CARD, place, place=place)
        assert is_bare(scene.read(scene.address(place)))


def test_a_name_that_is_the_sentence_itself_is_covered_and_uncovered_like_a_name(scene: Scene) -> None:
    place, key = next(
        (place, key) for place, things in scene.caller.things.items() for key, name in things.items() if not name
    )
    scene.open(OpeningKind.CARD, place, place)
    before = scene.read(scene.address(place))
    assert is_bare(before)
    scene.open(OpeningKind.NAME, key, place)
    assert scene.read(scene.address(place)).count('class="cover"') == before.count('class="cover"') - 1


def test_addresses_of_accounts_have_numbers_until_one_is_uncovered(scene: Scene) -> None:
    first, second = scene.caller.connections
    of_first = next(place for place in scene.caller.checks if str(first.public_id) in place)
    of_second = next(place for place in scene.caller.checks if str(second.public_id) in place)
    assert "google account 1" in scene.read(scene.address(of_first))
    assert "google account 2" in scene.read(scene.address(of_second))
    scene.open(OpeningKind.ACCOUNT, str(second.public_id))
    assert is_bare(scene.read(scene.address(of_second)), second.email or "")
    assert is_bare(scene.read(scene.address(of_first)), *_of_rows(scene, second.email or "", of_first))


def _of_rows(scene: Scene, email: str, place: str) -> Iterable[str]:
    """The rows beside the card say of which account they are."""
    return [email] if email in scene.read(scene.address(place)) else []


def test_what_the_caller_told_us_stays_with_them_until_they_open_it(scene: Scene) -> None:
    place = next(place for place, finding in scene.caller.findings.items() if finding.rung == "told")
    choice = scene.caller.checks[place].words.told
    assert choice is not None
    said = choice.choices[next(one for one in choice.choices if one.value == "something_odd")].casefold()
    scene.open(OpeningKind.ALL)
    closed = scene.read(scene.address(place))
    assert is_bare(closed)
    assert said not in closed
    assert "have not opened to you what they said" in closed
    scene.open(OpeningKind.NOTE, place, place)
    sent = scene.read(scene.address(place))
    assert is_bare(sent)
    assert said in sent


def test_a_record_is_sent_whole_and_only_when_it_was_opened(scene: Scene) -> None:
    record = scene.caller.record
    address = reverse("desk-record", args=[scene.session.public_id, record.public_id])
    scene.open(OpeningKind.ALL)
    assert is_bare(scene.read(address, 404))
    assert str(record.public_id) not in scene.read(reverse("desk-session", args=[scene.session.public_id]))
    scene.open(OpeningKind.RECORD, str(record.public_id))
    assert str(record.public_id) in scene.read(reverse("desk-session", args=[scene.session.public_id]))
    sent = scene.read(address)
    assert len(set(MARKED.findall(sent))) > 3
    assert SessionLog.objects.filter(session=scene.session, kind="looked", check_id=record.check_id).exists()
    openings.hide(scene.session, OpeningKind.RECORD, str(record.public_id))
    assert is_bare(scene.read(address, 404))


@pytest.mark.parametrize("kind", [OpeningKind.RECORD, OpeningKind.NAME, OpeningKind.ACCOUNT, OpeningKind.NOTE])
def test_a_key_that_is_somebody_elses_opens_nothing(kind: OpeningKind, scene: Scene, crew: Cast) -> None:
    stranger = rich(list(some_checks())[:2])
    keys = {
        OpeningKind.RECORD: str(stranger.record.public_id),
        OpeningKind.NAME: next(iter(next(iter(stranger.things.values())))),
        OpeningKind.ACCOUNT: str(stranger.connections[0].public_id),
        OpeningKind.NOTE: next(iter(stranger.checks)),
    }
    place = next(place for place in stranger.checks if "-" in place)
    scene.open(OpeningKind.ALL)
    scene.open(kind, keys[kind])
    assert is_bare(scene.read(scene.address(place), 404))
    assert is_bare(scene.read(reverse("desk-session", args=[scene.session.public_id])))
    record = reverse("desk-record", args=[scene.session.public_id, stranger.record.public_id])
    assert is_bare(scene.read(record, 404))


@pytest.mark.parametrize("state", ["paused", "ended"])
def test_paused_and_ended_send_nothing(state: str, scene: Scene) -> None:
    place, things = next((place, things) for place, things in scene.caller.things.items() if things)
    scene.open(OpeningKind.NAME, next(iter(things)), place)
    short_list.add(scene.session, place)
    pointing.caller_is_at(scene.session, place)
    if state == "paused":
        sessions.pause(scene.session)
    else:
        sessions.caller_leaves(scene.caller.person)
    title = scene.caller.checks[place].words.short.casefold()
    for address in (scene.address(place), reverse("desk-session", args=[scene.session.public_id])):
        sent = scene.read(address)
        assert is_bare(sent)
        assert title not in sent
        assert place not in sent.replace(address, "")


def test_of_somebody_under_18_nothing_about_pictures_or_files(scene: Scene) -> None:
    """Also what they had opened before they said it."""
    caller = scene.caller
    scene.open(OpeningKind.ALL)
    scene.open(OpeningKind.RECORD, str(caller.record.public_id))
    situation.keep(caller.person, situation.said(uses=(), worries=(), young=True, danger=False))
    sent = scene.read(reverse("desk-session", args=[scene.session.public_id]))
    assert "said that they are under 18" in sent
    assert "this is not your fault" in sent
    record = reverse("desk-record", args=[scene.session.public_id, caller.record.public_id])
    scene.read(record, 404)
    left_out = 0
    for place, check in caller.checks.items():
        if check.group in ("pictures", "files") or young.holds_pictures(check.sources):
            left_out += 1
            assert check.words.short.casefold() not in sent
            scene.read(scene.address(place), 404)
    assert left_out > 5
    plain = next(place for place, check in caller.checks.items() if check.group == "signin")
    assert "has not opened this card" in scene.read(scene.address(plain))
    scene.open(OpeningKind.CARD, plain, plain)
    assert is_bare(scene.read(scene.address(plain)))
    with pytest.raises(HelpRefused):
        scene.open(OpeningKind.ALL)


def test_a_number_is_told_and_a_day_but_no_word() -> None:
    covered = for_helper_card.cover(
        {"files": 3, "seen_at": "2026-03-04T05:06:07+00:00", "who": "ex@mail.test", "why": ""}
    )
    assert covered == {
        "files": 3,
        "seen_at": "2026-03-04T05:06:07+00:00",
        "who": "a covered name",
        "why": "a covered name",
    }


def test_places_that_are_none_lead_nowhere(scene: Scene) -> None:
    code = next(iter(CHECKS.values())).code
    for place in ("nothing", "0" * 64, code + "-x", f"{code}-{scene.caller.record.public_id}"):
        scene.read(scene.address(place), 404)


def test_the_order_and_the_number_of_steps_are_those_of_the_callers_page(scene: Scene) -> None:
    """So that *step 3* means the same to both."""
    scene.open(OpeningKind.ALL)
    found = re.compile(r'class="step[^"]*"[^>]*data-number="(\d+)" data-shown="(\d+)"')
    client = scene.caller.client()
    for place in list(scene.caller.checks)[::9]:
        own = client.get(reverse("check", args=[scene.caller.findings[place].public_id])).content.decode()
        hers = scene.hana.get(scene.address(place)).content.decode()
        assert sorted(found.findall(own)) == sorted(found.findall(hers))
        assert len(set(found.findall(own))) == len(found.findall(own))


def test_a_blank_check_has_a_card_too(scene: Scene) -> None:
    check = next(
        one
        for one in CHECKS.values()
        if one.words.told and one.about == "person" and one.code not in scene.caller.checks
    )
    place = guided.place_of(check, None)
    scene.open(OpeningKind.CARD, place, place)
    sent = scene.read(scene.address(place))
    assert check.words.short.casefold() in sent
    assert is_bare(sent)
