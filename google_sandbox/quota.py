"""Units a minute for each user and API, counted by the sandbox clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

from .clock import Clock
from .errors import GoogleError, api_error, error_info

WINDOW = 60


@dataclass(frozen=True)
class Limit:
    """`user` None: every user has this much. `status` is 403 as Drive mostly says, or 429."""

    api: str
    units: int
    user: str | None = None
    status: int = 403
    reason: str = "userRateLimitExceeded"


def parse_limit(text: str) -> Limit:
    """`API=UNITS[:STATUS]` or `API/USER=UNITS[:STATUS]`, for instance `drive=3000:429`."""
    target, _, amount = text.partition("=")
    api, _, user = target.partition("/")
    units, _, status = amount.partition(":")
    if not api or not units.isdigit() or status not in ("", "403", "429"):
        raise ValueError("a quota is written API=UNITS, API/USER=UNITS, with :429 behind it if wanted")
    return Limit(api, int(units), user or None, int(status or 403))


class Quota:
    def __init__(self, clock: Clock, limits: Iterable[Limit]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._limits = list(limits)
        self._spent: dict[tuple[str, str], tuple[float, int]] = {}

    @property
    def limits(self) -> list[Limit]:
        return list(self._limits)

    def set(self, limit: Limit) -> None:
        """Takes the place of an earlier limit for the same API and user."""
        with self._lock:
            others = [old for old in self._limits if (old.api, old.user) != (limit.api, limit.user)]
            self._limits = [*others, limit]

    def clear(self) -> None:
        with self._lock:
            self._limits = []
            self._spent = {}

    def spend(self, api: str, user: str, units: int) -> None:
        """GoogleError when the minute's units are used up; a refused call costs nothing."""
        limit = self._limit(api, user)
        if limit is None:
            return
        with self._lock:
            now = self._clock.now()
            began, spent = self._spent.get((api, user), (now, 0))
            if now >= began + WINDOW or now < began:
                began, spent = now, 0
            if spent + units > limit.units:
                raise _exceeded(limit, max(1, round(began + WINDOW - now)))
            self._spent[(api, user)] = (began, spent + units)

    def _limit(self, api: str, user: str) -> Limit | None:
        fitting = [limit for limit in self._limits if limit.api == api and limit.user in (None, user)]
        return max(fitting, key=lambda limit: limit.user is not None, default=None)


def _exceeded(limit: Limit, wait: int) -> GoogleError:
    return rate_limit(limit.status, limit.reason, f"{limit.api}.googleapis.com", wait)


def rate_limit(status: int, reason: str, service: str, wait: int | None = None) -> GoogleError:
    message = (
        f"Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of service "
        f"'{service}' for consumer 'project_number:0'."
    )
    if status == 403 and reason == "userRateLimitExceeded":
        message = "User rate limit exceeded."
    return api_error(
        status,
        message,
        reason,
        domain="usageLimits",
        status=status == 429,
        details=[error_info("RATE_LIMIT_EXCEEDED", {"service": service})],
        headers={"Retry-After": str(wait)} if wait else None,
    )
