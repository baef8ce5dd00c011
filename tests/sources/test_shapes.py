"""Shapes hold keys, kinds and counts, and of the values only words that are Google's own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from audits.sources.google.http import Answer
from audits.sources.google.shapes import OTHER_KEY, Call, Shape, kind_of


def shape(*values: Any) -> dict[str, Any]:
    found = Shape()
    for value in values:
        found.add(value)
    return found.as_json()


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "nothing"),
        (True, "true or false"),
        (0, "zero"),
        (7.5, "number"),
        ("", "empty text"),
        ("0", "zero in digits"),
        ("104729", "digits"),
        ("2026-11-23T07:00:00.000Z", "time"),
        ("2026-11-23", "date"),
        ("https://docs.google.com/document/d/secret/edit", "link"),
        ("alice@gmail.test", "address"),
        ("Alice", "text of up to 20"),
        ("Alice’s plan for moving out", "text of up to 60"),
        ("a\nb" * 200, "long text"),
        ([], "list"),
        ({}, "object"),
    ],
    ids=str,
)
def test_a_value_becomes_a_kind(value: Any, kind: str) -> None:
    assert kind_of(value) == kind


@pytest.mark.parametrize(
    ("key", "value", "kind"),
    [
        ("role", "reader", "word: reader"),
        ("name", "reader", "text of up to 20"),
        ("role", "Reader", "text of up to 20"),
        ("privacyStatus", "unlisted", "word: unlisted"),
        ("kind", "drive#file", "word: drive#file"),
        ("kind", "alice#diary", "text of up to 20"),
        ("name", "2sv_enroll", "word: 2sv_enroll"),
        ("verificationStatus", "accepted", "word: accepted"),
    ],
)
def test_words_of_a_fixed_choice_are_told_only_under_their_key(key: str, value: str, kind: str) -> None:
    assert kind_of(value, key) == kind


def test_lists_and_objects_become_one() -> None:
    files = [{"id": "a1", "role": "reader"}, {"id": "b2", "role": "writer", "webViewLink": "https://x.test/1"}]
    assert shape({"files": files}, {"files": []}) == {
        "kinds": {"object": 2},
        "keys": {
            "files": {
                "kinds": {"list": 2},
                "lengths": [0, 2],
                "items": {
                    "kinds": {"object": 2},
                    "keys": {
                        "id": {"kinds": {"text of up to 20": 2}},
                        "role": {"kinds": {"word: reader": 1, "word: writer": 1}},
                        "webViewLink": {"kinds": {"link": 1}},
                    },
                },
            }
        },
    }


def test_a_key_that_google_did_not_publish_may_be_somebodys() -> None:
    found = json.dumps(shape({"alice@gmail.test": 1, "Diary": {"of Alice": 2}}))
    assert "alice" not in found.lower()
    assert "Diary" not in found
    assert OTHER_KEY in found


def test_a_list_of_words_is_told() -> None:
    assert shape({"labelIds": ["INBOX", "Label_Alice"]})["keys"]["labelIds"]["items"]["kinds"] == {
        "text of up to 20": 1,
        "word: INBOX": 1,
    }


HEADERS = [
    {"name": "Subject", "value": "Security alert"},
    {"name": "X-Account-Notification-Type", "value": "127-anexp#secret"},
    {"name": "From", "value": "Google <no-reply@accounts.google.com>"},
    {"name": "To", "value": "alice@gmail.test"},
    {"name": "Feedback-ID", "value": "127:account-notifier"},
    {"name": "Authentication-Results", "value": "mx.google.com; dkim=fail header.i=@alice.test"},
    {"name": "Date", "value": "Mon, 23 Nov 2026 07:00:00 GMT"},
]


def test_headers_of_a_mail() -> None:
    found = shape({"headers": HEADERS})["keys"]["headers"]
    assert {name: list(told["kinds"]) for name, told in found["items"]["keys"].items()} == {
        "header subject": ["security alert"],
        "header x-account-notification-type": ["127-anexp"],
        "header from": ["no-reply@accounts.google.com"],
        "header to": ["one address"],
        "header feedback-id": ["127:account-notifier"],
        "header authentication-results": ["not as we expect"],
        "header date": ["text"],
    }
    together = "mail: x-account-notification-type 127-anexp, feedback-id 127:account-notifier, subject security alert"
    assert found["kinds"] == {"list": 1, together: 1}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("Subject", "Alice, your secret", "another"),
        ("Subject", "Security alert for bob@gmail.test", "security alert for (an address)"),
        ("Subject", "=?utf-8?b?44K744Kt44Ol44Oq44OG44Kj6YCa55+l?=", "セキュリティ通知"),
        ("X-Account-Notification-Type", "alice", "in another form"),
        ("X-Account-Notification-Type", "31-RECOVERY", "31-RECOVERY"),
        ("X-Account-Notification-Type", "12345678901", "in another form"),
        ("Feedback-ID", "alice:account-notifier", "in another form"),
        ("From", "Alice <alice@gmail.test>", "another"),
        ("From", "no-reply@accounts.google.com.evil.test", "another"),
        ("To", "alice@gmail.test, bob@gmail.test", "none or several"),
        ("To", "", "none or several"),
    ],
)
def test_of_a_header_only_what_is_googles_own(name: str, value: str, told: str) -> None:
    found = shape({"name": name, "value": value})
    assert list(found["keys"][f"header {name.lower()}"]["kinds"]) == [told]


def test_a_header_that_we_do_not_know_is_an_object_like_any_other() -> None:
    assert "alice" not in json.dumps(shape({"name": "X-Alice", "value": "alice"})).lower()


def answer(status: int, body: bytes) -> Answer:
    return Answer(status, {}, body)


def test_calls_are_counted_with_their_reasons() -> None:
    call = Call()
    call.add(answer(200, b'{"kind": "drive#about"}'))
    call.add(answer(403, b'{"error": {"errors": [{"reason": "rateLimitExceeded"}], "status": "AliceWasHere"}}'))
    found = call.as_json()
    assert (found["times"], found["statuses"]) == (2, {"200": 1, "403": 1})
    assert found["reasons"] == {"rateLimitExceeded": 1, "another": 1}


@pytest.mark.parametrize("body", [b"", b"alice", b"\xff", b"[" * 100_000, b'"alice"', b"[[[1]]]"])
def test_whatever_a_body_is(body: bytes) -> None:
    call = Call()
    call.add(answer(200, body))
    assert "alice" not in json.dumps(call.as_json())


def test_depth_has_an_end() -> None:
    deep: Any = "alice"
    for _ in range(500):
        deep = [deep]
    assert "alice" not in json.dumps(shape(deep))
