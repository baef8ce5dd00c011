"""A second helper takes over: the first one asks, the caller decides, and the second sees nothing before."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.audit.helping import openings, sessions
from audits.audit.helping.errors import NotNow
from audits.models import Helper, HelpSession, HelpState, OpeningKind, Person
from tests.helpline import cast
from tests.helpline.conftest import Cast

pytestmark = pytest.mark.django_db


def url(name: str, session: HelpSession) -> str:
    return reverse(name, args=[session.public_id])


def test_only_who_is_free_in_the_same_helpline_is_offered(crew: Cast, hana_client: Client, caller: Person) -> None:
    session = cast.session_of(caller, crew.hana)
    cast.hana(crew.line, "Grace")
    busy, held = cast.hana(crew.line, "Bea"), cast.hana(crew.line, "Hal")
    gone, new = cast.hana(crew.line, "Gil"), cast.hana(crew.line, "Nia")
    cast.hana(cast.line("Hillside"), "Elsa")
    cast.session_of(Person.objects.create_user(), busy)
    now = timezone.now()
    Helper.objects.filter(pk=held.pk).update(held_at=now)
    Helper.objects.filter(pk=gone.pk).update(ended_at=now)
    Helper.objects.filter(pk=new.pk).update(joined_at=None)
    shown = hana_client.get(url("desk-offer", session)).content.decode()
    assert "Ask for <bdi>Grace</bdi>" in shown
    for name in ("Bea", "Hal", "Gil", "Nia", "Elsa", "Lena"):
        assert f"<bdi>{name}</bdi>" not in shown
    for helper in (busy, held, gone, new, crew.lena, crew.hana):
        hana_client.post(url("desk-offer", session), {"helper": helper.public_id})
        session.refresh_from_db()
        assert session.next_helper is None
    assert hana_client.post(url("desk-offer", session), {"helper": "x" * 9000}).status_code == 303


@pytest.mark.parametrize("cover", [True, False])
def test_the_caller_says_yes_and_the_first_helper_sees_nothing_more(
    cover: bool, crew: Cast, hana_client: Client, caller: Person
) -> None:
    session, grace = cast.session_of(caller, crew.hana), cast.hana(crew.line, "Grace")
    openings.open_up(session, OpeningKind.ALL)
    hana_client.post(url("desk-offer", session), {"helper": grace.public_id})
    assert "The caller decides." in hana_client.get(url("desk-session", session)).content.decode()
    second = cast.desk_client(grace)
    assert second.get(url("desk-session", session)).status_code == 404
    session.refresh_from_db()
    sessions.hand_over(session, cover=cover)
    assert hana_client.get(url("desk-session", session)).status_code == 404
    part = hana_client.get(url("desk-session", session), headers={"X-Part": "1"})
    assert part["X-Go"] == reverse("desk-home")
    shown = second.get(url("desk-session", session)).content.decode()
    assert "A session with a caller" in shown
    assert ("Title only" in shown) is cover
    home = second.get(reverse("desk-home")).content.decode()
    assert url("desk-session", session) in home


def test_an_offer_is_taken_back_and_then_a_yes_changes_nothing(crew: Cast, hana_client: Client, caller: Person) -> None:
    session, grace = cast.session_of(caller, crew.hana), cast.hana(crew.line, "Grace")
    hana_client.post(url("desk-offer", session), {"helper": grace.public_id})
    answer = hana_client.post(url("desk-offer-back", session))
    assert answer["Location"] == url("desk-session", session)
    session.refresh_from_db()
    with pytest.raises(NotNow):
        sessions.hand_over(session, cover=True)
    session.refresh_from_db()
    assert session.helper == crew.hana


def test_while_the_caller_is_asked_nothing_can_be_handed_over(crew: Cast, hana_client: Client, caller: Person) -> None:
    grace = cast.hana(crew.line, "Grace")
    session = cast.session_of(caller, crew.hana, state=HelpState.ASKED)
    assert "Now the caller decides" in hana_client.get(url("desk-offer", session)).content.decode()
    hana_client.post(url("desk-offer", session), {"helper": grace.public_id})
    session.refresh_from_db()
    assert session.next_helper is None
