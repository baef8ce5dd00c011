"""Reminders in words: what may be chosen, and what the Person has not seen yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext, gettext_noop

from audits.audit import alerting
from audits.checks.catalogue import CHECKS, id_now
from audits.models import Alert, AlertState, Change, Finding, Person

WORDS = {
    "app": gettext_noop("An app that was not there before"),
    "forwarding": gettext_noop("Mail that is sent on to another address"),
    "device": gettext_noop("A device or a sign-in that was not there before"),
    "two_step": gettext_noop("The second step at sign-in is off"),
    "open": gettext_noop("Something of yours that anyone can open"),
}


@dataclass(frozen=True, kw_only=True)
class Linked:
    """A check to go to. `count`: how much of what is new stands there."""

    title: str
    finding: UUID
    account: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Unread:
    """`until`: the newest reminder that is shown; *I have seen it* counts up to that one."""

    until: UUID
    kinds: tuple[str, ...]
    checks: tuple[Linked, ...]
    unsure: bool
    refused: bool


def unread(person: Person) -> Unread | None:
    """What the Person asked to be told of and has not seen. One query where there is nothing, three otherwise."""
    alerts = alerting.unread(person)
    if not alerts:
        return None
    kinds = {kind for alert in alerts for kind in alert.content["kinds"]}
    states = {alert.state for alert in alerts}
    return Unread(
        until=alerts[0].public_id,
        kinds=tuple(gettext(WORDS[kind]) for kind in alerting.KINDS if kind in kinds),
        checks=_checks(person, alerts),
        unsure=AlertState.SENDING in states,
        refused=AlertState.REFUSED in states,
    )


def _checks(person: Person, alerts: Sequence[Alert]) -> tuple[Linked, ...]:
    """Where it stands today. What was deleted since, with its account or its look, is not linked."""
    wanted = {alert.audit_id: alert.content["kinds"] for alert in alerts if alert.audit_id}
    changes = Change.objects.filter(person=person, audit__in=wanted, check_id__in=alerting.WATCHED)
    changes = changes.filter(kind__in=alerting.WORTH)[:500]
    counted = Counter(
        (change.check_id, change.connection_id)
        for change in changes
        if wanted[change.audit_id].keys() & set(alerting.kinds_of(change))
    )
    found = Finding.objects.filter(person=person, current=True, check_id__in={check_id for check_id, _ in counted})
    places = {(one.check_id, one.connection_id): one for one in found.select_related("connection")}
    several = len({connection for _, connection in counted}) > 1
    return tuple(_linked(places[place], count, several=several) for place, count in counted.items() if place in places)


def _linked(finding: Finding, count: int, *, several: bool) -> Linked:
    check = CHECKS[id_now(finding.check_id)]
    account = (finding.connection.email or "") if several and finding.connection else ""
    return Linked(title=gettext(check.words.short), finding=finding.public_id, account=account, count=count)
