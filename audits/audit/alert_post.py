"""Send what is due, at most once. Any number of processes may do so at the same time.

A row becomes SENDING, and that is committed, before the mail server hears of it. A process that dies then leaves it
so: the app shows it, and it is never sent again, because nobody knows whether it was.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from audits.audit.alert_mail import Outcome, post, text_in
from audits.audit.alerting import STOPPED, keep_in_app, note, whose
from audits.audit.next_time import zone_of
from audits.audit.quiet_hours import after_quiet
from audits.models import Alert, AlertChoice, AlertState, Channel, Person
from audits.models.sealing import SealBroken

logger = logging.getLogger(__name__)

BATCH = 50
LONGEST = 60.0  # seconds of one run; what is left is due again at the next
AGAIN = timedelta(minutes=15)
TOO_LATE = timedelta(days=3)
BETWEEN_TESTS = timedelta(minutes=10)


def send_due() -> int:
    """Send a batch, the longest due first. Returns how many were taken. Stops where the server does not answer."""
    end_late()
    due = Alert.objects.filter(state=AlertState.WAITING, due_at__lte=timezone.now())
    until, taken = time.monotonic() + LONGEST, 0
    for pk in list(due.order_by("due_at").values_list("pk", flat=True)[:BATCH]):
        outcome = send(pk)
        taken += outcome is Outcome.TAKEN
        if outcome is Outcome.OUT_OF_REACH or time.monotonic() > until:
            break
    return taken


def end_late() -> None:
    """What could not be sent for days, or no longer at all, is only shown."""
    waiting = Alert.objects.filter(state=AlertState.WAITING)
    if settings.MAIL_SERVER is not None:
        waiting = waiting.filter(due_at__lte=timezone.now(), made_at__lt=timezone.now() - TOO_LATE)
    waiting.update(state=AlertState.SHOWN)


def send(pk: int) -> Outcome | None:
    """None: it was not ours to send, or not now."""
    choice = _claim(pk, timezone.now())
    if choice is None or settings.MAIL_SERVER is None:
        return None
    outcome = post(settings.MAIL_SERVER, text_in(choice.person.language), choice.wanted["address"])
    _note_down(Alert(pk=pk), choice, outcome)
    if outcome is not Outcome.TAKEN:
        logger.warning("reminder %s: %s", pk, outcome.value)
    return outcome


def _claim(pk: int, now: datetime) -> AlertChoice | None:
    """Committed when this returns. The choice is locked meanwhile: who turns it off just now is waited for."""
    with transaction.atomic(durable=True):
        mine = Alert.objects.filter(pk=pk, state=AlertState.WAITING, due_at__lte=now)
        choices = AlertChoice.objects.select_related("person").select_for_update(of=("self",))
        choice = choices.filter(person__alerts__in=mine).first()
        if choice is None or not _may_mail(choice):
            mine.update(state=AlertState.SHOWN)
            return None
        due_at = _not_quiet(choice, now)
        if due_at > now:
            mine.update(due_at=due_at)
            return None
        return choice if mine.update(state=AlertState.SENDING, sent_at=now) else None


def _may_mail(choice: AlertChoice) -> bool:
    """An address of somebody whom the Person has named since is held back, until they say that they want it."""
    if choice.channel != Channel.EMAIL or choice.stopped_at or not choice.person.is_active:
        return False
    try:
        wanted = choice.wanted
    except SealBroken:
        return False
    return bool(wanted["address"]) and whose(choice.person, wanted["address"]) in ("", wanted.get("anyway", ""))


def _not_quiet(choice: AlertChoice, moment: datetime) -> datetime:
    return after_quiet(moment, choice.quiet_from, choice.quiet_to, zone_of(choice.person))


def _note_down(alert: Alert, choice: AlertChoice, outcome: Outcome) -> None:
    """Only while it is still SENDING. When it is not sure, it stays so for good."""
    mine = Alert.objects.filter(pk=alert.pk, state=AlertState.SENDING)
    if outcome is Outcome.TAKEN:
        mine.update(state=AlertState.SENT)
    elif outcome is Outcome.REFUSED:
        mine.update(state=AlertState.REFUSED)
        stop(choice)
    elif outcome is not Outcome.UNSURE:
        again = _not_quiet(choice, timezone.now() + AGAIN)
        mine.update(state=AlertState.WAITING, sent_at=None, due_at=again)


def stop(choice: AlertChoice) -> None:
    """The address refused for good. Another one that was chosen meanwhile is not meant."""
    with transaction.atomic():
        refused = AlertChoice.objects.filter(pk=choice.pk, chosen_at=choice.chosen_at, stopped_at=None)
        if refused.update(stopped_at=timezone.now()):
            keep_in_app(choice.person)
            note(choice.person, STOPPED)


def send_test(person: Person) -> Outcome | None:
    """The same message, now. None: there is nowhere to send it, or one was sent a few minutes ago."""
    choice = AlertChoice.objects.select_related("person").filter(person=person).first()
    if choice is None or settings.MAIL_SERVER is None or not _may_mail(choice):
        return None
    now = timezone.now()
    ours = AlertChoice.objects.filter(pk=choice.pk).filter(Q(tested_at=None) | Q(tested_at__lt=now - BETWEEN_TESTS))
    if not ours.update(tested_at=now):
        return None
    outcome = post(settings.MAIL_SERVER, text_in(person.language), choice.wanted["address"])
    if outcome is Outcome.REFUSED:
        stop(choice)
    return outcome
