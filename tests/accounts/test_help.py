"""Getting help: choosing a helpline, showing who one is, the code, the word, and the question before anything opens."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from audits.accounts import return_codes
from audits.audit.helping import codes, lasting, sessions, words
from audits.audit.situation import keep, said
from audits.models import HelpCode, Helper, Helpline, HelpSession, HelpState, Person
from tests.accounts.kept import everything_kept
from tests.dashboard.conftest import signed_in
from tests.helpline import cast


@pytest.fixture
def line(db: None) -> Helpline:
    return cast.line()


@pytest.fixture
def hana(line: Helpline) -> Helper:
    return cast.hana(line)


@pytest.fixture
def alice(db: None) -> Person:
    return Person.objects.create_user()


@pytest.fixture
def client(alice: Person, hana: Helper) -> Client:
    """Alice, who has just shown that it is her."""
    return confirmed(signed_in(alice), alice)


def confirmed(client: Client, person: Person, seconds_ago: float = 0) -> Client:
    session = client.session
    session["confirmed"] = {"person": person.pk, "at": time.time() - seconds_ago}
    session.save()
    return client


def choose(client: Client, line: Helpline) -> str:
    answer = client.post("/help/", {"line": line.public_id})
    return str(answer.headers["Location"])


def make_code(client: Client, line: Helpline) -> HelpCode:
    choose(client, line)
    assert client.post("/help/code/", {"seen": "no"}).status_code == 303
    return HelpCode.objects.get()


# --------------------------------------------------------------------------- choosing


def test_without_a_helpline_it_is_said_calmly_and_leads_to_the_help_words(alice: Person) -> None:
    page = signed_in(alice).get("/help/").text
    assert "No helpline works with this site just now" in page
    assert 'href="/all/"' in page
    assert "Choose this helpline" not in page


def test_only_helplines_that_take_calls_can_be_chosen(client: Client, line: Helpline) -> None:
    closed, nobody = cast.line("Closed Line"), cast.line("Empty Line")
    cast.hana(closed)
    cast.lena(nobody)
    Helpline.objects.filter(pk=closed.pk).update(closed_at=timezone.now())
    page = client.get("/help/").text
    assert "Riverside Helpline" in page
    for one in (closed, nobody):
        assert one.name not in page
        assert client.post("/help/", {"line": one.public_id}).status_code == 404
    for junk in ("", "x", "\x00", "00000000-0000-4000-8000-000000000000"):
        assert client.post("/help/", {"line": junk}).status_code == 404
    assert not HelpCode.objects.exists()


def test_many_helplines_come_a_page_at_a_time(client: Client) -> None:
    for number in range(11):
        cast.hana(cast.line(f"Line {number:02}"))
    assert client.get("/help/").text.count("Choose this helpline") == 10
    assert client.get("/help/?page=2").text.count("Choose this helpline") == 2
    assert client.get("/help/?page=\x00").text.count("Choose this helpline") == 10


# --------------------------------------------------------------------------- the code


def test_a_code_needs_that_they_have_shown_who_they_are(client: Client, alice: Person, line: Helpline) -> None:
    confirmed(client, alice, seconds_ago=301)
    assert choose(client, line) == "/help/code/"
    assert "First: show that it is you" in client.get("/help/code/").text
    answer = client.post("/help/code/", {"seen": "no"})
    assert answer.status_code == 403
    assert "first show that it is you" in answer.text
    assert not HelpCode.objects.exists()


def test_who_has_a_return_code_shows_it_and_goes_on_to_the_code(client: Client, alice: Person, line: Helpline) -> None:
    digits = return_codes.make(alice)
    confirmed(client, alice, seconds_ago=301)
    choose(client, line)
    assert client.post("/account/confirm/", {"then": "help", "code": "0" * 20}).status_code == 403
    answer = client.post("/account/confirm/", {"then": "help", "code": digits})
    assert answer.headers["Location"] == "/help/code/"
    assert "Can anybody else see this screen" in client.get("/help/code/").text


@pytest.mark.parametrize("seen", ["unsure", "yes", "", "junk"])
def test_who_is_not_alone_is_told_of_a_safer_way_and_may_go_on(client: Client, line: Helpline, seen: str) -> None:
    choose(client, line)
    answer = client.post("/help/code/", {"seen": seen})
    assert "Maybe from somewhere else" in answer.text
    assert not HelpCode.objects.exists()
    client.post("/help/code/", {"anyway": "1"})
    assert HelpCode.objects.exists()


def test_the_code_is_shown_while_it_is_good_and_to_nobody_else(client: Client, alice: Person, line: Helpline) -> None:
    code = make_code(client, line)
    first, second = codes.groups(code.digits)
    word = words.word_of(alice, line)
    page = client.get("/help/code/").text
    assert f"<span>{first}</span>" in page
    assert f"<span>{second}</span>" in page
    assert word in page
    assert timezone.localtime(code.ends_at).strftime("%H:%M") in page
    bob = signed_in(Person.objects.create_user())
    assert bob.get("/help/code/").headers["Location"] == "/help/"
    assert first not in everything_kept()
    HelpCode.objects.update(ends_at=timezone.now())
    page = client.get("/help/code/").text
    assert first not in page
    assert "Can anybody else see this screen" in page


def test_dropping_it_and_choosing_again_end_the_code(client: Client, line: Helpline, hana: Helper) -> None:
    first = make_code(client, line).digits
    client.post("/help/code/drop/")
    assert not HelpCode.objects.exists()
    second = make_code(client, line).digits
    choose(client, line)
    for digits in (first, second):
        with pytest.raises(codes.NoSuchCode):
            codes.redeem(hana, digits)


def test_a_new_word_is_made_only_beside_a_code(client: Client, alice: Person, line: Helpline) -> None:
    before = words.word_of(alice, line)
    client.post("/help/word/")
    assert words.word_of(alice, line) == before
    make_code(client, line)
    for _ in range(3):  # two words of many: the same one may come once
        client.post("/help/word/")
    assert words.word_of(alice, line) in client.get("/help/code/").text


def test_a_helpline_that_closed_meanwhile_makes_no_code(client: Client, line: Helpline) -> None:
    choose(client, line)
    Helpline.objects.update(closed_at=timezone.now())
    assert client.post("/help/code/", {"seen": "no"}).headers["Location"] == "/help/"
    assert not HelpCode.objects.exists()


def test_the_page_of_the_code_waits_by_itself(client: Client, line: Helpline, hana: Helper) -> None:
    part = {"headers": {"HX-Request": "true"}}
    code = make_code(client, line)
    waiting = client.get("/help/code/", **part)  # type: ignore[arg-type]
    assert (waiting.status_code, "HX-Refresh" in waiting.headers) == (204, False)
    codes.redeem(hana, code.digits)
    assert client.get("/help/code/", **part).headers["HX-Redirect"] == "/help/ask/"  # type: ignore[arg-type]
    assert client.get("/help/code/").headers["Location"] == "/help/ask/"


def test_a_code_that_is_over_reloads_the_page(client: Client, line: Helpline) -> None:
    make_code(client, line)
    HelpCode.objects.all().delete()
    answer = client.get("/help/code/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"


# --------------------------------------------------------------------------- the question


@pytest.fixture
def asked(alice: Person, hana: Helper) -> HelpSession:
    return cast.session_of(alice, hana, HelpState.ASKED)


def test_the_question_names_helper_line_and_word(client: Client, asked: HelpSession, alice: Person) -> None:
    page = client.get("/help/ask/").text
    for words_of_it in ("Hana", "Riverside Helpline", words.word_of(alice, asked.helpline), "They cannot press"):
        assert words_of_it in page
    assert "Hana</bdi></b> from <bdi>Riverside Helpline</bdi> asks to look along" in client.get("/changes/").text


def test_yes_lets_this_helper_in(client: Client, asked: HelpSession) -> None:
    answer = client.post("/help/yes/", {"session": asked.public_id})
    assert answer.headers["Location"] == "/help/sees/"
    asked.refresh_from_db()
    assert asked.state == HelpState.OPEN
    assert client.get("/help/ask/").headers["Location"] == "/help/sees/"


def test_no_is_as_good(client: Client, asked: HelpSession) -> None:
    assert client.post("/help/no/", {"session": asked.public_id}).headers["Location"] == "/help/"
    asked.refresh_from_db()
    assert (asked.state, asked.end) == (HelpState.ENDED, "refused")
    assert client.get("/help/ask/").headers["Location"] == "/help/"


def test_a_yes_never_counts_for_another_session(client: Client, alice: Person, asked: HelpSession) -> None:
    """The page was open while the first helper left and a second one asked."""
    old = asked.public_id
    sessions.refuse(asked)
    noor = cast.hana(asked.helpline, "Noor")
    alice.refresh_from_db()
    second = cast.session_of(alice, noor, HelpState.ASKED)
    for wrong in (old, "", "x", "\x00"):
        client.post("/help/yes/", {"session": wrong})
        client.post("/help/no/", {"session": wrong})
    second.refresh_from_db()
    assert second.state == HelpState.ASKED


def test_an_answer_that_comes_too_late_lets_nobody_in(client: Client, asked: HelpSession) -> None:
    late = timezone.now() - timedelta(minutes=lasting.ANSWER_MINUTES)
    HelpSession.objects.update(asked_at=late)
    answer = client.post("/help/yes/", {"session": asked.public_id}, follow=True)
    assert "no longer open" in answer.text
    asked.refresh_from_db()
    assert asked.accepted_at is None


def test_somebody_under_18_reads_what_stays_closed(client: Client, alice: Person, asked: HelpSession) -> None:
    keep(alice, said(uses=(), worries=(), young=True, danger=False))
    page = client.get("/help/ask/").text
    assert "What you told us and your records stay closed" in page
