"""What goes wrong is told in plain words, and never with a stack trace."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client
from django.urls import path

from audits.models import Person
from privacy_audit import urls
from privacy_audit.security import pages


def denied(request):
    raise PermissionDenied("because of maya@gmail.test")


def suspicious(request):
    raise SuspiciousOperation("because of maya@gmail.test")


def broken(request):
    raise RuntimeError("because of maya@gmail.test")


class Conf:
    urlpatterns = [
        path("denied/", denied),
        path("suspicious/", suspicious),
        path("broken/", broken),
        *urls.urlpatterns,
    ]
    handler400, handler403 = urls.handler400, urls.handler403
    handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture
def alice(db, settings):
    settings.ROOT_URLCONF = Conf
    client = Client(raise_request_exception=False)
    client.force_login(Person.objects.create_user())
    return client


def assert_words(answer, status, title):
    assert answer.status_code == status
    assert title in answer.text
    assert "<title>Notes</title>" in answer.text
    assert "Quick exit" in answer.text
    assert "maya" not in answer.text
    assert "Traceback" not in answer.text
    assert "Practice data" in answer.text


@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        ("/denied/", 403, "not open to you"),
        ("/suspicious/", 400, "could not read this request"),
        ("/broken/", 500, "Something went wrong on our side"),
        ("/nowhere/", 404, "There is no page here"),
        ("/looks/drive_apps/open/", 405, "only used by a button"),
    ],
)
def test_a_page_for_each(alice, address, status, title):
    assert_words(alice.get(address), status, title)


def test_strangers_get_the_same_for_an_address_that_does_not_exist(client, db):
    assert_words(client.get("/nowhere/"), 404, "There is no page here")


def test_a_host_that_is_not_ours(client, db):
    assert_words(client.get("/", headers={"host": "evil.test"}), 400, "could not read this request")


def test_a_form_that_cannot_be_checked(db):
    assert_words(Client(enforce_csrf_checks=True).post("/accounts/google/login/"), 403, "open for too long")


def test_the_page_for_a_fault_needs_neither_session_nor_database(alice, django_assert_num_queries, rf):
    with django_assert_num_queries(0):
        assert pages.broken(rf.get("/")).status_code == 500


def test_even_when_that_page_breaks_there_are_words(rf, monkeypatch):
    monkeypatch.setattr(pages, "render_to_string", lambda *args: 1 / 0)
    answer = pages.broken(rf.get("/"))
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "<title>Notes</title>" in answer.text
