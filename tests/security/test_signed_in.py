"""A sign-in ends by itself."""

import time

import pytest

from audits.models import Person
from privacy_audit.security.signed_in import SINCE


@pytest.fixture
def alice(client, db):
    client.force_login(Person.objects.create_user())
    assert client.get("/account/").status_code == 200
    return client


def began(client, seconds_ago):
    session = client.session
    session[SINCE] = int(time.time()) - seconds_ago
    session.save()


def test_it_holds_for_the_hours_of_the_setting(alice, settings):
    settings.SESSION_COOKIE_AGE = 3600
    began(alice, 3500)
    assert alice.get("/account/").status_code == 200


def test_then_it_ends_however_busy_it_was(alice, settings):
    settings.SESSION_COOKIE_AGE = 3600
    began(alice, 3601)
    alice.post("/names/", {"address": "a@mail.test"})
    assert alice.get("/account/").headers["Location"] == "/"
    assert alice.session.get("_auth_user_id") is None


def test_a_beginning_in_the_future_is_not_believed(alice):
    began(alice, -3600)
    assert alice.get("/account/").status_code == 302


def test_the_setting_comes_from_the_environment(settings):
    assert settings.SESSION_COOKIE_AGE == 12 * 3600
