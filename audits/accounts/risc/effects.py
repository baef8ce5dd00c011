"""What an event does here. Google's table of responses: https://developers.google.com/identity/protocols/risc

Nothing here says what may be behind an event, and no event says whether 2-step sign-in is on.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db.models import F, QuerySet

from audits.accounts.grants import sub_key
from audits.accounts.risc.events import HASHED_TWICE, PREFIX, Event, Kind
from audits.accounts.risc.token import EventToken
from audits.accounts.timeline import Happened, note
from audits.audit import exporting, revocations
from audits.audit.helping.sessions import caller_leaves
from audits.audit.schedule import follow_accounts
from audits.models import AdministratorLook, Connection, ConnectionState, Export, Person, PhotoPick, WaitState

T = TypeVar("T", AdministratorLook, Export, PhotoPick)
CLOCKS_MAY_DIFFER = timedelta(seconds=5)
TOLD_BY_GOOGLE = "told_by_google"
_PREFIX_LENGTH = 16  # characters of a refresh token, in the shorter of Google's two forms

_NOTED = {
    Kind.SESSIONS_REVOKED: Happened.GOOGLE_ENDED_SESSIONS,
    Kind.TOKENS_REVOKED: Happened.GOOGLE_ENDED_ACCESS,
    Kind.TOKEN_REVOKED: Happened.GOOGLE_ENDED_ACCESS,
    Kind.DISABLED: Happened.GOOGLE_DISABLED,
    Kind.ENABLED: Happened.GOOGLE_ENABLED,
    Kind.CREDENTIAL_CHANGE: Happened.GOOGLE_ASKS_FOR_CHANGE,
    Kind.PURGED: Happened.GOOGLE_PURGED,
}
_OF_TOKENS = frozenset({Kind.TOKENS_REVOKED, Kind.TOKEN_REVOKED})
_ALWAYS_ENDS_SESSIONS = frozenset({Kind.SESSIONS_REVOKED, Kind.PURGED, *_OF_TOKENS})


def act(event: Event, token: EventToken) -> Person | None:
    """Do what this event asks. Returns the Person it is about. Call it in the transaction that stores the event."""
    connection = _connection_of(event)
    if connection is None or event.kind not in _NOTED:
        return None
    if _before(token.issued_at, connection.created_at):
        return None  # about an earlier connection of this account, which the Person has ended since
    if event.kind in _OF_TOKENS and settings.GOOGLE_CLIENT_ID not in token.clients:
        _drop_of_other_clients(connection, token)
        return connection.person
    drops = _ends_access(event) and not _before(token.issued_at, connection.granted_at)
    if drops:
        _drop_tokens(connection, token.issued_at)
    if event.kind in _ALWAYS_ENDS_SESSIONS or event.hijacking:
        end_sessions(connection.person)
    happened = Happened.GOOGLE_DISABLED_ENDED if event.hijacking and drops else _NOTED[event.kind]
    note(connection.person, happened, connection, on=token.issued_at)
    return connection.person


def _ends_access(event: Event) -> bool:
    return event.kind in _OF_TOKENS or event.kind is Kind.PURGED or event.hijacking


def end_sessions(person: Person) -> None:
    """Every session carries a hash of this number, so no session is valid any more (see Person)."""
    caller_leaves(person)
    Person.objects.filter(pk=person.pk).update(session_round=F("session_round") + 1)


def _before(issued_at: datetime, moment: datetime | None) -> bool:
    return moment is not None and issued_at < moment - CLOCKS_MAY_DIFFER


def _connection_of(event: Event) -> Connection | None:
    """Locked, so that a Person who connects again at this moment keeps what they bring."""
    connections = Connection.objects.select_for_update(of=("self",)).select_related("person")
    if event.sub:
        return connections.filter(sub_key=sub_key(event.sub)).first()
    holder = _holder_of(event) if event.kind is Kind.TOKEN_REVOKED else None
    return connections.filter(pk=holder).first() if holder else None


def _holder_of(event: Event) -> int | None:
    """Whose refresh token this is. Tokens are sealed, so each is opened; two that fit are none."""
    held = Connection.objects.exclude(refresh_token_sealed=None).only("pk", "person_id", "refresh_token_sealed")
    found = [one.pk for one in held.iterator() if _is_the_token(one.refresh_token, event)]
    return found[0] if len(found) == 1 else None


def _is_the_token(token: str | None, event: Event) -> bool:
    if not token or not event.token:
        return False
    if event.form == PREFIX:
        return len(event.token) == _PREFIX_LENGTH and token.startswith(event.token)
    return event.form == HASHED_TWICE and _hashed_twice(token) == _one_alphabet(event.token)


def _hashed_twice(token: str) -> str:
    digest = hashlib.sha512(hashlib.sha512(token.encode()).digest()).digest()
    return _one_alphabet(base64.b64encode(digest).decode())


def _one_alphabet(base64_text: str) -> str:
    """Google does not say which of the two base64 alphabets it uses."""
    return base64_text.rstrip("=").replace("-", "+").replace("_", "/")


def _drop_of_other_clients(connection: Connection, token: EventToken) -> None:
    """The administrator look and exports have OAuth clients, and permissions, of their own."""
    if settings.GOOGLE_ADMIN_CLIENT_ID in token.clients:
        _drop_administrator_looks(connection, token.issued_at)
    if settings.GOOGLE_PORTABILITY_CLIENT_ID in token.clients:
        _drop_exports(connection, token.issued_at)


def _drop_tokens(connection: Connection, issued_at: datetime) -> None:
    """Nothing that could ask Google about this account is kept. What was seen before stays."""
    connection.access_token = connection.refresh_token = connection.access_expires_at = None
    connection.state, connection.state_why = ConnectionState.NEEDS_RECONNECTING, TOLD_BY_GOOGLE
    connection.save(
        update_fields=["access_token_sealed", "refresh_token_sealed", "access_expires_at", "state", "state_why"]
    )
    follow_accounts(connection.person)
    _older(PhotoPick, connection, issued_at).filter(state=WaitState.WAITING).delete()
    _drop_administrator_looks(connection, issued_at)
    _drop_exports(connection, issued_at)


def _drop_administrator_looks(connection: Connection, issued_at: datetime) -> None:
    for look in _older(AdministratorLook, connection, issued_at):
        revocations.begin_for_look(look)
        look.delete()


def _drop_exports(connection: Connection, issued_at: datetime) -> None:
    for export in _older(Export, connection, issued_at).filter(state=WaitState.WAITING):
        exporting.take_token(export)
        export.delete()


def _older(model: type[T], connection: Connection, issued_at: datetime) -> QuerySet[T]:
    """What was begun before this event. We end such permissions ourselves too, and Google tells us of that as well."""
    return model._default_manager.filter(connection=connection, created_at__lte=issued_at + CLOCKS_MAY_DIFFER)
