"""Every call to Gmail under every fault. Its answers name no kind, and most of its calls go in batches."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from audits.facts import CoverageState, Why
from audits.sources.google import gmail_alerts, gmail_settings
from audits.sources.registry import SOURCES
from tests.sources.conftest import NOW, Google
from tests.sources.test_faults import FAULTS, STATES, Fault

MAYA = "maya@gmail.test"
PROFILE, LIST, GET = "gmail.users.getProfile", "gmail.users.messages.list", "gmail.users.messages.get"
HISTORY = "gmail.users.history.list"
SETTINGS = [call for call in gmail_settings.SOURCE.calls if call != PROFILE]
OWN_FAULTS = {name: fault for name, fault in FAULTS.items() if name != "no kind"}
ALONE = [("gmail_alerts", PROFILE), ("gmail_alerts", LIST), ("gmail_settings", PROFILE)]
IN_BATCHES = [("gmail_alerts", GET), *(("gmail_settings", call) for call in SETTINGS)]
# In a batch these break the connection of the whole.
OF_A_PART = {name: fault for name, fault in OWN_FAULTS.items() if fault.kind not in ("reset", "cut", "hang")}


def test_the_tables_have_every_call() -> None:
    declared = {(name, call) for name in ("gmail_alerts", "gmail_settings") for call in SOURCES[name].calls}
    assert declared == {*ALONE, *IN_BATCHES, ("gmail_alerts", HISTORY)}


@pytest.mark.parametrize(("source", "call"), ALONE)
@pytest.mark.parametrize("fault", OWN_FAULTS.values(), ids=OWN_FAULTS.keys())
def test_a_fault_that_stays(
    google: Google, monkeypatch: pytest.MonkeyPatch, fault: Fault, source: str, call: str
) -> None:
    if fault.kind == "hang":
        monkeypatch.setenv("GOOGLE_TIMEOUT_SECONDS", "0.1")
    google.sandbox.fault(call, fault.kind, fault.reason)
    seen = google.look(source, MAYA)
    assert seen.coverage.why is fault.why, seen.coverage
    assert seen.coverage.state in STATES.get(fault.why, {CoverageState.FAILED})
    assert seen.facts == ()
    assert google.asked(call) == fault.asked
    assert seen.cursor == {}
    assert "@" not in seen.coverage.detail


@pytest.mark.parametrize(("source", "call"), [*ALONE, ("gmail_alerts", GET), ("gmail_settings", SETTINGS[0])])
@pytest.mark.parametrize("kind", [429, 500, 503, "truncated", "empty", "reset"])
def test_a_fault_that_passes(google: Google, kind: int | str, source: str, call: str) -> None:
    expected = set(google.look(source, MAYA).facts)
    google.sandbox.fault(call, kind, first=1)
    seen = google.look(source, MAYA)
    assert seen.coverage.complete, seen.coverage
    assert set(seen.facts) == expected


@pytest.mark.parametrize(("source", "call"), IN_BATCHES)
@pytest.mark.parametrize("fault", OF_A_PART.values(), ids=OF_A_PART.keys())
def test_a_fault_inside_a_batch_that_stays(google: Google, fault: Fault, source: str, call: str) -> None:
    """What fails is missing and said to be; a mail that is not there any more is no fault."""
    expected = set(google.look(source, MAYA).facts)
    google.sandbox.fault(call, fault.kind, fault.reason)
    seen = google.look(source, MAYA)
    gone = call == GET and fault.kind == 404
    assert seen.coverage.why is (None if gone else fault.why), seen.coverage
    assert seen.coverage.state is (CoverageState.COMPLETE if gone else CoverageState.PARTIAL)
    silent = call.endswith("AutoForwarding")  # Maya has none: nothing of it is missed among the facts
    assert set(seen.facts) < expected or (silent and set(seen.facts) == expected)
    assert seen.cursor == {} or gone


@pytest.mark.parametrize(("source", "call"), [("gmail_alerts", GET), ("gmail_settings", SETTINGS[0])])
@pytest.mark.parametrize("kind", ["reset", "cut"])
def test_a_batch_whose_connection_breaks(google: Google, kind: str, source: str, call: str) -> None:
    google.sandbox.fault(call, kind)
    seen = google.look(source, MAYA)
    assert seen.coverage.why is Why.UNREACHABLE
    assert seen.facts == ()
    assert seen.cursor == {}


@pytest.mark.parametrize("fault", OWN_FAULTS.values(), ids=OWN_FAULTS.keys())
def test_a_fault_of_the_history(google: Google, monkeypatch: pytest.MonkeyPatch, fault: Fault) -> None:
    """404 means that it does not reach back that far. Everything else is said, and nothing is taken for unchanged."""
    if fault.kind == "hang":
        monkeypatch.setenv("GOOGLE_TIMEOUT_SECONDS", "0.1")
    first = google.look("gmail_alerts", MAYA)
    google.sandbox.fault(HISTORY, fault.kind, fault.reason)
    told: dict[str, Any] = {"cursor": first.cursor, "before": first.facts}
    seen = google.look("gmail_alerts", MAYA, **told, now=lambda: NOW + timedelta(days=1))
    if fault.kind == 404:
        assert seen.coverage.complete
        assert len(seen.facts) == len(first.facts)
        return
    assert seen.coverage.why is fault.why
    assert seen.facts == ()
    assert seen.cursor == {}


def test_a_list_that_loops_ends(google: Google) -> None:
    google.sandbox.fault(LIST, "loop")
    seen = google.look("gmail_alerts", MAYA)
    assert seen.coverage.why is Why.UNREADABLE
    assert google.asked(LIST) == 2


def test_an_audit_that_is_stopped_ends_between_two_batches(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gmail_alerts, "MOST_PARTS", 2)
    seen = google.look("gmail_alerts", MAYA, stopped=lambda: google.asked(GET) >= 6)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.STOPPED)
    assert 0 < len(seen.facts) < 12


def test_a_quota_that_runs_out_keeps_what_was_read(google: Google) -> None:
    """The newest mails were asked for first."""
    google.sandbox.quota("gmail", 1 + 5 + 7 * 20)
    seen = google.look("gmail_alerts", MAYA)
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.BUSY)
    assert 0 < len(seen.facts) < 12
