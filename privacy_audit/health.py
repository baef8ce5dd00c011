"""Two questions machines ask. /healthz: is this process alive? /readyz: can it do its work?

Strangers may read both, so an answer says only `ok` or `not ready` for each part, never why.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from privacy_audit import worker_mark

REMEMBERED_SECONDS = 3.0

_lock = threading.Lock()
_remembered: tuple[float, Mapping[str, bool]] = (float("-inf"), {})


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """503 until database, Redis and worker all answer. Asked often, it looks only every few seconds."""
    found = states()
    words = {part: "ok" if well else "not ready" for part, well in found.items()}
    return JsonResponse(words, status=200 if all(found.values()) else 503)


def states() -> Mapping[str, bool]:
    global _remembered
    with _lock:  # one look at a time, however many ask
        looked_at, found = _remembered
        if time.monotonic() - looked_at > REMEMBERED_SECONDS:
            found = {"database": database_answers(), **redis_and_worker()}
            _remembered = (time.monotonic(), found)
        return found


def forget() -> None:
    """Look anew at the next question."""
    global _remembered
    _remembered = (float("-inf"), {})


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        return False


def redis_and_worker() -> dict[str, bool]:
    try:
        seen = worker_mark.read(settings.REDIS_URL)
    except (redis.RedisError, OSError, ValueError):
        return {"redis": False, "worker": False}
    return {"redis": True, "worker": time.time() - seen < worker_mark.QUIET_SECONDS}
