"""Storing an event and acting on it: both, or neither, and once."""

from __future__ import annotations

import logging

from django.db import IntegrityError, transaction
from django.utils import timezone

from audits.accounts.risc.effects import act
from audits.accounts.risc.events import Event, Kind
from audits.accounts.risc.token import EventToken
from audits.models import ReceivedEvent
from audits.models.sealing import lookup_key

logger = logging.getLogger(__name__)


def receive(token: EventToken) -> bool:
    """False when this token was here before. The row of its first event stands for all of it."""
    with transaction.atomic():
        for number, event in enumerate(token.events):
            row = _store(token, event, number)
            if row is None:
                return False
            row.person = act(event, token)
            row.save(update_fields=["person"])
    for event in token.events:
        logger.info("a security event was received: %s", event.kind.value)
    return True


def _store(token: EventToken, event: Event, number: int) -> ReceivedEvent | None:
    """None for a token that is known. Of two at the same moment, one waits here for the other's transaction."""
    key = lookup_key("jti", token.jti) if number == 0 else lookup_key("jti", token.jti, str(number))
    try:
        with transaction.atomic():
            return ReceivedEvent.objects.create(
                jti_key=key, kind=Kind(event.kind).value, issued_at=token.issued_at, received_at=timezone.now()
            )
    except IntegrityError:
        return None
