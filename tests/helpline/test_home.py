"""Where a helper's work begins: nobody is listed, a code is typed, and each way in which that fails is said plainly."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from audits.audit.helping import codes, sessions, words
from audits.models import Helper, HelpSession, HelpState, Person
from tests.helpline import cast
from tests.helpline.conftest import Cast

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/calls/"


def typed(client: Client, code: str) -> str:
    answer = client.post(reverse("desk-code"), {"code": code})
    return answer["Location"] if answer.status_code == 303 else answer.content.decode()


def test_the_code_leads_to_the_word_and_to_nothing_of_the_caller(
    crew: Cast, hana_client: Client, caller: Person
) -> None:
    digits = str(codes.make(caller, crew.line).digits)
    address = typed(hana_client, f"{digits[:4]} {digits[4:]}")
    session = HelpSession.objects.get(helper=crew.hana)
    assert address == reverse("desk-session", args=[session.public_id])
    shown = hana_client.get(address).content.decode()
    assert words.word_of(caller, crew.line) in shown
    assert "could anyone else see your screen" in shown
    assert "alice" not in shown
    assert "data-place" not in shown


@pytest.mark.parametrize("code", ["", "1234", "12345678901", "abcd efgh", "9" * 5000, "१२३४", "1234 567x", "\0" * 8])
def test_what_is_no_code_is_no_try(code: str, crew: Cast, hana_client: Client) -> None:
    assert "A code has eight digits." in typed(hana_client, code)
    assert Helper.objects.get(pk=crew.hana.pk).code_misses == 0


def test_a_locked_helper_reads_until_when_or_that_a_lead_unlocks_them(crew: Cast, hana_client: Client) -> None:
    for _ in range(codes.MISSES_IN_A_ROW):
        assert "No such code waits" in typed(hana_client, "0000 0000")
    assert "You can type the next one at" in typed(hana_client, "0000 0000")
    Helper.objects.update(code_misses=codes.MISSES_A_DAY - 1, code_locked_until=None)
    typed(hana_client, "0000 0000")
    assert "Your lead can let you type codes again." in typed(hana_client, "0000 0000")


def test_who_is_in_a_session_types_no_code_and_finds_their_session(
    crew: Cast, hana_client: Client, caller: Person
) -> None:
    session = cast.session_of(caller, crew.hana)
    home = hana_client.get(ADDRESS).content.decode()
    assert reverse("desk-session", args=[session.public_id]) in home
    assert 'name="code"' not in home
    other = Person.objects.create_user()
    digits = codes.make(other, crew.line).digits
    assert "You are in a session already" in typed(hana_client, digits)
    assert codes.code_of(other) is not None


def test_the_first_page_lists_no_caller_and_asks_as_often_for_any_number(crew: Cast, hana_client: Client) -> None:
    counted = []
    for round_ in range(2):
        for number in range(3 * round_):
            somebody = Person.objects.create_user()
            cast.session_of(somebody, cast.hana(crew.line, f"Helper {number}"))
            codes.make(Person.objects.create_user(), crew.line)
        with CaptureQueriesContext(connection) as asked:
            shown = hana_client.get(ADDRESS).content.decode()
        counted.append(len(asked))
        assert "No caller is listed here." in shown
    assert counted[0] == counted[1] <= 8


def test_a_session_that_is_offered_is_told_without_a_word_of_it(
    crew: Cast, hana_client: Client, caller: Person
) -> None:
    grace = cast.hana(crew.line, "Grace")
    session = cast.session_of(caller, grace)
    sessions.offer(session, crew.hana)
    shown = hana_client.get(ADDRESS).content.decode()
    assert "A session waits" in shown
    assert "Grace" in shown
    assert hana_client.get(reverse("desk-session", args=[session.public_id])).status_code == 404
    part = hana_client.get(ADDRESS, headers={"X-Part": "1"}).content.decode()
    assert part.strip().startswith('<div id="calls"')
    answer = hana_client.post(reverse("desk-offer-back", args=[session.public_id]))
    assert answer["Location"] == ADDRESS
    session.refresh_from_db()
    assert session.next_helper is None
    assert "A session waits" not in hana_client.get(ADDRESS).content.decode()


def test_a_closed_helpline_takes_no_code(crew: Cast, caller: Person) -> None:
    digits = codes.make(caller, crew.line).digits
    client = cast.desk_client(crew.lena)
    assert client.post(reverse("desk-code"), {"code": digits}).status_code == 404
    assert HelpSession.objects.filter(state=HelpState.ASKED).count() == 0


def test_a_name_of_a_helper_is_only_text(crew: Cast, hana_client: Client, caller: Person) -> None:
    hostile = "<img src=x onerror=1>"
    grace = cast.hana(crew.line, hostile)
    sessions.offer(cast.session_of(caller, grace), crew.hana)
    shown = hana_client.get(ADDRESS).content.decode()
    assert hostile not in shown
    assert escape(hostile) in shown
