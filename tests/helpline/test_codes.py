"""A thousand wrong codes lead nowhere and lock who guesses, never the caller. One code makes one session."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.audit.helping import codes, sessions
from audits.audit.helping.errors import CodesLocked, HelpRefused, NoSuchCode
from audits.models import HelpCode, Helper, Helpline, HelpSession, HelpState, Person
from privacy_audit.security.limits import BY_NETWORK, LIMITS, Limit
from tests.helpline import cast
from tests.helpline.conftest import Cast

NO_SUCH_CODE = "No such code waits for your helpline."


@pytest.mark.django_db
def test_a_thousand_wrong_codes_lock_the_guesser_and_the_caller_is_let_in_by_another(
    crew: Cast, caller: Person
) -> None:
    right = str(codes.make(caller, crew.line).digits)
    wrong = (f"{number:08}" for number in range(100_000) if f"{number:08}" != right)
    said = []
    for _ in range(1000):
        try:
            codes.redeem(crew.hana, next(wrong))
        except CodesLocked as locked:
            said.append("until a lead" if locked.until is None else "until")
            Helper.objects.update(code_locked_until=None)  # they wait for as long as it takes
        except NoSuchCode:
            said.append("none")
    assert said.count("none") == codes.MISSES_A_DAY
    assert said[-900:] == ["until a lead"] * 900
    with pytest.raises(CodesLocked):
        codes.redeem(crew.hana, right)
    assert not HelpSession.objects.exists()
    assert codes.redeem(cast.hana(crew.line, "Grace"), right).person == caller


def _used(person: Person, line: Helpline, digits: str) -> None:
    sessions.refuse(codes.redeem(cast.hana(line, "Grace"), digits))


def _old(person: Person, line: Helpline, digits: str) -> None:
    HelpCode.objects.update(ends_at=timezone.now() - timedelta(seconds=1))


def _replaced(person: Person, line: Helpline, digits: str) -> None:
    codes.make(person, line)


def _foreign(person: Person, line: Helpline, digits: str) -> None:
    HelpCode.objects.all().delete()
    elsewhere = cast.line("Hillside")
    code = codes.make(person, elsewhere)
    code.code_key, code.digits = codes.code_key(elsewhere.pk, digits), digits
    code.save()


def _signed_out(person: Person, line: Helpline, digits: str) -> None:
    sessions.caller_leaves(person)


def _deleted(person: Person, line: Helpline, digits: str) -> None:
    sessions.erase(person)
    person.delete()


def _dropped(person: Person, line: Helpline, digits: str) -> None:
    codes.drop(person)


@pytest.mark.django_db
@pytest.mark.parametrize("after", [_used, _old, _replaced, _foreign, _signed_out, _deleted, _dropped])
def test_a_code_that_is_no_longer_one_is_told_in_one_sentence_whatever_happened(
    after: Callable[[Person, Helpline, str], None], crew: Cast, hana_client: Client, caller: Person
) -> None:
    digits = str(codes.make(caller, crew.line).digits)
    after(caller, crew.line, digits)
    answer = hana_client.post(reverse("desk-code"), {"code": digits})
    assert answer.status_code == 403
    assert NO_SUCH_CODE in answer.content.decode()
    assert sessions.session_for(crew.hana) is None
    assert Helper.objects.get(pk=crew.hana.pk).code_misses == 1


@pytest.mark.django_db
def test_the_page_of_a_code_in_flight_dies_with_the_caller(crew: Cast, hana_client: Client, caller: Person) -> None:
    """The code was right, and the caller was asked; then they press quick exit."""
    digits = str(codes.make(caller, crew.line).digits)
    address = hana_client.post(reverse("desk-code"), {"code": digits})["Location"]
    sessions.caller_leaves(caller)
    assert "This session is over" in hana_client.get(address).content.decode()
    assert NO_SUCH_CODE in hana_client.post(reverse("desk-code"), {"code": digits}).content.decode()


@pytest.mark.django_db
def test_one_network_that_types_without_pause_waits_for_seconds_and_is_never_locked(
    crew: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert LIMITS["desk-code"].seconds <= 10
    assert "desk-code" in BY_NETWORK
    monkeypatch.setitem(LIMITS, "desk-code", Limit(3, LIMITS["desk-code"].seconds))
    helpers = [cast.desk_client(crew.hana), cast.desk_client(cast.hana(crew.line, "Grace"))]
    answers = [helpers[number % 2].post(reverse("desk-code"), {"code": "1"}) for number in range(20)]
    slowed = [answer for answer in answers if answer.status_code == 429]
    assert slowed
    assert all(int(answer["Retry-After"]) <= 10 for answer in slowed)
    assert not Helper.objects.filter(code_locked_at__isnull=False).exists()


def _at_once(acts: list[Callable[[], object]]) -> list[object]:
    """What each said, or the kind of refusal."""

    def one(act: Callable[[], object]) -> object:
        try:
            return act()
        except HelpRefused as refused:
            return type(refused).__name__
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


@pytest.mark.django_db(transaction=True)
def test_one_code_typed_by_many_helpers_at_once_makes_one_session(crew: Cast, caller: Person) -> None:
    digits = str(codes.make(caller, crew.line).digits)
    helpers = [cast.hana(crew.line, f"Helper {number}") for number in range(4)]
    said = _at_once([lambda helper=helper: codes.redeem(helper, digits) for helper in helpers])  # type: ignore[misc]
    assert sorted(str(one) for one in said if isinstance(one, str)) == ["NoSuchCode"] * 3
    session = HelpSession.objects.get()
    assert session.state == HelpState.ASKED
    assert not HelpCode.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_wrong_codes_at_once_are_all_counted(crew: Cast) -> None:
    said = _at_once([lambda number=number: codes.redeem(crew.hana, f"{number:08}") for number in range(8)])  # type: ignore[misc]
    assert said.count("NoSuchCode") == codes.MISSES_IN_A_ROW
    assert said.count("CodesLocked") == 8 - codes.MISSES_IN_A_ROW
    assert Helper.objects.get(pk=crew.hana.pk).code_misses == codes.MISSES_IN_A_ROW


@pytest.mark.django_db(transaction=True)
def test_a_code_typed_in_the_moment_in_which_the_caller_leaves_opens_nothing(crew: Cast, caller: Person) -> None:
    digits = str(codes.make(caller, crew.line).digits)
    _at_once([lambda: codes.redeem(crew.hana, digits), lambda: sessions.caller_leaves(caller)])
    assert sessions.session_for(crew.hana) is None
    assert not HelpSession.objects.exclude(state=HelpState.ENDED).exists()
    assert not HelpCode.objects.exists()
