"""The page a person is sent to: who they are, what they allow, and what Google refuses at once."""

from urllib.parse import parse_qs, urlsplit

import pytest

from google_sandbox import Client, ControlError, start
from tests.google_sandbox.caller import (
    ALEX,
    APPS,
    AUTH,
    BACK,
    EMAIL,
    MAYA,
    METADATA,
    PROFILE,
    SAM,
    SIGN_IN,
    USERS,
    Caller,
)


def sent_back(address: str) -> dict[str, str]:
    assert address.startswith(BACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def path(call: Caller, url: str) -> str:
    return url.removeprefix(call.google.url)


def test_the_chooser_lists_everybody_and_asks_nothing_of_a_script(call: Caller) -> None:
    page = call.send("GET", path(call, call.authorize_url()))
    assert page.status_code == 200
    for account in ("maya@gmail.test", "sam@shelter.test", "big@gmail.test"):
        assert f"{account}<br>" in page.text
    assert "Practice page" in page.text
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_hint_goes_straight_to_consent_unless_the_app_wants_a_choice(call: Caller) -> None:
    hinted = call.send("GET", path(call, call.authorize_url(login_hint=MAYA)))
    assert f'value="{MAYA}"' in hinted.text
    sub = {a["email"]: a["sub"] for a in call.google.state()["accounts"]}[MAYA]
    by_sub = call.send("GET", path(call, call.authorize_url(login_hint=sub)))
    assert f'value="{MAYA}"' in by_sub.text
    chooser = call.send("GET", path(call, call.authorize_url(login_hint=MAYA, prompt="select_account")))
    assert "Choose an account" in chooser.text


def test_consent_shows_each_further_scope_in_googles_words_with_a_box(call: Caller) -> None:
    url = call.authorize_url(scope=f"openid email {METADATA} {APPS}", login_hint=MAYA)
    page = call.send("GET", path(call, url)).text
    assert page.count('type="checkbox"') == 2
    assert "See information about your Google Drive files" in page
    assert "View your Google Drive apps" in page


def test_allowing_gives_a_code_and_names_what_was_granted(call: Caller) -> None:
    url = call.authorize_url(scope=f"openid email profile {METADATA}", state="a b&c")
    told = sent_back(call.google.consent(url, MAYA))
    assert told["state"] == "a b&c"
    assert told["code"].startswith("4/0A")
    assert set(told["scope"].split()) == {*SIGN_IN, METADATA}
    assert "hd" not in told


def test_workspace_accounts_come_back_with_their_domain(call: Caller) -> None:
    assert sent_back(call.google.consent(call.authorize_url(), SAM))["hd"] == "shelter.test"


def test_unticked_scopes_are_not_granted(call: Caller) -> None:
    url = call.authorize_url(scope=f"openid email {METADATA} {APPS}")
    told = sent_back(call.google.consent(url, MAYA, untick=[METADATA]))
    assert set(told["scope"].split()) == {"openid", EMAIL, APPS}


def test_boxes_in_the_form_count_as_a_browser_sends_them(call: Caller) -> None:
    url = call.authorize_url(scope=f"openid email {METADATA} {APPS}")
    told = sent_back(call.google.consent(url, MAYA, approved=[APPS]))
    assert set(told["scope"].split()) == {"openid", EMAIL, APPS}


def test_a_scope_that_was_never_asked_is_never_granted(call: Caller) -> None:
    told = sent_back(call.google.consent(call.authorize_url(scope="openid"), MAYA, approved=[METADATA]))
    assert told["scope"] == "openid"


def test_nothing_ticked_and_no_sign_in_is_a_refusal(call: Caller) -> None:
    told = sent_back(call.google.consent(call.authorize_url(scope=METADATA), MAYA, approved=[]))
    assert told == {"error": "access_denied"}


def test_denying(call: Caller) -> None:
    told = sent_back(call.google.consent(call.authorize_url(state="s"), MAYA, deny=True))
    assert told == {"error": "access_denied", "state": "s"}


def test_the_second_sign_in_asks_nothing_unless_consent_is_prompted(call: Caller) -> None:
    call.google.consent(call.authorize_url(), MAYA)
    again = call.send("GET", path(call, call.authorize_url(login_hint=MAYA)))
    assert again.status_code == 303
    assert "code" in sent_back(again.headers["Location"])
    prompted = call.send("GET", path(call, call.authorize_url(login_hint=MAYA, prompt="consent")))
    assert prompted.status_code == 200


def test_prompt_none(call: Caller) -> None:
    silent = path(call, call.authorize_url(login_hint=MAYA, prompt="none"))
    refused = sent_back(call.send("GET", silent).headers["Location"])
    assert refused == {"error": "interaction_required"}
    call.google.consent(call.authorize_url(), MAYA)
    assert "code" in sent_back(call.send("GET", silent).headers["Location"])
    nobody = path(call, call.authorize_url(prompt="none"))
    assert sent_back(call.send("GET", nobody).headers["Location"]) == {"error": "interaction_required"}


def test_incremental_merges_what_the_project_had(call: Caller) -> None:
    call.google.consent(call.authorize_url(), MAYA)
    url = call.authorize_url(scope=f"openid {METADATA}", include_granted_scopes="true")
    assert set(sent_back(call.google.consent(url, MAYA))["scope"].split()) == {*SIGN_IN, METADATA}
    plain = call.authorize_url(scope="openid")
    assert sent_back(call.google.consent(plain, MAYA))["scope"] == "openid"


def test_incremental_merges_across_clients_of_a_project_but_not_across_projects() -> None:
    one, two = Client("one", "s1", "shared"), Client("two", "s2", "shared")
    other = Client("other", "s3", "apart")
    with start(clients=(one, two, other)) as google, Caller(google) as call:
        google.consent(call.authorize_url(one, scope=f"openid {METADATA}"), MAYA)
        for client, expected in ((two, {"openid", METADATA}), (other, {"openid"})):
            url = call.authorize_url(client, scope="openid", include_granted_scopes="true")
            assert set(sent_back(google.consent(url, MAYA))["scope"].split()) == expected


def test_a_consumer_can_be_asked_for_administrator_scopes(call: Caller) -> None:
    told = sent_back(call.google.consent(call.authorize_url(scope=f"openid {USERS}"), ALEX))
    assert USERS in told["scope"]


PHOTOS = AUTH + "photospicker.mediaitems.readonly"
INSTALLS = AUTH + "dataportability.play.installs"
REFUSED = [
    ({"client_id": "nobody"}, "invalid_client"),
    ({"redirect_uri": "https://evil.example/"}, "redirect_uri_mismatch"),
    ({"redirect_uri": ""}, "invalid_request"),
    ({"scope": ""}, "invalid_request"),
    ({"scope": "openid https://www.googleapis.com/auth/made.up"}, "invalid_scope"),
    ({"scope": f"{PHOTOS} {METADATA}"}, "invalid_scope"),
    ({"scope": f"{INSTALLS} openid"}, "invalid_scope"),
    ({"scope": INSTALLS, "include_granted_scopes": "true"}, "invalid_request"),
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"prompt": "login"}, "invalid_request"),
    ({"prompt": "none consent"}, "invalid_request"),
    ({"code_challenge": "x", "code_challenge_method": "S512"}, "invalid_request"),
    ({"claims": "{not json"}, "invalid_request"),
    ({"claims": "[]"}, "invalid_request"),
]


@pytest.mark.parametrize(("asked", "error"), REFUSED)
def test_refused_on_a_page_and_never_by_redirect(call: Caller, asked: dict[str, str], error: str) -> None:
    url = path(call, call.authorize_url())
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()} | asked
    for verb in ("GET", "POST"):
        answer = call.send(verb, "/o/oauth2/v2/auth", params=query)
        assert answer.status_code == 400
        assert f"Error 400: {error}" in answer.text
        assert "Location" not in answer.headers


@pytest.mark.parametrize("scope", [PHOTOS, f"openid {PHOTOS}", INSTALLS])
def test_scopes_that_must_stand_alone_may_stand_alone(call: Caller, scope: str) -> None:
    assert "code" in sent_back(call.google.consent(call.authorize_url(scope=scope), MAYA))


def test_listed_redirect_addresses_must_match_to_the_letter() -> None:
    client = Client("c", "s", "p", redirect_uris=("http://localhost:8000/back",))
    assert client.may_redirect_to("http://localhost:8000/back")
    assert not client.may_redirect_to("http://localhost:8000/back/")
    assert not Client("c", "s", "p").may_redirect_to("javascript:alert(1)//localhost")


def test_an_unknown_account_is_refused(call: Caller) -> None:
    with pytest.raises(ControlError, match="no such account"):
        call.google.consent(call.authorize_url(), "nobody@gmail.test")


def test_what_comes_in_is_escaped(call: Caller) -> None:
    url = call.authorize_url(login_hint="<script>x</script>", state='"><script>')
    assert "<script" not in call.send("GET", path(call, url)).text


def test_account_shown_after_revoking_is_asked_again(call: Caller) -> None:
    url = call.authorize_url(login_hint=MAYA)
    call.google.consent(url, MAYA)
    call.google.revoke(MAYA)
    assert call.send("GET", path(call, url)).status_code == 200
    assert PROFILE not in str(call.google.state()["grants"])
