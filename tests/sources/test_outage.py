"""A Google that is down costs an audit a few waits, not a wait for each source, and the person the same honest word."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audits.facts import CoverageState, Why
from audits.sources.google import retry
from audits.sources.google.errors import Busy, GoogleBroke, Unreachable
from audits.sources.outage import Outage
from audits.sources.registry import SOURCES
from tests.sources.conftest import Google, ask
from tests.sources.stub import Answering, Stub, reply

TRIES = 3
DRIVE = ("drive_apps", "drive_public", "drive_storage", "drive_trash", "drive_named", "drive_outsiders")


def test_two_calls_given_up_are_enough_for_one_api(google: Google) -> None:
    google.sandbox.fault("drive.*", 500)
    asked = google.ask()
    seen = [SOURCES[name].look(asked) for name in DRIVE]
    assert {(one.coverage.state, one.coverage.why) for one in seen} == {(CoverageState.FAILED, Why.GOOGLE_ERROR)}
    assert [one.coverage.requests for one in seen] == [TRIES, TRIES, 0, 0, 0, 0]
    assert {one.coverage.detail for one in seen} == {seen[0].coverage.detail}


def test_another_audit_asks_again(google: Google) -> None:
    google.sandbox.fault("drive.*", 500, first=2 * TRIES)
    for name in DRIVE[:2]:
        assert not google.look(name).coverage.complete
    assert google.look("drive_storage").coverage.complete


@pytest.mark.parametrize(("kind", "reason"), [(401, ""), (403, "domainPolicy"), (403, "insufficientPermissions")])
def test_a_refusal_is_no_outage(google: Google, kind: int, reason: str) -> None:
    google.sandbox.fault("drive.*", kind, reason)
    asked = google.ask()
    assert all(SOURCES[name].look(asked).coverage.requests > 0 for name in DRIVE)


@pytest.mark.parametrize(
    ("kind", "reason", "why"), [("reset", "", Why.UNREACHABLE), (429, "rateLimitExceeded", Why.BUSY)]
)
def test_what_does_not_answer_or_says_slow_down_counts_too(google: Google, kind: str, reason: str, why: Why) -> None:
    google.sandbox.fault("drive.*", kind, reason)
    asked = google.ask()
    seen = [SOURCES[name].look(asked).coverage for name in DRIVE]
    assert {one.why for one in seen} == {why}
    assert sum(one.requests for one in seen) == 2 * TRIES


def test_an_answer_between_them_begins_the_count_anew(google: Google) -> None:
    google.sandbox.fault("drive.apps.list", 500)
    asked = google.ask()
    for _ in range(3):
        assert SOURCES["drive_apps"].look(asked).coverage.requests == TRIES
        assert SOURCES["drive_storage"].look(asked).coverage.complete


def test_two_over_all_are_enough_when_nothing_ever_answered() -> None:
    outage = Outage()
    outage.gave_up("drive", GoogleBroke("500"))
    assert outage.of("youtube") is None
    outage.gave_up("directory", Unreachable("timeout"))
    assert isinstance(outage.of("youtube"), Unreachable)


def test_one_api_that_is_down_says_nothing_of_the_others_before_any_has_answered() -> None:
    outage = Outage()
    for _ in range(4):
        outage.gave_up("gmail", GoogleBroke("503"))
    assert isinstance(outage.of("gmail"), GoogleBroke)
    assert outage.of("drive") is None


def test_where_one_api_answers_only_what_is_down_is_down() -> None:
    outage = Outage()
    outage.answered("calendar")
    for _ in range(4):
        outage.gave_up("drive", Busy("429"))
    assert isinstance(outage.of("drive"), Busy)
    assert outage.of("gmail") is None
    outage.answered("drive")
    assert outage.of("drive") is None


def test_no_try_begins_long_after_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def fails() -> None:
        tried.append(1)
        raise Unreachable("timeout")

    patience = retry.Patience(tries=9, first=0, longest=0, whole=0)
    with pytest.raises(Unreachable):
        retry.patiently(fails, patience, lambda: False)
    assert len(tried) == 1


def test_connections_stay_open_between_looks(serve: Callable[[Answering], Stub]) -> None:
    stub = serve(lambda got: reply({"kind": "drive#about", "storageQuota": {"usage": "1", "usageInDrive": "1"}}))
    for _ in range(5):
        assert SOURCES["drive_storage"].look(ask()).coverage.complete
    assert len(stub.got) == 5
    assert stub.connections == 1


def test_a_connection_that_was_closed_meanwhile_is_no_fault(serve: Callable[[Answering], Stub]) -> None:
    stub = serve(lambda got: reply({"kind": "drive#about", "storageQuota": {"usage": "1", "usageInDrive": "1"}}))
    for _ in range(3):
        assert SOURCES["drive_storage"].look(ask()).coverage.complete
        stub.hang_up()
    assert len(stub.got) == stub.connections == 3
