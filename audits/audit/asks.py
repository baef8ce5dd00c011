"""Asks: all that one source may use, put together from what is kept about a Person and a Connection.

Tokens are added last, for sources that really ask Google; a dead grant is noticed and marked here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from audits.audit.records import unpack
from audits.audit.schedule import follow_accounts
from audits.facts import ItemKind, Rung, ToldAnswer, Why
from audits.models import (
    AdministratorLook,
    AnswerToCheck,
    Connection,
    ConnectionState,
    Export,
    NamedPerson,
    Person,
    PhotoPick,
    TimelineEntry,
    ToldItem,
    WaitState,
)
from audits.sources.contract import (
    Ask,
    Credentials,
    Exported,
    NamedRecord,
    Picked,
    RefreshedToken,
    SignInClaims,
    ToldRecord,
)
from audits.sources.google import oauth
from audits.sources.google.errors import GoogleFault, NeedsReconnecting
from audits.sources.google.http import Http

logger = logging.getLogger(__name__)

ENDS_SOON = timedelta(minutes=5)
MOST_ANSWERS = 1_000
MOST_NAMED = 2_000
MOST_ADDRESSES = 20


def build_ask(person: Person, connection: Connection | None) -> Ask:
    """All but the tokens: enough for sources that ask nobody but us.

    What the Person named is left out: a run keeps what it saw, and a name that is taken out shall be nowhere. It is put
    in when a check is judged (evidence.py).
    """
    told = tuple(told_records(answers_to_checks(person, connection)))
    if connection is None:
        return Ask(connection="", told=told, now=timezone.now)
    return Ask(
        connection=str(connection.public_id),
        email=connection.email or "",
        hosted_domain=connection.hosted_domain or "",
        granted=connection.usable_scopes,
        asked=frozenset(connection.asked) - frozenset(connection.closed),
        told=told,
        named_people=addresses_of(person),
        sign_in=sign_in_of(connection),
        picked=picked_in(connection),
        exported=exported_from(connection),
        now=timezone.now,
    )


def addresses_of(person: Person) -> tuple[str, ...]:
    """The addresses that the Person named, at most 20. A label without an address is asked nowhere."""
    named = NamedPerson.objects.filter(person=person, address_sealed__isnull=False)
    return tuple(one.address for one in named[:MOST_ADDRESSES])


def with_tokens(
    ask: Ask, connection: Connection | None, stopped: Callable[[], bool], *, by_itself: bool = False
) -> Ask:
    """The same Ask with live tokens. An old access token is renewed once here, not once in every source.

    `by_itself`: nobody asked for this audit at this moment, so it never looks as administrator.
    """
    if connection is None:
        return replace(ask, stopped=stopped)
    renew_when_due(connection)
    look = administrator_look(connection) if ask.hosted_domain and not by_itself else None
    return replace(
        ask,
        credentials=credentials_of(connection),
        administrator=administrator_credentials(look) if look else None,
        granted=ask.granted | frozenset(look.granted if look else ()),
        stopped=stopped,
    )


def renew_when_due(connection: Connection) -> None:
    """Renew the access token when it ends soon. A dead grant is marked; any other fault is left to the sources."""
    credentials = credentials_of(connection)
    if credentials is None or not credentials.refresh_token:
        return
    if credentials.access_token and (credentials.expires_at or timezone.now()) - timezone.now() > ENDS_SOON:
        return
    try:
        with Http() as http:
            refreshed = oauth.refresh(credentials, http)
    except NeedsReconnecting as fault:
        mark_dead(connection, fault.detail)
    except GoogleFault as fault:
        logger.info("a token was not renewed before the audit: %s", fault.detail)
    else:
        store_token(connection, refreshed)


def credentials_of(connection: Connection) -> Credentials | None:
    if connection.state != ConnectionState.WORKING or not (connection.access_token or connection.refresh_token):
        return None
    return Credentials(
        access_token=connection.access_token or "",
        expires_at=connection.access_expires_at,
        refresh_token=connection.refresh_token or "",
        client_id=settings.GOOGLE_CLIENT_ID,
        client_secret=settings.GOOGLE_CLIENT_SECRET,
    )


def administrator_look(connection: Connection) -> AdministratorLook | None:
    """The one-audit token, if it still lives."""
    return AdministratorLook.objects.filter(connection=connection, expires_at__gt=timezone.now()).last()


def administrator_credentials(look: AdministratorLook) -> Credentials:
    return Credentials(
        access_token=look.access_token,
        expires_at=look.expires_at,
        refresh_token="",
        client_id=settings.GOOGLE_ADMIN_CLIENT_ID,
        client_secret=settings.GOOGLE_ADMIN_CLIENT_SECRET,
    )


def sign_in_of(connection: Connection) -> SignInClaims | None:
    claims = connection.claims
    if not claims:
        return None
    return SignInClaims(
        amr=None if claims.get("amr") is None else tuple(claims["amr"]),
        auth_time=_moment(claims.get("auth_time")),
        received_at=_moment(claims.get("received_at")) or connection.created_at,
    )


def _moment(epoch: float | None) -> datetime | None:
    return None if epoch is None else datetime.fromtimestamp(epoch, UTC)


def answers_to_checks(person: Person, connection: Connection | None) -> list[AnswerToCheck]:
    """What the Person said of whole checks of this Connection, the newest first (at most 1,000)."""
    return list(AnswerToCheck.objects.filter(person=person, connection=connection)[:MOST_ANSWERS])


def newest_by_check(answers: Iterable[AnswerToCheck]) -> dict[str, AnswerToCheck]:
    """`answers` with the newest first."""
    newest: dict[str, AnswerToCheck] = {}
    for answer in answers:
        newest.setdefault(answer.check_id, answer)
    return newest


def told_records(answers: Iterable[AnswerToCheck]) -> Iterator[ToldRecord]:
    """The newest answer to each guided check, without those that something seen later overtook."""
    for answer in newest_by_check(one for one in answers if not one.overtaken).values():
        told = answer.told
        yield ToldRecord(
            check=answer.check_id,
            answer=ToldAnswer(told["answer"]),
            answered_at=answer.answered_at,
            rung=Rung(answer.rung),
        )


def told_items(person: Person, connection: Connection | None, check_id: str = "") -> list[ToldItem]:
    """What the Person named about this Connection, the newest 2,000; `check_id`: for this check alone."""
    rows = ToldItem.objects.filter(person=person, connection=connection).order_by("-named_at", "-pk")
    return list((rows.filter(check_id=check_id) if check_id else rows)[:MOST_NAMED])


def named_records(items: Iterable[ToldItem]) -> Iterator[NamedRecord]:
    for item in items:
        yield NamedRecord(
            check=item.check_id,
            thing=str(item.public_id),
            kind=ItemKind(item.kind),
            name=item.told["name"],
            named_at=item.named_at,
            rung=Rung(item.rung),
        )


def picked_in(connection: Connection) -> tuple[Picked, ...] | None:
    """What the Person ever chose in Google Photos, each photo as it was chosen last. None: they never set out.

    Rounds add up: a phone that was seen once is not gone because another photo was chosen this time.
    """
    rounds = list(PhotoPick.objects.filter(connection=connection)[:20])
    if not rounds:
        return None
    picked: dict[str, Picked] = {}
    for one in rounds:
        if one.state == WaitState.DONE and one.picked_at is not None:
            for found in one.found or ():
                picked.setdefault(found["photo_id"], _picked(found, one.picked_at))
    return tuple(picked.values())


def _picked(found: Mapping[str, Any], picked_at: datetime) -> Picked:
    return Picked(
        photo_id=found["photo_id"],
        taken_at=datetime.fromisoformat(found["taken_at"]),
        make=found["make"],
        model=found["model"],
        video=found["video"],
        picked_at=picked_at,
    )


def exported_from(connection: Connection) -> tuple[Exported, ...]:
    """The newest reading of each resource; without any, why there is none. One that is being made says *not yet*."""
    read: dict[str, Exported] = {}
    not_read: dict[str, Exported] = {}
    for one in Export.objects.filter(connection=connection)[:20]:
        facts = one.facts or {} if one.state != WaitState.WAITING else {}
        for resource, job in (one.jobs or {}).items():
            why = Why(job["why"]) if job["why"] else None
            if resource in facts:
                at = one.read_at or one.created_at
                found = Exported(resource=resource, read_at=at, why=why, facts=unpack(facts[resource]))
                read.setdefault(resource, found)
            else:
                found = Exported(resource=resource, read_at=one.created_at, why=why or Why.NOT_YET)
                not_read.setdefault(resource, found)
    return tuple({**not_read, **read}.values())


def store_token(connection: Connection, refreshed: RefreshedToken) -> None:
    connection.access_token = refreshed.access_token
    connection.access_expires_at = refreshed.expires_at
    Connection.objects.filter(pk=connection.pk, state=ConnectionState.WORKING).update(
        access_token_sealed=connection.access_token_sealed, access_expires_at=connection.access_expires_at
    )


def mark_dead(connection: Connection, detail: str) -> None:
    working = Connection.objects.filter(pk=connection.pk, state=ConnectionState.WORKING)
    connection.state = ConnectionState.NEEDS_RECONNECTING
    if working.update(state=connection.state, state_why=detail[:40], access_token_sealed=None):
        entry = TimelineEntry(person_id=connection.person_id, kind="needs_reconnecting", at=timezone.now())
        entry.values = {"connection": str(connection.public_id)}
        entry.save()
        follow_accounts(connection.person)
