"""What both pages of a session ask for every moment: its version, its state, and where each of both is. No name.

The database is the truth. Redis holds a copy for seconds, so that a beat costs one read there, and no query and no
look into a sign-in session: a signed ticket says whose page asks. A copy that could not be renewed ends by itself.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from audits.audit.helping.lasting import ends_at
from audits.models import HelpSession, HelpState

logger = logging.getLogger(__name__)

CALLER, HELPER = "c", "h"
TICKET_SECONDS = 600
COPY_SECONDS = 5  # how long a copy is believed that nobody renewed: it may be of before a change that did not arrive
REST_SECONDS = 1.0
_PREFIX = "privacy_audit:help:"
# A newer version is never overwritten by an older one, in whatever order two writers arrive.
_KEEP_NEWEST = """
local old = redis.call('GET', KEYS[1])
if old and tonumber(string.match(old, '^%d+')) > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
"""
_resting_until = 0.0


class BadTicket(Exception):
    """A ticket that we did not sign, or whose time is over."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whose page asks. `helper`: 0 on the Person's side."""

    session: int
    side: str
    helper: int = 0


@dataclass(frozen=True, slots=True)
class Live:
    """`ends`: the epoch second at which it ends by itself if nothing happens."""

    version: int
    state: str
    helper: int
    place: str
    step: int | None
    caller: str
    ends: int


def sign(ticket: Ticket) -> str:
    return _signer().sign(f"{ticket.session}:{ticket.side}:{ticket.helper}")


def read_ticket(text: str) -> Ticket:
    """Raises BadTicket."""
    try:
        session, side, helper = _signer().unsign(text, max_age=TICKET_SECONDS).split(":")
        return Ticket(int(session), side, int(helper))
    except (BadSignature, ValueError) as error:
        raise BadTicket from error


@cache
def _signer() -> TimestampSigner:
    return TimestampSigner(salt="audits.help")


def live_of(row: HelpSession) -> Live:
    return Live(
        version=row.version,
        state=row.state,
        helper=row.helper_id,
        place=row.pointing_place,
        step=row.pointing_step,
        caller=row.caller_place,
        ends=int(ends_at(row).timestamp()),
    )


def now(session_id: int) -> tuple[Live | None, bool]:
    """How a session stands, and whether Redis said so: one read there, else one query. None: there is none."""
    kept = _ask_redis("get", f"{_PREFIX}{session_id}")
    if kept:
        return Live(**json.loads(kept.partition(b"\n")[2])), True
    row = HelpSession.objects.filter(pk=session_id).first()
    if row is None:
        return None, False
    return live_of(row), publish(row)


def publish(row: HelpSession) -> bool:
    """Put a copy where the pages ask. Whether it is there."""
    live = live_of(row)
    text = f"{live.version}\n{json.dumps(asdict(live), separators=(',', ':'))}"
    return _ask_redis("eval", _KEEP_NEWEST, 1, f"{_PREFIX}{row.pk}", live.version, text, COPY_SECONDS) is not None


def is_over(live: Live) -> bool:
    return live.state == HelpState.ENDED or time.time() > live.ends


def _ask_redis(command: str, *words: object) -> Any:
    """None when Redis has nothing, is not there or does not answer. Then it is left alone for a moment."""
    global _resting_until
    if not settings.REDIS_URL or time.monotonic() < _resting_until:
        return None
    try:
        return getattr(_client(settings.REDIS_URL), command)(*words)
    except (RedisError, OSError) as error:
        _resting_until = time.monotonic() + REST_SECONDS
        logger.warning("pages of sessions ask the database, Redis does not answer: %s", type(error).__name__)
        return None


@cache
def _client(url: str) -> Redis:
    return Redis.from_url(
        url, socket_timeout=0.5, socket_connect_timeout=0.5, retry=Retry(NoBackoff(), 0), max_connections=50
    )
