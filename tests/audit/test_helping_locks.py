"""Two who change a session at the same moment wait one after the other, and never for each other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from audits.audit.helping import codes, sessions
from audits.models import HelpEnd, Helper, HelpSession, Person
from tests.audit import scenes
from tests.helpline import cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as running:
        yield running


def elsewhere(act: Callable[[], object]) -> object:
    try:
        return act()
    finally:
        connections.close_all()


def until_it_waits() -> None:
    """On PostgreSQL until another connection waits for a lock. SQLite lets nobody in before we have ended anyway."""
    deadline = time.monotonic() + 10
    while connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        assert time.monotonic() < deadline, "nobody waits"


def test_deleting_everything_while_the_helper_ends_the_session(pool: ThreadPoolExecutor) -> None:
    alice, hana = scenes.person_with_connection()[0], cast.hana(cast.line())
    session = cast.session_of(alice, hana)
    with transaction.atomic():
        list(Person.objects.select_for_update().filter(pk=alice.pk))  # as delete_everything begins
        other = pool.submit(elsewhere, lambda: sessions.end(session, HelpEnd.HELPER))
        until_it_waits()
        sessions.erase(alice)
    other.result(timeout=20)
    assert HelpSession.objects.get(pk=session.pk).end == HelpEnd.DELETED


def test_a_new_code_while_the_old_one_is_typed(pool: ThreadPoolExecutor) -> None:
    alice, hana = scenes.person_with_connection()[0], cast.hana(cast.line())
    assert hana.helpline is not None
    code = codes.make(alice, hana.helpline)
    with transaction.atomic():
        list(Person.objects.select_for_update().filter(pk=alice.pk))  # as a new code begins
        other = pool.submit(elsewhere, lambda: _typed(hana, code.digits))
        until_it_waits()
        codes.drop(alice)
    assert other.result(timeout=20) == "no such code"


def _typed(hana: Helper, digits: str) -> str:
    try:
        codes.redeem(hana, digits)
    except codes.NoSuchCode:
        return "no such code"
    return "a session"


def test_an_access_that_ends_while_its_helper_is_handed_a_session(pool: ThreadPoolExecutor) -> None:
    alice, line = scenes.person_with_connection()[0], cast.line()
    hana, mira = cast.hana(line), cast.hana(line, "Mira")
    session = cast.session_of(alice, hana)
    sessions.offer(session, mira)
    with transaction.atomic():
        list(Helper.objects.select_for_update(no_key=True).filter(pk=mira.pk))  # as an access ends
        other = pool.submit(elsewhere, lambda: _handed_over(session))
        until_it_waits()
        sessions.helper_goes(mira)
    assert other.result(timeout=20) == "not now"
    assert HelpSession.objects.get(pk=session.pk).helper == hana


def _handed_over(session: HelpSession) -> str:
    try:
        sessions.hand_over(session, cover=False)
    except sessions.NotNow:
        return "not now"
    return "handed over"
