"""The sandbox's own time, so that tests can let an hour pass at once."""

import time
from datetime import UTC, datetime

FARTHEST = 3.2e9


class Clock:
    def __init__(self) -> None:
        self.shifted = 0.0

    def now(self) -> float:
        """Seconds since 1970, shifted."""
        return time.time() + self.shifted

    def shift(self, seconds: float) -> None:
        """ValueError for more than a hundred years, or for no number at all."""
        if not abs(seconds) <= FARTHEST:
            raise ValueError("the clock moves by a hundred years at most")
        self.shifted += seconds

    def reset(self) -> None:
        self.shifted = 0.0

    def stamp(self) -> str:
        """RFC 3339 with milliseconds, as Drive writes it."""
        return self.stamp_at(self.now())

    def stamp_at(self, moment: float) -> str:
        return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
