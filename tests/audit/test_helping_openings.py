"""What the caller opened: nothing until they do, each thing alone, and hidden again with what hung on it."""

from __future__ import annotations

from typing import Any

import pytest

from audits.accounts import gentle
from audits.audit import situation
from audits.audit.guided import place_of
from audits.audit.helping import openings, sessions, short_list, words
from audits.audit.helping.codes import groups, read
from audits.audit.helping.errors import NotForYoung
from audits.audit.helping.openings import Openings, hide, hide_all, open_up, openings_of
from audits.audit.situation import Said
from audits.checks.catalogue import CHECKS
from audits.models import (
    CallWord,
    Connection,
    Finding,
    HelpEnd,
    HelpSession,
    Item,
    Opening,
    OpeningKind,
    SessionLog,
)
from audits.models.sealing import SealBroken
from tests.accounts.kept import everything_kept
from tests.audit import scenes
from tests.helpline import cast

APPS, TWO_STEP = CHECKS["drive_wide_apps"], CHECKS["two_step"]
PHOTO = next(check for check in CHECKS.values() if check.platform.id != APPS.platform.id)
CARD, NAME, NOTE, ALL, GROUP = (
    OpeningKind.CARD,
    OpeningKind.NAME,
    OpeningKind.NOTE,
    OpeningKind.ALL,
    OpeningKind.GROUP,
)


@pytest.fixture
def connection(db: None) -> Connection:
    person, connection = scenes.person_with_connection()
    scenes.audit_with(person, connection, {"drive_apps": [scenes.app("1", "PicPolish"), scenes.app("2", "QuizTown")]})
    return connection


@pytest.fixture
def session(connection: Connection) -> HelpSession:
    return cast.session_of(connection.person, cast.hana(cast.line()))


def card_of(connection: Connection) -> tuple[str, list[str]]:
    """The place of the card of apps, and the keys of its items."""
    finding = Finding.objects.get(person=connection.person, check_id=APPS.id, current=True)
    return place_of(APPS, connection), list(Item.objects.filter(finding=finding).values_list("key", flat=True))


def test_nothing_is_open_at_first(session: HelpSession, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        opened = openings_of(session)
    assert opened == Openings()
    assert not opened.card(APPS, APPS.code)


@pytest.mark.parametrize(
    ("kind", "key", "apps", "photo"),
    [(ALL, "", True, True), (GROUP, APPS.platform.id, True, False), (CARD, APPS.code, True, False)],
)
def test_all_a_group_or_one_card_open_what_they_say(
    session: HelpSession, kind: OpeningKind, key: str, apps: bool, photo: bool
) -> None:
    open_up(session, kind, key)
    open_up(session, kind, key)
    opened = openings_of(session)
    assert (opened.card(APPS, APPS.code), opened.card(PHOTO, PHOTO.code)) == (apps, photo)
    assert not opened.names
    assert Opening.objects.count() == 1
    hide(session, kind, key)
    assert openings_of(session) == Openings()


def test_a_name_opens_its_card_and_no_other_name(session: HelpSession, connection: Connection) -> None:
    place, (one, other) = card_of(connection)
    open_up(session, NAME, one, place=place)
    opened = openings_of(session)
    assert opened.card(APPS, place)
    assert opened.names == {one} != {other}
    hide(session, NAME, one, place=place)
    assert openings_of(session) == Openings(cards=frozenset({place}))


@pytest.mark.parametrize("kind", [ALL, GROUP, CARD])
def test_with_a_card_its_names_and_note_are_covered(
    session: HelpSession, connection: Connection, kind: OpeningKind
) -> None:
    """Opened another day, or by group, the card shows no name that was uncovered before."""
    place, (one, _) = card_of(connection)
    key = {ALL: "", GROUP: APPS.platform.id, CARD: place}[kind]
    open_up(session, kind, key)
    open_up(session, NAME, one, place=place)
    open_up(session, NOTE, place, place=place)
    hide(session, kind, key)
    open_up(session, ALL)
    assert openings_of(session) == Openings(all=True)


def test_a_name_stays_where_another_opening_still_shows_its_card(session: HelpSession, connection: Connection) -> None:
    place, (one, _) = card_of(connection)
    open_up(session, CARD, place)
    open_up(session, ALL)
    open_up(session, NAME, one, place=place)
    hide(session, ALL)
    assert openings_of(session).names == {one}
    hide(session, CARD, place)
    assert not openings_of(session).names


def test_hide_all_hides_all(session: HelpSession, connection: Connection) -> None:
    place, (one, _) = card_of(connection)
    for kind, key in ((ALL, ""), (NAME, one), (NOTE, place), (OpeningKind.ACCOUNT, "a"), (OpeningKind.RECORD, "r")):
        open_up(session, kind, key)
    hide_all(session)
    assert openings_of(session) == Openings()


def test_what_one_session_opened_is_closed_in_the_next(session: HelpSession) -> None:
    open_up(session, ALL)
    sessions.end(session, HelpEnd.CALLER)
    assert session.person is not None
    assert openings_of(cast.session_of(session.person, session.helper)) == Openings()


@pytest.mark.parametrize("kind", OpeningKind)
def test_under_18_nothing_opens_at_once_and_neither_words_nor_records(session: HelpSession, kind: OpeningKind) -> None:
    assert session.person is not None
    situation.keep(session.person, Said(young=True))
    before = SessionLog.objects.count()
    if kind not in openings.NOT_FOR_YOUNG:
        open_up(session, kind, "key")
        return
    with pytest.raises(NotForYoung):
        open_up(session, kind, "key")
    assert not Opening.objects.exists()
    assert SessionLog.objects.count() == before


def test_who_says_it_in_the_middle_of_a_session_has_those_closed(session: HelpSession) -> None:
    open_up(session, ALL)
    open_up(session, OpeningKind.RECORD, "r")
    assert session.person is not None
    gentle.keep_said(session.person, Said(young=True))
    assert openings_of(session) == Openings()


def test_no_more_opens_than_anybody_needs(session: HelpSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openings, "MOST", 2)
    for number in range(4):
        open_up(session, CARD, f"{number}")
    assert Opening.objects.count() == 2


def test_the_log_says_what_kind_was_opened_and_no_key(session: HelpSession, connection: Connection) -> None:
    place, (one, _) = card_of(connection)
    open_up(session, NAME, one, place=place)
    hide(session, NAME, one, place=place)
    rows = SessionLog.objects.filter(kind__in=("opened", "hid")).values_list("what", "check_id")
    assert set(rows) == {("name", APPS.id)}
    assert one not in repr(list(SessionLog.objects.values_list()))


# --------------------------------------------------------------------------- the short list


@pytest.mark.parametrize(
    ("place", "by", "order"),
    [("a", -1, "abc"), ("a", 1, "bac"), ("b", -1, "bac"), ("c", 1, "abc"), ("c", -1, "acb"), ("x", 1, "abc"),
     ("a", 9, "abc")],
)  # fmt: skip
def test_the_list_moves_by_one_and_never_off_its_ends(session: HelpSession, place: str, by: int, order: str) -> None:
    names = dict(zip("abc", (APPS.code, TWO_STEP.code, PHOTO.code), strict=True))
    for name in "abc":
        short_list.add(session, names[name])
    short_list.take_off(session, names["a"])
    short_list.add(session, names["a"])
    for _ in range(2):
        short_list.move(session, names["a"], -1)
    short_list.move(session, names.get(place, "nothing"), by)
    back = {code: name for name, code in names.items()}
    assert "".join(back[entry.place] for entry in short_list.entries(session)) == order


def test_done_and_another_day_are_never_both(session: HelpSession) -> None:
    short_list.add(session, APPS.code)
    short_list.mark(session, APPS.code, done=True, another_day=True)
    entry = short_list.entries(session)[0]
    assert (entry.done, entry.another_day) == (True, False)


# --------------------------------------------------------------------------- the word, and the code as it is typed


def test_a_word_is_kept_for_each_helpline_sealed_for_its_person(connection: Connection) -> None:
    person, line, other = connection.person, cast.line(), cast.line("Another line")
    first = words.word_of(person, line)
    assert words.word_of(person, line) == first
    assert len(first.split()) == 2
    assert words.word_of(person, other) is not None
    assert CallWord.objects.count() == 2
    assert first not in everything_kept()
    newer = {words.new_word(person, line) for _ in range(3)}
    assert words.word_of(person, line) in newer
    assert CallWord.objects.count() == 2
    foreign = CallWord.objects.get(helpline=line)
    foreign.person = scenes.person_with_connection("bob@gmail.test")[0]
    with pytest.raises(SealBroken):
        assert foreign.word


def test_words_are_plain_and_too_many_to_guess() -> None:
    first, second = words._FIRST.split(), words._SECOND.split()
    assert len(first) == len(set(first))
    assert len(second) == len(set(second))
    assert len(first) * len(second) > 5000
    assert all(word.isascii() and word.islower() and 2 < len(word) < 10 for word in first + second)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("12345678", "12345678"),
        (" 1234 5678 ", "12345678"),
        ("1234-5678", "12345678"),
        ("12.34_56/78", "12345678"),
        ("١٢٣٤ ٥٦٧٨", "12345678"),
        ("１２３４５６７８", "12345678"),
        ("०१२३ ४५६७", "01234567"),
        ("1234567", ""),
        ("123456789", ""),
        ("1234567a", ""),
        ("", ""),
        ("²²²²²²²²", "22222222"),
        ("1" * 10_000, ""),
        ("1234\x005678", "12345678"),
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str, digits: str) -> None:
    assert read(typed) == digits
    assert not digits or "".join(groups(digits)) == digits
