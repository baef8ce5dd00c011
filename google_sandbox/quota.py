"""Units in a stretch of time, for each user of a project and for the project, counted by the sandbox clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

from .clock import Clock
from .errors import GoogleError, api_error, error_info

MINUTE = 60
DAY = 86_400
MOST_COUNTS = 100_000  # users and projects whose units are remembered


@dataclass(frozen=True)
class Limit:
    """`user` None: every user has this much; `project`: all users of a project have it together.

    `seconds` is how long until it begins anew. `status` is 403 as Drive mostly says, or 429.
    """

    api: str
    units: int
    user: str | None = None
    status: int = 403
    reason: str = "userRateLimitExceeded"
    project: bool = False
    seconds: int = MINUTE


# Google's own numbers for projects made since May 2026. What a call costs stands with each endpoint.
# https://developers.google.com/workspace/drive/api/guides/limits
# https://developers.google.com/workspace/gmail/api/reference/quota
GOOGLE: tuple[Limit, ...] = (
    Limit("drive", 1_000_000, reason="rateLimitExceeded", project=True),
    Limit("drive", 325_000),
    Limit("gmail", 1_200_000, reason="rateLimitExceeded", project=True),
    Limit("gmail", 6_000),
    Limit("calendar-json", 10_000, reason="rateLimitExceeded", project=True),
    Limit("calendar-json", 600),
    Limit("admin", 2_400),
    Limit("youtube", 10_000, reason="quotaExceeded", project=True, seconds=DAY),
    Limit("photospicker", 100_000, status=429, reason="rateLimitExceeded", project=True),
)


def parse_limits(text: str) -> tuple[Limit, ...]:
    """`google` for Google's own numbers, or one limit: `API=UNITS[:STATUS]`, `API/USER=…` or `API/project=…`."""
    return GOOGLE if text == "google" else (parse_limit(text),)


def parse_limit(text: str) -> Limit:
    """For instance `drive=3000:429`, `drive/maya@gmail.test=300` or `drive/project=5000`."""
    target, _, amount = text.partition("=")
    api, _, user = target.partition("/")
    units, _, status = amount.partition(":")
    if not api or not units.isdigit() or status not in ("", "403", "429"):
        raise ValueError("a quota is written API=UNITS, API/USER=UNITS or API/project=UNITS, with :429 if wanted")
    if user == "project":
        return Limit(api, int(units), None, int(status or 403), "rateLimitExceeded", project=True)
    return Limit(api, int(units), user or None, int(status or 403))


class Quota:
    def __init__(self, clock: Clock, limits: Iterable[Limit]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._limits = list(limits)
        self._spent: dict[tuple[str, str, str], tuple[float, int]] = {}

    @property
    def limits(self) -> list[Limit]:
        return list(self._limits)

    def set(self, limit: Limit) -> None:
        """Takes the place of an earlier limit for the same API and user or project."""

        def place(one: Limit) -> tuple[object, ...]:
            return one.api, one.user, one.project

        with self._lock:
            self._limits = [*(old for old in self._limits if place(old) != place(limit)), limit]

    def clear(self) -> None:
        with self._lock:
            self._limits = []
            self._spent = {}

    def spend(self, api: str, user: str, units: int, project: str = "") -> None:
        """GoogleError when the units of the user or of the project are used up; a refused call costs nothing."""
        if not self._limits:
            return
        with self._lock:
            now = self._clock.now()
            after = {}
            for limit in self._fitting(api, user):
                key = (api, project, "" if limit.project else user)
                began, spent = self._spent.get(key, (now, 0))
                if not began <= now < began + limit.seconds:
                    began, spent = now, 0
                if spent + units > limit.units:
                    raise _exceeded(limit, max(1, round(began + limit.seconds - now)))
                after[key] = (began, spent + units)
            if len(self._spent) > MOST_COUNTS:
                self._spent = {}
            self._spent.update(after)

    def _fitting(self, api: str, user: str) -> list[Limit]:
        """The project's, and one for this user: their own goes before the common one."""
        here = [limit for limit in self._limits if limit.api == api]
        own = [limit for limit in here if not limit.project and limit.user in (None, user)]
        most_own = max(own, key=lambda limit: limit.user is not None, default=None)
        return [limit for limit in here if limit.project] + ([most_own] if most_own else [])


def _exceeded(limit: Limit, wait: int) -> GoogleError:
    service = f"{limit.api}.googleapis.com"
    return rate_limit(limit.status, limit.reason, service, wait if limit.seconds == MINUTE else None)


def rate_limit(status: int, reason: str, service: str, wait: int | None = None) -> GoogleError:
    message = (
        f"Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of service "
        f"'{service}' for consumer 'project_number:0'."
    )
    if status == 403 and reason == "userRateLimitExceeded":
        message = "User rate limit exceeded."
    if reason == "quotaExceeded":
        message = "The request cannot be completed because you have exceeded your quota."
    return api_error(
        status,
        message,
        reason,
        domain="usageLimits",
        status=status == 429,
        details=[error_info("RATE_LIMIT_EXCEEDED", {"service": service})],
        headers={"Retry-After": str(wait)} if wait else None,
    )
