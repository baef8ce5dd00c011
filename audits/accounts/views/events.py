"""Where Google posts its security events. For machines: no session, no form, no words for people."""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from audits.accounts.risc.receive import receive
from audits.accounts.risc.token import LARGEST, read
from audits.sources.google.errors import GoogleFault, Unreachable, Unreadable

logger = logging.getLogger(__name__)

LONGEST_WAIT = 5.0  # seconds for Google's keys
TRY_AGAIN_SECONDS = 60


@csrf_exempt
@login_not_required
@require_POST
def google_events(request: HttpRequest) -> HttpResponse:
    """202: verified and stored. 400: not to be believed. 503: cannot be settled now, so that Google sends it again."""
    try:
        receive(read(_body(request), timeout=min(settings.GOOGLE_TIMEOUT_SECONDS, LONGEST_WAIT)))
    except Unreachable as fault:
        logger.warning("a security event has to wait: %s", fault.detail)
        return _later()
    except GoogleFault as fault:
        logger.info("a security event was refused: %s", fault.detail)
        return JsonResponse({"err": "invalid_request"}, status=400)
    except DatabaseError as error:
        logger.error("a security event could not be stored: %s", type(error).__name__)
        return _later()
    return HttpResponse(status=202)


def _body(request: HttpRequest) -> str:
    """The token, read no further than it may be long. Raises Unreadable."""
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise Unreadable("security event: too large")
    try:
        return body.decode("ascii").strip()
    except UnicodeDecodeError:
        raise Unreadable("security event: not text") from None


def _later() -> HttpResponse:
    return HttpResponse(status=503, headers={"Retry-After": str(TRY_AGAIN_SECONDS)})
