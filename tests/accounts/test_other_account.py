"""Another Google account than the one a trip was for: picked by mistake, added on purpose, or somebody else's."""

import pytest

from audits.accounts.dance import decide
from audits.models import Connection, Person, WaitingRevocation
from tests.accounts.travel import come_back

LOOK = "/looks/drive_apps/open/"
MORE = "/account/more/"


def grants(sandbox):
    return {grant["account"]: set(grant["scopes"]) for grant in sandbox.state()["grants"]}


def test_an_account_picked_by_mistake_is_not_merged_and_nothing_of_it_is_kept(maya, connection, sandbox):
    answer = maya.go(LOOK, account="alex@gmail.test")
    assert answer.status_code == 409
    assert "That was another Google account" in answer.text
    assert 'action="/looks/drive_apps/open/"' in answer.text
    assert "/account/more/" in answer.text
    assert Connection.objects.get().granted == connection.granted
    assert "alex@gmail.test" not in grants(sandbox)  # what was granted by mistake is given back


@pytest.mark.parametrize("fault", [503, "reset"])
def test_when_google_cannot_take_it_back_at_once_only_that_token_waits(maya, sandbox, fault):
    sandbox.fault("/revoke", fault)
    maya.go(LOOK, account="alex@gmail.test")
    assert WaitingRevocation.objects.count() == 1
    assert Connection.objects.count() == 1


def test_an_account_that_somebody_here_connected_on_purpose_keeps_its_grant(maya, dancer, sandbox):
    alex = dancer("alex@gmail.test")
    alex.sign_in()
    alex.open_look("drive_apps")
    answer = maya.go(LOOK, account="alex@gmail.test")
    assert answer.status_code == 409
    assert "alex@gmail.test" in grants(sandbox)
    assert Connection.objects.count() == 2


def test_a_second_account_has_its_own_step_with_its_own_words(maya):
    page = maya.client.get(MORE).text
    assert "Connect another Google account" in page
    assert "does not become a way to sign in" in page


def test_a_second_account_is_added_on_purpose(maya):
    answer = maya.go(MORE, account="alex@gmail.test")
    assert answer.headers["Location"] == "/looks/"
    first, second = Connection.objects.all()
    assert first.person == second.person
    assert second.email == "alex@gmail.test"
    page = maya.client.get("/looks/").text
    assert "maya@gmail.test" in page
    assert "alex@gmail.test" in page


def test_each_of_two_accounts_has_its_own_looks(maya):
    maya.go(MORE, account="alex@gmail.test")
    first, second = Connection.objects.all()
    maya.go(LOOK, {"account": str(second.public_id)}, account="alex@gmail.test")
    first.refresh_from_db()
    second.refresh_from_db()
    assert any("drive.apps" in scope for scope in second.granted)
    assert not any("drive.apps" in scope for scope in first.granted)
    assert maya.client.post(LOOK).status_code == 404  # with two accounts a form must say which


def test_mixing_up_ones_own_two_accounts_changes_neither(maya):
    maya.go(MORE, account="alex@gmail.test")
    first = Connection.objects.first()
    answer = maya.go(LOOK, {"account": str(first.public_id)}, account="alex@gmail.test")
    assert answer.status_code == 409
    assert not any("drive" in scope for found in Connection.objects.all() for scope in found.granted)


def test_a_second_account_is_no_way_to_sign_in(maya, dancer):
    """Someone else who can open that account must not reach Maya's pages."""
    maya.go(MORE, account="alex@gmail.test")
    other = dancer("alex@gmail.test")
    answer = other.sign_in()
    assert answer.status_code == 409
    assert "not used for signing in" in answer.text
    assert other.client.get("/overview/").headers["Location"] == "/"
    assert Person.objects.count() == 1


def test_an_account_of_somebody_else_is_refused(maya, dancer, sandbox):
    dancer("alex@gmail.test").sign_in()
    answer = maya.go(MORE, account="alex@gmail.test")
    assert answer.status_code == 409
    assert "already looked at by someone here" in answer.text
    assert Connection.objects.filter(person=Connection.objects.first().person).count() == 1
    assert "alex@gmail.test" in grants(sandbox)


def test_an_account_that_somebody_else_signs_in_with_is_refused_even_when_disconnected(maya, dancer):
    alex = dancer("alex@gmail.test")
    alex.sign_in()
    Connection.objects.filter(person=Person.objects.last()).delete()
    assert maya.go(MORE, account="alex@gmail.test").status_code == 409


def test_connecting_the_same_account_twice_changes_nothing(maya):
    answer = maya.go(MORE)
    assert answer.headers["Location"] == "/account/"
    assert "already connected" in maya.client.get("/account/").text
    assert Connection.objects.count() == 1


def test_an_account_disconnected_while_at_google_is_not_brought_back(maya, connection, sandbox):
    back = decide(maya.client.post(LOOK).headers["Location"], "maya@gmail.test")
    Connection.objects.all().delete()
    answer = come_back(maya.client, back)
    assert answer.status_code == 409
    assert "no longer connected here" in answer.text
    assert not Connection.objects.exists()
    assert "maya@gmail.test" not in grants(sandbox)
