"""The sign of life a worker leaves in Redis: when it was last heard from, in seconds since 1970.

Written by the task audits.worker_seen when a worker is ready and every few seconds; read by /readyz and the launcher.
"""

from __future__ import annotations

import redis

KEY = "privacy_audit:worker_seen"
QUIET_SECONDS = 30.0  # longer silence than this, and /readyz says that the worker is not there
_TIMEOUT_SECONDS = 1.0


def client(address: str) -> redis.Redis:
    return redis.Redis.from_url(
        address, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=_TIMEOUT_SECONDS, decode_responses=True
    )


def read(address: str) -> float:
    """0.0 when no worker was ever heard from, or when something else stands there. Raises redis.RedisError."""
    with client(address) as server:
        found = server.get(KEY)
    try:
        return float(str(found or 0))
    except ValueError:
        return 0.0
