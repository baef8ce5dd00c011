"""What does not answer in this audit. A server that is down costs an audit a few waits, not a wait for each source."""

from __future__ import annotations

import threading

GIVEN_UP = 2  # calls to one API that were given up in a row
APIS_GIVEN_UP = 2  # different APIs with a call that was given up, when none has answered yet


class Outage:
    """Shared by all sources of one audit, which run in threads.

    A call is *given up* after all its tries failed with a fault that might have passed. Then the next ones are not
    even sent, and those under way are not tried again: they fail with the same fault at once. So the audit ends soon
    and says what it could not tell.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._given_up: dict[str, list[Exception]] = {}
        self._answered = False

    def gave_up(self, api: str, fault: Exception) -> None:
        with self._lock:
            self._given_up.setdefault(api, []).append(fault)

    def answered(self, api: str) -> None:
        with self._lock:
            self._answered = True
            self._given_up.pop(api, None)

    def of(self, api: str) -> Exception | None:
        """The fault that a call to this API would meet, when it is known that it would."""
        with self._lock:
            here = self._given_up.get(api, [])
            if len(here) >= GIVEN_UP:
                return here[-1]
            # One API that is down says nothing of the others, however often it was asked.
            if self._answered or len(self._given_up) < APIS_GIVEN_UP:
                return None
            return list(self._given_up.values())[-1][-1]
