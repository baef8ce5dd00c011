"""The one retry policy: how often, how long between, and when not at all."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from audits.sources.google.errors import GoogleFault, Stopped
from privacy_audit.environment import read_float, read_int

T = TypeVar("T")
_SLICE = 0.25  # seconds between two looks at whether the audit was stopped


@dataclass(frozen=True)
class Patience:
    """`tries` counts the first one. Waits are in seconds: `first`, doubled each time, never above `longest`.

    No further try begins `whole` seconds after the first: an API that hangs each time must not hold an audit for ever.
    """

    tries: int = 5
    first: float = 1.0
    longest: float = 32.0
    whole: float = 75.0

    def wait(self, tried: int, fault: GoogleFault) -> float:
        """How long to wait after try number `tried`. Half of it is chance, so that waiting workers spread out."""
        grown = min(self.first * 2.0 ** min(tried - 1, 30), self.longest)
        wait = grown * random.uniform(0.5, 1.0)  # noqa: S311  spreads load, keeps no secret
        return min(max(wait, fault.retry_after or 0.0), self.longest)


def current() -> Patience:
    return Patience(
        tries=max(read_int("GOOGLE_TRIES"), 1),
        first=read_float("GOOGLE_BACKOFF_SECONDS"),
        longest=read_float("GOOGLE_BACKOFF_MAX_SECONDS"),
    )


def patiently(
    attempt: Callable[[], T],
    patience: Patience,
    stopped: Callable[[], bool],
    hopeless: Callable[[], bool] = lambda: False,
) -> T:
    """What `attempt` returns, tried again while its faults are of the kind that pass. Raises the last GoogleFault.

    `hopeless`: others have found meanwhile that there is no answer to be had.
    """
    tried, until = 0, time.monotonic() + patience.whole
    while True:
        if stopped():
            raise Stopped
        tried += 1
        try:
            return attempt()
        except GoogleFault as fault:
            if not fault.retriable or tried >= patience.tries or time.monotonic() > until or hopeless():
                raise
            pause(patience.wait(tried, fault), stopped)


def pause(seconds: float, stopped: Callable[[], bool]) -> None:
    """Wait, and notice within a quarter of a second when the audit was stopped."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if stopped():
            raise Stopped
        time.sleep(min(left, _SLICE))
