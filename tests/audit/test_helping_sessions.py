"""How a session goes: every act in every state is done or refused whole, and what is over is closed everywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audits.audit.helping import codes, openings, pointing, sessions, short_list, words
from audits.audit.helping.errors import NotNow
from audits.checks.catalogue import CHECKS
from audits.models import (
    CallWord,
    HelpEnd,
    Helper,
    HelpSession,
    HelpState,
    LoggedBy,
    Opening,
    OpeningKind,
    Person,
    SessionLog,
    SessionNote,
    ShortListEntry,
)
from tests.audit import scenes
from tests.helpline import cast

PLACE = CHECKS["two_step"].code
ASKED, OPEN, PAUSED, ENDED, OVER = "asked", "open", "paused", "ended", "over"
STATES = (ASKED, OPEN, PAUSED, ENDED, OVER)

Act = Callable[[HelpSession, Helper], Any]
# By the act: in which states it is done.
ACTS: dict[str, tuple[Act, set[str]]] = {
    "let in": (lambda session, other: sessions.let_in(session), {ASKED}),
    "refuse": (lambda session, other: sessions.refuse(session), {ASKED}),
    "pause": (lambda session, other: sessions.pause(session), {OPEN}),
    "go on": (lambda session, other: sessions.go_on(session), {PAUSED}),
    "offer": (lambda session, other: sessions.offer(session, other), {OPEN, PAUSED}),
    "hand over": (lambda session, other: sessions.hand_over(session, cover=True), {OPEN, PAUSED}),
    "not over": (lambda session, other: sessions.not_over(session, LoggedBy.CALLER), {OPEN, PAUSED}),
    "open all": (lambda session, other: openings.open_up(session, OpeningKind.ALL), {OPEN, PAUSED}),
    "hide card": (lambda session, other: openings.hide(session, OpeningKind.CARD, PLACE), {OPEN, PAUSED}),
    "hide all": (lambda session, other: openings.hide_all(session), {OPEN, PAUSED}),
    "point": (lambda session, other: pointing.point(session, PLACE, 2), {OPEN}),
    "stop pointing": (lambda session, other: pointing.stop_pointing(session), {OPEN, PAUSED}),
    "add": (lambda session, other: short_list.add(session, PLACE), {OPEN, PAUSED}),
    "take off": (lambda session, other: short_list.take_off(session, PLACE), {OPEN, PAUSED}),
    "mark": (lambda session, other: short_list.mark(session, PLACE, done=True, another_day=False), {OPEN, PAUSED}),
    "move": (lambda session, other: short_list.move(session, PLACE, 1), {OPEN, PAUSED}),
}
NEEDS_OFFER = {"hand over", "not over"}


@pytest.fixture
def alice(db: None) -> Person:
    return scenes.person_with_connection()[0]


@pytest.fixture
def hana(db: None) -> Helper:
    return cast.hana(cast.line())


@pytest.fixture
def mira(hana: Helper) -> Helper:
    assert hana.helpline is not None
    return cast.hana(hana.helpline, "Mira")


def in_state(state: str, person: Person, helper: Helper) -> HelpSession:
    """`over`: its time ran out, and nobody has written that down."""
    begun = HelpState.OPEN if state == OVER else HelpState(state)
    session = cast.session_of(person, helper, begun)
    if state == OVER:
        HelpSession.objects.filter(pk=session.pk).update(touched_at=timezone.now() - timedelta(days=1))
        session.refresh_from_db()
    return session


def everything_of(session: HelpSession) -> list[object]:
    rows = (HelpSession, Opening, ShortListEntry, SessionLog, SessionNote)
    return [sorted(map(str, model._default_manager.values_list())) for model in rows]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", ACTS)
def test_every_act_in_every_state_is_done_or_refused_whole(
    act: str, state: str, alice: Person, hana: Helper, mira: Helper
) -> None:
    do, where = ACTS[act]
    session = in_state(state, alice, hana)
    if act in NEEDS_OFFER and state in where:
        sessions.offer(session, mira)
    before, version = everything_of(session), HelpSession.objects.get(pk=session.pk).version
    if state in where:
        do(session, mira)
        assert HelpSession.objects.get(pk=session.pk).version == version + 1
        return
    with pytest.raises(NotNow):
        do(session, mira)
    assert everything_of(session) == before


@pytest.mark.parametrize("end", [*HelpEnd])
@pytest.mark.parametrize("state", [ASKED, OPEN, PAUSED])
def test_an_end_closes_everything_once(state: str, end: HelpEnd, alice: Person, hana: Helper, mira: Helper) -> None:
    session = in_state(state, alice, hana)
    if state != ASKED:
        openings.open_up(session, OpeningKind.CARD, PLACE)
        short_list.add(session, PLACE)
        sessions.offer(session, mira)
    sessions.end(session, end, LoggedBy.APP)
    sessions.end(session, HelpEnd.QUIET)
    session.refresh_from_db()
    alice.refresh_from_db()
    assert (session.state, session.end, alice.help_session) == (ENDED, end, None)
    assert (session.pointing_place, session.caller_place, session.next_helper) == ("", "", None)
    assert not Opening.objects.exists()
    assert not ShortListEntry.objects.exists()
    assert SessionLog.objects.filter(kind="ended").count() == 1
    stays = state != ASKED and end != HelpEnd.DELETED
    assert [note.content["open"] for note in SessionNote.objects.all()] == ([[PLACE]] if stays else [])
    assert sessions.session_of(alice) is sessions.session_for(hana) is None


# --------------------------------------------------------------------------- whose it is


def test_one_session_a_person_and_one_a_helper(alice: Person, hana: Helper, mira: Helper) -> None:
    session = in_state(OPEN, alice, hana)
    with pytest.raises(NotNow):
        codes.make(alice, session.helpline)
    bob = scenes.person_with_connection("bob@gmail.test")[0]
    code = codes.make(bob, session.helpline)
    with pytest.raises(NotNow):
        codes.redeem(hana, code.digits)
    assert codes.redeem(mira, code.digits).person_id == bob.pk
    assert sessions.session_for(hana) == session


def test_without_a_session_nothing_is_asked(alice: Person, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert sessions.session_of(alice) is None


def test_a_session_of_somebody_else_is_never_ones_own(alice: Person, hana: Helper) -> None:
    """Even if the row of a Person named it."""
    session = in_state(OPEN, alice, hana)
    bob = scenes.person_with_connection("bob@gmail.test")[0]
    bob.help_session = session
    assert sessions.session_of(bob) is None


def test_who_left_is_not_looked_at(alice: Person, hana: Helper) -> None:
    session = in_state(OPEN, alice, hana)
    sessions.caller_leaves(alice)
    session.refresh_from_db()
    assert (session.state, session.end) == (ENDED, HelpEnd.LEFT)
    code = codes.make(alice, session.helpline)
    sessions.caller_leaves(alice)
    with pytest.raises(codes.NoSuchCode):
        codes.redeem(hana, code.digits)


def test_whose_access_ends_looks_at_nothing_and_takes_nothing_over(alice: Person, hana: Helper, mira: Helper) -> None:
    session = in_state(OPEN, alice, hana)
    sessions.offer(session, mira)
    sessions.helper_goes(mira)
    session.refresh_from_db()
    assert (session.state, session.next_helper) == (OPEN, None)
    sessions.helper_goes(hana)
    session.refresh_from_db()
    assert (session.state, session.end) == (ENDED, HelpEnd.CLOSED)


def test_an_offer_in_a_session_whose_hour_is_over_holds_up_nobody_s_leaving(
    alice: Person, hana: Helper, mira: Helper
) -> None:
    session = in_state(OPEN, alice, hana)
    sessions.offer(session, mira)
    HelpSession.objects.filter(pk=session.pk).update(touched_at=timezone.now() - timedelta(hours=2))
    sessions.helper_goes(mira)
    session.refresh_from_db()
    assert sessions.is_over(session)


def test_a_helper_who_was_offered_a_session_and_is_gone_is_not_handed_it(
    alice: Person, hana: Helper, mira: Helper
) -> None:
    session = in_state(OPEN, alice, hana)
    sessions.offer(session, mira)
    Helper.objects.filter(pk=mira.pk).update(ended_at=timezone.now())
    with pytest.raises(NotNow):
        sessions.hand_over(session, cover=False)
    session.refresh_from_db()
    assert session.helper == hana


def test_a_helpline_that_closes_leaves_no_word_behind(alice: Person, hana: Helper) -> None:
    assert hana.helpline is not None
    elsewhere = cast.line("Another line")
    for line in (hana.helpline, elsewhere):
        words.word_of(alice, line)
    sessions.helpline_closes(hana.helpline)
    assert [word.helpline for word in CallWord.objects.filter(person=alice)] == [elsewhere]


def test_a_helpline_that_closes_ends_its_sessions_and_codes_alone(alice: Person, hana: Helper) -> None:
    session = in_state(OPEN, alice, hana)
    other = cast.hana(cast.line("Another line"), "Nora")
    bob, carol = (scenes.person_with_connection(f"{name}@gmail.test")[0] for name in ("bob", "carol"))
    elsewhere = in_state(OPEN, bob, other)
    codes.make(carol, session.helpline)
    sessions.helpline_closes(session.helpline)
    session.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (session.end, elsewhere.state, codes.code_of(carol)) == (HelpEnd.CLOSED, OPEN, None)


# --------------------------------------------------------------------------- handing over


def ended_access(helper: Helper) -> None:
    helper.ended_at = timezone.now()


def on_hold(helper: Helper) -> None:
    helper.held_at = timezone.now()


def not_joined(helper: Helper) -> None:
    helper.joined_at = None


def of_another_line(helper: Helper) -> None:
    helper.helpline = cast.line("Another line")


def a_lead(helper: Helper) -> None:
    helper.role = "lead"


@pytest.mark.parametrize("change", [ended_access, on_hold, not_joined, of_another_line, a_lead])
def test_who_cannot_take_over_is_not_offered_and_does_not(
    change: Callable[[Helper], None], alice: Person, hana: Helper, mira: Helper
) -> None:
    session = in_state(OPEN, alice, hana)
    sessions.offer(session, mira)
    change(mira)
    mira.save()
    for act in (lambda: sessions.offer(session, mira), lambda: sessions.hand_over(session, cover=False)):
        with pytest.raises(NotNow):
            act()
    session.refresh_from_db()
    assert session.helper == hana


@pytest.mark.parametrize("cover", [True, False])
def test_with_the_yes_the_other_looks_along_and_sees_what_the_caller_said(
    cover: bool, alice: Person, hana: Helper, mira: Helper
) -> None:
    session = in_state(OPEN, alice, hana)
    openings.open_up(session, OpeningKind.CARD, PLACE)
    pointing.point(session, PLACE)
    sessions.offer(session, mira)
    assert sessions.offered_to(mira) == session
    sessions.hand_over(session, cover=cover)
    assert sessions.session_for(mira) == session
    assert sessions.session_for(hana) is sessions.offered_to(mira) is None
    assert openings.openings_of(session).cards == (frozenset() if cover else {PLACE})
    session.refresh_from_db()
    assert session.pointing_place == ""


def test_who_was_let_in_elsewhere_meanwhile_takes_nothing_over(alice: Person, hana: Helper, mira: Helper) -> None:
    session = in_state(OPEN, alice, hana)
    sessions.offer(session, mira)
    in_state(ASKED, scenes.person_with_connection("bob@gmail.test")[0], mira)
    with pytest.raises(NotNow):
        sessions.hand_over(session, cover=False)
    with pytest.raises(NotNow):
        sessions.offer(session, hana)


# --------------------------------------------------------------------------- time


@pytest.mark.parametrize(
    ("state", "end"), [(ASKED, HelpEnd.UNANSWERED), (OPEN, HelpEnd.QUIET), (PAUSED, HelpEnd.QUIET)]
)
def test_what_is_quiet_ends_and_what_is_not_stays(
    state: str, end: HelpEnd, alice: Person, hana: Helper, mira: Helper
) -> None:
    session = in_state(state, alice, hana)
    fresh = in_state(state, scenes.person_with_connection("bob@gmail.test")[0], mira)
    long_ago = timezone.now() - timedelta(hours=2)
    HelpSession.objects.filter(pk=session.pk).update(touched_at=long_ago, asked_at=long_ago)
    assert sessions.session_of(alice) is sessions.session_for(hana) is None  # nobody has written it down yet
    assert sessions.end_quiet() == 1
    assert sessions.end_quiet() == 0
    session.refresh_from_db()
    fresh.refresh_from_db()
    assert (session.end, fresh.state) == (end, state)


def test_a_touch_keeps_it_and_is_written_once_a_minute(
    alice: Person, hana: Helper, django_assert_num_queries: Any
) -> None:
    session = in_state(OPEN, alice, hana)
    sessions.touch(session)
    assert HelpSession.objects.get().touched_at == session.touched_at
    almost = timezone.now() - timedelta(minutes=59)
    HelpSession.objects.update(touched_at=almost)
    with django_assert_num_queries(1):
        sessions.touch(session)
    assert HelpSession.objects.get().touched_at > almost
    assert HelpSession.objects.get().version == session.version


def test_an_end_that_is_over_is_touched_no_more(alice: Person, hana: Helper) -> None:
    session = in_state(ENDED, alice, hana)
    HelpSession.objects.update(touched_at=timezone.now() - timedelta(days=1))
    sessions.touch(session)
    assert HelpSession.objects.get().touched_at < timezone.now() - timedelta(hours=1)
