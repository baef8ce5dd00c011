"""Who can see the calendars that the Person manages.

Two permissions are needed: one for the list of calendars, one for who can see each of them (`calendar.readonly` does
not do for the second). https://developers.google.com/workspace/calendar/api/v3/reference/acl/list
All of it is read live every time. Google's sync tokens would save no call, as there is one for each calendar either
way, and what is built on them carries an older date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from audits.facts import CalendarAccess
from audits.sources.google import call, values
from audits.sources.google.batch import MOST_PARTS, fetch_many
from audits.sources.google.documents import CALENDAR, JsonObject, service
from audits.sources.google.errors import Forbidden, GoogleFault, IncompleteList, NoService, Unreadable
from audits.sources.google.scopes import CALENDAR_ACLS, CALENDAR_LIST
from audits.sources.google.source import GoogleSource, Reading
from audits.sources.google.values import Record

PAGE_SIZE = 250  # Google's largest
MOST_LIST_PAGES = 4
MOST_RULE_PAGES = 20
_ROLES = frozenset({"none", "freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", "owner"})
_KINDS = frozenset({"default", "user", "group", "domain"})


def read(reading: Reading) -> None:
    """Calendars are read page by page, so that a page that fails takes nothing from those before it."""
    try:
        for page in _pages(reading):
            _read_page(reading, page)
    except Forbidden as fault:
        if fault.reason == "notACalendarUser":
            raise NoService(fault.detail) from fault
        raise


def _pages(reading: Reading) -> Iterator[JsonObject]:
    """Hidden calendars are asked for too: who can see a calendar does not depend on where the Person shows it."""
    calendars = service(CALENDAR, reading.session.root(CALENDAR)).calendarList()

    def request(token: str | None) -> Any:
        fields = "kind,nextPageToken,items(id,summary,primary,deleted)"
        return calendars.list(
            minAccessRole="owner", showHidden=True, maxResults=PAGE_SIZE, pageToken=token, fields=fields
        )

    return call.pages(reading.session, request, "calendar#calendarList", most=MOST_LIST_PAGES)


def _read_page(reading: Reading, page: JsonObject) -> None:
    entries = values.records(page, "items")
    reading.answered = True
    if not entries:  # whoever uses Google Calendar manages at least their own
        reading.falls_short(IncompleteList("no calendar"))
    own = {reading.ask.email.lower()}
    names: dict[str, str] = {}
    for entry in entries:
        try:
            _note(values.record(entry), names, own)
        except Unreadable as fault:
            reading.falls_short(fault)
    ids = list(names)
    for start in range(0, len(ids), MOST_PARTS):
        _read_rules(reading, {one: names[one] for one in ids[start : start + MOST_PARTS]}, own)


def _note(entry: Record, names: dict[str, str], own: set[str]) -> None:
    calendar_id = values.identity(entry, "id")
    if values.true_or_false_if_said(entry, "primary"):
        own.add(calendar_id.lower())
    if not values.true_or_false_if_said(entry, "deleted"):
        names[calendar_id] = values.name(entry, "summary")


def _read_rules(reading: Reading, names: Mapping[str, str], own: set[str]) -> None:
    requests = {calendar_id: _rules_of(reading, calendar_id, None) for calendar_id in names}
    answers = fetch_many(reading.session, CALENDAR, requests, "calendar#acl")
    for calendar_id, name in names.items():
        try:
            for rule in _all_rules(reading, calendar_id, answers[calendar_id]):
                _take(reading, calendar_id, name, rule, own | {calendar_id.lower()})
        except GoogleFault as fault:
            reading.falls_short(fault)


def _all_rules(reading: Reading, calendar_id: str, first: JsonObject | GoogleFault) -> Iterator[Any]:
    """Every rule of one calendar. Raises GoogleFault after those that were good."""
    if isinstance(first, GoogleFault):
        raise first
    rules = values.records(first, "items")
    if not rules:  # its owner always stands there
        raise Unreadable("a calendar without an owner")
    yield from rules
    token = call.next_token(first)
    for page in _further_pages(reading, calendar_id, token) if token else ():
        yield from values.records(page, "items")


def _further_pages(reading: Reading, calendar_id: str, token: str) -> Iterator[JsonObject]:
    return call.pages(
        reading.session,
        lambda at: _rules_of(reading, calendar_id, at),
        "calendar#acl",
        token=token,
        most=MOST_RULE_PAGES,
    )


def _rules_of(reading: Reading, calendar_id: str, token: str | None) -> Any:
    rules = service(CALENDAR, reading.session.root(CALENDAR)).acl()
    fields = "kind,nextPageToken,items(role,scope)"
    return rules.list(calendarId=calendar_id, maxResults=PAGE_SIZE, pageToken=token, fields=fields)


def _take(reading: Reading, calendar_id: str, name: str, rule: object, own: set[str]) -> None:
    try:
        role, kind, address = _rule(values.record(rule))
    except Unreadable as fault:
        reading.falls_short(fault)
        return
    ours = address in own if kind == "user" else kind == "domain" and address == reading.ask.hosted_domain.lower()
    if role == "none" or ours:
        return
    reading.take(partial(_fact, reading, calendar_id, name, role, kind, address))


def _rule(rule: Record) -> tuple[str, str, str]:
    """Role, kind and address. Only a public calendar has no address."""
    scope = values.record(rule.get("scope"))
    kind = values.word(scope, "type", _KINDS)
    address = values.address(scope, "value")
    if kind != "default" and not address:
        raise Unreadable("scope without an address")
    return values.word(rule, "role", _ROLES), kind, "" if kind == "default" else address


def _fact(
    reading: Reading, calendar_id: str, name: str, role: str, kind: str, address: str
) -> tuple[str, CalendarAccess]:
    named = {one.strip().lower() for one in reading.ask.named_people}
    fact = CalendarAccess(
        **reading.stamp,
        calendar_id=calendar_id,
        calendar=name,
        kind="public" if kind == "default" else kind,
        role=role,
        address=address,
        named=address in named,
    )
    return f"{calendar_id} {kind} {address}", fact


SOURCE = GoogleSource(
    name="calendar_sharing",
    scopes=(CALENDAR_LIST, CALENDAR_ACLS),
    all_scopes=True,
    calls=("calendar.calendarList.list", "calendar.acl.list"),
    read=read,
)
