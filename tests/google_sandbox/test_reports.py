"""The log of a Workspace: an administrator reads it, by user and application, and nobody else does."""

from __future__ import annotations

from typing import Any

import pytest

from tests.google_sandbox.caller import MAYA, NOOR, REPORTS, SAM, SECURITY, Caller, reason

BASE = "/admin/reports/v1/activity/users"


def names(call: Caller, application: str, user: str = SAM, **query: Any) -> list[str]:
    found = call.json(SAM, f"{BASE}/{user}/applications/{application}", **query)
    return [event["name"] for item in found.get("items", ()) for event in item["events"]]


def test_what_sam_did(call: Caller) -> None:
    login = names(call, "login")
    assert sorted(set(login)) == sorted(
        ["2sv_disable", "password_edit", "suspicious_login", "login_success", "logout", "spare_key_lent_out"]
    )
    assert login[0] == "logout", "the newest first"
    assert names(call, "user_accounts") == ["recovery_email_edit", "password_edit", "2sv_disable"]
    assert names(call, "token") == ["activity", "authorize", "authorize"]
    assert names(call, "login", NOOR) == ["password_edit"]
    assert set(names(call, "login", "all")) == set(login)


def test_an_empty_log_has_no_items(call: Caller) -> None:
    found = call.json(SAM, f"{BASE}/kit@shelter.test/applications/login")
    assert found == {"kind": "admin#reports#activities", "etag": found["etag"]}


def test_times_and_names_narrow_it(call: Caller) -> None:
    assert names(call, "token", eventName="authorize") == ["authorize", "authorize"]
    assert names(call, "token", startTime="2099-01-01T00:00:00Z", endTime="2099-02-01T00:00:00Z") == []
    call.google.add_event(SAM, "login", "password_edit", days_ago=181)
    assert names(call, "login").count("password_edit") == 1, "no log goes back further than 180 days"


def test_pages(call: Caller) -> None:
    first = call.json(SAM, f"{BASE}/{SAM}/applications/login", maxResults=4)
    token = first["nextPageToken"]
    second = call.json(SAM, f"{BASE}/{SAM}/applications/login", maxResults=4, pageToken=token)
    both = [item["id"]["uniqueQualifier"] for page in (first, second) for item in page["items"]]
    assert len(both) == len(set(both)) == 7
    other = call.get(SAM, f"{BASE}/{SAM}/applications/token", pageToken=token)
    assert other.status_code == 400, "a page token is bound to its question"


@pytest.mark.parametrize(
    "query",
    [
        {"startTime": "yesterday"},
        {"startTime": "2026-01-01T00:00:00"},
        {"startTime": "2026-02-01T00:00:00Z", "endTime": "2026-01-01T00:00:00Z"},
        {"maxResults": 0},
        {"maxResults": 1001},
        {"pageToken": "x"},
        {"since": "2026"},
    ],
)
def test_questions_that_google_refuses(call: Caller, query: dict[str, Any]) -> None:
    assert call.get(SAM, f"{BASE}/{SAM}/applications/login", **query).status_code == 400


@pytest.mark.parametrize("account", [NOOR, MAYA])
def test_everybody_else_is_refused(call: Caller, account: str) -> None:
    answer = call.get(account, f"{BASE}/{account}/applications/login")
    assert answer.status_code == 401
    assert answer.json()["error"]["message"] == "Access denied. You are not authorized to read activity records."
    assert reason(answer) == "authError"


def test_it_needs_its_own_scope_and_a_user_of_the_organisation(call: Caller) -> None:
    assert call.get(SAM, f"{BASE}/{SAM}/applications/login", (SECURITY,)).status_code == 403
    assert call.get(SAM, f"{BASE}/{SAM}/applications/login", (REPORTS,)).status_code == 200
    assert call.get(SAM, f"{BASE}/{MAYA}/applications/login").status_code == 403
    assert call.get(SAM, f"{BASE}/{SAM}/applications/shoes").status_code == 400
    assert call.get(SAM, f"{BASE}/{SAM}/applications/login", filters="is_suspicious==true").status_code == 501


def test_removing_an_app_leaves_a_line_and_only_once(call: Caller) -> None:
    path = f"/admin/directory/v1/users/{SAM}/tokens/900231.apps.googleusercontent.com"
    for _ in range(2):
        assert call.send("DELETE", path, call.token(SAM)).status_code == 204
    assert names(call, "token", eventName="revoke") == ["revoke"]
