"""What the organisation's own log says about the account that asks: changes to its sign-in, warnings, apps let in.

The log goes back 180 days at most and may be late. Events and their parameters:
https://developers.google.com/workspace/admin/reports/v1/appendix/activity/login (user-accounts, token beside it).
A role that is missing is said by 401 with the bare word `authError`, or by 403 `forbidden`; both were seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from audits.facts import AccountEvent
from audits.sources.google import call, values
from audits.sources.google.directory import for_administrators, own_key
from audits.sources.google.documents import REPORTS as API
from audits.sources.google.documents import service
from audits.sources.google.errors import NeedsReconnecting, NotAdministrator, Unreadable
from audits.sources.google.scopes import REPORTS
from audits.sources.google.source import GoogleSource, Reading

GOES_BACK = timedelta(days=180)
PAGE_SIZE = 1000  # the most that Google gives
MOST_PAGES = 20
SAME_EVENT = timedelta(minutes=1)  # one change, written into two logs
FIELDS = "kind,nextPageToken,items(id/time,actor/email,events(name,parameters(name,value,boolValue)))"
_KINDS = ("admin#reports#activities", "reports#activities")  # as answers have it, as the document has it

# What happens every day, or was stopped before anything happened. A sign-in is kept when Google marked it.
ROUTINE = frozenset(
    {
        "login_success",
        "login_failure",
        "login_challenge",
        "login_verification",
        "logout",
        "risky_sensitive_action_allowed",
        "risky_sensitive_action_blocked",
        "blocked_sender",
    }
)
_NAMES = ("app_name", "email_forwarding_destination_address")


@for_administrators
def read_account(reading: Reading) -> None:
    """Google writes some changes into both logs; each is taken once."""
    for application in ("login", "user_accounts"):
        for found in _events(reading, application):
            if not _is_known(reading, found):
                reading.put(found.event_id, found)


@for_administrators
def read_apps(reading: Reading) -> None:
    """What apps did with their access is not asked for. Our own visits are left out."""
    credentials = (reading.ask.credentials, reading.ask.administrator)
    ours = {held.client_id for held in credentials if held is not None}
    for name in ("authorize", "revoke"):
        for found in _events(reading, "token", name):
            if found.app_id not in ours:
                reading.put(found.event_id, found)


def _is_known(reading: Reading, found: AccountEvent) -> bool:
    """Whether the other log has told of this already."""
    return any(
        isinstance(fact, AccountEvent)
        and fact.what == found.what
        and fact.application != found.application
        and abs(fact.at - found.at) <= SAME_EVENT
        for fact in reading.facts.values()
    )


def _events(reading: Reading, application: str, name: str | None = None) -> Iterator[AccountEvent]:
    for page in _pages(reading, application, name):
        if page.get("kind") not in _KINDS:
            raise Unreadable("200 of another kind")
        entries = values.records({"items": [], **page}, "items")
        reading.answered = True
        for entry in entries:
            yield from _events_in(reading, application, entry)


def _pages(reading: Reading, application: str, name: str | None) -> Iterator[dict[str, Any]]:
    activities = service(API, reading.session.root(API)).activities()
    since = (reading.ask.now() - GOES_BACK).astimezone(UTC)
    asked: dict[str, Any] = {
        "userKey": own_key(reading),
        "applicationName": application,
        "startTime": since.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "maxResults": PAGE_SIZE,
        "fields": FIELDS,
        **({"eventName": name} if name else {}),
    }
    try:
        yield from call.pages(
            reading.session, lambda token: activities.list(**asked, pageToken=token), None, most=MOST_PAGES
        )
    except NeedsReconnecting as fault:
        if fault.reasons == ("authError",):
            raise NotAdministrator(fault.detail) from fault
        raise


def _events_in(reading: Reading, application: str, entry: object) -> Iterator[AccountEvent]:
    """The events of one entry. One that cannot be read is missing, and said to be."""
    try:
        found = values.record(entry)
        _is_about_us(reading, found)
        happened = values.moment(values.record(found.get("id")), "time")
        if happened is None:
            raise Unreadable("an entry without a time")
        for event in values.records(found, "events"):
            if (fact := _fact(reading, application, happened, values.record(event))) is not None:
                yield fact
    except Unreadable as fault:
        reading.falls_short(fault)


def _is_about_us(reading: Reading, entry: values.Record) -> None:
    """Google was asked about one account. An entry that names another is not taken."""
    actor = values.address(values.record(entry.get("actor", {})), "email")
    if actor and actor != own_key(reading).lower():
        raise Unreadable("an entry of somebody else")


def _fact(reading: Reading, application: str, happened: datetime, event: values.Record) -> AccountEvent | None:
    """None for what happens every day."""
    what, parameters = values.identity(event, "name"), _parameters(event)
    marked = what == "login_success" and parameters.get("is_suspicious", {}).get("boolValue") is True
    if what in ROUTINE and not marked:
        return None
    app_id = values.identity(parameters.get("client_id", {}), "value") if application == "token" else ""
    names = (values.text_if_said(parameters[key], "value") for key in _NAMES if key in parameters)
    return AccountEvent(
        **reading.stamp,
        event_id=f"{what} {happened:%Y-%m-%dT%H:%M:%SZ} {app_id}".strip(),
        application=application,
        what=what,
        at=happened,
        name=next(names, ""),
        app_id=app_id,
    )


def _parameters(event: values.Record) -> dict[str, values.Record]:
    found = values.records({"parameters": [], **event}, "parameters")
    return {values.name(one, "name"): one for one in map(values.record, found)}


ACCOUNT = GoogleSource(
    name="reports_account",
    scopes=(REPORTS,),
    calls=("reports.activities.list",),
    read=read_account,
    administrator=True,
)
APPS = GoogleSource(
    name="reports_apps",
    scopes=(REPORTS,),
    calls=("reports.activities.list",),
    read=read_apps,
    administrator=True,
)
