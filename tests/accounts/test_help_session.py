"""The Person's hand in a session: what opens, what hides, pausing, ending, handing over, and that leaving ends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audits.accounts import leaving, ways
from audits.accounts.gentle import keep_said
from audits.accounts.risc import effects
from audits.audit import keeping
from audits.audit.guided import place_of
from audits.audit.helping import codes, openings, pointing, sessions
from audits.audit.situation import NOTHING, said
from audits.checks.catalogue import CHECKS
from audits.models import (
    HelpCode,
    HelpEnd,
    Helper,
    HelpSession,
    HelpState,
    Item,
    LoggedBy,
    Opening,
    OpeningKind,
    Record,
    SessionLog,
)
from tests.audit import scenes
from tests.dashboard.conftest import Scene, signed_in
from tests.dashboard.conftest import alice as alice
from tests.helpline import cast

YOUNG = said(uses=(), worries=(), young=True, danger=False)


@pytest.fixture
def hana(db: None) -> Helper:
    return cast.hana(cast.line())


@pytest.fixture
def session(alice: Scene, hana: Helper) -> HelpSession:
    return cast.session_of(alice.person, hana)


@pytest.fixture
def place(alice: Scene) -> str:
    return place_of(CHECKS["drive_wide_apps"], alice.connection)


@pytest.fixture
def item(alice: Scene) -> Item:
    found = alice.finding().items.first()
    assert found is not None
    return found


@pytest.fixture
def record(alice: Scene) -> Record:
    return keeping.keep(alice.person, alice.finding())


def opened() -> set[tuple[str, str]]:
    return set(Opening.objects.values_list("kind", "key"))


def post(client: Client, to: str, **form: object) -> Any:
    return client.post(f"/help/{to}/", form)


def is_over(session: HelpSession, why: HelpEnd) -> bool:
    session.refresh_from_db()
    return (session.state, session.end) == (HelpState.ENDED, why)


# --------------------------------------------------------------------------- opening and hiding


@pytest.fixture
def things(alice: Scene, place: str, item: Item, record: Record) -> dict[str, tuple[str, str]]:
    """By kind: key and place of something of Alice's."""
    return {
        "all": ("", ""),
        "group": ("google", ""),
        "card": (place, ""),
        "name": (item.key, place),
        "account": (str(alice.connection.public_id), ""),
        "note": (place, ""),
        "record": (str(record.public_id), ""),
    }


def test_each_kind_of_thing_opens_and_hides(alice: Scene, session: HelpSession, things: dict[str, Any]) -> None:
    for kind, (key, place) in things.items():
        assert post(alice.client, "open", kind=kind, key=key, place=place).status_code == 303
        assert (kind, key) in opened(), kind
        post(alice.client, "open", kind=kind, key=key, place=place)  # twice is once
        assert post(alice.client, "hide", kind=kind, key=key, place=place).status_code == 303
        assert (kind, key) not in opened(), kind
        openings.hide_all(session)


def test_nobody_opens_what_is_not_theirs(hana: Helper, things: dict[str, Any]) -> None:
    """Bob has a session of his own, and Alice's keys."""
    bob = scenes.person_with_connection("bob@gmail.test")[0]
    cast.session_of(bob, hana)
    client, before = signed_in(bob), SessionLog.objects.count()
    for kind in ("card", "name", "account", "note", "record"):
        key, place = things[kind]
        assert post(client, "open", kind=kind, key=key, place=place).status_code == 404, kind
    assert not opened()
    assert SessionLog.objects.count() == before


@pytest.mark.parametrize(
    ("kind", "key", "where"),
    [
        ("", "", ""),
        ("everything", "", ""),
        ("group", "nowhere", ""),
        ("group", "", ""),
        ("card", "0123456789", ""),
        ("card", "\x00", ""),
        ("card", "x" * 5000, ""),
        ("name", "nothing", "{place}"),
        ("name", "{item}", ""),
        ("name", "{item}", "{other}"),
        ("account", "x", ""),
        ("account", "00000000-0000-4000-8000-000000000000", ""),
        ("note", "", ""),
        ("record", "\x00", ""),
    ],
)
def test_what_is_nothing_is_not_found(
    alice: Scene, session: HelpSession, item: Item, place: str, kind: str, key: str, where: str
) -> None:
    wanted = {"place": place, "item": item.key, "other": CHECKS["whatsapp_linked_devices"].code}
    form = {"kind": kind, "key": key.format(**wanted), "place": where.format(**wanted)}
    before = SessionLog.objects.count()
    assert post(alice.client, "open", **form).status_code == 404
    assert not opened()
    assert SessionLog.objects.count() == before


def test_hiding_what_is_not_open_changes_nothing(alice: Scene, session: HelpSession) -> None:
    before = SessionLog.objects.count()
    for kind, key in (("card", "x"), ("name", "\ud7ff"), ("", ""), ("record", "y" * 900)):
        assert post(alice.client, "hide", kind=kind, key=key).status_code == 303
    assert SessionLog.objects.count() == before


def test_a_card_that_was_opened_with_others_hides_with_them(alice: Scene, session: HelpSession, place: str) -> None:
    for kind, key in (("all", ""), ("group", "google"), ("card", place)):
        post(alice.client, "open", kind=kind, key=key)
    assert "If you hide this one, all of them are hidden" in alice.client.get(path(alice)).text
    post(alice.client, "hide", kind="card", key=place)
    assert not opened()


def path(alice: Scene) -> str:
    return f"/n/{alice.finding().public_id}/"


def test_the_page_of_a_card_says_what_is_seen_of_it(alice: Scene, session: HelpSession, item: Item, place: str) -> None:
    page = alice.client.get(path(alice)).text
    assert page.count("Covered from Hana") == 4  # two names, the address, what they told us
    assert "sees the title of this card and how it stands" in page
    post(alice.client, "open", kind="name", key=item.key, place=place)
    page = alice.client.get(path(alice)).text
    assert page.count("Hana sees this name") == 1
    assert "Hana sees this card" in page
    sessions.pause(session)
    page = alice.client.get(path(alice)).text
    assert "Hana sees" not in page.replace("All that Hana sees", "").replace("What Hana sees", "")
    assert "not sent while you pause" in page


def test_a_guided_check_and_a_record_have_their_buttons(alice: Scene, session: HelpSession, record: Record) -> None:
    check = CHECKS["whatsapp_linked_devices"]
    page = alice.client.get(f"/c/{check.code}/").text
    assert f'data-place="{check.code}"' in page
    post(alice.client, "open", kind="note", key=check.code)
    assert "Hana sees what you told us here" in alice.client.get(f"/c/{check.code}/").text
    address = f"/kept/{record.public_id}/"
    assert "Open this record, with all names in it" in alice.client.get(address).text
    post(alice.client, "open", kind="record", key=record.public_id)
    assert "Hana sees this record" in alice.client.get(address).text


def test_all_that_is_seen_stands_in_words(alice: Scene, session: HelpSession, things: dict[str, Any]) -> None:
    for kind in ("name", "note", "record"):
        key, place = things[kind]
        post(alice.client, "open", kind=kind, key=key, place=place)
    page = alice.client.get("/help/sees/").text
    assert "1 card, with names covered" in page
    assert page.count("Cover it again") == 2
    assert "Close it again" in page
    post(alice.client, "hide/all")
    assert not opened()
    assert "with names covered" not in alice.client.get("/help/sees/").text


def test_somebody_under_18_opens_single_cards_and_names_only(
    alice: Scene, session: HelpSession, things: dict[str, Any]
) -> None:
    post(alice.client, "open", kind="all")
    keep_said(alice.person, YOUNG)
    assert not opened()  # what was open before is hidden
    for kind in ("all", "group", "note", "record"):
        key, place = things[kind]
        answer = alice.client.post("/help/open/", {"kind": kind, "key": key, "place": place}, follow=True)
        assert "closed for everybody under 18" in answer.text, kind
    assert not opened()
    code = CHECKS["two_step"].code
    post(alice.client, "open", kind="card", key=f"{code}-{alice.connection.public_id}")
    assert len(opened()) == 1
    page = alice.client.get("/help/sees/").text
    assert "Open all cards" not in page
    about_files = place_of(CHECKS["open_files"], alice.connection)
    post(alice.client, "open", kind="card", key=about_files)
    assert len(opened()) == 1
    keep_said(alice.person, NOTHING)


# --------------------------------------------------------------------------- the bar


def test_the_bar_is_on_every_page_and_leads_back_to_it(alice: Scene, session: HelpSession) -> None:
    for address in ("/overview/", "/changes/?page=1", "/account/", "/nowhere/"):
        page = alice.client.get(address).text
        assert 'id="session"' in page
        assert f'name="next" value="{address}"' in page
    answer = post(alice.client, "pause", next="/changes/?page=1")
    assert answer.headers["Location"] == "/changes/?page=1"
    assert "is sent nothing" in alice.client.get("/overview/").text
    assert post(alice.client, "on", next="/account/").headers["Location"] == "/account/"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.test/",
        "https://evil.test/",
        "/\\evil.test",
        "javascript:alert(1)",
        "\x00",
        "/nowhere/",
        "/x/",
        "/desk/",
        "/help/bar/",
        "/overview/#x",
        "overview/",
        "/overview/?" + "x" * 600,
        "",
    ],
)
def test_a_way_back_is_a_page_of_ours_or_none(alice: Scene, session: HelpSession, elsewhere: str) -> None:
    assert post(alice.client, "pause", next=elsewhere).headers["Location"] == "/help/sees/"
    assert "evil" not in alice.client.get("/help/bar/", {"at": elsewhere}).text


def test_the_bar_names_the_card_at_which_is_pointed(alice: Scene, session: HelpSession, place: str) -> None:
    pointing.point(session, place, 2)
    page = alice.client.get("/overview/").text
    assert f'href="/c/{place}/"' in page
    assert alice.client.get(f"/c/{place}/").headers["Location"] == path(alice)
    page = alice.client.get(path(alice)).text
    assert page.count("step--pointed") == 1
    assert page.count('aria-current="step"') == 1
    assert "points at:" not in page
    pointing.point(session, place)
    page = alice.client.get(path(alice)).text
    assert "step--pointed" not in page
    assert "Hana is pointing here" in page


def test_where_the_person_is_is_told_while_they_do_not_pause(alice: Scene, session: HelpSession, place: str) -> None:
    def told() -> str:
        session.refresh_from_db()
        return session.caller_place

    alice.client.get(path(alice))
    assert told() == place
    alice.client.get("/help/bar/")  # a part of a page
    assert told() == place
    alice.client.get("/overview/")
    assert told() == ""
    alice.client.get(path(alice))
    post(alice.client, "pause")
    alice.client.get(path(alice))
    assert told() == ""


def test_the_page_knows_the_newest_version(alice: Scene, session: HelpSession) -> None:
    page = alice.client.get(path(alice)).text
    session.refresh_from_db()
    assert f'data-version="{session.version}"' in page


def test_the_part_says_when_it_is_over(alice: Scene, session: HelpSession) -> None:
    assert "data-live" in alice.client.get("/help/bar/?at=/changes/").text
    sessions.end(session, HelpEnd.HELPER)
    part = alice.client.get("/help/bar/").text
    assert "The session is over" in part
    assert "data-live" not in part
    assert 'id="session"' not in alice.client.get("/overview/").text


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(database) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_the_bar_costs_nothing_without_a_session_and_little_with_one(alice: Scene, hana: Helper) -> None:
    addresses = ("/changes/", "/account/", path(alice))
    for address in addresses:
        alice.client.get(address)
    before = [queries(alice.client, address) for address in addresses]
    session = cast.session_of(alice.person, hana)
    sessions.offer(session, cast.hana(hana.helpline, "Noor"))  # type: ignore[arg-type]
    openings.open_up(session, OpeningKind.ALL)
    with_bar = []
    for address in addresses:
        alice.client.get(address)  # where they are is written down once
        with_bar.append(queries(alice.client, address))
    extra = [now - then for now, then in zip(with_bar, before, strict=True)]
    assert extra[:2] == [1, 1]
    assert extra[2] <= 4  # the short list is one of them


# --------------------------------------------------------------------------- pausing, ending, handing over


def test_pausing_going_on_hiding_and_ending(alice: Scene, session: HelpSession, place: str) -> None:
    post(alice.client, "open", kind="card", key=place)
    states = []
    for deed in ("pause", "on", "hide/all", "end"):
        post(alice.client, deed)
        session.refresh_from_db()
        states.append(session.state)
    assert states == ["paused", "open", "open", "ended"]
    assert session.end == HelpEnd.CALLER
    assert not opened()


def test_ending_leads_to_what_stays_and_a_refused_asking_to_the_helplines(alice: Scene, hana: Helper) -> None:
    session = cast.session_of(alice.person, hana)
    assert post(alice.client, "end").headers["Location"] == f"/help/after/{session.public_id}/"
    cast.session_of(alice.person, hana, HelpState.ASKED)
    assert post(alice.client, "end").headers["Location"] == "/help/"


@pytest.mark.parametrize("deed", ["open", "hide", "hide/all", "pause", "on", "end", "over/yes", "over/no", "yes", "no"])
def test_without_a_session_nothing_happens_and_it_is_said(alice: Scene, deed: str) -> None:
    answer = alice.client.post(f"/help/{deed}/", {"kind": "all"}, follow=True)
    assert answer.status_code == 200
    assert "Nobody looks along" in answer.text or "no longer open" in answer.text
    assert not opened()


def test_before_the_yes_nothing_can_be_opened(alice: Scene, hana: Helper, place: str) -> None:
    session = cast.session_of(alice.person, hana, HelpState.ASKED)
    for deed in ("open", "pause", "on", "hide/all", "over/yes"):
        post(alice.client, deed, kind="card", key=place)
    session.refresh_from_db()
    assert session.state == HelpState.ASKED
    assert not opened()


def test_in_a_session_no_second_code_is_made(alice: Scene, session: HelpSession) -> None:
    post(alice.client, "code", seen="no")
    assert not HelpCode.objects.exists()


@pytest.fixture
def noor(session: HelpSession) -> Helper:
    other = cast.hana(session.helpline, "Noor")
    sessions.offer(session, other)
    return other


@pytest.mark.parametrize("cover", ["", "1"])
def test_handing_over_with_what_is_open_or_covered(
    alice: Scene, session: HelpSession, noor: Helper, place: str, cover: str
) -> None:
    post(alice.client, "open", kind="card", key=place)
    assert "may <b><bdi>Noor</bdi></b>, from the same helpline, take over?" in alice.client.get("/overview/").text
    post(alice.client, "over/yes", helper=noor.public_id, cover=cover)
    session.refresh_from_db()
    assert session.helper == noor
    assert bool(opened()) is not bool(cover)


def test_no_keeps_the_helper(alice: Scene, session: HelpSession, noor: Helper) -> None:
    post(alice.client, "over/no")
    session.refresh_from_db()
    assert (session.helper.name, session.next_helper) == ("Hana", None)


def test_a_yes_never_counts_for_another_helper(alice: Scene, session: HelpSession, noor: Helper) -> None:
    """The page was open while the offer was taken back and another one was made."""
    sessions.not_over(session, LoggedBy.HELPER)
    sessions.offer(session, cast.hana(session.helpline, "Mira"))
    for wrong in (noor.public_id, "", "\x00"):
        post(alice.client, "over/yes", helper=wrong)
    session.refresh_from_db()
    assert session.helper.name == "Hana"


# --------------------------------------------------------------------------- leaving


LEAVING: dict[str, tuple[Callable[[Client], object], HelpEnd]] = {
    "quick exit": (lambda client: client.get("/x/"), HelpEnd.LEFT),
    "signing out": (lambda client: client.post("/account/sign-out/"), HelpEnd.LEFT),
}


@pytest.mark.parametrize("way", LEAVING)
def test_leaving_ends_the_session(alice: Scene, session: HelpSession, way: str) -> None:
    leave, why = LEAVING[way]
    leave(alice.client)
    assert is_over(session, why)


@pytest.mark.parametrize("way", LEAVING)
def test_a_code_in_flight_dies_with_leaving(alice: Scene, hana: Helper, way: str) -> None:
    digits = codes.make(alice.person, hana.helpline).digits  # type: ignore[arg-type]
    LEAVING[way][0](alice.client)
    with pytest.raises(codes.NoSuchCode):
        codes.redeem(hana, digits)


def test_a_sign_in_that_is_over_ends_the_session(alice: Scene, session: HelpSession) -> None:
    kept = alice.client.session
    kept["signed_in_at"] = 1
    kept.save()
    alice.client.get("/overview/")
    assert is_over(session, HelpEnd.LEFT)


def test_quick_exit_leaves_though_ending_fails(
    alice: Scene, session: HelpSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise database.DatabaseError

    monkeypatch.setattr("audits.accounts.views.leave.caller_leaves", broken)
    alice.client.raise_request_exception = False
    answer = alice.client.get("/x/")
    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cookies", "storage"'


def test_other_sessions_ended_end_this_one_too(alice: Scene, session: HelpSession) -> None:
    request: Any = type("Request", (), {"user": alice.person, "session": alice.client.session})()
    ways.end_other_sessions(request, alice.person)
    assert is_over(session, HelpEnd.LEFT)


def test_an_event_of_google_that_ends_sign_ins_ends_it(alice: Scene, session: HelpSession) -> None:
    effects.end_sessions(alice.person)
    assert is_over(session, HelpEnd.LEFT)


def test_deleting_everything_ends_it_and_leaves_that_it_happened(
    alice: Scene, session: HelpSession, place: str
) -> None:
    post(alice.client, "open", kind="card", key=place)
    leaving.delete_everything(alice.person)
    assert is_over(session, HelpEnd.DELETED)
    assert session.person is None
    assert not opened()
    assert set(SessionLog.objects.values_list("check_id", "step", "what")) == {("", None, "")}


def test_disconnecting_an_account_closes_what_was_open_of_it(
    alice: Scene, session: HelpSession, item: Item, place: str, things: dict[str, Any]
) -> None:
    for kind in ("name", "note", "account", "record"):
        key, where = things[kind]
        post(alice.client, "open", kind=kind, key=key, place=where)
    post(alice.client, "open", kind="card", key=CHECKS["whatsapp_linked_devices"].code)
    pointing.point(session, place)
    leaving.disconnect(alice.connection)
    assert {kind for kind, _ in opened()} == {"record", "card"}
    session.refresh_from_db()
    assert (session.pointing_place, session.state) == ("", HelpState.OPEN)


def test_a_quiet_session_is_over_for_the_page(alice: Scene, session: HelpSession, place: str) -> None:
    HelpSession.objects.update(touched_at=timezone.now() - timedelta(minutes=61))
    assert 'id="session"' not in alice.client.get("/overview/").text
    post(alice.client, "open", kind="card", key=place)
    assert not opened()


def test_opening_a_page_keeps_a_session_awake(alice: Scene, session: HelpSession) -> None:
    before = timezone.now() - timedelta(minutes=50)
    HelpSession.objects.update(touched_at=before)
    alice.client.get("/overview/")
    session.refresh_from_db()
    assert session.touched_at > before
