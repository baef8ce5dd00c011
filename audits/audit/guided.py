"""Checks that begin with the Person: no audit has judged them, and nothing is kept of them until they are answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from audits.audit.asks import MOST_ANSWERS
from audits.checks.answers import NOT_CHECKED
from audits.checks.catalogue import CHECKS, Check, id_now
from audits.facts import VerdictState
from audits.models import AnswerToCheck, Connection, Finding, Person

# When to look again, in days, by the name that a form gives it.
AGAIN_IN = {"week": 7, "month": 30, "season": 91, "year": 365}


def place_of(check: Check, connection: Connection | None) -> str:
    """Names a check in an address, which stays in the browser's history and so says nothing."""
    return f"{check.code}-{connection.public_id}" if connection else check.code


def blank(person: Person, check: Check, connection: Connection | None) -> Finding:
    """A Finding that is not saved: nobody has looked yet."""
    return Finding(
        person=person,
        connection=connection,
        check_id=check.id,
        verdict=VerdictState.NOT_CHECKED.value,
        reason=NOT_CHECKED,
        judged_at=timezone.now(),
    )


def found(person: Person, check: Check, connection: Connection | None) -> Finding | None:
    """The current Finding, when there is one."""
    return Finding.objects.filter(person=person, connection=connection, check_id=check.id, current=True).first()


def begin(person: Person, check: Check, connection: Connection | None) -> Finding:
    """The current Finding, made when there is none: the Person is about to answer it."""
    known = found(person, check, connection)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            row = blank(person, check, connection)
            row.save()
            return row
    except IntegrityError:  # another window was faster
        known = found(person, check, connection)
        if known is None:
            raise
        return known


def can_begin(check: Check, connection: Connection | None) -> bool:
    """Whether this check can be about this Connection (None: about the Person alone) and has something to answer.

    Somebody under 18 only reads some of them: see young.reads_only.
    """
    if check.words.told is None:
        return False
    return connection is None or check.about == "account"


def due(person: Person, today: date) -> set[tuple[str, int | None]]:
    """Check and connection (None: the Person alone) of what they asked to see again by now. One query."""
    told = AnswerToCheck.objects.filter(person=person).values_list("check_id", "connection_id", "again_on")
    newest: dict[tuple[str, int | None], date | None] = {}
    for check_id, connection_id, again_on in told[:MOST_ANSWERS]:
        newest.setdefault((id_now(check_id), connection_id), again_on)
    return {place for place, again_on in newest.items() if again_on is not None and again_on <= today}


def not_begun(person: Person, connections: Sequence[Connection], current: Sequence[Finding]) -> Iterator[Finding]:
    """Blank findings for every guided check without a current one.

    What is about an account stands once for each connected account; without one, and for all else, once.
    """
    begun = {(id_now(finding.check_id), finding.connection_id) for finding in current}
    for check in CHECKS.values():
        about_account = check.about == "account"
        owners: Sequence[Connection | None] = connections if about_account and connections else (None,)
        for owner in owners:
            if can_begin(check, owner) and (check.id, owner.pk if owner else None) not in begun:
                yield blank(person, check, owner)
