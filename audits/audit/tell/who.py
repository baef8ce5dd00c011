"""By who: whom and what the Person named first, then the same findings gathered by people, apps, devices, passwords."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, F, Sum, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext

from audits.audit.named import DEVICE, Named, named_by
from audits.audit.situation import NOTHING, Said, said_from, situation_of
from audits.audit.tell.by_itself import told_of
from audits.audit.tell.devices import MOST_THINGS, Thing, device_row, devices_in, things_of
from audits.audit.tell.named_rows import named_keys, named_row
from audits.audit.tell.overview import account_names, applying, current_findings, overview_of
from audits.audit.tell.overview import groups as groups_of
from audits.audit.tell.party import is_about, party_name
from audits.audit.tell.reach import reach_text
from audits.audit.tell.rows import Found, mark_of, row_of
from audits.audit.tell.shapes import Mark, Page, PartyRow, WhoGroup, WhoList, WhoView
from audits.audit.tell.ways import Look, Looks
from audits.facts import CoverageState
from audits.models import Connection, Party, Person, Schedule, SourceRun

PARTY_CHECKS = frozenset(
    {
        "drive_wide_apps",
        "connected_apps",
        "app_passwords",
        "files_one_person",
        "open_files",
        "open_pictures",
        "pictures_with_location",
        "files_from_person",
        "shared_drives",
        "mail_forwarding",
        "phone_devices",
    }
)
SHORT = 12
ROWS_A_PAGE = 25
NAMED, DEVICES = "named", "devices"
PEOPLE = ("link", "user", "group", "domain")


class NoSuchGroup(Exception):
    """There is no group of this name."""


@dataclass(frozen=True)
class Sort:
    """One sort of party. `unseen` is said when there is none and not one of `sources` was read whole."""

    id: str
    name: str
    icon: str
    kinds: tuple[str, ...]
    sources: tuple[str, ...]
    check: str  # where to go on from when there is none
    unseen: str


def _sorts() -> tuple[Sort, ...]:
    return (
        Sort(
            "people",
            gettext("People"),
            "i-person",
            PEOPLE,
            ("drive_public", "drive_outsiders", "calendar_sharing"),
            "files_one_person",
            gettext("We could not see any people."),
        ),
        Sort(
            "apps",
            gettext("Apps"),
            "i-app",
            ("app",),
            ("drive_apps", "directory_apps"),
            "connected_apps",
            gettext("We could not see your apps."),
        ),
        Sort(
            DEVICES,
            gettext("Devices"),
            "i-device",
            (),
            (),
            "photo_backup_devices",
            gettext("We could not see your devices."),
        ),
        Sort(
            "passwords",
            gettext("App passwords"),
            "i-key",
            ("password",),
            ("directory_app_passwords",),
            "app_passwords",
            gettext("We could not see your app passwords."),
        ),
    )


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What this view is made of. `parties`: rows by their key, of the named addresses and of those in view."""

    person: Person
    connections: Sequence[Connection]
    found: Sequence[Found]
    looks: Looks
    listed: Sequence[Named]
    things: Sequence[Thing]
    parties: Mapping[str, Sequence[Party]]
    young: bool = False


def by_who(person: Person, skip: str = "") -> WhoView:
    """Five groups, each bounded: the furthest reach first, the rest counted. A constant number of queries."""
    current = current_findings(person)
    found, connections, listed = applying(current), list(Connection.objects.filter(person=person)), named_by(person)
    names, own = account_names(connections), _keys_of(person, listed)
    rest = groups_of([row_of(one.finding, one.check, names) for one in found if _elsewhere(one)])
    said, schedule = _chosen(person)
    overview = overview_of(person, connections, current, rest, skip, news=False, said=said)
    ranked = list(_ranked(person, own).filter(rank__lte=SHORT))
    seen = Gathered(
        person=person,
        connections=connections,
        found=found,
        looks=_looks(person),
        listed=listed,
        things=things_of(person, found),
        parties=_rows_of(person, [*own, *(one["key"] for one in ranked)]),
        young=overview.young,
    )
    groups = tuple(_group(sort, ranked, seen) for sort in _sorts())
    return WhoView(
        overview=overview,
        groups=(_named_group(seen), *groups) if listed else groups,
        by_itself=told_of(schedule, person),
    )


def _chosen(person: Person) -> tuple[Said, Schedule | None]:
    """What the Person said, and when they want us to look by ourselves. One query."""
    row = Person.objects.select_related("situation", "schedule").get(pk=person.pk)
    kept, schedule = getattr(row, "situation", None), getattr(row, "schedule", None)
    return said_from(kept.said) if kept else NOTHING, schedule


def _elsewhere(one: Found) -> bool:
    """True for what no party above stands for: it is sorted by its mark, so that nothing is hidden in this view.

    A look that rests on the Person's word alone has no items, so no party stands for it.
    """
    stands_above = one.check.id in PARTY_CHECKS and one.finding.item_count > 0
    return mark_of(one.finding) is not Mark.LOOK or not stands_above


def _keys_of(person: Person, listed: Iterable[Named]) -> list[str]:
    """Keys of the parties that stand for the addresses in the list."""
    return [key for one in listed for key in named_keys(person, one)]


def _ranked(person: Person, without: Collection[str]) -> Any:
    """The parties of each sort, once for all accounts: {"sort", "key", "rank" from 1, "total" of this sort}."""
    sort = Case(
        *(When(kind__in=one.kinds, then=Value(one.id)) for one in _sorts() if one.kinds),
        output_field=CharField(),
    )
    parties = Party.objects.filter(person=person).exclude(key__in=without).order_by()
    keys = parties.annotate(sort=sort).values("sort", "key").annotate(heavy=Sum("weight"))
    return keys.annotate(
        rank=Window(RowNumber(), partition_by=F("sort"), order_by=[F("heavy").desc(), "key"]),
        total=Window(Count("*"), partition_by=F("sort")),
    )


def _rows_of(person: Person, keys: Collection[str]) -> Mapping[str, Sequence[Party]]:
    rows: dict[str, list[Party]] = {}
    for row in Party.objects.filter(person=person, key__in=keys):
        rows.setdefault(row.key, []).append(row)
    return rows


def _looks(person: Person) -> Looks:
    """What each source last managed for each account. One query, without what was seen."""
    runs = SourceRun.objects.filter(person=person, current=True)
    columns = runs.values_list("connection_id", "source", "state", "why", "seen_at")
    return {(owner, source): Look(state=state, why=why, seen_at=at) for owner, source, state, why, at in columns}


def _group(sort: Sort, ranked: Sequence[Mapping[str, Any]], seen: Gathered) -> WhoGroup:
    rows, total = _devices(seen) if sort.id == DEVICES else _parties(sort, ranked, seen)
    looks = next((one for one in seen.found if one.check.id == sort.check), None)
    return WhoGroup(
        id=sort.id,
        name=sort.name,
        icon=sort.icon,
        rows=tuple(rows),
        total=total,
        none_text="" if rows else _none_text(sort, seen),
        none_finding=looks.finding.public_id if looks and not rows else None,
    )


def _parties(sort: Sort, ranked: Sequence[Mapping[str, Any]], seen: Gathered) -> tuple[list[PartyRow], int]:
    mine = sorted((one for one in ranked if one["sort"] == sort.id), key=lambda one: one["rank"])
    names = account_names(seen.connections)
    rows = [party_row(seen.parties[one["key"]], names) for one in mine if one["key"] in seen.parties]
    return rows, mine[0]["total"] if mine else 0


def _devices(seen: Gathered) -> tuple[list[PartyRow], int]:
    """Without those that stand under a device in the list."""
    rest = _unlisted(seen.listed, seen.things)
    found = devices_in(seen.person, rest)
    return [device_row(one) for one in found[:SHORT]], len(found)


def _unlisted(listed: Iterable[Named], things: Iterable[Thing]) -> list[Thing]:
    devices = [one for one in listed if one.kind == DEVICE]
    return [thing for thing in things if not any(is_about(one, thing) for one in devices)]


def _named_group(seen: Gathered) -> WhoGroup:
    rows = _named_rows(seen, seen.listed[:SHORT])
    return WhoGroup(
        id=NAMED,
        name=_named_name(),
        icon="i-people",
        rows=rows,
        total=len(seen.listed),
        none_text="",
        none_finding=None,
    )


def _named_name() -> str:
    return gettext("People and devices in your list")


def _named_rows(seen: Gathered, listed: Iterable[Named]) -> tuple[PartyRow, ...]:
    return tuple(
        named_row(seen.person, one, seen.connections, seen.looks, seen.parties, seen.things, young=seen.young)
        for one in listed
    )


def _none_text(sort: Sort, seen: Gathered) -> str:
    """None was seen, or nobody could see: two things that must not be mixed up."""
    whole = {source for (_, source), look in seen.looks.items() if look.state == CoverageState.COMPLETE}
    if whole.isdisjoint(sort.sources):
        return sort.unseen
    if sort.id == "people" and any(one.addresses for one in seen.listed):
        return gettext("We saw nobody else in what we could look at.")
    return gettext("We saw none in what we could look at.")


def party_row(rows: Sequence[Party], accounts: Mapping[int, str]) -> PartyRow:
    content = rows[0].content
    return PartyRow(
        key=rows[0].key,
        kind=rows[0].kind,
        name=party_name(rows[0].kind, content["name"]),
        text=reach_text(rows, accounts),
    )


def all_of(person: Person, sort_id: str, number: int) -> WhoList:
    """A page of all parties of one group. Raises NoSuchGroup."""
    if sort_id == NAMED:
        return _all_named(person, number)
    sort = next((one for one in _sorts() if one.id == sort_id), None)
    if sort is None:
        raise NoSuchGroup(sort_id)
    if sort_id == DEVICES:
        return _all_devices(person, sort, number)
    connections, own = list(Connection.objects.filter(person=person)), _keys_of(person, named_by(person))
    parties = Party.objects.filter(person=person, kind__in=sort.kinds).exclude(key__in=own).order_by()
    page = _page(parties.aggregate(total=Count("key", distinct=True))["total"], number)
    ranks = (_first(page), _first(page) + ROWS_A_PAGE - 1)
    keys = [one["key"] for one in _ranked(person, own).filter(sort=sort_id, rank__range=ranks).order_by("rank")]
    rows = _rows_of(person, keys)
    names = account_names(connections)
    return WhoList(
        id=sort.id, name=sort.name, rows=tuple(party_row(rows[key], names) for key in keys if key in rows), page=page
    )


def _all_devices(person: Person, sort: Sort, number: int) -> WhoList:
    things = things_of(person, applying(current_findings(person)))
    found = devices_in(person, _unlisted(named_by(person), things))
    page = _page(len(found), number)
    full = gettext("These are the newest. There are more than we list here.") if len(things) == MOST_THINGS else ""
    rows = tuple(device_row(one) for one in found[_first(page) - 1 :][:ROWS_A_PAGE])
    return WhoList(id=sort.id, name=sort.name, rows=rows, page=page, note=full)


def _all_named(person: Person, number: int) -> WhoList:
    found, listed = applying(current_findings(person)), named_by(person)
    page = _page(len(listed), number)
    seen = Gathered(
        person=person,
        connections=list(Connection.objects.filter(person=person)),
        found=found,
        looks=_looks(person),
        listed=listed,
        things=things_of(person, found),
        parties=_rows_of(person, _keys_of(person, listed)),
        young=situation_of(person).young,
    )
    rows = _named_rows(seen, listed[_first(page) - 1 :][:ROWS_A_PAGE])
    return WhoList(id=NAMED, name=_named_name(), rows=rows, page=page)


def _page(total: int, number: int) -> Page:
    count = max(1, -(-total // ROWS_A_PAGE))
    return Page(number=min(max(number, 1), count), count=count, total=total)


def _first(page: Page) -> int:
    """The number of the first row of this page, from 1."""
    return (page.number - 1) * ROWS_A_PAGE + 1
