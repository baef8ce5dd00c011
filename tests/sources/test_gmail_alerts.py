"""Google's own mails, as the sandbox's people have them: which are believed, what is kept, what is asked again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from audits.facts import CoverageState, MailKind, SecurityMail, Strength, Why
from audits.sources.contract import Seen
from audits.sources.google import gmail_alerts, gmail_trust
from tests.sources.conftest import NOW, Google, ask
from tests.sources.stub import Answering, Got, Stub, reply
from tests.sources.test_gmail_trust import GOOD

MAYA, ALEX, NOOR = "maya@gmail.test", "alex@gmail.test", "noor@shelter.test"
LIST, GET, HISTORY = "gmail.users.messages.list", "gmail.users.messages.get", "gmail.users.history.list"
LATER = NOW + timedelta(days=3)
NEW = {"number": 325, "days_ago": 0, "line": "A new sign-in on Linux maya@gmail.test"}
Serve = Callable[[Answering], Stub]


def look(google: Google, before: Seen | None = None, email: str = MAYA, **changed: Any) -> Seen:
    told = {"cursor": before.cursor, "before": before.facts} if before else {}
    return google.look("gmail_alerts", email, **told | {"now": lambda: LATER if before else NOW} | changed)


def mails(seen: Seen) -> list[SecurityMail]:
    return [fact for fact in seen.facts if isinstance(fact, SecurityMail)]


def named(seen: Seen, kind: MailKind) -> set[str]:
    return {mail.name for mail in mails(seen) if mail.kind is kind}


def test_each_of_mayas_mails_is_judged_rightly(google: Google) -> None:
    seen = look(google)
    assert seen.coverage.complete
    assert named(seen, MailKind.APP_GRANTED) == {
        "PicPolish",
        "QuizTown Results",
        "Google <b>Security</b>",
        "Mailbox Mover",
        "",  # the Japanese one: granted, by its number; the name is not known
    }
    kinds = [mail.kind for mail in mails(seen) if mail.kind is not MailKind.APP_GRANTED]
    assert sorted(kinds) == sorted(
        [
            *(MailKind.APP_PASSWORD_CREATED, MailKind.SIGN_IN, MailKind.TWO_STEP_ON, MailKind.EXPORT_REQUESTED),
            *(MailKind.TWO_STEP_PHONE_ADDED, MailKind.OTHER_ACCOUNT, MailKind.NOT_UNDERSTOOD),
        ]
    )
    assert named(seen, MailKind.OTHER_ACCOUNT) == {"jm.new@gmail.test"}
    assert {mail.kind for mail in mails(seen) if mail.binned} == {
        MailKind.APP_PASSWORD_CREATED,
        MailKind.EXPORT_REQUESTED,
    }
    assert {mail.subject for mail in mails(seen) if mail.kind is MailKind.NOT_UNDERSTOOD} == {"Ihr Google-Konto"}
    assert {mail.strength for mail in mails(seen)} == {Strength.SUGGESTS}


def test_mails_sent_on_and_forged_ones_are_no_facts_and_only_counted(google: Google) -> None:
    seen = look(google)
    assert not any("Call" in mail.name or "Everything" in mail.name for mail in mails(seen))
    assert seen.coverage.complete
    assert seen.coverage.detail == "2 mails not believed"


def test_only_google_s_mails_are_asked_for(google: Google) -> None:
    look(google)
    assert google.asked(GET) == 14, "the mail of her sister is not among them"


def test_bin_and_spam_are_looked_through(google: Google) -> None:
    google.sandbox.edit(ALEX, "add_mail", **NEW, labels=["SPAM"])
    assert [mail.binned for mail in mails(look(google, email=ALEX))].count(True) == 1


def test_an_account_without_a_mailbox_says_so(google: Google) -> None:
    seen = look(google, email=NOOR, hosted_domain="shelter.test")
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.NOT_AVAILABLE, Why.NO_SERVICE)
    assert google.sandbox.log().total == 1


def test_more_mails_than_we_read_in_one_go_are_said_to_be_more(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gmail_alerts, "MOST_MAILS", 3)
    monkeypatch.setattr(gmail_alerts, "PAGE_SIZE", 2)
    seen = look(google)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.TOO_MANY)
    assert google.asked(GET) == 3
    assert google.asked(LIST) == 2
    assert seen.cursor == {}, "the next look begins anew"


def test_pages_are_read_to_the_end(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = look(google)
    monkeypatch.setattr(gmail_alerts, "PAGE_SIZE", 4)
    assert set(look(google).facts) == set(whole.facts)
    assert google.asked(LIST) == 4


def test_a_mail_that_was_deleted_while_we_looked_is_no_fault(google: Google) -> None:
    google.sandbox.fault(GET, 404, nth=5)
    seen = look(google)
    assert seen.coverage.complete
    assert len(seen.facts) == 11


# --------------------------------------------------------------------------- only what changed


def test_nothing_new_costs_one_small_question(google: Google) -> None:
    first = look(google)
    again = look(google, first)
    assert again.coverage.complete
    assert set(again.facts) == set(first.facts)
    assert {call: n for call, n in google.sandbox.log().counts.items() if "gmail" in call} == {HISTORY: 1}
    assert again.coverage.seen_at == first.coverage.seen_at, "a delta never renews the date of the whole"


def test_only_a_new_mail_of_google_s_is_read(google: Google) -> None:
    first = look(google)
    for words in (NEW, {**NEW, "from": "shop@mail.test"}, {**NEW, "to": "somebody@mail.test"}):
        google.sandbox.edit(MAYA, "add_mail", **words)
    again = look(google, first)
    assert again.coverage.complete
    assert {mail.name for mail in mails(again)} - {mail.name for mail in mails(first)} == {"Linux"}
    assert google.asked(GET) == 2, "two look like Google's, and one of them is not believed"
    third = look(google, again)
    assert set(third.facts) == set(again.facts)
    assert google.asked(GET) == 0


def test_mail_of_others_alone_leads_to_no_reading(google: Google) -> None:
    first = look(google)
    google.sandbox.edit(MAYA, "add_mail", **{**NEW, "from": "shop@mail.test"})
    assert set(look(google, first).facts) == set(first.facts)
    assert google.asked(GET) == 0


def test_a_mail_that_is_gone_stands_until_everything_is_read_again(google: Google) -> None:
    first = look(google)
    google.sandbox.edit(MAYA, "remove_mail", mail=mails(first)[0].mail_id)
    again = look(google, first)
    assert set(again.facts) == set(first.facts)
    much_later = look(google, again, now=lambda: NOW + timedelta(days=60))
    assert len(much_later.facts) == len(first.facts) - 1
    assert much_later.coverage.seen_at == NOW + timedelta(days=60)


def test_a_history_that_google_forgot_means_everything_again_once_and_no_error(google: Google) -> None:
    first = look(google)
    google.sandbox.edit(MAYA, "forget_history")
    google.sandbox.edit(MAYA, "add_mail", **NEW)
    again = look(google, first)
    assert again.coverage.complete
    assert len(again.facts) == len(first.facts) + 1
    assert (google.asked(HISTORY), google.asked(LIST)) == (1, 1)
    assert again.coverage.seen_at == LATER
    look(google, again)
    assert (google.asked(HISTORY), google.asked(LIST)) == (1, 0)


def test_a_history_too_long_to_go_through_means_everything_again(
    google: Google, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = look(google)
    monkeypatch.setattr(gmail_alerts, "MOST_HISTORY_PAGES", 1)
    monkeypatch.setattr(gmail_alerts, "PAGE_SIZE", 1)
    for _ in range(2):
        google.sandbox.edit(MAYA, "add_mail", **NEW)
    again = look(google, first)
    assert again.coverage.complete
    assert len(again.facts) == len(first.facts) + 2
    assert google.asked(HISTORY) == 1


def test_more_mails_than_we_read_are_said_to_be_more_also_when_only_some_are_new(
    google: Google, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = look(google)
    monkeypatch.setattr(gmail_alerts, "MOST_MAILS", 5)
    google.sandbox.edit(MAYA, "add_mail", **NEW)
    again = look(google, first)
    assert (again.coverage.state, again.coverage.why) == (CoverageState.PARTIAL, Why.TOO_MANY)
    assert len(again.facts) == len(first.facts) + 1


@pytest.mark.parametrize("cursor", [{}, {"token": 7, "whole_at": "2026-11-23"}, {"token": ""}, {"whole_at": "x"}])
def test_a_mark_that_cannot_be_read_means_everything_again(google: Google, cursor: dict[str, Any]) -> None:
    assert look(google, cursor=cursor).coverage.complete
    assert google.asked(HISTORY) == 0


# --------------------------------------------------------------------------- what the sandbox is too well-behaved for

HEADERS = [
    {"name": "Authentication-Results", "value": GOOD},
    {"name": "From", "value": "Google <no-reply@accounts.google.com>"},
    {"name": "To", "value": "alice@gmail.test"},
    {"name": "Subject", "value": "Security alert"},
    {"name": "X-Account-Notification-Type", "value": "325"},
]
MAIL = {
    "id": "M0",
    "labelIds": ["INBOX"],
    "internalDate": "1763856000000",
    "snippet": "A new sign-in on Linux",
    "payload": {"headers": HEADERS},
}


def gmail(answers: dict[str, Any]) -> Answering:
    """`answers` by the last part of the path; a batch asks for M0 alone."""

    def answer(got: Got) -> bytes:
        if got.path == "/batch":
            inner = reply(answers["mail"])
            body = b"--b\r\nContent-Type: application/http\r\nContent-ID: <response-part + 0>\r\n\r\n"
            return reply(body + inner + b"\r\n--b--", headers={"Content-Type": "multipart/mixed; boundary=b"})
        return reply(answers[got.path.rpartition("/")[2]])

    return answer


GOOD_ANSWERS: dict[str, Any] = {
    "profile": {"historyId": "7"},
    "messages": {"messages": [{"id": "M0"}], "resultSizeEstimate": 1},
    "history": {"historyId": "9"},
    "mail": MAIL,
}


def test_one_mail_is_read(serve: Serve) -> None:
    serve(gmail(GOOD_ANSWERS))
    seen = gmail_alerts.SOURCE.look(ask())
    assert seen.coverage.complete
    [fact] = mails(seen)
    assert (fact.kind, fact.name, fact.at) == (MailKind.SIGN_IN, "Linux", datetime(2025, 11, 23, tzinfo=UTC))


def test_what_is_asked_for(serve: Serve) -> None:
    """Headers and the first line, of Google's mails alone: no mail is opened."""
    stub = serve(gmail(GOOD_ANSWERS))
    gmail_alerts.SOURCE.look(ask())
    listed = next(got for got in stub.got if got.path.endswith("/messages"))
    assert listed.query["q"] == ["from:no-reply@accounts.google.com newer_than:3y"]
    assert listed.query["includeSpamTrash"] == ["true"]
    [batch] = [got.body.decode() for got in stub.got if got.path == "/batch"]
    [line] = [line for line in batch.splitlines() if line.startswith("GET ")]
    asked = parse_qs(urlsplit(line.split()[1]).query)
    assert asked["format"] == ["metadata"]
    assert asked["fields"] == ["id,labelIds,internalDate,snippet,payload/headers"]
    assert set(asked["metadataHeaders"]) == set(gmail_trust.HEADERS)


def test_a_mailbox_without_such_mails_is_read_whole(serve: Serve) -> None:
    serve(gmail(GOOD_ANSWERS | {"messages": {"resultSizeEstimate": 0}}))
    seen = gmail_alerts.SOURCE.look(ask())
    assert seen.coverage.complete
    assert seen.facts == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"profile": {}},
        {"profile": {"historyId": 7}},
        {"profile": {"historyId": "seven"}},
        {"messages": {}},
        {"messages": {"messages": {}}},
        {"messages": {"messages": [{}]}},
        {"messages": {"messages": [{"id": "a b"}]}},
        {"messages": {"error": {"code": 500}}},
        {"mail": {}},
        {"mail": MAIL | {"id": "M1"}},
        {"mail": MAIL | {"payload": {}}},
        {"mail": MAIL | {"internalDate": None}},
        {"mail": MAIL | {"internalDate": "soon"}},
        {"mail": MAIL | {"internalDate": "9" * 19}},
        {"mail": MAIL | {"snippet": []}},
        {"mail": MAIL | {"labelIds": "TRASH"}},
        {"mail": MAIL | {"labelIds": [["TRASH"]]}},
    ],
    ids=str,
)
def test_an_answer_of_the_wrong_shape_is_not_read_and_not_whole(serve: Serve, wrong: dict[str, Any]) -> None:
    serve(gmail(GOOD_ANSWERS | wrong))
    seen = gmail_alerts.SOURCE.look(ask())
    assert seen.coverage.why is Why.UNREADABLE
    assert seen.facts == ()
    assert seen.cursor == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"history": {}},
        {"history": {"historyId": "9", "history": {}}},
        {"history": {"historyId": "9", "history": ["x"]}},
        {"history": {"historyId": "9", "history": [{"messagesAdded": "x"}]}},
        {"history": {"historyId": "9", "history": [{"messagesAdded": [{"message": {"id": 7}}]}]}},
    ],
    ids=str,
)
def test_a_history_of_the_wrong_shape_claims_nothing(serve: Serve, wrong: dict[str, Any]) -> None:
    serve(gmail(GOOD_ANSWERS | wrong))
    cursor = {"token": "7", "whole_at": NOW.isoformat()}
    seen = gmail_alerts.SOURCE.look(ask(cursor=cursor))
    assert seen.coverage.why is Why.UNREADABLE
    assert seen.cursor == {}
