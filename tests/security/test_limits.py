"""Rate limits: in Redis, in the database while Redis is away, and in plain words."""

import socket
import time

import pytest
from django.test import Client

from audits.models import Person, RateCount
from privacy_audit.security import counting, limits
from privacy_audit.security.addresses import client_address, client_network
from privacy_audit.security.limits import Limit
from tests.accounts.kept import everything_kept

LOGIN = "/accounts/google/login/"


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(
        limits, "LIMITS", {**limits.LIMITS, "google_login": Limit(3, 600), "audit-start": Limit(2, 600)}
    )


@pytest.fixture
def no_redis(settings, monkeypatch):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    monkeypatch.setattr(counting, "_resting_until", 0.0)


def signing_in(address="203.0.113.7", times=4):
    return [Client(REMOTE_ADDR=address).post(LOGIN).status_code for _ in range(times)]


def test_signing_in_too_often_is_answered_in_plain_words(db, sandbox):
    assert signing_in() == [302, 302, 302, 429]
    answer = Client(REMOTE_ADDR="203.0.113.7").post(LOGIN)
    assert "That was a lot in a short time" in answer.text
    assert "<title>Notes</title>" in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= 600
    assert answer.headers["Cache-Control"] == "no-store"


def test_another_address_is_not_held_up(db, sandbox):
    signing_in()
    assert signing_in("203.0.113.8", 1) == [302]


def test_redis_counts_and_the_database_does_not(db, sandbox):
    signing_in()
    assert not RateCount.objects.exists()


def test_without_redis_the_database_counts(db, sandbox, no_redis):
    assert signing_in() == [302, 302, 302, 429]
    assert RateCount.objects.exists()
    assert "203.0.113" not in everything_kept()


def test_redis_that_dies_in_between_is_noticed_and_left_alone_for_a_moment(db, sandbox, redis_server, monkeypatch):
    monkeypatch.setattr(counting, "_resting_until", 0.0)
    redis_server.kill()
    assert signing_in() == [302, 302, 302, 429]
    assert counting._resting_until > 0
    monkeypatch.setattr(counting, "_client", lambda url: pytest.fail("Redis was asked again at once"))
    signing_in()


def test_redis_that_does_not_answer_does_not_hold_pages_up(db, settings, monkeypatch, sandbox):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        monkeypatch.setattr(counting, "_resting_until", 0.0)
        began = time.monotonic()
        assert signing_in() == [302, 302, 302, 429]
        assert time.monotonic() - began < 5


def test_a_person_is_counted_wherever_they_are(db, sandbox):
    person = Person.objects.create_user()
    found = []
    for number in range(3):
        client = Client(REMOTE_ADDR=f"203.0.113.{number}")
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        found.append(client.post("/look/").status_code)
    assert found == [303, 303, 429]


def test_looking_at_pages_is_not_counted(client, db):
    client.force_login(Person.objects.create_user())
    assert {client.get("/account/").status_code for _ in range(20)} == {200}


def test_every_form_has_a_limit_in_the_end(db, monkeypatch):
    monkeypatch.setattr(limits, "ANY_POST", Limit(2, 60))
    client = Client()
    client.force_login(Person.objects.create_user())
    assert [client.post("/look/stop/").status_code for _ in range(3)] == [303, 303, 429]


def test_the_way_back_from_google_is_counted_although_it_is_a_get(db, monkeypatch):
    monkeypatch.setattr(limits, "LIMITS", {**limits.LIMITS, "google_callback": Limit(1, 60)})
    path = "/accounts/google/login/callback/"
    assert [Client().get(path).status_code for _ in range(2)] == [400, 429]


def test_every_limit_names_an_address_that_exists():
    from tests.security.test_every_url import addresses

    assert set(limits.LIMITS) <= {name for name, _ in addresses()}


# --------------------------------------------------------------------------- the window


def test_a_window_ends(db, no_redis, monkeypatch):
    monkeypatch.setattr(counting.time, "time", lambda: 1000.0)
    assert [counting.count("k", 60)[0] for _ in range(3)] == [1, 2, 3]
    monkeypatch.setattr(counting.time, "time", lambda: 1021.0)
    assert counting.count("k", 60) == (1, 59)
    assert RateCount.objects.count() == 1  # what has ended is swept out


def test_two_that_begin_a_window_at_once_are_both_counted(db):
    RateCount.objects.create(key="k", ends_at=60, count=1)
    RateCount._begin("k", 60)
    assert RateCount.objects.get().count == 2


# --------------------------------------------------------------------------- whose address it is


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "", "10.0.0.1"),
        (0, "203.0.113.1", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "203.0.113.1", "203.0.113.1"),
        (1, "198.51.100.9, 203.0.113.1", "203.0.113.1"),
        (2, "198.51.100.9, 203.0.113.1, 10.0.0.2", "203.0.113.1"),
        (2, "203.0.113.1", "203.0.113.1"),
    ],
)
def test_only_what_trusted_proxies_say_is_believed(rf, settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded} if forwarded else {})
    assert client_address(request) == address


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.1", "203.0.113.1"),
        ("::ffff:203.0.113.1", "203.0.113.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("evil\nlog", "unknown"),
    ],
)
def test_networks(rf, address, network):
    assert client_network(rf.get("/", REMOTE_ADDR=address)) == network
