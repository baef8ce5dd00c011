"""Disconnecting one account, closing one look, deleting everything. What is ours goes first and at once; then Google
is asked. So nothing of ours hangs on whether Google answers, and a crash in between leaves only tokens that wait.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from audits.accounts.grants import mark
from audits.accounts.looks import ADMINISTRATOR, EXPORTS, Look, LookState, sources_to_forget
from audits.accounts.timeline import Happened, note
from audits.audit import exporting, picking, revocations, work
from audits.audit.forget import forget_sources
from audits.audit.helping.account_goes import close_account
from audits.audit.helping.sessions import erase
from audits.audit.schedule import follow_accounts
from audits.models import (
    AdministratorLook,
    AnswerToItem,
    Connection,
    Export,
    Item,
    Person,
    PhotoPick,
    RateCount,
    WaitingRevocation,
    WaitState,
)
from privacy_audit.security.limits import keys_of_person

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Farewell:
    """What became of our permissions at Google."""

    ended: int = 0
    waiting: int = 0
    unknown: int = 0  # accounts for which we held no token any more: only the Person can look at Google


def close_look(connection: Connection, look: Look) -> None:
    """Stop using a look and delete what came from it. Google cannot take back one scope alone."""
    with transaction.atomic():
        locked = Connection.objects.select_for_update().get(pk=connection.pk)
        left: list[picking.AtGoogle] = []
        ended: list[exporting.Ended] = []
        if look.id == ADMINISTRATOR:
            AdministratorLook.objects.filter(connection=locked).delete()
        elif look.id == "photos":
            left = picking.forget(PhotoPick.objects.filter(connection=locked))
        elif look.id == EXPORTS:
            ended = exporting.forget(Export.objects.filter(connection=locked))
        else:
            locked.closed = sorted(({*locked.closed, *look.scopes}) & {*locked.granted})
        mark(locked, look, LookState.CLOSED)
        locked.save(update_fields=["closed", "look_marks"])
        note(locked.person, Happened.LOOK_CLOSED, locked, look.id)
    forget_sources(locked, sources_to_forget(look, locked))
    picking.tell_google(left)
    exporting.end_permissions(ended)


def reopen(connection: Connection, look: Look) -> bool:
    """Open a look that was closed here while Google still allows it. False when Google must be asked."""
    with transaction.atomic():
        locked = Connection.objects.select_for_update().get(pk=connection.pk)
        if not frozenset(look.scopes) <= frozenset(locked.granted) or not locked.refresh_token:
            return False
        locked.closed = sorted({*locked.closed} - {*look.scopes})
        mark(locked, look, LookState.OPEN)
        locked.save(update_fields=["closed", "look_marks"])
        note(locked.person, Happened.LOOK_OPENED, locked, look.id)
    return True


def disconnect(connection: Connection) -> Farewell:
    """Delete all that came from this account and end our permission at Google."""
    person = connection.person
    with transaction.atomic():
        stop_looking(person)
        close_account(person, connection)
        choosing = picking.open_at_google([connection])
        waiting = take_tokens(connection)
        forget_answers(connection)
        connection.delete()
        note(person, Happened.DISCONNECTED)
        follow_accounts(person)
    picking.tell_google(choosing)
    return ask_google(waiting, accounts=1)


def delete_everything(person: Person) -> Farewell:
    """Delete every row of this Person, and end our permissions at Google. Needs neither Google nor Redis."""
    with transaction.atomic():
        list(Person.objects.select_for_update().filter(pk=person.pk))  # no look begins by itself in the meantime
        connections = list(Connection.objects.filter(person=person))
        choosing = picking.open_at_google(connections)
        waiting = [token for connection in connections for token in take_tokens(connection)]
        erase(person)
        RateCount.objects.filter(key__in=keys_of_person(person.pk)).delete()
        end_sessions(person.pk)
        person.delete()
    logger.info("a person deleted everything")
    picking.tell_google(choosing)
    return ask_google(waiting, accounts=len(connections))


def stop_looking(person: Person) -> None:
    audit = work.active_audit(person)
    if audit is not None:
        work.cancel(audit)


def take_tokens(connection: Connection) -> list[WaitingRevocation]:
    """Our permissions for this account, ready to be ended: the lasting one, of administrator looks, of copies."""
    sub, found = connection.sub, []
    if token := connection.refresh_token or connection.access_token:
        found.append(revocations.begin(token, sub, settings.GOOGLE_CLIENT_ID))
    for look in AdministratorLook.objects.filter(connection=connection):
        found.append(revocations.begin(look.access_token, sub, settings.GOOGLE_ADMIN_CLIENT_ID))
    for export in Export.objects.filter(connection=connection, state=WaitState.WAITING):
        if one := exporting.take_token(export):
            found.append(one)
    return found


def forget_answers(connection: Connection) -> None:
    """Answers hang on the Person, so that they outlive findings. With the account they go too."""
    here = Item.objects.filter(finding__connection=connection).values("key")
    elsewhere = Item.objects.filter(person=connection.person).exclude(finding__connection=connection).values("key")
    answers = AnswerToItem.objects.filter(person=connection.person)
    if not Connection.objects.filter(person=connection.person).exclude(pk=connection.pk).exists():
        answers.delete()
        return
    answers.filter(item_key__in=here).exclude(item_key__in=elsewhere).delete()


def end_sessions(person_id: int) -> None:
    """Sessions do not name their person in a column, so each is opened. Runs only when somebody leaves for good."""
    for session in Session.objects.all().iterator():
        if session.get_decoded().get("_auth_user_id") == str(person_id):
            session.delete()


def ask_google(tokens: Iterable[WaitingRevocation], *, accounts: int) -> Farewell:
    """One try now, while the person waits; what Google does not answer is tried again later."""
    waiting = list(tokens)
    done = 0
    for token in waiting:
        if not revocations.try_one(token):
            break  # Google does not answer: the others wait too, rather than the person
        done += 1
    return Farewell(ended=done, waiting=len(waiting) - done, unknown=max(accounts - len(waiting), 0))
