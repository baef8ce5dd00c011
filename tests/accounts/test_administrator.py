"""The administrator look: its own client, one audit, never part of the Connection."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audits.accounts.looks import EMAIL, LOOKS
from audits.models import AdministratorLook, Audit, Connection, Trigger
from tests.accounts.travel import asked

OPEN = "/looks/administrator/open/"
SCOPES = set(LOOKS["administrator"].scopes)


@pytest.fixture(autouse=True)
def woken(monkeypatch, django_capture_on_commit_callbacks):
    """Ids of audits that a worker was told about."""
    ids = []
    monkeypatch.setattr("audits.tasks.wake", ids.append)
    return ids


@pytest.fixture
def sam(dancer):
    found = dancer("sam@shelter.test")
    found.sign_in()
    return found


def test_it_is_offered_to_accounts_of_organisations_only(sam, maya):
    assert "Administrator look" in sam.client.get("/looks/").text
    assert "Administrator look" not in maya.client.get("/looks/").text
    assert maya.client.post(OPEN).status_code == 404


def test_it_is_not_offered_without_a_client_of_its_own(sam, settings):
    settings.GOOGLE_ADMIN_CLIENT_ID = ""
    assert "Administrator look" not in sam.client.get("/looks/").text
    assert sam.client.post(OPEN).status_code == 404


def test_the_page_says_plainly_what_the_permission_could_do(sam):
    page = sam.client.get("/looks/").text
    assert "Manage data access permissions for users on your domain" in page
    assert "an app could also change things" in page
    assert "thrown away after one audit" in page


def test_what_it_asks_of_google(sam, settings):
    query = asked(sam.client.post(OPEN))
    assert query["client_id"] == settings.GOOGLE_ADMIN_CLIENT_ID
    assert query["access_type"] == "online"
    assert "include_granted_scopes" not in query
    assert query["prompt"] == "consent"
    assert set(query["scope"].split()) == {"openid", EMAIL, *SCOPES}
    assert query["code_challenge_method"] == "S256"


def test_its_token_goes_into_one_audit_and_never_into_the_connection(sam, woken, django_capture_on_commit_callbacks):
    before = Connection.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        answer = sam.open_look("administrator")
    assert answer.headers["Location"] == "/overview/"
    look, connection, audit = AdministratorLook.objects.get(), Connection.objects.get(), Audit.objects.get()
    assert set(look.granted) == SCOPES
    assert look.access_token.startswith("ya29.")
    assert look.expires_at <= timezone.now() + timedelta(hours=1)
    assert connection.granted == before.granted
    assert connection.refresh_token is None
    assert connection.access_token == before.access_token != look.access_token
    assert set(connection.asked) >= SCOPES
    assert audit.trigger == Trigger.ADMINISTRATOR
    assert woken == [audit.pk]


def test_a_second_one_takes_the_place_of_the_first(sam):
    sam.open_look("administrator")
    sam.open_look("administrator")
    assert AdministratorLook.objects.count() == 1
    assert Audit.objects.filter(state="queued").count() == 1


def test_unticked_it_starts_nothing(sam):
    answer = sam.open_look("administrator", untick=SCOPES)
    assert answer.headers["Location"] == "/looks/"
    assert not AdministratorLook.objects.exists()
    assert not Audit.objects.exists()
    assert "Not ticked by you at Google" in sam.client.get("/looks/").text


def test_half_of_it_is_taken_as_it_is(sam):
    directory, security, reports = LOOKS["administrator"].scopes
    sam.open_look("administrator", untick=[security, reports])
    assert AdministratorLook.objects.get().granted == [directory]


def test_another_account_does_not_open_it(sam, sandbox):
    answer = sam.go(OPEN, account="noor@shelter.test")
    assert answer.status_code == 409
    assert not AdministratorLook.objects.exists()
    assert {grant["account"] for grant in sandbox.state()["grants"]} == {"sam@shelter.test"}


def test_a_state_of_the_one_client_cannot_be_used_with_the_other(sam, sandbox):
    """The code of an administrator trip is exchanged with the administrator's client, as its state says."""
    sandbox.clear_log()
    assert sam.open_look("administrator").status_code == 302
    assert sam.open_look("drive_apps").status_code == 302
    assert Connection.objects.get().refresh_token


def test_what_is_asked_about_is_the_address_that_google_says_now(sam):
    """An address that was given to somebody else since the sign-in must not be asked about."""
    connection = Connection.objects.get()
    connection.email = "given.away@shelter.test"
    connection.save()
    sam.open_look("administrator")
    assert Connection.objects.get().email == "sam@shelter.test"
    assert Connection.objects.get().email_key != ""
