"""The pages that need no account, and leaving."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.test import Client

from audits.models import Person

OPEN = ("/", "/begin/", "/back/", "/privacy/", "/leaving/", "/sees/")


@pytest.fixture
def alice(client, db):
    person = Person.objects.create_user()
    client.force_login(person)
    return person


def links(text):
    return set(re.findall(r'(?:href|action)="(/[^"#]*)', text))


@pytest.mark.parametrize("path", OPEN)
def test_they_need_no_account_and_have_a_neutral_title(client, db, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert "<title>Notes</title>" in answer.text
    assert 'href="/x/"' in answer.text


@pytest.mark.parametrize(
    "path",
    ["/privacy/", "/leaving/", "/sees/", "/looks/", "/names/", "/account/", "/account/more/", "/take/", "/take/back/"],
)
def test_no_link_is_dead(client, alice, path):
    found = links(client.get(path).text)
    assert found
    for link in found - {"/x/"}:
        if not link.startswith("/static/"):
            assert client.get(link).status_code in (200, 302, 405), link


@pytest.mark.parametrize("path", [*OPEN, "/looks/", "/names/", "/account/", "/take/", "/take/back/"])
def test_no_exclamation_marks_no_blame_and_nothing_called_secure(client, alice, path):
    text = re.sub(r"<[^>]*>|<!doctype", " ", client.get(path).text)
    assert "!" not in text
    for word in ("secure", "all clear", "attacker", "you failed", "must immediately"):
        assert word not in text.lower()


def test_no_link_of_the_start_is_dead(client, db):
    for link in links(client.get("/").text) - {"/x/"}:
        assert link.startswith("/static/") or client.get(link).status_code in (200, 302), link


def test_the_start_asks_about_the_device_before_anything_else(client, db):
    text = client.get("/").text
    assert text.index("is this device safe") < text.index("Start here") < text.index("Sign in with Google")
    for number in ("112", "999", "911", "000"):
        assert f"<b>{number}</b>" in text
    assert 'method="post" action="/accounts/google/login/"' in text
    assert 'id="happened"' in text


def test_the_start_of_who_is_signed_in_is_the_overview(client, alice):
    assert client.get("/").headers["Location"] == "/overview/"


def test_the_privacy_notice_speaks_from_the_settings(client, db, settings):
    settings.HOST_NAME, settings.HOST_CONTACT = "Shelter <North>", "privacy@shelter.test"
    settings.KEEP_AUDITS, settings.KEEP_HISTORY_DAYS, settings.REVOKE_DAYS = 3, 400, 5
    settings.SESSION_COOKIE_AGE = 4 * 3600
    text = client.get("/privacy/").text
    assert "Shelter &lt;North&gt;" in text
    assert "privacy@shelter.test" in text
    for words in ("next 3 audits", "for 400 days", "for 5 days at most", "for 4 hours at most", "no other company"):
        assert words in text, words


def test_a_practice_installation_says_so(client, db):
    assert "practice installation" in client.get("/privacy/").text


# --------------------------------------------------------------------------- leaving


def test_quick_exit_ends_the_sign_in_and_leaves(client, alice, settings):
    answer = client.get("/x/")
    assert answer.status_code == 303
    assert answer.headers["Location"] == settings.EXIT_URL
    assert answer.headers["Clear-Site-Data"] == '"cookies", "storage"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert not Session.objects.exists()
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        assert answer.cookies[name]["max-age"] == 0
    assert client.get("/overview/").status_code == 302


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_quick_exit_works_for_anybody_in_any_way(db, settings, method):
    answer = getattr(Client(enforce_csrf_checks=method != "post"), method)("/x/")
    assert answer.status_code == 303
    assert answer.headers["Location"] == settings.EXIT_URL


def test_quick_exit_cannot_be_pointed_elsewhere(client, db, settings):
    assert client.get("/x/?next=https://evil.test/&to=//evil.test").headers["Location"] == settings.EXIT_URL


def test_quick_exit_leads_away_even_when_nothing_else_works(alice, settings, monkeypatch):
    def broken(*args):
        raise DatabaseError

    monkeypatch.setattr("audits.accounts.views.leave.logout", broken)
    answer = Client(raise_request_exception=False).get("/x/")
    assert answer.status_code == 303
    assert answer.headers["Location"] == settings.EXIT_URL
    assert answer.headers["Clear-Site-Data"] == '"cookies", "storage"'


def test_signing_out_is_a_button(client, alice):
    assert client.get("/account/sign-out/").status_code == 405
    assert client.get("/account/").status_code == 200
    assert client.post("/account/sign-out/").headers["Location"] == "/"
    assert not Session.objects.exists()
