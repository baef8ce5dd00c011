"""What needs no Google: the answers of the Person, and what the ID token said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audits.facts import CoverageState, ItemKind, NamedThing, Rung, SignIn, Strength, Told, ToldAnswer, Why
from audits.sources.contract import NamedRecord, SignInClaims, ToldRecord
from audits.sources.registry import SOURCES
from tests.sources.conftest import NOW, ask

YESTERDAY = NOW - timedelta(days=1)


def test_what_the_person_told_stays_told_with_its_date() -> None:
    record = ToldRecord(check="photo_backup", answer=ToldAnswer.OFF, answered_at=YESTERDAY)
    seen = SOURCES["told_us"].look(ask(told=(record,)))
    assert seen.coverage.complete
    [fact] = seen.facts
    assert isinstance(fact, Told)
    assert (fact.check, fact.answer) == ("photo_backup", ToldAnswer.OFF)
    assert (fact.rung, fact.strength, fact.seen_at) == (Rung.TOLD, Strength.TOLD, YESTERDAY)


@pytest.mark.parametrize("rung", [Rung.TOLD, Rung.PASTED, Rung.BROUGHT])
def test_what_the_person_named_says_how_it_came_and_is_their_word(rung: Rung) -> None:
    record = NamedRecord(
        check="telegram_sessions", thing="id", kind=ItemKind.DEVICE, name="<b>\u202e", named_at=YESTERDAY, rung=rung
    )
    [fact] = SOURCES["told_us"].look(ask(connection="", credentials=None, named_things=(record,))).facts
    assert isinstance(fact, NamedThing)
    assert (fact.check, fact.thing, fact.kind, fact.name) == ("telegram_sessions", "id", ItemKind.DEVICE, "<b>\u202e")
    assert (fact.rung, fact.strength, fact.seen_at) == (rung, Strength.TOLD, YESTERDAY)


def test_what_came_back_in_a_file_keeps_that_rung() -> None:
    record = ToldRecord(
        check="photo_backup", answer=ToldAnswer.AS_IT_SHOULD_BE, answered_at=YESTERDAY, rung=Rung.BROUGHT
    )
    [fact] = SOURCES["told_us"].look(ask(told=(record,))).facts
    assert (fact.rung, fact.strength) == (Rung.BROUGHT, Strength.TOLD)


def test_telling_needs_no_account() -> None:
    record = ToldRecord(check="photo_backup", answer=ToldAnswer.NOT_FOUND, answered_at=YESTERDAY)
    seen = SOURCES["told_us"].look(ask(connection="", credentials=None, told=(record,)))
    assert seen.coverage.complete
    assert seen.facts[0].connection == ""


def test_nothing_told_is_the_whole_of_it() -> None:
    seen = SOURCES["told_us"].look(ask())
    assert seen.coverage.complete
    assert seen.facts == ()


@pytest.mark.parametrize("amr", [("pwd",), ("pwd", "mfa"), ("hwk",), ()])
def test_what_google_said_of_the_sign_in_only_suggests(amr: tuple[str, ...]) -> None:
    claims = SignInClaims(amr=amr, auth_time=YESTERDAY, received_at=NOW)
    seen = SOURCES["sign_in_claims"].look(ask(sign_in=claims, hosted_domain="shelter.test"))
    assert seen.coverage.complete
    [fact] = seen.facts
    assert isinstance(fact, SignIn)
    assert (fact.amr, fact.signed_in_at, fact.hosted_domain) == (amr, YESTERDAY, "shelter.test")
    assert (fact.rung, fact.strength, fact.seen_at) == (Rung.LIVE, Strength.SUGGESTS, NOW)


def test_google_did_not_say_how_the_sign_in_was_done() -> None:
    seen = SOURCES["sign_in_claims"].look(ask(sign_in=SignInClaims(amr=None, auth_time=None, received_at=NOW)))
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.NOT_SAID)
    [fact] = seen.facts
    assert isinstance(fact, SignIn)
    assert fact.amr is None


def test_no_sign_in_is_known() -> None:
    seen = SOURCES["sign_in_claims"].look(ask())
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.NOT_AVAILABLE, Why.NOT_SAID)
    assert seen.facts == ()


def test_hostile_claims_are_cut() -> None:
    claims = SignInClaims(amr=("x" * 5000,) * 500, auth_time=None, received_at=NOW)
    [fact] = SOURCES["sign_in_claims"].look(ask(sign_in=claims)).facts
    assert isinstance(fact, SignIn)
    assert fact.amr is not None
    assert len("".join(fact.amr)) < 1000
