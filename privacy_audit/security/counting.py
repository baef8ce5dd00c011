"""Counts how often something happened in a window of time: in Redis when it answers, else in the database."""

from __future__ import annotations

import logging
import time
from functools import cache

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from audits.models.rate import RateCount

logger = logging.getLogger(__name__)

REST_SECONDS = 10.0
_PREFIX = "privacy_audit:rate:"
_resting_until = 0.0


def count(key: str, window_seconds: int) -> tuple[int, int]:
    """Count one more for this key (a keyed hash). Returns the count and the seconds until its window ends."""
    now = int(time.time())
    ends_at = now - now % window_seconds + window_seconds
    counted = _in_redis(f"{_PREFIX}{key}:{ends_at}", window_seconds)
    if counted is None:
        counted = RateCount.add(key, ends_at, now)
    return counted, ends_at - now


def _in_redis(name: str, window_seconds: int) -> int | None:
    """None when there is no Redis, or it did not answer. Then it is left alone for a moment, so pages stay quick."""
    global _resting_until
    if not settings.REDIS_URL or time.monotonic() < _resting_until:
        return None
    try:
        with _client(settings.REDIS_URL).pipeline() as pipe:
            pipe.incr(name)
            pipe.expire(name, window_seconds)
            counted, _ = pipe.execute()
    except (RedisError, OSError) as error:
        _resting_until = time.monotonic() + REST_SECONDS
        logger.warning("rate limits count in the database, Redis does not answer: %s", type(error).__name__)
        return None
    return int(counted)


@cache
def _client(url: str) -> Redis:
    return Redis.from_url(
        url, socket_timeout=0.5, socket_connect_timeout=0.5, retry=Retry(NoBackoff(), 0), max_connections=50
    )
