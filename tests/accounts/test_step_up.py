"""Before something that cannot be undone, the person shows once more that it is them."""

import time

import pytest

from audits.accounts import step_up
from audits.models import Connection, Person

DELETE = "/account/delete/"


@pytest.fixture
def disconnect(connection):
    return f"/account/{connection.public_id}/disconnect/"


def still_there():
    return Person.objects.exists() and Connection.objects.exists()


def test_a_fresh_sign_in_alone_is_not_enough(maya, disconnect):
    for path in (DELETE, disconnect):
        answer = maya.client.post(path)
        assert answer.status_code == 403
        assert "first show that it is you" in answer.text
        assert still_there()


def test_without_it_the_page_has_no_last_button(maya, disconnect):
    assert "Delete everything now" not in maya.client.get(DELETE).text
    assert "Disconnect now" not in maya.client.get(disconnect).text


def test_after_a_trip_to_google_it_goes_on(maya, connection, disconnect):
    assert maya.confirm("delete").headers["Location"] == DELETE
    assert "Delete everything now" in maya.client.get(DELETE).text
    assert maya.confirm("disconnect", str(connection.public_id)).headers["Location"] == disconnect
    assert maya.client.post(disconnect).status_code == 302
    assert not Connection.objects.exists()


def shifted(client, seconds):
    session = client.session
    session["confirmed"] = {**session["confirmed"], "at": time.time() + seconds}
    session.save()


@pytest.mark.parametrize("seconds", [-301, -3600, 60])
def test_an_old_one_or_one_from_the_future_is_refused(maya, seconds):
    maya.confirm("delete")
    shifted(maya.client, seconds)
    assert maya.client.post(DELETE).status_code == 403
    assert still_there()


def test_one_just_under_five_minutes_old_counts(maya):
    maya.confirm("delete")
    shifted(maya.client, -295)
    assert maya.client.post(DELETE).status_code == 200
    assert not Person.objects.exists()


def test_another_google_account_does_not_confirm(maya, sandbox):
    answer = maya.go("/account/confirm/", {"then": "delete"}, account="alex@gmail.test")
    assert answer.status_code == 409
    assert "That was another Google account" in answer.text
    assert "/account/more/" not in answer.text
    assert maya.client.post(DELETE).status_code == 403
    assert still_there()


def test_a_second_account_does_not_confirm(maya):
    maya.go("/account/more/", account="alex@gmail.test")
    assert maya.go("/account/confirm/", {"then": "delete"}, account="alex@gmail.test").status_code == 409
    assert maya.client.post(DELETE).status_code == 403


def test_somebody_elses_confirmation_does_not_count(maya, dancer):
    alex = dancer("alex@gmail.test")
    alex.sign_in()
    alex.confirm("delete")
    session = maya.client.session
    session["confirmed"] = alex.client.session["confirmed"]
    session.save()
    assert maya.client.post(DELETE).status_code == 403


@pytest.mark.parametrize("mark", [True, "yes", {}, {"person": None}, {"at": 1}, {"person": 1, "at": "now"}])
def test_a_damaged_mark_is_no_mark(maya, mark):
    session = maya.client.session
    session["confirmed"] = mark
    session.save()
    assert maya.client.post(DELETE).status_code == 403


def test_stopping_at_google_confirms_nothing(maya):
    maya.go("/account/confirm/", {"then": "delete"}, decision="deny")
    assert maya.client.post(DELETE).status_code == 403


def test_allauth_may_say_what_it_likes(maya):
    """allauth counts everybody who signed in with Google as freshly confirmed. We do not read what it says."""
    session = maya.client.session
    session["account_authentication_methods"] = [{"method": "reauthenticated", "at": time.time()}]
    session.save()
    assert maya.client.post(DELETE).status_code == 403


def test_the_session_gets_a_new_key(maya):
    before = maya.client.session.session_key
    maya.confirm("delete")
    assert maya.client.session.session_key != before


def test_what_a_form_may_name_as_next_page(maya):
    for then in ("", "overview", "https://evil.test/", "disconnect"):
        assert maya.client.post("/account/confirm/", {"then": then}).status_code == 404


# --------------------------------------------------------------------------- with a password


@pytest.fixture
def with_password(maya):
    person = Person.objects.get()
    person.set_password("seven quiet rivers")
    person.save()
    maya.client.force_login(person)
    return maya


def test_a_person_with_a_password_is_asked_for_it(with_password):
    page = with_password.client.get(DELETE).text
    assert 'type="password"' in page
    assert "Show it at Google" not in page
    wrong = with_password.client.post("/account/confirm/", {"then": "delete", "password": "wrong"})
    assert wrong.status_code == 403
    assert "This is not your password" in wrong.text
    assert "wrong" not in wrong.text.replace("Something went wrong", "")
    assert with_password.client.post(DELETE).status_code == 403


def test_the_right_password_confirms(with_password):
    right = with_password.client.post("/account/confirm/", {"then": "delete", "password": "seven quiet rivers"})
    assert right.headers["Location"] == DELETE
    assert with_password.client.post(DELETE).status_code == 200


def test_five_minutes():
    assert step_up.FRESH_SECONDS == 300
