"""An operator makes and closes helplines and brings leads back in. They see no session, no number, no caller."""

from __future__ import annotations

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audits.audit.helping import codes
from audits.helpline import staff
from audits.models import HelpCode, HelpEnd, Helper, HelperPasskey, Helpline, HelpState, Person
from tests.audit import scenes
from tests.helpline import cast
from tests.helpline.conftest import Cast
from tests.helpline.test_lead import link_in

pytestmark = pytest.mark.django_db
OF_A_LINE = ("desk-lines-close", "desk-lines-lead")


@pytest.fixture
def omar(crew: Cast) -> Client:
    return cast.desk_client(crew.omar)


def address(name: str, line: Helpline) -> str:
    return reverse(name, args=[line.public_id])


def test_a_helpline_is_made_with_its_first_lead(crew: Cast, omar: Client) -> None:
    answer = omar.post(reverse("desk-lines-new"), {"line": " Hill\u200b  House ", "lead": "Nora"})
    line = Helpline.objects.get(name="Hill House")
    lead = line.helpers.get()
    assert (lead.name, lead.role, lead.joined_at) == ("Nora", "lead", None)
    link = link_in(answer)
    assert Client().get(f"/{link}").status_code == 200
    assert link not in omar.get(address("desk-lines-lead", line)).text


@pytest.mark.parametrize(
    "form",
    [
        {"line": "RIVERSIDE  helpline", "lead": "Nora"},
        {"line": "\u200b", "lead": "Nora"},
        {"line": "x" * 81, "lead": "Nora"},
        {"line": "New", "lead": "x" * 61},
        {"line": "New", "lead": "\u202e"},
        {"line": "N\x00w", "lead": "Nora"},
        {"line": "New"},
        {},
    ],
)
def test_no_helpline_is_made_by_a_form_that_is_wrong(crew: Cast, omar: Client, form: dict[str, str]) -> None:
    assert omar.post(reverse("desk-lines-new"), form).status_code == 400
    assert Helpline.objects.count() == 1


def test_the_name_of_a_closed_helpline_is_free(crew: Cast, omar: Client) -> None:
    staff.close(crew.line)
    assert omar.post(reverse("desk-lines-new"), {"line": "Riverside Helpline", "lead": "N"}).status_code == 200


def test_there_are_so_many_helplines(crew: Cast, omar: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "MOST_LINES", 1)
    answer = omar.post(reverse("desk-lines-new"), {"line": "New", "lead": "Nora"})
    assert answer.status_code == 400
    assert "as many as we keep" in answer.text


def test_closing_ends_codes_sessions_and_access(crew: Cast, omar: Client, hana_client: Client, caller: Person) -> None:
    other_line = cast.line("Elsewhere")
    other = cast.hana(other_line, "Other")
    other_session = cast.session_of(scenes.person_with_connection()[0], other)
    HelperPasskey.objects.create(helper=crew.hana, credential="x", made_at=timezone.now())
    session = cast.session_of(caller, crew.hana)
    waiting = scenes.person_with_connection()[0]
    codes.make(waiting, crew.line)
    assert "Tell its lead" in omar.get(address("desk-lines-close", crew.line)).text
    assert Helpline.objects.get(pk=crew.line.pk).closed_at is None
    omar.post(address("desk-lines-close", crew.line))
    session.refresh_from_db()
    assert (session.state, session.end) == (HelpState.ENDED, HelpEnd.CLOSED)
    assert not HelpCode.objects.exists()
    for client in (hana_client, cast.desk_client(crew.lena)):
        assert client.get(reverse("desk-rules")).status_code == 302
    assert not Helper.objects.filter(helpline=crew.line).exclude(password="", sign_in_key=None, totp_sealed=None)
    assert not HelperPasskey.objects.exists()
    other.refresh_from_db()
    other_session.refresh_from_db()
    assert (other.ended_at, other_session.state) == (None, HelpState.OPEN)
    for name in OF_A_LINE:  # closed once and for all
        assert omar.post(address(name, crew.line)).status_code == 404


def test_a_lead_comes_back_in_by_a_new_link(crew: Cast, omar: Client) -> None:
    lena = cast.desk_client(crew.lena)
    path = address("desk-lines-lead", crew.line)
    assert "Lena" in omar.get(path).text
    link = link_in(omar.post(path, {"lead": str(crew.lena.public_id)}))
    assert lena.get(reverse("desk-people")).status_code == 302
    assert Client().get(f"/{link}").status_code == 200


def test_one_more_lead(crew: Cast, omar: Client) -> None:
    path = address("desk-lines-lead", crew.line)
    assert "link" in omar.post(path, {"name": "Nora"}).context
    assert Helper.objects.get(name="Nora").role == "lead"
    assert omar.post(path, {"name": " "}).status_code == 400


@pytest.mark.parametrize("who", ["hana", "other", "ended", "x", "", "\x00"])
def test_only_a_lead_of_this_helpline_gets_a_link(crew: Cast, omar: Client, who: str) -> None:
    helpers = {"hana": crew.hana, "other": cast.lena(cast.line("Elsewhere")), "ended": cast.lena(crew.line, "Gone")}
    Helper.objects.filter(name="Gone").update(ended_at=timezone.now())
    lead = str(helpers[who].public_id) if who in helpers else who
    assert omar.post(address("desk-lines-lead", crew.line), {"lead": lead}).status_code == 404
    assert not Helper.objects.filter(invitation_key__isnull=False).exists()


def test_pages_say_nothing_of_people_who_help_or_call(crew: Cast, omar: Client, caller: Person) -> None:
    cast.session_of(caller, crew.hana)
    paths = [reverse("desk-lines"), *(address(name, crew.line) for name in OF_A_LINE)]
    with CaptureQueriesContext(database) as asked:
        text = "".join(omar.get(path).text for path in paths)
    assert "Hana" not in text
    assert not [query["sql"] for query in asked if "audits_helpsession" in query["sql"]]


def test_the_list_is_paged_with_a_constant_number_of_queries(crew: Cast, omar: Client) -> None:
    counted = []
    for more in (1, 30):
        Helpline.objects.bulk_create(
            Helpline(name=f"Line {more} {number:02}", made_at=timezone.now()) for number in range(more)
        )
        with CaptureQueriesContext(database) as asked:
            answer = omar.get(reverse("desk-lines"))
        counted.append(len(asked))
    assert counted[0] == counted[1]
    assert "32 in all" in answer.text


@pytest.mark.parametrize("who", ["hana", "lena"])
def test_an_operators_pages_are_for_operators(crew: Cast, who: str) -> None:
    client = cast.desk_client(getattr(crew, who))
    paths = [*map(reverse, ("desk-lines", "desk-lines-new")), *(address(name, crew.line) for name in OF_A_LINE)]
    assert {client.get(path).status_code for path in paths} == {404}
    assert {client.post(path).status_code for path in paths} == {404}


def test_an_operator_reaches_no_session(crew: Cast, omar: Client, caller: Person) -> None:
    session = cast.session_of(caller, crew.hana)
    assert omar.get(reverse("desk-session", args=[session.public_id])).status_code == 404
