"""Signing in with Google: what is asked, what is kept, and how it fails."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib.sessions.models import Session
from django.urls import NoReverseMatch, reverse

from audits.accounts.dance import DanceFailed, decide
from audits.models import Connection, Person, TimelineEntry
from tests.accounts.kept import everything_kept
from tests.accounts.travel import asked, come_back

LOGIN = "/accounts/google/login/"
CALLBACK = "/accounts/google/login/callback/"
IDENTITY = {
    "openid",
    "https://www.googleapis.com/auth/userinfo.email",
    "https://www.googleapis.com/auth/userinfo.profile",
}


def on_the_way(client, path=LOGIN, **fields):
    return client.post(path, fields).headers["Location"]


def test_the_first_sign_in_makes_a_person_with_one_connection_and_shows_the_looks(dancer):
    answer = dancer("maya@gmail.test").sign_in()
    assert (answer.status_code, answer.headers["Location"]) == (302, "/looks/")
    connection = Connection.objects.get()
    assert connection.email == "maya@gmail.test"
    assert connection.hosted_domain == ""
    assert set(connection.granted) == set(connection.asked) == IDENTITY
    assert connection.claims["amr"] == ["pwd"]
    assert connection.claims["auth_time"] > 0
    assert connection.refresh_token is None
    assert not connection.person.has_usable_password()
    assert [entry.kind for entry in TimelineEntry.objects.all()] == ["connected"]


def test_the_second_sign_in_is_the_same_person(dancer):
    first, second = dancer("maya@gmail.test"), dancer("maya@gmail.test")
    first.sign_in()
    answer = second.sign_in()
    assert answer.headers["Location"] == "/overview/"
    assert Person.objects.count() == Connection.objects.count() == 1
    assert [entry.kind for entry in TimelineEntry.objects.all()] == ["signed_in", "connected"]


def test_two_accounts_are_two_people(dancer):
    dancer("maya@gmail.test").sign_in()
    dancer("alex@gmail.test").sign_in()
    assert Person.objects.count() == 2


def test_an_organisation_is_known_from_the_sign_in(dancer):
    dancer("noor@shelter.test").sign_in()
    connection = Connection.objects.get()
    assert connection.hosted_domain == "shelter.test"
    assert connection.claims["amr"] is None


def test_nothing_is_kept_in_clear_and_nothing_by_allauth(maya, connection, sandbox):
    maya.open_look("drive_apps")
    connection.refresh_from_db()
    kept = everything_kept()
    for secret in (
        "maya",
        "gmail.test",
        connection.sub,
        connection.name,
        connection.access_token,
        connection.refresh_token,
    ):
        assert secret not in kept
    assert connection.refresh_token.startswith("1//")
    account = SocialAccount.objects.get()
    assert account.extra_data == {}
    assert account.uid == connection.sub_key
    assert not SocialToken.objects.exists()
    assert not SocialApp.objects.exists()
    assert not EmailAddress.objects.exists()


def test_no_token_ever_reaches_a_session(maya):
    maya.open_look("drive_sharing")
    for session in Session.objects.all():
        text = repr(session.get_decoded())
        assert "ya29" not in text
        assert "1//" not in text
        assert "gmail" not in text


def test_google_is_asked_for_identity_only_with_pkce_and_claims(client, db, sandbox):
    query = asked(client.post(LOGIN))
    assert set(query["scope"].split()) == IDENTITY
    assert query["code_challenge_method"] == "S256"
    assert len(query["code_challenge"]) == 43
    assert query["access_type"] == "online"
    assert query["prompt"] == "select_account"
    assert query["redirect_uri"] == "http://testserver" + CALLBACK
    assert '"amr":{"essential":true}' in query["claims"]
    assert '"auth_time":{"essential":true}' in query["claims"]


def test_an_address_cannot_widen_or_redirect_the_request(client, db, sandbox):
    tail = (
        "?scope=https://www.googleapis.com/auth/drive&process=connect&next=https://evil.test/"
        "&auth_params=prompt%3Dnone%26access_type%3Doffline%26redirect_uri%3Dhttps://evil.test/&action=reauthenticate"
    )
    query = asked(client.post(LOGIN + tail, {"scope": "drive", "auth_params": "prompt=none", "next": "//evil.test"}))
    assert set(query["scope"].split()) == IDENTITY
    assert query["prompt"] == "select_account"
    assert query["access_type"] == "online"
    assert "evil" not in repr(query)


def test_a_link_cannot_sign_anybody_in(client, db, sandbox):
    answer = client.get(LOGIN)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


def test_a_form_from_elsewhere_cannot_sign_anybody_in(db, sandbox):
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post(LOGIN)
    assert answer.status_code == 403
    assert "This page was open for too long" in answer.text


def test_only_the_addresses_we_need_of_allauth_exist():
    for name in (
        "account_login",
        "account_signup",
        "account_email",
        "account_reset_password",
        "google_login_by_token",
        "socialaccount_connections",
        "socialaccount_signup",
        "account_logout",
    ):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_the_session_gets_a_new_key(dancer):
    maya = dancer("maya@gmail.test")
    address = on_the_way(maya.client)
    before = maya.client.session.session_key
    come_back(maya.client, decide(address, "maya@gmail.test"))
    assert maya.client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_signing_in_as_somebody_else_takes_nothing_of_the_session_along(maya, dancer):
    session = maya.client.session
    session["confirmed"] = {"person": 1, "at": 1}
    session.save()
    maya.go(LOGIN, account="alex@gmail.test")
    assert "confirmed" not in maya.client.session
    assert Person.objects.count() == 2


# --------------------------------------------------------------------------- how it fails


def assert_calm(answer, status, *words):
    assert answer.status_code == status
    text = answer.text
    assert "<title>Notes</title>" in text
    assert "Traceback" not in text
    for word in words:
        assert word in text
    assert not Person.objects.exists()


def test_a_person_who_stops_at_google_is_told_that_nothing_happened(dancer):
    answer = dancer("maya@gmail.test").go(LOGIN, decision="deny")
    assert_calm(answer, 200, "You stopped at Google", "Try again at Google")


@pytest.mark.parametrize(
    ("word", "status", "title"),
    [
        ("admin_policy_enforced", 403, "Your organisation does not allow this"),
        ("temporarily_unavailable", 502, "Google does not answer just now"),
        ("<script>alert(1)</script>", 400, "Google did not let us in"),
    ],
)
def test_an_error_word_of_google_becomes_plain_words(client, db, sandbox, word, status, title):
    state = asked(client.post(LOGIN))["state"]
    answer = client.get(CALLBACK, {"state": state, "error": word})
    assert_calm(answer, status, title)
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    "query", [{}, {"code": "4/x"}, {"code": "4/x", "state": "unknown"}, {"state": "é\x00", "code": "x"}]
)
def test_a_state_that_is_not_ours_is_refused_before_google_is_asked(client, db, sandbox, query):
    sandbox.clear_log()
    assert_calm(client.get(CALLBACK, query), 400, "We lost track of this visit to Google")
    assert "/token" not in sandbox.log().paths()


def test_a_state_works_once_and_in_its_own_browser(dancer):
    maya, mallory = dancer("maya@gmail.test"), dancer("mallory@gmail.test")
    back = decide(on_the_way(maya.client), "maya@gmail.test")
    assert come_back(mallory.client, back).status_code == 400
    assert come_back(maya.client, back).status_code == 302
    assert come_back(maya.client, back).status_code == 400


def test_a_stolen_code_is_worth_nothing_without_our_verifier(dancer):
    """Mallory brings a code of hers into a trip that Maya's browser began, and PKCE refuses it."""
    maya, mallory = dancer("maya@gmail.test"), dancer("alex@gmail.test")
    state = asked(maya.client.post(LOGIN))["state"]
    code = parse_qs(urlsplit(decide(on_the_way(mallory.client), "alex@gmail.test")).query)["code"][0]
    assert_calm(maya.client.get(CALLBACK, {"state": state, "code": code}), 400, "Google did not let us in")


@pytest.mark.parametrize(
    ("kind", "status"),
    [(503, 502), (500, 502), (400, 400), (429, 502), ("reset", 502), ("truncated", 502), ("empty", 502),
     ("list", 502), ("string", 502), ("wrong_types", 502), ("cut", 502)],
)  # fmt: skip
def test_whatever_the_token_endpoint_does_the_page_is_calm(dancer, sandbox, kind, status):
    sandbox.fault("/token", kind)
    assert_calm(dancer("maya@gmail.test").sign_in(), status)


def test_a_token_endpoint_that_never_answers_is_given_up(dancer, sandbox, settings):
    settings.GOOGLE_TIMEOUT_SECONDS = 0.3
    sandbox.fault("/token", "hang", seconds=5)
    assert_calm(dancer("maya@gmail.test").sign_in(), 502, "Google does not answer just now")


@pytest.mark.parametrize("kind", [503, "reset", "truncated", "empty", "list", "string"])
def test_without_certificates_nobody_is_signed_in(dancer, sandbox, monkeypatch, kind):
    from audits.accounts.google_provider import id_token

    monkeypatch.setattr(id_token, "_kept", {})
    sandbox.fault("/oauth2/v1/certs", kind)
    assert_calm(dancer("maya@gmail.test").sign_in(), 502)


def test_google_not_there_at_all(dancer, monkeypatch):
    maya = dancer("maya@gmail.test")
    back = decide(on_the_way(maya.client), "maya@gmail.test")
    monkeypatch.setenv("GOOGLE_TOKEN_URL", "http://127.0.0.1:9/token")
    assert_calm(come_back(maya.client, back), 502, "Google does not answer just now")


def test_a_paused_person_is_not_signed_in(dancer):
    dancer("maya@gmail.test").sign_in()
    Person.objects.update(is_active=False)
    again = dancer("maya@gmail.test")
    answer = again.sign_in()
    assert answer.status_code == 403
    assert "You cannot sign in at the moment" in answer.text
    assert again.client.get("/account/").status_code == 302


def test_two_windows_that_sign_in_at_the_same_moment_make_one_person(dancer, monkeypatch):
    """The second window finds no row when it looks, and the row is there when it writes."""
    from allauth.socialaccount.models import SocialLogin

    dancer("maya@gmail.test").sign_in()
    monkeypatch.setattr(SocialLogin, "lookup", lambda self: None)
    monkeypatch.setattr("audits.accounts.arrivals.known", lambda grant: False)
    answer = dancer("maya@gmail.test").sign_in()
    assert answer.status_code == 409
    assert "Please sign in once more" in answer.text
    assert Person.objects.count() == Connection.objects.count() == 1


def test_a_dancer_speaks_only_to_this_machine():
    with pytest.raises(DanceFailed):
        decide("https://accounts.google.com/o/oauth2/v2/auth", "maya@gmail.test")
