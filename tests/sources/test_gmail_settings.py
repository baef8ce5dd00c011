"""The settings of a mailbox: what each person of the sandbox has, and what becomes of answers that are odd."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from audits.facts import AutoReply, CoverageState, Fact, MailFilter, MailForwarding, MailPickup, SendAs, Why
from audits.sources.google import gmail_settings
from tests.sources.conftest import Google, ask
from tests.sources.stub import Answering, Got, Stub, reply

MAYA, ALEX, SAM, NOOR = "maya@gmail.test", "alex@gmail.test", "sam@shelter.test", "noor@shelter.test"
EX = "j.marsh@mail.test"
Serve = Callable[[Answering], Stub]
F = TypeVar("F", bound=Fact)


def of(facts: tuple[Fact, ...], kind: type[F]) -> list[F]:
    return [fact for fact in facts if isinstance(fact, kind)]


def test_mayas_mail_goes_on_by_a_filter_and_two_addresses_are_allowed(google: Google) -> None:
    seen = google.look("gmail_settings", MAYA)
    assert seen.coverage.complete
    found = {(f.way, f.address, f.keeps, f.matches, f.confirmed) for f in of(seen.facts, MailForwarding)}
    assert found == {
        ("filter", EX, "archived", "from:(landlord@flats.test)", None),
        ("allowed", EX, "", "", True),
        ("allowed", "old.work@mail.test", "", "", False),
    }


def test_sams_mail_goes_on_whole(google: Google) -> None:
    seen = google.look("gmail_settings", SAM, hosted_domain="")
    assert ("all", "board@shelter.test", "archived") in {
        (f.way, f.address, f.keeps) for f in of(seen.facts, MailForwarding)
    }


def test_a_filter_that_hides_is_found_however_long_its_search_is(google: Google) -> None:
    filters = of(google.look("gmail_settings", MAYA).facts, MailFilter)
    hiding = {(f.bins, f.archives, f.marks_read) for f in filters if f.alerts}
    assert hiding == {(True, True, True), (False, True, False)}
    assert max(len(f.matches) for f in filters) == 300, "5 kB are judged whole, and cut to be shown"
    assert {f.matches for f in filters if not f.alerts} == {
        "from:(landlord@flats.test)",
        "from:(news@choir.test) subject:(Choir)",
        "to:(maya@gmail.test) -{from:google.com}",
    }


def test_the_rest_of_mayas_settings(google: Google) -> None:
    facts = google.look("gmail_settings", MAYA).facts
    assert {(f.protocol, f.enabled, f.window) for f in of(facts, MailPickup)} == {
        ("pop", True, "allMail"),
        ("imap", True, ""),
    }
    assert {(f.address, f.primary, f.reply_to, f.confirmed) for f in of(facts, SendAs)} == {
        (MAYA, True, EX, None),
        ("maya.bakes@mail.test", False, "", True),
    }
    assert [(f.enabled, f.everyone) for f in of(facts, AutoReply)] == [(True, True)]


def test_alex_has_a_tidy_mailbox(google: Google) -> None:
    seen = google.look("gmail_settings", ALEX)
    assert seen.coverage.complete
    assert of(seen.facts, MailForwarding) == []
    assert not any(f.alerts for f in of(seen.facts, MailFilter))
    assert not any(f.enabled for f in [*of(seen.facts, AutoReply)])


def test_an_automatic_answer_that_is_over_is_none(google: Google) -> None:
    google.sandbox.edit(ALEX, "change_mailbox", vacation={"enableAutoReply": True, "endTime": "1700000000000"})
    assert [f.enabled for f in of(google.look("gmail_settings", ALEX).facts, AutoReply)] == [False]


def test_an_account_without_a_mailbox_says_so(google: Google) -> None:
    seen = google.look("gmail_settings", NOOR, hosted_domain="")
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.NOT_AVAILABLE, Why.NO_SERVICE)
    assert google.sandbox.log().total == 1


# --------------------------------------------------------------------------- odd answers, one part at a time

GOOD: dict[str, Any] = {
    "autoForwarding": {"enabled": False},
    "forwardingAddresses": {},
    "filters": {},
    "pop": {"accessWindow": "disabled"},
    "imap": {"enabled": False},
    "sendAs": {"sendAs": [{"sendAsEmail": "alice@gmail.test", "isPrimary": True}]},
    "vacation": {"enableAutoReply": False},
}
FILTER = {"id": "F1", "criteria": {"from": "google.com"}, "action": {"addLabelIds": ["TRASH"]}}


def gmail(answers: dict[str, Any]) -> Answering:
    """A batch that answers each part by the last word of its path."""

    def answer(got: Got) -> bytes:
        if got.path != "/batch":
            return reply({"historyId": "7"})
        asked = [line.split()[1] for line in got.body.split(b"\r\n") if line.startswith(b"GET ")]
        parts = b""
        for number, path in enumerate(asked):
            said = answers[path.decode().partition("?")[0].rpartition("/")[2]]
            inner = said if isinstance(said, bytes) else reply(said)
            parts += f"--b\r\nContent-Type: application/http\r\nContent-ID: <response-part + {number}>\r\n\r\n".encode()
            parts += inner + b"\r\n"
        return reply(parts + b"--b--", headers={"Content-Type": "multipart/mixed; boundary=b"})

    return answer


def look(serve: Serve, **changed: Any) -> Any:
    serve(gmail(GOOD | changed))
    return gmail_settings.SOURCE.look(ask())


def test_one_batch_reads_everything(serve: Serve) -> None:
    stub = serve(gmail(GOOD))
    seen = gmail_settings.SOURCE.look(ask())
    assert seen.coverage.complete
    assert stub.paths == ["/gmail/v1/users/me/profile", "/batch"]


@pytest.mark.parametrize("part", GOOD)
@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (reply(b"", 503), Why.GOOGLE_ERROR),
        (reply({"error": {"errors": [{"reason": "forbidden"}]}}, 403), Why.FORBIDDEN),
        (reply({"error": {"errors": [{"reason": "userRateLimitExceeded"}]}}, 403), Why.BUSY),
        (reply(b"[]"), Why.UNREADABLE),
        (reply(b""), Why.UNREADABLE),
        ({"error": {"code": 500}}, Why.UNREADABLE),
        ({"something": "else"}, Why.UNREADABLE),
    ],
    ids=str,
)
def test_a_part_that_fails_is_missing_and_the_others_stand(serve: Serve, part: str, answer: Any, why: Why) -> None:
    seen = look(serve, **{part: answer})
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, why)
    missing = {"pop": "pop", "imap": "imap"}.get(part)
    assert {f.protocol for f in of(seen.facts, MailPickup)} == {"pop", "imap"} - {missing}
    assert len(of(seen.facts, SendAs)) == (part != "sendAs")
    assert len(of(seen.facts, AutoReply)) == (part != "vacation")


def test_a_batch_that_fails_as_a_whole_says_why(serve: Serve) -> None:
    def answer(got: Got) -> bytes:
        return reply(b"", 503) if got.path == "/batch" else reply({"historyId": "7"})

    serve(answer)
    seen = gmail_settings.SOURCE.look(ask())
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.FAILED, Why.GOOGLE_ERROR)


ODD = [
    ("autoForwarding", {}),
    ("autoForwarding", {"enabled": "false"}),
    ("autoForwarding", {"enabled": True}),
    ("autoForwarding", {"enabled": True, "emailAddress": 7}),
    ("forwardingAddresses", {"forwardingAddresses": {}}),
    ("forwardingAddresses", {"forwardingAddresses": [{}]}),
    ("forwardingAddresses", {"forwardingAddresses": ["x"]}),
    ("filters", {"filter": "x"}),
    ("filters", {"filter": [7]}),
    ("filters", {"filter": [{"criteria": {}, "action": {}}]}),
    ("filters", {"filter": [FILTER | {"criteria": []}]}),
    ("filters", {"filter": [FILTER | {"criteria": {"from": 7}}]}),
    ("filters", {"filter": [FILTER | {"criteria": {"query": "x" * 200_000}}]}),
    ("filters", {"filter": [FILTER | {"action": {"addLabelIds": "TRASH"}}]}),
    ("filters", {"filter": [FILTER | {"action": {"addLabelIds": [7]}}]}),
    ("filters", {"filter": [FILTER | {"action": {"forward": 7}}]}),
    ("filters", {"filter": [FILTER | {"criteria": {"size": "big"}}]}),
    ("pop", {"accessWindow": "onlyOnSundays"}),
    ("pop", {}),
    ("imap", {}),
    ("sendAs", {}),
    ("sendAs", {"sendAs": [{"displayName": "X"}]}),
    ("sendAs", {"sendAs": [{"sendAsEmail": "a@b.test", "isPrimary": "yes"}]}),
    ("vacation", {}),
    ("vacation", {"enableAutoReply": True, "endTime": "soon"}),
]


@pytest.mark.parametrize(("part", "answer"), ODD, ids=str)
def test_an_answer_that_cannot_be_read_for_certain_is_not_used(serve: Serve, part: str, answer: Any) -> None:
    seen = look(serve, **{part: answer})
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.UNREADABLE)
    assert of(seen.facts, MailForwarding) == []
    assert of(seen.facts, MailFilter) == []


@pytest.mark.parametrize(
    ("action", "hidden", "keeps"),
    [
        ({"forward": EX}, None, "inbox"),
        ({"forward": EX, "removeLabelIds": ["UNREAD"]}, (False, False, True), "read"),
        ({"forward": EX, "addLabelIds": ["TRASH"]}, (True, False, False), "binned"),
        ({"addLabelIds": ["SPAM"]}, (True, False, False), None),
        ({"removeLabelIds": ["INBOX"]}, (False, True, False), None),
        ({"removeLabelIds": ["SPAM"], "addLabelIds": ["STARRED", "Label_9"]}, None, None),
        ({}, None, None),
    ],
    ids=str,
)
def test_what_a_filter_does(
    serve: Serve, action: dict[str, Any], hidden: tuple[bool, bool, bool] | None, keeps: str | None
) -> None:
    seen = look(serve, filters={"filter": [FILTER | {"action": action}]})
    assert seen.coverage.complete
    assert [(f.bins, f.archives, f.marks_read) for f in of(seen.facts, MailFilter)] == ([hidden] if hidden else [])
    assert [f.keeps for f in of(seen.facts, MailForwarding)] == ([keeps] if keeps else [])


def test_one_filter_that_cannot_be_read_leaves_the_others(serve: Serve) -> None:
    seen = look(serve, filters={"filter": [{"id": 7}, FILTER]})
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.UNREADABLE)
    assert [f.filter_id for f in of(seen.facts, MailFilter)] == ["F1"]


def test_a_filter_that_looks_for_nothing_catches_every_mail(serve: Serve) -> None:
    seen = look(serve, filters={"filter": [{"id": "F1", "action": {"addLabelIds": ["TRASH"]}}]})
    [found] = of(seen.facts, MailFilter)
    assert (found.alerts, found.matches) == (True, "")


def test_hostile_letters_in_a_search_are_taken_out(serve: Serve) -> None:
    criteria = {"subject": "a\u202eb\u0000c", "size": 5_000, "sizeComparison": "smaller", "hasAttachment": True}
    [found] = of(look(serve, filters={"filter": [FILTER | {"criteria": criteria}]}).facts, MailFilter)
    assert found.matches == "subject:(abc) has:attachment smaller:5000"
