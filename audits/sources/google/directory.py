"""What an administrator of a work or school account may read. Always with the token of one audit only.

Google would answer about everybody in the organisation. We ask about the account that asks, and about nobody else:
every call names its own address (`own_key`).

A member who is not an administrator gets 403 with the reason word `forbidden`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial, wraps
from typing import Any

from audits.facts import AccountBasics, AppPassword, ConnectedApp, TwoStep
from audits.sources.google import call, values
from audits.sources.google.documents import DIRECTORY, service
from audits.sources.google.errors import Forbidden, NotAdministrator, NotFound, Unreadable
from audits.sources.google.scopes import DIRECTORY_SECURITY, DIRECTORY_USER
from audits.sources.google.source import GoogleSource, Reading

_MOST_SCOPES = 200
_MOST_ALIASES = 200
_LONGEST_PHONE = 40
_WHOLE_DRIVE = frozenset(
    {
        "https://www.googleapis.com/auth/drive",
        "https://www.googleapis.com/auth/drive.readonly",
        "https://docs.google.com/feeds",
        "https://docs.google.com/feeds/",
    }
)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def for_administrators(read: Callable[[Reading], None]) -> Callable[[Reading], None]:
    @wraps(read)
    def reading_as_administrator(reading: Reading) -> None:
        try:
            read(reading)
        except Forbidden as fault:
            if fault.reason == "forbidden":
                raise NotAdministrator(fault.detail) from fault
            raise

    return reading_as_administrator


@for_administrators
def read_user(reading: Reading) -> None:
    """A missing answer about 2-step sign-in is unknown: Google leaves it out for those who may not see it."""
    fields = (
        "kind,isEnrolledIn2Sv,isEnforcedIn2Sv,isAdmin,suspended,lastLoginTime,"
        "recoveryEmail,recoveryPhone,aliases,nonEditableAliases"
    )
    request = _client(reading).users().get(userKey=own_key(reading), fields=fields)
    user = call.fetch(reading.session, request, "admin#directory#user")
    reading.answered = True
    reading.take(partial(_two_step, reading, user))
    reading.take(partial(_basics, reading, user))


@for_administrators
def read_apps(reading: Reading) -> None:
    fields = "kind,items(clientId,displayText,scopes,anonymous,nativeApp)"
    request = _client(reading).tokens().list(userKey=own_key(reading), fields=fields)
    for item in _items(reading, request, "admin#directory#tokenList"):
        reading.take(partial(_app, reading, item))


@for_administrators
def read_app_passwords(reading: Reading) -> None:
    fields = "kind,items(codeId,name,creationTime,lastTimeUsed)"
    request = _client(reading).asps().list(userKey=own_key(reading), fields=fields)
    for item in _items(reading, request, "admin#directory#aspList"):
        reading.take(partial(_app_password, reading, item))


def own_key(reading: Reading) -> str:
    """The address of the account that asks: the only one that a call of ours may name. "all" is none."""
    address = reading.ask.email
    if "@" not in address:
        raise NotFound("no address of our own")
    return address


def _client(reading: Reading) -> Any:
    return service(DIRECTORY, reading.session.root(DIRECTORY))


def _items(reading: Reading, request: Any, kind: str) -> list[Any]:
    """The Directory leaves an empty list out altogether; `kind` tells that from an answer that is not one."""
    answer = call.fetch(reading.session, request, kind)
    return reading.whole_list({"items": [], **answer}, "items")


def _two_step(reading: Reading, user: values.Record) -> tuple[str, TwoStep]:
    enrolled = values.true_or_false(user, "isEnrolledIn2Sv")
    enforced = values.true_or_false_if_said(user, "isEnforcedIn2Sv")
    return "two step", TwoStep(**reading.stamp, enrolled=enrolled, enforced=enforced)


def _basics(reading: Reading, user: values.Record) -> tuple[str, AccountBasics]:
    last = values.moment(user, "lastLoginTime")
    fact = AccountBasics(
        **reading.stamp,
        is_admin=values.true_or_false(user, "isAdmin"),
        suspended=values.true_or_false_if_said(user, "suspended"),
        last_sign_in_at=None if last == _NEVER else last,
        recovery_email=values.address(user, "recoveryEmail"),
        recovery_phone=values.text_if_said(user, "recoveryPhone")[:_LONGEST_PHONE],
        aliases=_aliases(user),
    )
    return "basics", fact


def _aliases(user: values.Record) -> tuple[str, ...]:
    """Further addresses of the account. Google makes the ones that nobody can edit, and leaves empty lists out."""
    found = [one for key in ("aliases", "nonEditableAliases") if key in user for one in values.records(user, key)]
    if len(found) > _MOST_ALIASES:
        raise Unreadable("more aliases than an account can have")
    return tuple(dict.fromkeys(values.address({"alias": one}, "alias") for one in found))


def _app(reading: Reading, item: object) -> tuple[str, ConnectedApp]:
    """Apps that are not registered with Google share one client id, so the name belongs to the identity."""
    token = values.record(item)
    client_id = values.identity(token, "clientId")
    scopes = _scopes(token)
    fact = ConnectedApp(
        **reading.stamp,
        app_id=client_id,
        name=values.name(token, "displayText"),
        via="directory",
        drive_wide=not _WHOLE_DRIVE.isdisjoint(scopes),
        authorized=True,
        installed=False,
        scopes=scopes,
        anonymous=values.true_or_false_if_said(token, "anonymous") or False,
        native=values.true_or_false_if_said(token, "nativeApp") or False,
    )
    return f"{client_id} {fact.name}", fact


def _scopes(token: values.Record) -> tuple[str, ...]:
    found = values.records(token, "scopes")
    if len(found) > _MOST_SCOPES or not all(isinstance(scope, str) and len(scope) <= 300 for scope in found):
        raise Unreadable("scopes are no list of texts")
    return tuple(values.tidy(scope, 300) for scope in found)


def _app_password(reading: Reading, item: object) -> tuple[str, AppPassword]:
    asp = values.record(item)
    code_id = str(values.whole_number(asp, "codeId"))
    fact = AppPassword(
        **reading.stamp,
        code_id=code_id,
        name=values.name(asp, "name"),
        created_at=values.epoch(asp, "creationTime"),
        last_used_at=values.epoch(asp, "lastTimeUsed"),
    )
    return code_id, fact


USER = GoogleSource(
    name="directory_user",
    scopes=(DIRECTORY_USER,),
    calls=("directory.users.get",),
    read=read_user,
    administrator=True,
)
APPS = GoogleSource(
    name="directory_apps",
    scopes=(DIRECTORY_SECURITY,),
    calls=("directory.tokens.list",),
    read=read_apps,
    administrator=True,
)
APP_PASSWORDS = GoogleSource(
    name="directory_app_passwords",
    scopes=(DIRECTORY_SECURITY,),
    calls=("directory.asps.list",),
    read=read_app_passwords,
    administrator=True,
)
