"""The Workspace Directory: what an administrator sees, what a member sees, what nobody else does."""

import pytest

from tests.google_sandbox.caller import ALEX, MAYA, NOOR, SAM, SECURITY, USERS, Caller, reason

BASE = "/admin/directory/v1/users"
DENIED = "Not Authorized to access this resource/api"


def test_sam_sees_two_step_off(call: Caller) -> None:
    user = call.json(SAM, f"{BASE}/{SAM}", fields="isEnrolledIn2Sv,isEnforcedIn2Sv,isAdmin")
    assert user == {"isEnrolledIn2Sv": False, "isEnforcedIn2Sv": False, "isAdmin": True}


@pytest.mark.parametrize("key", [NOOR, NOOR.upper(), "112233445566778899002", "noor@shelter.test.test-google-a.com"])
def test_users_are_found_by_address_id_and_alias(call: Caller, key: str) -> None:
    if key.endswith("test-google-a.com"):
        assert call.get(SAM, f"{BASE}/{key}").status_code == 403
        return
    assert call.json(SAM, f"{BASE}/{key}")["primaryEmail"] == NOOR
    assert call.json(SAM, f"{BASE}/office@shelter.test")["primaryEmail"] == SAM


@pytest.mark.parametrize("account", [NOOR, MAYA, ALEX])
@pytest.mark.parametrize("path", ["", "/tokens", "/asps", "/tokens/anonymous", "/asps/1"])
def test_everybody_else_is_refused(call: Caller, account: str, path: str) -> None:
    answer = call.get(account, f"{BASE}/{account}{path}")
    assert answer.status_code == 403
    assert answer.json()["error"]["message"] == DENIED
    assert reason(answer) == "forbidden"


def test_the_public_view_says_nothing_about_two_step(call: Caller) -> None:
    user = call.json(NOOR, f"{BASE}/{NOOR}", viewType="domain_public")
    assert user["primaryEmail"] == NOOR
    assert not {"isEnrolledIn2Sv", "isEnforcedIn2Sv", "isAdmin", "recoveryEmail", "suspended"} & set(user)
    assert call.get(NOOR, f"{BASE}/former@shelter.test", viewType="domain_public").status_code == 404
    assert call.get(MAYA, f"{BASE}/{MAYA}", viewType="domain_public").status_code == 403


def test_unknown_and_foreign_users(call: Caller) -> None:
    unknown = call.get(SAM, f"{BASE}/nobody@shelter.test")
    assert unknown.status_code == 404
    assert unknown.json()["error"]["message"] == "Resource Not Found: userKey"
    assert call.get(SAM, f"{BASE}/{MAYA}").status_code == 403


def test_listing(call: Caller) -> None:
    def addresses(**query: object) -> list[str]:
        users = call.json(SAM, BASE, **{"customer": "my_customer", **query})["users"]
        return [user["primaryEmail"].partition("@")[0] for user in users]

    assert addresses() == ["former", "kit", "noor", "sam"]
    assert addresses(orderBy="familyName") == ["kit", "former", "noor", "sam"]
    assert addresses(sortOrder="DESCENDING") == ["sam", "noor", "kit", "former"]
    assert addresses(query="isEnrolledIn2Sv=false") == ["former", "sam"]
    assert addresses(query="isEnrolledIn2Sv=false isSuspended=false") == ["sam"]
    assert addresses(query="email:no*") == ["noor"]
    assert addresses(query="name='Sam Whitlock'") == ["sam"]
    assert addresses(query="orgUnitPath='/Night team'") == ["noor"]
    assert addresses(domain="shelter.test", viewType="domain_public") == ["kit", "noor", "sam"]


def test_listing_in_pages(call: Caller) -> None:
    first = call.json(SAM, BASE, customer="my_customer", maxResults=3)
    second = call.json(SAM, BASE, customer="my_customer", maxResults=3, pageToken=first["nextPageToken"])
    assert (len(first["users"]), len(second["users"])) == (3, 1)
    assert "nextPageToken" not in second
    call.google.shift_clock(3 * 86_400 + 1)
    query = {"customer": "my_customer", "pageToken": first["nextPageToken"]}
    assert call.send("GET", BASE, call.google.token(SAM, (USERS,)), params=query).status_code == 400


BAD_LISTS = [
    ({}, 400),
    ({"customer": "C0other"}, 403),
    ({"domain": "gmail.test"}, 404),
    ({"customer": "my_customer", "maxResults": 501}, 400),
    ({"customer": "my_customer", "query": "shoe=9"}, 400),
    ({"customer": "my_customer", "query": "isAdmin=maybe"}, 400),
    ({"customer": "my_customer", "query": "=x"}, 400),
    ({"customer": "my_customer", "orderBy": "age"}, 400),
    ({"customer": "my_customer", "pageToken": "x"}, 400),
]


@pytest.mark.parametrize(("query", "status"), BAD_LISTS)
def test_wrong_lists(call: Caller, query: dict[str, object], status: int) -> None:
    assert call.get(SAM, BASE, **query).status_code == status


def test_sams_grants_and_app_passwords(call: Caller) -> None:
    client = call.google.clients[0].id
    tokens = call.json(SAM, f"{BASE}/{SAM}/tokens")["items"]
    assert [token["anonymous"] for token in tokens].count(True) == 2
    assert "<img src=x onerror=alert(1)>" in {token["displayText"] for token in tokens}
    asking = [token for token in tokens if token["clientId"] == client]
    assert [token["displayText"] for token in asking] == ["Privacy Audit"]
    asps = call.json(SAM, f"{BASE}/{SAM}/asps")["items"]
    assert [(asp["codeId"], asp["lastTimeUsed"]) for asp in asps] == [(1, "1763712000000"), (2, "0")]
    assert "items" not in call.json(SAM, f"{BASE}/kit@shelter.test/tokens")


def test_removing_a_grant(call: Caller) -> None:
    path = f"{BASE}/{SAM}/tokens/anonymous"
    assert call.json(SAM, path)["anonymous"] is True
    for _ in range(2):
        assert call.send("DELETE", path, call.token(SAM)).status_code == 204
    assert call.get(SAM, path).status_code == 404
    assert call.get(SAM, f"{BASE}/{SAM}/asps/9").status_code == 404
    assert call.get(SAM, f"{BASE}/{SAM}/asps/one").status_code == 400


def test_removing_the_grant_of_the_asking_app_ends_it(call: Caller) -> None:
    pair = call.google.tokens(NOOR, (USERS,))
    path = f"{BASE}/{NOOR}/tokens/{call.google.clients[0].id}"
    assert call.send("DELETE", path, call.google.token(SAM, (SECURITY,), call.google.clients[1].id)).status_code == 204
    assert call.refresh(pair["refresh_token"]).status_code == 400


def test_each_call_needs_its_own_scope(call: Caller) -> None:
    assert call.get(SAM, f"{BASE}/{SAM}", (SECURITY,)).status_code == 403
    assert call.get(SAM, f"{BASE}/{SAM}/tokens", (USERS,)).status_code == 403
