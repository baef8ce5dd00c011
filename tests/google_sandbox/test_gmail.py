"""The sandbox's Gmail: searching, headers, history, settings, and what it refuses."""

import time
from typing import Any

import pytest

from google_sandbox.discovery import document
from tests.google_sandbox.caller import ALEX, AUTH, BIG, MAYA, NOOR, SAM, Caller, reason
from tests.google_sandbox.schema import wrong_in
from tests.google_sandbox.test_answers_follow_discovery import PLAYED

GMAIL = AUTH + "gmail.readonly"
BASE = "/gmail/v1/users/me"
ALERTS = "from:no-reply@accounts.google.com newer_than:3y"
PUBLISHED = document("gmail.v1")
SETTINGS = {
    "getAutoForwarding": "autoForwarding",
    "forwardingAddresses.list": "forwardingAddresses",
    "filters.list": "filters",
    "getPop": "pop",
    "getImap": "imap",
    "sendAs.list": "sendAs",
    "getVacation": "vacation",
}


def get(call: Caller, account: str, path: str, **query: Any) -> Any:
    answer = call.get(account, BASE + path, (GMAIL,), **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(call: Caller, account: str, path: str, scope: str = GMAIL, **query: Any) -> tuple[int, str]:
    answer = call.get(account, path, (scope,), **query)
    return answer.status_code, reason(answer)


@pytest.mark.parametrize("account", [MAYA, ALEX, SAM, BIG])
def test_every_answer_follows_google_s_description(call: Caller, account: str) -> None:
    seen: set[str] = set()

    def check(method: str, answer: Any) -> None:
        seen.add(f"gmail.users.{method}")
        schema = {"$ref": PUBLISHED.methods[f"gmail.users.{method}"].schema}
        assert wrong_in(answer, schema, PUBLISHED.schemas) == []

    profile = get(call, account, "/profile")
    check("getProfile", profile)
    new = call.google.edit(account, "add_mail", number=325, line="A new sign-in on Linux")["id"]
    listed = get(call, account, "/messages", q=ALERTS, includeSpamTrash=True, maxResults=500)
    check("messages.list", listed)
    for message in listed["messages"]:
        for form in ("metadata", "minimal"):
            check("messages.get", get(call, account, f"/messages/{message['id']}", format=form))
    call.google.edit(account, "remove_mail", mail=new)
    history = get(call, account, "/history", startHistoryId=profile["historyId"])
    check("history.list", history)
    assert [sorted(entry) for entry in history["history"]] == [
        ["id", "messages", "messagesAdded"],
        ["id", "messages", "messagesDeleted"],
    ]
    for method, path in SETTINGS.items():
        check(f"settings.{method}", get(call, account, f"/settings/{path}"))
    played = {method for method in PLAYED if method.startswith("gmail.")}
    assert played - seen == {"gmail.users.settings.delegates.list"}


def test_a_search_looks_at_senders_ages_and_words(call: Caller) -> None:
    def found(q: str, **more: Any) -> int:
        return int(get(call, MAYA, "/messages", q=q, **more)["resultSizeEstimate"])

    assert found("") == 13
    assert found("", includeSpamTrash=True) == 15
    assert found(ALERTS, includeSpamTrash=True) == 14
    assert found("from:ADA.okafor") == 1
    assert found("to:someone.else@mail.test") == 1
    assert found("newer_than:1m", includeSpamTrash=True) == 3
    assert found("from:no-reply@accounts.google.com sunday") == 0
    assert found("sunday") == 1
    assert found("in:anywhere sunday") == 1
    assert found("unheard_of:sunday") == 0, "what is not played is looked for as a word"


def test_the_newest_come_first_page_by_page(call: Caller) -> None:
    def page(**more: Any) -> Any:
        return get(call, MAYA, "/messages", q=ALERTS, includeSpamTrash=True, **more)

    whole = [message["id"] for message in page()["messages"]]
    ages = [int(get(call, MAYA, f"/messages/{one}", format="minimal")["internalDate"]) for one in whole]
    assert ages == sorted(ages, reverse=True)
    first = page(maxResults=5)
    assert [message["id"] for message in first["messages"]] == whole[:5]
    second = page(maxResults=5, pageToken=first["nextPageToken"])
    assert [message["id"] for message in second["messages"]] == whole[5:10]
    token = second["nextPageToken"]
    assert refused(call, MAYA, f"{BASE}/messages", q="other", pageToken=token) == (400, "invalid")


def test_an_empty_search_leaves_the_list_out(call: Caller) -> None:
    assert get(call, BIG, "/messages", q=ALERTS) == {"resultSizeEstimate": 0}


def test_only_the_headers_asked_for_in_the_order_of_the_mail(call: Caller) -> None:
    [mail] = get(call, MAYA, "/messages", q="Everything")["messages"]
    query = {"format": "metadata", "metadataHeaders": ["to", "AUTHENTICATION-RESULTS"], "fields": "payload/headers"}
    shown = get(call, MAYA, f"/messages/{mail['id']}", **query)["payload"]["headers"]
    assert [header["name"] for header in shown] == ["Authentication-Results", "Authentication-Results", "To"]
    assert ["dmarc=fail" in header["value"] for header in shown] == [True, False, False], "the forged note is below"


def test_a_line_holds_entities_for_signs_of_html(call: Caller) -> None:
    [mail] = get(call, MAYA, "/messages", q="Security&lt;/b&gt;")["messages"]
    assert (
        "Google &lt;b&gt;Security&lt;/b&gt;" in get(call, MAYA, f"/messages/{mail['id']}", format="minimal")["snippet"]
    )


def test_history_names_what_came_since_and_forgets(call: Caller) -> None:
    start = get(call, MAYA, "/profile")["historyId"]
    assert get(call, MAYA, "/history", startHistoryId=start) == {"historyId": start}
    ids = [call.google.edit(MAYA, "add_mail", number=31)["id"] for _ in range(3)]
    added = {"startHistoryId": start, "historyTypes": ["messageAdded"]}
    first = get(call, MAYA, "/history", maxResults=2, **added)
    second = get(call, MAYA, "/history", maxResults=2, pageToken=first["nextPageToken"], **added)
    entries = [*first["history"], *second["history"]]
    assert [one["messagesAdded"][0]["message"]["id"] for one in entries] == ids
    assert "history" not in get(call, MAYA, "/history", startHistoryId=start, historyTypes=["messageDeleted"])
    call.google.edit(MAYA, "forget_history")
    assert refused(call, MAYA, f"{BASE}/history", startHistoryId=start) == (404, "notFound")
    now = get(call, MAYA, "/profile")["historyId"]
    assert get(call, MAYA, "/history", startHistoryId=now) == {"historyId": now}


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        (f"{BASE}/settings/delegates", {}, (403, "forbidden")),
        ("/gmail/v1/users/sam@shelter.test/profile", {}, (403, "forbidden")),
        (f"{BASE}/messages/0000000000000000", {"format": "minimal"}, (404, "notFound")),
        (f"{BASE}/history", {}, (400, "invalid")),
        (f"{BASE}/history", {"startHistoryId": "yesterday"}, (400, "invalid")),
        (f"{BASE}/history", {"startHistoryId": "1"}, (404, "notFound")),
        (f"{BASE}/history", {"startHistoryId": "7300000", "historyTypes": ["everything"]}, (400, "invalid")),
        (f"{BASE}/messages", {"maxResults": "many"}, (400, "invalid")),
        (f"{BASE}/messages", {"unknown": "1"}, (400, "invalid")),
        (f"{BASE}/messages", {"fields": "messages/colour"}, (400, "invalidParameter")),
        (f"{BASE}/settings/filters/F1", {}, (501, "notImplemented")),
    ],
)
def test_what_gmail_refuses(call: Caller, path: str, query: dict[str, Any], expected: tuple[int, str]) -> None:
    assert refused(call, MAYA, path, **query) == expected


def test_a_mail_s_body_is_not_played(call: Caller) -> None:
    [mail] = get(call, MAYA, "/messages", q="sunday")["messages"]
    assert refused(call, MAYA, f"{BASE}/messages/{mail['id']}") == (501, "notImplemented")


def test_delegates_are_for_service_accounts_in_google_s_words(call: Caller) -> None:
    answer = call.get(MAYA, f"{BASE}/settings/delegates", (GMAIL,))
    assert "service accounts that have been delegated domain-wide authority" in answer.json()["error"]["message"]


def test_an_account_without_a_mailbox(call: Caller) -> None:
    answer = call.get(NOOR, f"{BASE}/profile", (GMAIL,))
    assert (answer.status_code, reason(answer)) == (400, "failedPrecondition")
    assert answer.json()["error"]["message"] == "Mail service not enabled"


@pytest.mark.parametrize("path", ["/profile", "/messages", "/settings/pop"])
def test_without_the_scope_nothing_is_shown(call: Caller, path: str) -> None:
    assert refused(call, MAYA, BASE + path, AUTH + "drive.metadata.readonly") == (403, "insufficientPermissions")


def test_the_smallest_scope_may_list_and_not_search(call: Caller) -> None:
    small = AUTH + "gmail.metadata"
    assert call.get(MAYA, f"{BASE}/messages", (small,)).status_code == 200
    assert refused(call, MAYA, f"{BASE}/messages", small, q=ALERTS) == (403, "forbidden")


def test_settings_can_be_changed_and_taken_away(call: Caller) -> None:
    forwarding = {"emailAddress": "j.marsh@mail.test", "disposition": "trash"}
    call.google.edit(ALEX, "change_mailbox", forwarding=forwarding, pop="fromNowOn")
    assert get(call, ALEX, "/settings/autoForwarding") == {"enabled": True, **forwarding}
    assert get(call, ALEX, "/settings/pop")["accessWindow"] == "fromNowOn"
    call.google.edit(ALEX, "change_mailbox", forwarding=None)
    assert get(call, ALEX, "/settings/autoForwarding") == {"enabled": False}


def test_filters_come_and_go(call: Caller) -> None:
    before = get(call, ALEX, "/settings/filters")["filter"]
    new = call.google.edit(ALEX, "add_filter", criteria={"from": "x@y.test"}, action={"addLabelIds": ["TRASH"]})["id"]
    assert get(call, ALEX, "/settings/filters")["filter"][-1]["id"] == new
    for one in [new, *(row["id"] for row in before)]:
        call.google.edit(ALEX, "remove_filter", filter=one)
    assert get(call, ALEX, "/settings/filters") == {}


@pytest.mark.parametrize(
    ("account", "do", "words"),
    [
        (MAYA, "remove_mail", {"mail": "none"}),
        (MAYA, "remove_filter", {"filter": "none"}),
        (MAYA, "change_mailbox", {"colour": "red"}),
        (NOOR, "add_mail", {"number": 31}),
    ],
)
def test_an_edit_that_cannot_be_made_says_so(call: Caller, account: str, do: str, words: dict[str, Any]) -> None:
    with pytest.raises(Exception, match=r"no mail|no filter|unknown words"):
        call.google.edit(account, do, **words)


def test_each_call_costs_what_google_says(call: Caller) -> None:
    """Profile 1, list 5, get 20: with 26 units the three go through, and a setting does not."""
    [mail] = get(call, MAYA, "/messages", q="sunday")["messages"]
    call.google.quota("gmail", 26)
    get(call, MAYA, "/profile")
    get(call, MAYA, "/messages")
    get(call, MAYA, f"/messages/{mail['id']}", format="minimal")
    assert refused(call, MAYA, f"{BASE}/settings/pop") == (403, "userRateLimitExceeded")


def test_days_ago_are_counted_from_today(call: Caller) -> None:
    new = call.google.edit(MAYA, "add_mail", days_ago=2)["id"]
    at = int(get(call, MAYA, f"/messages/{new}", format="minimal")["internalDate"]) / 1000
    assert 1.4 < (time.time() - at) / 86_400 < 2.6
