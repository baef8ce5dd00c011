"""The code that a Person reads out to a Helper: eight digits, for one helpline, ten minutes, once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from audits.audit.helping import log
from audits.audit.helping.errors import CodesLocked, NoSuchCode, NotACode, NotNow
from audits.audit.helping.sessions import end_over, session_for, session_of
from audits.audit.typed_digits import digits_of
from audits.models import HelpCode, Helper, HelperRole, Helpline, HelpSession, LoggedBy, LogKind, Person
from audits.models.sealing import lookup_key

DIGITS = 8
MINUTES = 10
LONGEST_TYPED = 40
# A Helper who mistypes is not stopped; one who guesses is, long before a guess could be right.
MISSES_IN_A_ROW = 5
PAUSE_MINUTES = 15
MISSES_A_DAY = 20


def make(person: Person, helpline: Helpline) -> HelpCode:
    """A new code; the one before opens nothing any more. Raises NotNow in a session, or for a closed helpline."""
    if helpline.closed_at is not None or session_of(person) is not None:
        raise NotNow
    now = timezone.now()
    with transaction.atomic():
        list(Person.objects.select_for_update().filter(pk=person.pk))  # one code a Person, from however many windows
        HelpCode.objects.filter(person=person).delete()
        digits = _unused(helpline)
        code = HelpCode(person=person, helpline=helpline, made_at=now, ends_at=now + timedelta(minutes=MINUTES))
        code.code_key, code.digits = code_key(helpline.pk, digits), digits
        code.save()
    return code


def _unused(helpline: Helpline) -> str:
    while True:
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        if not HelpCode.objects.filter(code_key=code_key(helpline.pk, digits)).exists():
            return digits


def code_of(person: Person) -> HelpCode | None:
    """The code in flight, while it can be used. One query."""
    found = HelpCode.objects.select_related("helpline").filter(person=person, ends_at__gt=timezone.now())
    return found.first()


def drop(person: Person) -> None:
    HelpCode.objects.filter(person=person).delete()


def redeem(helper: Helper, typed: str) -> HelpSession:
    """The session that waits for its Person's yes. A code is used up here, whatever the Person then says.

    Raises NotACode, NoSuchCode, CodesLocked, NotNow. Only NoSuchCode counts as a wrong try.
    """
    digits = read(typed)
    with transaction.atomic():
        locked = Helper.objects.select_for_update(of=("self",)).select_related("helpline").get(pk=helper.pk)
        refuse_locked(locked)
        if not digits:
            raise NotACode
        session = _begin(locked, digits)
        if session is None:
            _count_miss(locked)
    if session is None:
        raise NoSuchCode
    return session


def _begin(helper: Helper, digits: str) -> HelpSession | None:
    line = helper.helpline
    if line is None or line.closed_at is not None or helper.role != HelperRole.HELPER or helper.ended_at is not None:
        raise NotNow
    if session_for(helper) is not None:
        raise NotNow
    now = timezone.now()
    found = HelpCode.objects.filter(code_key=code_key(line.pk, digits), ends_at__gt=now)
    person_id = found.values_list("person", flat=True).first()
    if person_id is None:
        return None
    list(Person.objects.select_for_update(no_key=True).filter(pk=person_id))  # before the code, as `make` does
    used, _ = found.delete()
    if not used:
        return None
    _end_what_is_over(helper, person_id)
    try:
        with transaction.atomic():
            session = HelpSession.objects.create(
                person_id=person_id, helpline=line, helper=helper, asked_at=now, touched_at=now
            )
    except IntegrityError as error:
        raise NotNow from error
    Person.objects.filter(pk=person_id).update(help_session=session)
    log.write(session, LogKind.ASKED, LoggedBy.HELPER)
    return session


def _end_what_is_over(helper: Helper, person_id: int) -> None:
    """Sessions whose time ran out, where no worker has written it down yet, are in nobody's way."""
    end_over(HelpSession.objects.filter(helper=helper) | HelpSession.objects.filter(person=person_id))


def refuse_locked(helper: Helper) -> None:
    """Raises CodesLocked."""
    if helper.code_locked_at is not None:
        raise CodesLocked(None)
    if helper.code_locked_until is not None and timezone.now() < helper.code_locked_until:
        raise CodesLocked(helper.code_locked_until)


def _count_miss(helper: Helper) -> None:
    now = timezone.now()
    if helper.code_misses_since is None or now - helper.code_misses_since > timedelta(days=1):
        helper.code_misses, helper.code_misses_since = 0, now
    helper.code_misses += 1
    if helper.code_misses % MISSES_IN_A_ROW == 0:
        helper.code_locked_until = now + timedelta(minutes=PAUSE_MINUTES)
    if helper.code_misses >= MISSES_A_DAY:
        helper.code_locked_at = now
    helper.save(update_fields=["code_misses", "code_misses_since", "code_locked_until", "code_locked_at"])


def unlock(helper: Helper) -> None:
    """By a lead, who has spoken with the Helper."""
    nothing: dict[str, datetime | int | None] = {
        "code_misses": 0,
        "code_misses_since": None,
        "code_locked_until": None,
        "code_locked_at": None,
    }
    Helper.objects.filter(pk=helper.pk).update(**nothing)


def code_key(helpline_id: int, digits: str) -> str:
    return lookup_key("help code", str(helpline_id), digits)


def read(typed: str) -> str:
    """The digits that somebody typed: in groups, with dashes, in the digits of another script. "" when not a code."""
    return digits_of(typed, DIGITS, LONGEST_TYPED)


def groups(digits: str) -> tuple[str, str]:
    """As they are read out: two groups of four."""
    return digits[:4], digits[4:]
