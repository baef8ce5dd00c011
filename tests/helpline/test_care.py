"""Care: how long a helper was on calls, when a pause is offered, and the rules that everybody at the desk can read."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection as database
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audits.audit.helping import sessions
from audits.checks.helper_words import COMMON_WORDS
from audits.helpline import care
from audits.helpline.care import Breath
from audits.models import HelpEnd, Helper, HelpSession, LoggedBy, LogKind, SessionLog
from tests.audit import scenes
from tests.helpline import cast
from tests.helpline.conftest import Cast

pytestmark = pytest.mark.django_db
NOW = timezone.now()  # one for all rows, so that minutes come out whole


def ago(minutes: int) -> datetime:
    return NOW - timedelta(minutes=minutes)


def happened(
    crew: Cast, *told: tuple[LogKind, int, Helper], end: HelpEnd = HelpEnd.CALLER, touched: int = 0
) -> HelpSession:
    """An ended session whose log says what happened so many minutes ago."""
    session = HelpSession.objects.create(
        helpline=crew.line,
        helper=told[-1][2],
        state="ended",
        end=end,
        asked_at=ago(told[0][1]),
        accepted_at=ago(told[0][1]),
        ended_at=ago(told[-1][1]),
        touched_at=ago(touched),
    )
    for kind, minutes, helper in told:
        SessionLog.objects.create(session=session, at=ago(minutes), kind=kind, by=LoggedBy.APP, helper=helper)
    return session


def call(crew: Cast, begun: int, ended: int, end: HelpEnd = HelpEnd.CALLER, touched: int = 0) -> None:
    happened(crew, (LogKind.LET_IN, begun, crew.hana), (LogKind.ENDED, ended, crew.hana), end=end, touched=touched)


@pytest.mark.parametrize(
    ("calls", "minutes", "pause"),
    [
        ([], 0, False),
        ([(60, 20)], 40, False),
        ([(89, 0)], 89, False),
        ([(90, 0)], 90, True),
        ([(100, 90), (50, 40), (20, 10)], 30, True),
        ([(100, 50), (45, 5)], 90, True),
        ([(13 * 60, 12 * 60 + 30)], 0, False),  # the shift before
    ],
)
def test_a_pause_is_offered(crew: Cast, calls: list[tuple[int, int]], minutes: int, *, pause: bool) -> None:
    for begun, ended in calls:
        call(crew, begun, ended)
    breath = care.breath_of(crew.hana)
    assert (breath.minutes, breath.pause) == (minutes, pause)


def test_one_that_is_on_counts_until_now(crew: Cast) -> None:
    session = cast.session_of(scenes.person_with_connection()[0], crew.hana)
    SessionLog.objects.filter(session=session)._raw_delete("default")
    begun = timezone.now() - timedelta(minutes=30, seconds=1)
    SessionLog.objects.create(session=session, at=begun, kind=LogKind.LET_IN, by=LoggedBy.CALLER, helper=crew.hana)
    assert care.breath_of(crew.hana) == Breath(calls=1, minutes=30, pause=False, held=False)


def test_each_helper_has_their_own_part_of_a_call_that_was_handed_over(crew: Cast) -> None:
    ines = cast.hana(crew.line, "Ines")
    happened(
        crew,
        (LogKind.LET_IN, 100, crew.hana),
        (LogKind.HANDED_OVER, 60, ines),
        (LogKind.HANDED_OVER, 30, crew.hana),
        (LogKind.ENDED, 20, crew.hana),
    )
    assert care.breath_of(crew.hana) == Breath(calls=1, minutes=50, pause=False, held=False)
    assert care.breath_of(ines) == Breath(calls=1, minutes=30, pause=False, held=False)


def test_the_quiet_hour_before_an_end_is_no_call(crew: Cast) -> None:
    call(crew, 100, 10, end=HelpEnd.QUIET, touched=70)
    assert care.breath_of(crew.hana).minutes == 30


def test_it_costs_one_query_however_many_calls(crew: Cast) -> None:
    for number in range(5):
        call(crew, 100 + number, 90)
    with CaptureQueriesContext(database) as asked:
        assert care.breath_of(crew.hana).calls == 5
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("breath", "says", "not_says"),
    [
        (Breath(calls=0, minutes=0, pause=False, held=False), "Take a pause", "on calls"),
        (Breath(calls=1, minutes=40, pause=False, held=False), "for 40 min", "A pause may"),
        (Breath(calls=2, minutes=100, pause=True, held=False), "for 1 h 40 min", "End my pause"),
        (Breath(calls=2, minutes=100, pause=True, held=True), "End my pause", "A pause may"),
    ],
)
def test_what_a_helpers_page_says_of_it(breath: Breath, says: str, not_says: str) -> None:
    text = render_to_string("desk/care_breath.html", {"breath": breath})
    assert says in text
    assert not_says not in text


def test_a_pause_begins_and_ends(crew: Cast, hana_client: Client) -> None:
    assert hana_client.get(reverse("desk-hold")).status_code == 405
    assert hana_client.post(reverse("desk-hold"), {"hold": "yes"}).headers["Location"] == reverse("desk-home")
    crew.hana.refresh_from_db()
    assert crew.hana.held_at is not None
    begun = crew.hana.held_at
    hana_client.post(reverse("desk-hold"), {"hold": "yes"})
    crew.hana.refresh_from_db()
    assert crew.hana.held_at == begun
    assert care.breath_of(crew.hana).held
    hana_client.post(reverse("desk-hold"))
    crew.hana.refresh_from_db()
    assert crew.hana.held_at is None


def test_nobody_is_handed_over_to_who_takes_a_pause(crew: Cast, hana_client: Client) -> None:
    ines = cast.hana(crew.line, "Ines")
    session = cast.session_of(scenes.person_with_connection()[0], ines)
    sessions.offer(session, crew.hana)
    hana_client.post(reverse("desk-hold"), {"hold": "yes"})
    session.refresh_from_db()
    crew.hana.refresh_from_db()
    assert session.next_helper is None
    assert not sessions.can_take_over(session, crew.hana)


def test_a_pause_ends_no_session(crew: Cast, hana_client: Client) -> None:
    session = cast.session_of(scenes.person_with_connection()[0], crew.hana)
    hana_client.post(reverse("desk-hold"), {"hold": "yes"})
    session.refresh_from_db()
    assert session.state == "open"


@pytest.mark.parametrize("who", ["hana", "lena", "omar"])
def test_everybody_at_the_desk_reads_the_rules(crew: Cast, who: str) -> None:
    text = cast.desk_client(getattr(crew, who)).get(reverse("desk-rules")).text
    lists = (getattr(COMMON_WORDS, name) for name in ("start", "never", "stop", "close", "young", "danger", "care"))
    lines = [line for lines in lists for line in lines] + [pair.say for pair in COMMON_WORDS.words]
    assert [line for line in lines if line not in text] == []


@pytest.mark.parametrize("who", ["lena", "omar"])
def test_only_helpers_take_a_pause(crew: Cast, who: str) -> None:
    assert cast.desk_client(getattr(crew, who)).post(reverse("desk-hold"), {"hold": "yes"}).status_code == 404


def test_lines_for_afterwards() -> None:
    text = render_to_string("desk/care_after.html", {"after": care.after_a_call()})
    assert all(line in text for line in COMMON_WORDS.care)
