"""The one retry policy: what is tried again, how long it waits, and that it can be stopped."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from audits.sources.google import retry
from audits.sources.google.errors import Busy, GoogleFault, NotFound, Stopped, Unreachable
from audits.sources.google.retry import Patience

QUICK = Patience(tries=4, first=0.001, longest=0.004)


def never() -> bool:
    return False


def failing(times: int, fault: GoogleFault) -> tuple[Callable[[], str], list[int]]:
    tried: list[int] = []

    def attempt() -> str:
        tried.append(1)
        if len(tried) <= times:
            raise fault
        return "answer"

    return attempt, tried


def test_a_fault_that_passes_heals() -> None:
    attempt, tried = failing(3, Unreachable("reset"))
    assert retry.patiently(attempt, QUICK, never) == "answer"
    assert len(tried) == 4


def test_it_gives_up_after_its_tries() -> None:
    attempt, tried = failing(99, Busy("429"))
    with pytest.raises(Busy):
        retry.patiently(attempt, QUICK, never)
    assert len(tried) == 4


def test_a_fault_that_stays_is_not_tried_again() -> None:
    attempt, tried = failing(99, NotFound("404"))
    with pytest.raises(NotFound):
        retry.patiently(attempt, QUICK, never)
    assert len(tried) == 1


def test_waits_double_with_jitter_up_to_a_limit() -> None:
    patience = Patience(tries=9, first=1, longest=10)
    waits = [{patience.wait(tried, Unreachable()) for _ in range(50)} for tried in range(1, 9)]
    for wait, top in zip(waits, [1, 2, 4, 8, 10, 10, 10, 10], strict=True):
        assert top / 2 <= min(wait) < max(wait) <= top
        assert len(wait) > 10


def test_retry_after_is_kept_to_and_capped() -> None:
    patience = Patience(tries=3, first=0.01, longest=10)
    assert patience.wait(1, Busy(retry_after=7)) == 7
    assert patience.wait(1, Busy(retry_after=3600)) == 10
    assert patience.wait(1, Busy(retry_after=0)) <= 0.01


def test_stopped_before_the_first_try_asks_nothing() -> None:
    attempt, tried = failing(0, Unreachable())
    with pytest.raises(Stopped):
        retry.patiently(attempt, QUICK, lambda: True)
    assert tried == []


def test_stopped_while_waiting_ends_at_once() -> None:
    attempt, tried = failing(99, Unreachable())
    began = time.monotonic()
    with pytest.raises(Stopped):
        retry.patiently(attempt, Patience(tries=9, first=60, longest=60), lambda: bool(tried))
    assert time.monotonic() - began < 2
    assert len(tried) == 1
