"""The short list during a session, and what stays after it: for its Person alone, whoever ended it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audits.accounts.help_forms import LONGEST_LINE, LONGEST_WORDS
from audits.audit import situation
from audits.audit.guided import place_of
from audits.audit.helping import sessions, short_list, words
from audits.audit.helping.after import LONGEST_NOTE
from audits.audit.situation import Said
from audits.checks.catalogue import CHECKS, by_code, code_of
from audits.models import HelpEnd, HelpSession, HelpState, LoggedBy, Person, SessionNote, ShortListEntry
from tests.accounts.kept import everything_kept
from tests.audit import scenes
from tests.helpline import cast

TWO_STEP, PASSKEYS, APPS = CHECKS["two_step"], CHECKS["passkeys"], CHECKS["drive_wide_apps"]
NAMES = ("help-after", "help-after-note", "help-after-move", "help-reach", "help-after-delete")
OWN_NOTE = "Ask about the tablet at home"
REACH = {
    "time": "weekdays after 10",
    "channel": "phone",
    "to": "07700 900123",
    "if_somebody_else": "it is about Friday",
    "voicemail": "no",
}


@pytest.fixture
def alice(db: None) -> Person:
    person, connection = scenes.person_with_connection()
    scenes.audit_with(person, connection, {"drive_apps": [scenes.app("1", "PicPolish")]})
    return person


@pytest.fixture
def session(alice: Person) -> HelpSession:
    return cast.session_of(alice, cast.hana(cast.line()))


@pytest.fixture
def client(alice: Person) -> Client:
    return client_of(alice)


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def places(person: Person) -> list[str]:
    connection = person.connections.get()
    return [place_of(check, connection) for check in (APPS, TWO_STEP, PASSKEYS)]


def ended(session: HelpSession, why: HelpEnd = HelpEnd.CALLER) -> SessionNote:
    sessions.end(session, why, LoggedBy.APP)
    return SessionNote.objects.get(session=session)


def at(name: str, session: HelpSession) -> str:
    return reverse(name, args=[session.public_id])


# --------------------------------------------------------------------------- the short list


def test_the_caller_makes_orders_and_marks_the_short_list(session: HelpSession, alice: Person, client: Client) -> None:
    first, second, third = places(alice)
    for place in (first, second, third):
        answer = client.post(reverse("help-list-add"), {"place": place})
        assert answer.status_code == 303
        assert client.get(answer.headers["Location"], follow=True).status_code == 200
    client.post(reverse("help-list-add"), {"place": first})  # a second time is no second line
    client.post(reverse("help-list-move"), {"place": third, "by": "up"})
    client.post(reverse("help-list-mark"), {"place": first, "as": "done"})
    client.post(reverse("help-list-mark"), {"place": third, "as": "another_day"})
    client.post(reverse("help-list-off"), {"place": second})
    kept = [(one.place, one.done, one.another_day) for one in short_list.entries(session)]
    assert kept == [(first, True, False), (third, False, True)]
    page = client.get(reverse("help-list")).text
    assert page.index(APPS.words.short) < page.index(PASSKEYS.words.short)
    assert "Not done after all" in page
    assert "Today after all" in page


@pytest.mark.parametrize("place", ["", "nothing", "\x00", "-", "x" * 500])
def test_what_is_no_card_goes_on_no_list(session: HelpSession, client: Client, place: str) -> None:
    assert client.post(reverse("help-list-add"), {"place": place}).status_code == 404
    for name in ("help-list-mark", "help-list-move", "help-list-off"):
        assert client.post(reverse(name), {"place": place, "as": "x", "by": "x"}).status_code == 302
    assert not ShortListEntry.objects.exists()


def test_a_strangers_account_is_on_nobody_elses_list(session: HelpSession, client: Client) -> None:
    other = scenes.person_with_connection("bob@gmail.test")[1]
    assert client.post(reverse("help-list-add"), {"place": place_of(APPS, other)}).status_code == 404


def test_a_full_list_says_so(session: HelpSession, client: Client) -> None:
    codes = [check.code for check in CHECKS.values()][: short_list.MOST + 1]
    for place in codes:
        client.post(reverse("help-list-add"), {"place": place})
    assert ShortListEntry.objects.count() == short_list.MOST
    assert "Your short list is full." in client.get(reverse("help-list")).text


@pytest.mark.parametrize("name", ["help-list-add", "help-list-mark", "help-list-move", "help-list-off"])
def test_without_a_session_the_list_changes_nothing(alice: Person, client: Client, name: str) -> None:
    answer = client.post(reverse(name), {"place": APPS.code}, follow=True)
    assert "Nothing was changed." in answer.text
    assert client.get(reverse("help-list")).status_code == 302
    cast.session_of(alice, cast.hana(cast.line()), HelpState.ASKED)
    client.post(reverse(name), {"place": APPS.code})
    assert not ShortListEntry.objects.exists()


# --------------------------------------------------------------------------- what stays


def fill(session: HelpSession, alice: Person) -> None:
    first, second, third = places(alice)
    for place in (first, second, third):
        short_list.add(session, place)
    short_list.mark(session, first, done=True, another_day=False)
    short_list.mark(session, third, done=False, another_day=True)


@pytest.mark.parametrize("why", [HelpEnd.CALLER, HelpEnd.HELPER, HelpEnd.QUIET, HelpEnd.LEFT, HelpEnd.CLOSED])
def test_whoever_ends_it_the_lists_stay_with_the_caller(
    session: HelpSession, alice: Person, client: Client, why: HelpEnd
) -> None:
    fill(session, alice)
    ended(session, why)
    page = client.get(at("help-after", session)).text
    parts = [page.index(part) for part in ('id="done"', 'id="open"', 'id="next"')]
    titles = [page.index(f">{check.words.short}</a>") for check in (APPS, TWO_STEP, PASSKEYS)]
    assert parts[0] < titles[0] < parts[1] < titles[1] < parts[2] < titles[2]
    assert "Nothing has to be done today." in page
    finding = alice.findings.get(check_id=APPS.id, current=True)
    assert reverse("check", args=[finding.public_id]) in page
    assert reverse("blank-check", args=[places(alice)[2]]) in page


def test_a_session_that_ran_out_leaves_its_lists_when_they_are_asked_for(
    session: HelpSession, alice: Person, client: Client
) -> None:
    fill(session, alice)
    HelpSession.objects.update(touched_at=timezone.now() - timedelta(days=2))
    assert APPS.words.short in client.get(at("help-after", session)).text


def test_there_is_nothing_of_a_session_that_goes_on_or_never_began(alice: Person, client: Client) -> None:
    hana = cast.hana(cast.line())
    session = cast.session_of(alice, hana, HelpState.ASKED)
    assert client.get(at("help-after", session)).status_code == 404
    sessions.refuse(session)
    assert client.get(at("help-after", session)).status_code == 404
    assert client.get(at("help-after", cast.session_of(alice, hana))).status_code == 404


def test_lines_move_between_the_three_lists_and_off(session: HelpSession, alice: Person, client: Client) -> None:
    fill(session, alice)
    ended(session)
    first, second, third = places(alice)
    for place, to in ((second, "done"), (third, "open"), (first, "off"), (third, "nowhere"), ("foreign", "done")):
        client.post(at("help-after-move", session), {"place": place, "to": to})
    content = SessionNote.objects.get().content
    assert (content["done"], content["open"], content["next"]) == ([second], [third], [])


def test_a_note_and_how_to_be_reached_are_sealed(session: HelpSession, client: Client) -> None:
    ended(session)
    client.post(at("help-after-note", session), {"note": f"{OWN_NOTE}\r\nand the phone"})
    client.post(at("help-reach", session), REACH)
    kept = everything_kept()
    assert not any(said in kept for said in (OWN_NOTE, REACH["to"], REACH["time"], REACH["if_somebody_else"]))
    page = client.get(at("help-after", session)).text
    assert f"{OWN_NOTE}\nand the phone" in page
    for said in ("A phone call", "07700 900123", "No voice message, please", "it is about Friday"):
        assert said in page
    assert REACH["to"] in client.get(at("help-reach", session)).text


def test_how_to_be_reached_is_taken_out_again(session: HelpSession, client: Client) -> None:
    ended(session)
    client.post(at("help-reach", session), REACH)
    assert "Nothing of this is kept." in client.post(at("help-reach", session), {}, follow=True).text
    assert SessionNote.objects.get().reach is None


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("help-after-note", {"note": "x" * (LONGEST_NOTE + 1)}),
        ("help-after-note", {"note": "\x00"}),
        ("help-reach", {**REACH, "time": "x" * (LONGEST_LINE + 1)}),
        ("help-reach", {**REACH, "if_somebody_else": "x" * (LONGEST_WORDS + 1)}),
        ("help-reach", {**REACH, "channel": "pigeon"}),
        ("help-reach", {**REACH, "voicemail": "perhaps"}),
    ],
)
def test_what_does_not_fit_is_not_kept(session: HelpSession, client: Client, name: str, form: dict[str, Any]) -> None:
    before = ended(session)
    assert client.post(at(name, session), form).status_code == 400
    after = SessionNote.objects.get()
    assert (after.content, after.reach) == (before.content, before.reach)


def test_what_stays_is_deleted_and_the_log_is_not(session: HelpSession, client: Client) -> None:
    ended(session)
    assert "Delete this page" in client.get(at("help-after-delete", session)).text
    assert client.post(at("help-after-delete", session)).status_code == 302
    assert not SessionNote.objects.exists()
    assert client.get(at("help-after", session)).status_code == 404
    assert "You let Hana in." in client.get(at("help-log", session)).text


def test_nobody_else_reads_or_changes_what_stays(session: HelpSession, client: Client) -> None:
    ended(session)
    bob = client_of(scenes.person_with_connection("bob@gmail.test")[0])
    strangers = [bob, Client(), cast.desk_client(session.helper), cast.desk_client(cast.lena(session.helpline))]
    for name in NAMES:
        for stranger in strangers:
            for answer in (stranger.get(at(name, session)), stranger.post(at(name, session), {"note": "x", **REACH})):
                assert answer.status_code in (302, 404, 405), name
                assert "help/after" not in answer.headers.get("Location", "")
    note = SessionNote.objects.get()
    assert (note.content["note"], note.reach) == ("", None)


def test_no_module_of_the_desk_knows_what_stays() -> None:
    for path in [*Path("audits/helpline").rglob("*.py"), *Path("audits/audit/tell").glob("for_helper*.py")]:
        source = path.read_text(encoding="utf-8")
        assert not any(name in source for name in ("SessionNote", "session_notes", "helping.after", "help_after")), path


def test_what_was_ended_elsewhere_stays_a_title(session: HelpSession, alice: Person, client: Client) -> None:
    """The account is disconnected, a check is renamed or gone: no dead link, and no error."""
    fill(session, alice)
    note = ended(session)
    note.content = {**note.content, "next": [*note.content["next"], "0123456789"]}
    note.save()
    alice.connections.all().delete()
    page = client.get(at("help-after", session)).text
    assert APPS.words.short in page
    assert f">{APPS.words.short}</a>" not in page
    assert "A check that this version no longer has" in page


def test_an_earlier_name_of_a_check_leads_to_it() -> None:
    renamed = [(check, alias) for check in CHECKS.values() for alias in check.words.aliases]
    assert all(by_code(code_of(alias)) is check for check, alias in renamed)


def test_pages_cost_the_same_however_long_the_lists_are(session: HelpSession, alice: Person, client: Client) -> None:
    short_list.add(session, APPS.code)
    client.get(reverse("help-list"))
    with CaptureQueriesContext(database) as few:
        client.get(reverse("help-list"))
    for check in list(CHECKS.values())[:11]:
        short_list.add(session, check.code)
    with CaptureQueriesContext(database) as many:
        client.get(reverse("help-list"))
    assert len(many) == len(few) <= 10
    ended(session)
    with CaptureQueriesContext(database) as after:
        assert client.get(at("help-after", session)).status_code == 200
    assert len(after) <= 11


# --------------------------------------------------------------------------- under 18


def test_what_is_not_for_somebody_under_18_goes_on_no_list(session: HelpSession, alice: Person, client: Client) -> None:
    left_out = next(check for check in CHECKS.values() if check.words.fits.young == "not")
    short_list.add(session, left_out.code)
    situation.keep(alice, Said(young=True))
    assert client.post(reverse("help-list-add"), {"place": left_out.code}).status_code == 404
    page = client.get(reverse("help-list")).text
    assert left_out.words.short in page
    assert f">{left_out.words.short}</a>" not in page


def test_what_is_kept_until_when_names_all_of_it(session: HelpSession, client: Client) -> None:
    ended(session)
    words.word_of(Person.objects.get(), session.helpline)
    page = client.get(reverse("kept-until")).text
    for line in ("Sessions with a helpline, and who looked", "What stays with you of sessions", "know each other"):
        assert line in page
    for public in ("privacy", "story"):
        assert "If you let a helper of a helpline look along" in client.get(reverse(public)).text
