"""Reminders: what is worth one, and what an audit saw of that. Off until the Person chooses.

Only what an audit proved, or saw and had not seen before, is worth one; never that something could not be read. A
reminder is written in the transaction that ends its audit: there is one with the audit, or neither. Sending is the
work of alert_post.py, and what it says of alert_mail.py: nothing of this.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from audits.audit.next_time import zone_of
from audits.audit.quiet_hours import after_quiet
from audits.facts import VerdictState
from audits.models import (
    Alert,
    AlertChoice,
    AlertState,
    Audit,
    Change,
    ChangeKind,
    Channel,
    Connection,
    Finding,
    NamedPerson,
    Person,
    TimelineEntry,
    Trigger,
)
from audits.models.sealing import SealBroken

logger = logging.getLogger(__name__)

A_DAY = timedelta(days=1)
CHOSEN, TURNED_OFF, STOPPED = "reminders_chosen", "reminders_off", "reminders_stopped"

# By kind: the checks that show it, and what their items must say (None: whatever they say).
KINDS: Mapping[str, Mapping[str, frozenset[str] | None]] = {
    "app": {"connected_apps": None, "drive_wide_apps": None, "app_events": frozenset({"let_in"})},
    "forwarding": {"mail_forwarding": None, "account_events": frozenset({"mail_sent_on"})},
    "device": {
        "phone_devices": None,
        "security_mails": frozenset({"sign_in"}),
        "account_events": frozenset({"odd_sign_in", "odd_sign_in_noticed"}),
    },
    "two_step": {"account_events": frozenset({"two_step_off"})},
    "open": {"open_files": None, "open_pictures": None, "videos_open": None},
}
TWO_STEP, OFF = "two_step", "off"
WATCHED = frozenset({TWO_STEP, *(check_id for checks in KINDS.values() for check_id in checks)})
APPEARED = (ChangeKind.NEW, ChangeKind.BACK)
WORTH = (*APPEARED, ChangeKind.VERDICT)
# Looks that begin while the Person need not be there. After the others they are: the page in front of them tells it.
BY_ITSELF = (Trigger.SCHEDULE, Trigger.OPERATOR)


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """`anyway`: whose mailbox it is, as `whose` says, where the Person was told and wants it all the same."""

    kinds: tuple[str, ...]
    channel: Channel
    address: str = ""
    anyway: str = ""
    quiet_from: int = 22
    quiet_to: int = 8


# --------------------------------------------------------------------------- the choice


def choice_of(person: Person) -> AlertChoice | None:
    return AlertChoice.objects.filter(person=person).first()


def choose(person: Person, chosen: Chosen) -> None:
    """Keep what was chosen. An address that had refused is tried again: the Person has just asked for it."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)  # two windows at once: one waits for the other
        choice = AlertChoice.objects.select_for_update().filter(person=person).first() or AlertChoice(person=person)
        choice.channel = chosen.channel
        choice.quiet_from, choice.quiet_to = chosen.quiet_from, chosen.quiet_to
        choice.chosen_at, choice.stopped_at = timezone.now(), None
        by_mail = chosen.channel == Channel.EMAIL
        choice.wanted = {
            "kinds": list(chosen.kinds),
            "address": chosen.address if by_mail else "",
            "anyway": chosen.anyway if by_mail else "",
        }
        choice.save()
        if not by_mail:
            keep_in_app(person)
        note(person, CHOSEN)


def turn_off(person: Person) -> None:
    with transaction.atomic():
        deleted, _ = AlertChoice.objects.filter(person=person).delete()
        if deleted:
            keep_in_app(person)
            note(person, TURNED_OFF)


def keep_in_app(person: Person) -> None:
    """What waits to be sent is only shown."""
    Alert.objects.filter(person=person, state=AlertState.WAITING).update(state=AlertState.SHOWN)


def note(person: Person, kind: str) -> None:
    TimelineEntry.objects.create(person=person, kind=kind, at=timezone.now())


def whose(person: Person, address: str) -> str:
    """ "named": of somebody the Person has in mind; "audited": of an account we look at; "": neither. Two queries."""
    if not address:
        return ""
    wanted = same_mailbox(address)
    if any(same_mailbox(one.address or "") == wanted for one in NamedPerson.objects.filter(person=person)):
        return "named"
    mine = Connection.objects.filter(person=person)
    return "audited" if any(same_mailbox(one.email or "") == wanted for one in mine) else ""


def same_mailbox(address: str) -> str:
    """One form for the ways to write it: a part after + goes to the same mailbox, and Gmail reads over dots."""
    local, _, domain = address.strip().lower().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in ("gmail.com", "googlemail.com"):
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


# --------------------------------------------------------------------------- after an audit


def make(audit: Audit) -> Alert | None:
    """The one reminder of this audit, if it saw something that is worth one. One query where it did not.

    Call it where the audit ends, in that transaction, after its changes were written.
    """
    seen = Change.objects.filter(audit=audit, check_id__in=WATCHED, person__alert_choice__isnull=False)
    changes = list(seen.filter(kind__in=WORTH))
    choice = choice_of(audit.person) if changes else None
    if choice is None:
        return None
    try:
        kinds = worth(changes, choice.wanted["kinds"])
    except SealBroken:
        logger.warning("audit %s: no reminder, what was chosen does not open", audit.pk)
        return None
    return _write(audit, choice, kinds) if kinds else None


def worth(changes: Collection[Change], wanted: Collection[str]) -> dict[str, int]:
    """How many of these changes are worth a reminder, by kind."""
    counted = Counter(kind for change in changes for kind in kinds_of(change) if kind in wanted)
    return dict(counted)


def kinds_of(change: Change) -> Iterator[str]:
    if change.kind == ChangeKind.VERDICT:
        if change.check_id == TWO_STEP and _proved_off(change):
            yield TWO_STEP
        return
    if change.kind not in APPEARED:
        return
    for kind, checks in KINDS.items():
        if change.check_id in checks and _says(change, checks[change.check_id]):
            yield kind


def _says(change: Change, codes: frozenset[str] | None) -> bool:
    return codes is None or _item(change).get("says") in codes


def _item(change: Change) -> dict[str, Any]:
    item: dict[str, Any] = change.content.get("item", {})
    return item


def _proved_off(change: Change) -> bool:
    """By that audit itself; not by what the Person told."""
    if change.content.get("to") != VerdictState.NEEDS_LOOK:
        return False
    found = Finding.objects.filter(audit=change.audit_id, connection=change.connection_id, check_id=TWO_STEP)
    return found.filter(reason=OFF).exists()


def _write(audit: Audit, choice: AlertChoice, kinds: Mapping[str, int]) -> Alert:
    """At most one message is on its way, and one a day is sent; what comes meanwhile is in the app."""
    now = timezone.now()
    alert = Alert(person=audit.person, audit=audit, state=AlertState.SHOWN, made_at=now, due_at=now)
    alert.content = {"kinds": dict(kinds)}
    if _goes_out(audit, choice):
        alert.state, alert.due_at = AlertState.WAITING, _due_at(audit.person, choice, now)
    alert.save()
    return alert


def _goes_out(audit: Audit, choice: AlertChoice) -> bool:
    if choice.channel != Channel.EMAIL or choice.stopped_at or settings.MAIL_SERVER is None:
        return False
    on_its_way = Alert.objects.filter(person=audit.person, state=AlertState.WAITING)
    return audit.trigger in BY_ITSELF and not on_its_way.exists()


def _due_at(person: Person, choice: AlertChoice, now: datetime) -> datetime:
    sent = Alert.objects.filter(person=person).aggregate(last=Max("sent_at"))["last"]
    earliest = max(now, sent + A_DAY) if sent else now
    return after_quiet(earliest, choice.quiet_from, choice.quiet_to, zone_of(person))


# --------------------------------------------------------------------------- seen


def unread(person: Person) -> list[Alert]:
    """The newest first. One query."""
    return list(Alert.objects.filter(person=person, read_at=None)[:20])


def have_seen(person: Person, until: Alert) -> None:
    """Everything up to this one. Who has seen it needs no message any more."""
    with transaction.atomic():
        unseen = Alert.objects.filter(person=person, read_at=None, made_at__lte=until.made_at)
        unseen.filter(state=AlertState.WAITING).update(state=AlertState.SHOWN)
        unseen.update(read_at=timezone.now())
