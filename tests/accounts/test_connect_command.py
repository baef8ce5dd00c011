"""manage.py connect: the dance from the command line, for practice accounts only."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audits.models import Connection, Person

SHARING = "https://www.googleapis.com/auth/drive.metadata.readonly"


def connect(*args):
    out = StringIO()
    call_command("connect", *args, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _ready(db, sandbox):
    pass


def test_it_connects_and_opens_the_usual_looks():
    said = connect("maya@gmail.test")
    assert "Connected maya@gmail.test" in said
    assert "drive_apps: open" in said
    assert "drive_sharing: open" in said
    assert f"granted {SHARING}" in said
    assert Connection.objects.get().refresh_token


@pytest.mark.parametrize("scope", [SHARING, "drive.metadata.readonly"])
def test_unticking(scope):
    said = connect("maya@gmail.test", "--untick", scope)
    assert "drive_sharing: unticked" in said
    assert f"not granted {SHARING}" in said
    assert SHARING not in Connection.objects.get().granted


def test_other_looks():
    said = connect("maya@gmail.test", "--look", "storage")
    assert "storage: open" in said
    assert "drive_apps: not_asked" in said


def test_twice_is_once():
    connect("maya@gmail.test")
    connect("maya@gmail.test")
    assert Person.objects.count() == 1


def test_an_administrator_look():
    said = connect("sam@shelter.test", "--look", "administrator")
    assert "administrator: used" in said


def test_a_look_that_does_not_suit_the_account_is_said():
    with pytest.raises(CommandError, match="could not be opened"):
        connect("maya@gmail.test", "--look", "administrator")


def test_an_unknown_account_is_said():
    with pytest.raises(CommandError):
        connect("nobody@gmail.test")


def test_it_refuses_outside_the_demo(settings):
    settings.ON_SANDBOX = False
    with pytest.raises(CommandError, match="demo mode"):
        connect("maya@gmail.test")
    assert not Person.objects.exists()


def test_without_the_sandbox_it_says_what_to_do(monkeypatch):
    monkeypatch.setenv("GOOGLE_AUTHORIZE_URL", "http://127.0.0.1:9/auth")
    with pytest.raises(CommandError, match="make run"):
        connect("maya@gmail.test")


def test_a_look_with_a_page_of_its_own_is_not_offered():
    """It is for one time, and a person chooses on that page."""
    with pytest.raises(CommandError, match="invalid choice: 'photos'"):
        connect("maya@gmail.test", "--look", "photos")
