"""Coming to the desk with a name and a password, and leaving it again."""

from __future__ import annotations

import time

import pytest
from django.contrib.auth import hashers
from django.test import Client
from django.utils import timezone

from audits.helpline import sign_in
from audits.models import HelpEnd, Helper, HelpState
from privacy_audit.security import limits
from tests.dashboard.conftest import signed_in
from tests.helpline import cast

DESK, SECOND, ACCOUNT, OUT, EXIT = "/desk/", "/desk/second/", "/desk/account/", "/desk/out/", "/desk/x/"
NOWHERE = "This name and password open nothing here."


def said(helper: Helper, **other: str) -> dict[str, str]:
    return {"name": cast.sign_in_name(helper), "password": cast.PASSWORD, **other}


@pytest.mark.parametrize(
    ("who", "home"), [("hana", "/desk/calls/"), ("lena", "/desk/people/"), ("omar", "/desk/lines/")]
)
def test_name_password_and_number_open_the_desk(crew, client: Client, who: str, home: str) -> None:
    helper = getattr(crew, who)
    spoken = said(helper, name=f"  {cast.sign_in_name(helper).upper()} ")
    assert client.post(DESK, spoken).headers["Location"] == SECOND
    assert client.get(home).headers["Location"] == SECOND
    assert client.get(DESK).headers["Location"] == SECOND
    assert client.post(SECOND, {"number": cast.number()}).headers["Location"] == home
    assert client.get(home).status_code == 200
    assert client.get(DESK).headers["Location"] == home


@pytest.mark.parametrize("way", ["unknown", "wrong", "ended", "closed", "left for a new link"])
def test_whatever_is_wrong_the_words_are_the_same_and_one_password_is_hashed(crew, way: str, monkeypatch) -> None:
    typed = said(crew.hana)
    if way == "unknown":
        typed["name"] = "nobody"
    if way == "wrong":
        typed["password"] = "seven quiet lantern"
    if way == "ended":
        Helper.objects.update(ended_at=timezone.now())
    if way == "closed":
        crew.line.closed_at = timezone.now()
        crew.line.save()
    if way == "left for a new link":
        Helper.objects.update(sign_in_key=None, password="")
    hashed = []
    once = hashers.MD5PasswordHasher.encode

    def counted(self, password, salt):
        hashed.append(1)
        return once(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counted)
    answer = Client().post(DESK, typed)
    assert (answer.status_code, len(hashed)) == (400, 1)
    assert NOWHERE in answer.text
    assert typed["password"] not in answer.text
    assert "desk" not in answer.cookies


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"name": "hana"},
        {"name": "h" * 101, "password": "x"},
        {"name": "hana", "password": "x" * 501},
        {"name": "\x00", "password": "\x00"},
    ],
)
def test_what_is_no_name_and_password_is_asked_again(crew, client: Client, typed: dict[str, str]) -> None:
    assert client.post(DESK, typed).status_code == 400


def test_a_name_can_be_tried_so_often_from_one_place_whether_anybody_has_it_or_not(crew) -> None:
    for name in (cast.sign_in_name(crew.hana), "nobody at all"):
        answers = [
            Client().post(DESK, {"name": name, "password": "wrong"}) for _ in range(sign_in.FROM_ONE_PLACE.times)
        ]
        assert {answer.status_code for answer in answers} == {400}
        slow = Client().post(DESK, {"name": name.upper(), "password": cast.PASSWORD})
        assert slow.status_code == 429
        assert int(slow.headers["Retry-After"]) <= 600
    elsewhere = Client().post(DESK, said(crew.hana), REMOTE_ADDR="192.0.2.7")
    assert elsewhere.headers["Location"] == SECOND, "a stranger's tries from one place lock nobody out elsewhere"


def test_from_many_places_a_name_is_slowed_too(crew, monkeypatch) -> None:
    monkeypatch.setattr(sign_in, "FROM_ANYWHERE", sign_in.Limit(3, 600))
    found = [Client().post(DESK, said(crew.hana), REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(4)]
    assert found == [302, 302, 302, 429]


def test_a_whole_helpline_behind_one_address_signs_in(crew) -> None:
    """Who is in is counted as themselves: forms of one do not use up another's."""
    hana, lena = (cast.desk_client(one).get(ACCOUNT).wsgi_request for one in (crew.hana, crew.lena))
    assert limits.who_asks(hana) != limits.who_asks(lena)
    assert limits.who_asks(Client().get(DESK).wsgi_request).startswith("address:")


# --------------------------------------------------------------------------- two spaces


@pytest.mark.parametrize("secure", [False, True])
def test_flags_of_the_cookies(crew, settings, secure: bool) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = secure
    client = Client(enforce_csrf_checks=True)
    page = client.get(DESK)
    token = page.context["csrf_token"]
    answer = client.post(DESK, {**said(crew.hana), "csrfmiddlewaretoken": str(token)})
    assert answer.headers["Location"] == SECOND
    for cookie in (page.cookies["desk_form"], answer.cookies["desk"]):
        assert (cookie["path"], cookie["samesite"], bool(cookie["httponly"])) == (DESK, "Strict", True)
        assert bool(cookie["secure"]) is secure
    assert not {"notes", "notes_form"} & {*page.cookies, *answer.cookies}


def test_a_form_of_the_other_space_is_not_taken(crew, caller) -> None:
    client = Client(enforce_csrf_checks=True)
    other = str(client.get("/back/").context["csrf_token"])
    client.get(DESK)
    assert client.post(DESK, {**said(crew.hana), "csrfmiddlewaretoken": other}).status_code == 403


def test_the_cookie_of_one_space_is_worth_nothing_in_the_other(crew, caller) -> None:
    desk, person = cast.desk_client(crew.hana).cookies["desk"].value, signed_in(caller).cookies["notes"].value
    swapped = Client()
    swapped.cookies["notes"], swapped.cookies["desk"] = desk, person
    assert swapped.get("/overview/").headers["Location"] == "/"
    assert swapped.get("/desk/calls/").headers["Location"] == DESK
    misnamed = Client()
    misnamed.cookies["notes"] = desk
    assert misnamed.get("/desk/calls/").headers["Location"] == DESK


def test_a_caller_and_a_helper_side_by_side_in_one_browser(crew, caller) -> None:
    client = signed_in(caller)
    client.post(DESK, said(crew.hana))
    client.post(SECOND, {"number": cast.number()})
    assert client.get("/desk/calls/").status_code == 200
    assert client.get("/overview/").status_code == 200
    client.post(OUT)
    assert client.get("/desk/calls/").headers["Location"] == DESK
    assert client.get("/overview/").status_code == 200


def test_a_session_that_was_there_before_is_not_taken_over(crew, client: Client) -> None:
    """Nobody can plant a cookie and wait: the number of the session changes with each thing shown."""
    client.post(DESK, said(crew.hana))
    first = client.cookies["desk"].value
    client.post(DESK, said(crew.hana))
    second = client.cookies["desk"].value
    client.post(SECOND, {"number": cast.number()})
    third = client.cookies["desk"].value
    assert len({first, second, third}) == 3
    for old in (first, second):
        client.cookies["desk"] = old
        assert client.get("/desk/calls/").headers["Location"] == DESK


# --------------------------------------------------------------------------- leaving


@pytest.mark.parametrize("state", [HelpState.ASKED, HelpState.OPEN, HelpState.PAUSED])
@pytest.mark.parametrize("way", [OUT, EXIT])
def test_leaving_ends_the_sign_in_and_the_session(crew, caller, settings, state: HelpState, way: str) -> None:
    session, client = cast.session_of(caller, crew.hana, state), cast.desk_client(crew.hana)
    kept = client.cookies["desk"].value
    answer = client.post(way) if way == OUT else client.get(way)
    assert answer.headers["Location"] == (DESK if way == OUT else settings.EXIT_URL)
    assert (answer.cookies["desk"]["max-age"], answer.cookies["desk"]["path"]) == (0, DESK)
    assert ("Clear-Site-Data" in answer.headers) is (way == EXIT)
    client.cookies["desk"] = kept
    assert client.get("/desk/calls/").headers["Location"] == DESK
    session.refresh_from_db()
    assert (session.state, session.end) == (HelpState.ENDED, HelpEnd.HELPER)


def test_quick_exit_leads_away_for_everybody_and_whatever_breaks(crew, settings, monkeypatch) -> None:
    for client in (Client(), cast.desk_client(crew.lena), cast.desk_client(crew.hana, second=False)):
        assert client.get(EXIT).headers["Location"] == settings.EXIT_URL

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("audits.helpline.door.signed_in", broken)
    client = cast.desk_client(crew.hana)
    client.raise_request_exception = False
    answer = client.get(EXIT)
    assert (answer.status_code, answer.headers["Location"]) == (303, settings.EXIT_URL)
    assert answer.cookies["desk"]["max-age"] == 0


def test_pages_of_the_desk_do_not_print_and_name_who_works_there(crew) -> None:
    text = cast.desk_client(crew.lena).get(ACCOUNT).text
    assert "This page does not print." in text
    assert "print.css" not in text
    assert "Riverside Helpline" in text
    assert "/desk/people/" in text
    assert "/desk/calls/" not in text


def test_queries_of_a_page_of_the_desk(crew, django_assert_num_queries) -> None:
    """The sign-in, who it is, and their passkeys."""
    client = cast.desk_client(crew.hana)
    with django_assert_num_queries(3):
        client.get(ACCOUNT)


# --------------------------------------------------------------------------- how long it holds


@pytest.mark.parametrize(
    ("kept", "holds"),
    [
        ({}, True),
        ({"seen": -29 * 60}, True),
        ({"seen": -31 * 60}, False),
        ({"since": -3 * 3600, "seen": 0}, True),
        ({"since": -4 * 3600 - 5, "seen": 0}, False),
        ({"since": 3600}, False),
        ({"seen": 3600}, False),
        ({"round": 1}, False),
        ({"helper": 10**6}, False),
    ],
)
def test_how_long_a_sign_in_holds(crew, kept: dict[str, int], holds: bool) -> None:
    """Seconds from now; 30 minutes without a page, 4 hours in all. A time ahead of us is not believed."""
    client, now = cast.desk_client(crew.hana), int(time.time())
    store = cast.store_of(client)
    changed = {name: now + value if name in ("seen", "since") else value for name, value in kept.items()}
    store["desk"] = {**store["desk"], **changed}
    store.save()
    assert (client.get(ACCOUNT).status_code == 200) is holds


def test_the_settings_say_how_long(crew, settings) -> None:
    settings.HELPER_IDLE_MINUTES = 0
    client = cast.desk_client(crew.hana)
    store = cast.store_of(client)
    store["desk"] = {**store["desk"], "seen": int(time.time()) - 2}
    store.save()
    assert client.get(ACCOUNT).headers["Location"] == DESK


@pytest.mark.parametrize("what", ["ended", "round", "closed"])
def test_access_that_ends_meanwhile_ends_with_the_next_page(crew, what: str) -> None:
    client = cast.desk_client(crew.hana)
    assert client.get(ACCOUNT).status_code == 200
    if what == "ended":
        Helper.objects.update(ended_at=timezone.now())
    elif what == "round":
        Helper.objects.update(session_round=1)
    else:
        crew.line.closed_at = timezone.now()
        crew.line.save()
    assert client.get(ACCOUNT).headers["Location"] == DESK
    part = client.get(ACCOUNT, headers={"X-Part": "1"})
    assert (part.status_code, part.headers["X-Go"]) == (204, DESK)
