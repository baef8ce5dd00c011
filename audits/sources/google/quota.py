"""How much we ask of Google: one account of it for all workers together, in Redis, before Google has to refuse.

Each API counts units a minute, for our whole project and for each account
(https://developers.google.com/workspace/drive/api/guides/limits,
https://developers.google.com/workspace/gmail/api/reference/quota). A bucket is one number: the moment at which all
that was asked so far is paid for. Who asks moves it on and waits until their own moment has come, so everybody gets a
turn in the order of asking. Without Redis each process keeps its own buckets.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from audits.sources.google import retry
from audits.sources.google.errors import Busy, GoogleFault, LimitReached
from privacy_audit.environment import ConfigurationError, read, read_float

logger = logging.getLogger(__name__)

DAY = 86_400
AT_ONCE = 0.25  # of a limit may be asked at once; the rest flows evenly, so that no minute ever holds more than all
LONGEST_PAUSE = 32.0  # seconds that one "slow down" of Google's may hold up an account
LONGEST_PAUSE_OF_ALL = 5.0  # the same for the whole project: one account's trouble shall cost the others little
OFF = "off"
_REST = 10.0  # seconds that a Redis that did not answer is left alone
_PREFIX = "privacy_audit:quota"


@dataclass(frozen=True)
class Limit:
    """Units in `seconds`, for our project and for one account. None: Google names no number."""

    project: int | None
    account: int | None
    seconds: int = 60


# Google's numbers for projects made since May 2026. Older ones may have others: GOOGLE_QUOTAS.
LIMITS: Mapping[str, Limit] = {
    "drive": Limit(1_000_000, 325_000),
    "gmail": Limit(1_200_000, 6_000),
    "calendar": Limit(10_000, 600),
    "directory": Limit(None, 2_400),
    "reports": Limit(None, 2_400),
    "youtube": Limit(10_000, None, DAY),
    "photospicker": Limit(100_000, None),
}
_UNITS: Mapping[str, int] = {
    "drive.files.list": 100,
    "drive.changes.list": 100,
    "drive.apps.list": 100,  # Google does not say; what lists costs a hundred
    "gmail.users.getProfile": 1,
    "gmail.users.history.list": 2,
    "gmail.users.messages.list": 5,
    "gmail.users.messages.get": 20,
    "youtube.search.list": 100,
}
_UNITS_OTHERWISE: Mapping[str, int] = {"drive": 5, "gmail": 20}


def units(method_id: str) -> int:
    """What one call costs. `method_id` as in the discovery documents."""
    if method_id.startswith("gmail.users.settings."):
        return 1
    return _UNITS.get(method_id) or _UNITS_OTHERWISE.get(api_of(method_id), 1)


def api_of(method_id: str) -> str:
    return method_id.partition(".")[0]


@dataclass(frozen=True)
class Bucket:
    """`takes`: how long what is asked takes to flow in. `at_once`: how far ahead of that one may be. Microseconds.

    `everybody`: it is our whole project's, not one account's.
    """

    name: str
    takes: int
    at_once: int
    everybody: bool


@dataclass(frozen=True)
class Asker:
    """Who asks: our project (an OAuth client), and for which account (a Connection's public id, "" for none)."""

    project: str
    account: str


class Limiter:
    """For all threads of a process. Raises LimitReached for who would have to wait longer than `longest` seconds."""

    def __init__(self, limits: Mapping[str, Limit], longest: float, redis_url: str) -> None:
        self._limits = limits
        self._longest = longest
        self._shared = _Shared(redis_url) if redis_url else None
        self._own = _Own()

    def wait_for_turn(self, asker: Asker, method_ids: Sequence[str], stopped: Callable[[], bool]) -> None:
        """Returns when these calls (of one API) may be sent. Raises LimitReached, Stopped."""
        buckets = self._buckets(asker, api_of(method_ids[0]), sum(map(units, method_ids)))
        while buckets:
            paid, seconds = self._reserve(buckets)
            if seconds > self._longest:
                raise LimitReached("our share of the quota is used up")
            if seconds > 0:
                retry.pause(seconds, stopped)
            buckets = buckets[paid:]

    def heard(self, asker: Asker, method_id: str, fault: GoogleFault) -> None:
        """Google says that this is too much: everybody who shares the limit waits, and does not run into it too."""
        if not isinstance(fault, Busy):
            return
        seconds = min(fault.retry_after or 1.0, LONGEST_PAUSE)
        for bucket in self._buckets(asker, api_of(method_id), 0):
            if not bucket.everybody:
                self._hold(bucket, seconds)
            elif fault.reason != "userRateLimitExceeded":
                self._hold(bucket, min(seconds, LONGEST_PAUSE_OF_ALL))

    def _buckets(self, asker: Asker, api: str, cost: int) -> list[Bucket]:
        """The account's first: who has used up their own waits there, and takes nothing from the others."""
        limit = self._limits.get(api)
        if limit is None:
            return []
        found = []
        if limit.account and asker.account:
            found.append(_bucket(f"{api}:{asker.project}:{asker.account}", cost, limit.account, limit.seconds))
        if limit.project:
            found.append(_bucket(f"{api}:{asker.project}", cost, limit.project, limit.seconds, everybody=True))
        return found

    def _reserve(self, buckets: Sequence[Bucket]) -> tuple[int, float]:
        """How many of the buckets are paid, and the seconds to wait for the last of them."""
        if self._shared:
            reserved = self._shared.reserve(buckets, self._longest)
            if reserved is not None:
                return reserved
        return self._own.reserve(buckets, self._longest)

    def _hold(self, bucket: Bucket, seconds: float) -> None:
        until = round(seconds * 1e6) + bucket.at_once
        if not (self._shared and self._shared.hold(bucket.name, until)):
            self._own.hold(bucket.name, until)


def _bucket(whose: str, cost: int, limit: int, seconds: int, *, everybody: bool = False) -> Bucket:
    """Its name holds neither an account nor a client: only a hash of them."""
    one = seconds * 1e6 / (limit * (1 - AT_ONCE))
    name = f"{_PREFIX}:{hashlib.sha256(whose.encode()).hexdigest()[:32]}"
    return Bucket(name, round(cost * one), round(limit * AT_ONCE * one), everybody)


class _Own:
    """Buckets of this process alone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._paid: dict[str, int] = {}

    def reserve(self, buckets: Sequence[Bucket], longest: float) -> tuple[int, float]:
        with self._lock:
            now = _now()
            self._tidy(now)
            for place, bucket in enumerate(buckets, 1):
                paid = max(self._paid.get(bucket.name, 0), now) + bucket.takes
                wait = (paid - now - bucket.at_once) / 1e6
                if wait <= longest:
                    self._paid[bucket.name] = paid
                if wait > 0:
                    return place, wait
            return len(buckets), 0.0

    def hold(self, name: str, until: int) -> None:
        with self._lock:
            self._paid[name] = max(self._paid.get(name, 0), _now() + until)

    def _tidy(self, now: int) -> None:
        if len(self._paid) > 10_000:
            self._paid = {name: paid for name, paid in self._paid.items() if paid > now}


def _now() -> int:
    return time.monotonic_ns() // 1000


_RESERVE = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local longest = tonumber(ARGV[1])
for place, name in ipairs(KEYS) do
  local takes, at_once = tonumber(ARGV[place * 2]), tonumber(ARGV[place * 2 + 1])
  local paid = math.max(tonumber(redis.call('GET', name) or 0), now) + takes
  local wait = paid - now - at_once
  if wait <= longest and paid > now then
    redis.call('SET', name, string.format('%.0f', paid), 'PX', math.ceil((paid - now) / 1000) + 1)
  end
  if wait > 0 then return {place, wait} end
end
return {#KEYS, 0}
"""
_HOLD = """
local time = redis.call('TIME')
local paid = time[1] * 1000000 + time[2] + tonumber(ARGV[1])
if paid > tonumber(redis.call('GET', KEYS[1]) or 0) then
  redis.call('SET', KEYS[1], string.format('%.0f', paid), 'PX', math.ceil(tonumber(ARGV[1]) / 1000) + 1)
end
"""


class _Shared:
    """Buckets in Redis, by Redis' own clock. None or False: it did not answer, and is left alone for a while."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url, socket_timeout=0.5, socket_connect_timeout=0.5, retry=Retry(NoBackoff(), 0), max_connections=200
        )
        self._reserve = self._redis.register_script(_RESERVE)
        self._hold = self._redis.register_script(_HOLD)
        self._resting_until = 0.0

    def reserve(self, buckets: Sequence[Bucket], longest: float) -> tuple[int, float] | None:
        numbers = [round(longest * 1e6), *(number for one in buckets for number in (one.takes, one.at_once))]
        found = self._run(lambda: self._reserve(keys=[one.name for one in buckets], args=numbers))
        return None if found is None else (int(found[0]), int(found[1]) / 1e6)

    def hold(self, name: str, until: int) -> bool:
        return self._run(lambda: self._hold(keys=[name], args=[until]) or (0, 0)) is not None

    def _run(self, script: Callable[[], Sequence[int]]) -> Sequence[int] | None:
        if time.monotonic() < self._resting_until:
            return None
        try:
            return script()
        except (RedisError, OSError) as error:
            self._resting_until = time.monotonic() + _REST
            logger.warning("quota is kept by this process alone, Redis does not answer: %s", type(error).__name__)
            return None


def current() -> Limiter:
    """The limiter for what the environment says now."""
    return _limiter(read("GOOGLE_QUOTAS"), read_float("GOOGLE_QUOTA_WAIT_SECONDS"), read("REDIS_URL"))


@cache
def _limiter(quotas: str, longest: float, redis_url: str) -> Limiter:
    return Limiter(limits_from(quotas), longest, redis_url)


def limits_from(text: str) -> Mapping[str, Limit]:
    """Google's own numbers with those of `text` in their place: `gmail=1200000/15000,drive=/`; "off": none at all.

    The numbers are for the project and for one account; nothing in place of a number: no limit. Raises
    ConfigurationError.
    """
    if text == OFF:
        return {}
    return {**LIMITS, **dict(_written(part.strip()) for part in text.split(",") if part.strip())}


def _written(text: str) -> tuple[str, Limit]:
    api, _, numbers = text.partition("=")
    project, slash, account = numbers.partition("/")
    if api not in LIMITS or not slash or not all(_is_count(number) for number in (project, account)):
        raise ConfigurationError(
            f"GOOGLE_QUOTAS is written API=PROJECT/ACCOUNT, for instance gmail=1200000/6000, with {_either(LIMITS)}."
        )
    return api, Limit(int(project) if project else None, int(account) if account else None, LIMITS[api].seconds)


def _is_count(number: str) -> bool:
    return not number or (number.isascii() and number.isdigit() and int(number) > 0)


def _either(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last} as API"
