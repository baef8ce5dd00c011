"""By who: the same findings, gathered by the addresses, apps and app passwords that were found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext, ngettext

from audits.audit import parties
from audits.audit.evidence import facts_of
from audits.audit.tell.overview import account_names, applying, current_findings, overview_of
from audits.audit.tell.overview import groups as groups_of
from audits.audit.tell.rows import Found, mark_of, row_of
from audits.audit.tell.shapes import Mark, Page, PartyCard, PartyItem, PartyRow, Row, WhoGroup, WhoList, WhoView
from audits.facts import CalendarAccess, CoverageState, Fact, IncomingFile, SharedFile
from audits.models import Connection, Party, Person, SourceRun

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
    }
)
SHORT = 12
ROWS_A_PAGE = 25
FILES_A_PAGE = 25
REACH_SOURCES = (
    "drive_public",
    "drive_outsiders",
    "drive_named",
    "drive_shared_drives",
    "drive_incoming",
    "calendar_sharing",
)
PEOPLE = ("link", "user", "group", "domain")
_COUNTED_CHECKS = (("calendars", "calendar_sharing"), ("lends", "files_from_person"), ("drives", "shared_drives"))
_FILE_CHECKS = {"link": ("open_files", "open_pictures", "pictures_with_location"), "": ("files_one_person",)}


def by_who(person: Person, skip: str = "") -> WhoView:
    """Four groups, each bounded: the heaviest first, the rest counted. A constant number of queries."""
    current = current_findings(person)
    found = applying(current)
    connections = list(Connection.objects.filter(person=person))
    counts = dict(Party.objects.filter(person=person).order_by().values_list("kind").annotate(n=Count("pk")))
    parties = Party.objects.filter(person=person)
    whole = _whole_sources(person)
    groups = tuple(_group(kind, parties, counts, found, whole) for kind in _sorts())
    names = account_names(connections)
    rest = groups_of([row_of(one.finding, one.check, names) for one in found if _elsewhere(one)])
    return WhoView(overview=overview_of(person, connections, current, rest, skip), groups=groups)


def _elsewhere(one: Found) -> bool:
    """True for what no party above stands for: it is sorted by its mark, so that nothing is hidden in this view.

    A look that rests on the Person's word alone has no items, so no party stands for it.
    """
    stands_above = one.check.id in PARTY_CHECKS and one.finding.item_count > 0
    return mark_of(one.finding) is not Mark.LOOK or not stands_above


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
            "devices",
            gettext("Devices"),
            "i-device",
            ("device",),
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


def _group(
    sort: Sort, parties: QuerySet[Party], counts: dict[str, int], found: Sequence[Found], whole: frozenset[str]
) -> WhoGroup:
    total = sum(counts.get(kind, 0) for kind in sort.kinds)
    rows = [party_row(party) for party in parties.filter(kind__in=sort.kinds)[:SHORT]] if total else []
    looks = next((one for one in found if one.check.id == sort.check), None)
    return WhoGroup(
        id=sort.id,
        name=sort.name,
        icon=sort.icon,
        rows=tuple(rows),
        total=total,
        none_text="" if rows else _none_text(sort, whole),
        none_finding=looks.finding.public_id if looks and not rows else None,
    )


def all_of(person: Person, sort_id: str, number: int) -> WhoList:
    """A page of all parties of one group. Raises NoSuchGroup."""
    sort = next((one for one in _sorts() if one.id == sort_id), None)
    if sort is None:
        raise NoSuchGroup(sort_id)
    parties = Party.objects.filter(person=person, kind__in=sort.kinds)
    total = parties.count()
    count = max(1, -(-total // ROWS_A_PAGE))
    number = min(max(number, 1), count)
    rows = parties[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE]
    return WhoList(
        id=sort.id,
        name=sort.name,
        rows=tuple(party_row(party) for party in rows),
        page=Page(number=number, count=count, total=total),
    )


def _none_text(sort: Sort, whole: frozenset[str]) -> str:
    """None was seen, or nobody could see: two things that must not be mixed up."""
    return gettext("We saw none in what we could look at.") if whole.intersection(sort.sources) else sort.unseen


def _whole_sources(person: Person) -> frozenset[str]:
    """Sources that were read whole, for any account, the last time."""
    runs = SourceRun.objects.filter(person=person, current=True, state=CoverageState.COMPLETE)
    return frozenset(runs.values_list("source", flat=True))


def party_row(party: Party) -> PartyRow:
    content = party.content
    tags = (gettext("You named this address"),) if content["named"] else ()
    return PartyRow(
        key=party.key,
        kind=party.kind,
        name=party_name(party.kind, content["name"]),
        text=party_text(content),
        tags=tags,
        named=content["named"],
    )


def party_name(kind: str, name: str) -> str:
    return gettext("Anyone who has the link") if kind == "link" else name


def party_text(content: dict[str, object]) -> str:
    if content["kind"] == "app":
        return gettext("Can open every file in your Drive.") if content["drive_wide"] else gettext("Has some access.")
    if content["kind"] == "password":
        return gettext("An app password. It skips the second step.")
    return " ".join(_reach_texts({name: found for name, found in content.items() if isinstance(found, int)}))


def _reach_texts(counts: dict[str, int]) -> Iterable[str]:
    """One sentence for each way in which an address reaches the Person's things."""
    calendars, drives, lends = (counts.get(name, 0) for name in ("calendars", "drives", "lends"))
    if counts["files"] or not (calendars or drives or lends):
        yield _file_text(counts["files"], counts["pictures"], counts["located"])
    if calendars:
        yield ngettext("Can see {n} calendar of yours.", "Can see {n} calendars of yours.", calendars).format(
            n=calendars
        )
    if drives:
        yield ngettext(
            "Belongs to {n} shared drive of yours.", "Belongs to {n} shared drives of yours.", drives
        ).format(n=drives)
    if lends:
        yield ngettext("Owns {n} file that you can open.", "Owns {n} files that you can open.", lends).format(n=lends)


def _file_text(files: int, pictures: int, located: int) -> str:
    text = ngettext("Can open {files} file", "Can open {files} files", files).format(files=files)
    if not pictures:
        return f"{text}."
    text += ngettext(
        ", {pictures} of them a picture or video.", ", {pictures} of them pictures or videos.", pictures
    ).format(pictures=pictures)
    if located:
        text += " " + ngettext(
            "{located} carries the place where it was taken.",
            "{located} carry the place where they were taken.",
            located,
        ).format(located=located)
    return text


def party(person: Person, found: Party, number: int = 1) -> PartyCard:
    """One party with a page of the files it can open, read from kept facts."""
    content = found.content
    facts = tuple(_facts(found))
    files = parties.files_of(found.kind, content["identity"], facts)
    count = max(1, -(-len(files) // FILES_A_PAGE))
    number = min(max(number, 1), count)
    start = (number - 1) * FILES_A_PAGE
    return PartyCard(
        key=found.key,
        kind=found.kind,
        name=party_name(found.kind, content["name"]),
        named=content["named"],
        lead=party_text(content),
        items=tuple(_item(file) for file in files[start : start + FILES_A_PAGE]),
        page=Page(number=number, count=count, total=len(files)),
        findings=tuple(_rows(person, found)),
        calendars=tuple(_calendars(found, facts))[:FILES_A_PAGE],
        lent=tuple(_lent(found, facts))[:FILES_A_PAGE],
    )


def _facts(found: Party) -> Iterable[Fact]:
    runs = SourceRun.objects.filter(
        person=found.person_id, connection=found.connection_id, current=True, source__in=REACH_SOURCES
    )
    for run in runs:
        yield from facts_of(run)


def _calendars(found: Party, facts: Iterable[Fact]) -> Iterable[PartyItem]:
    says = {
        "freeBusyReader": gettext("Can see when you are busy, but not with what."),
        "reader": gettext("Can see what is in it."),
        "owner": gettext("Can see and change it, and decide who else can see it."),
    }
    for fact in facts:
        if isinstance(fact, CalendarAccess) and parties.party_of(fact) == (found.kind, found.content["identity"]):
            text = says.get(fact.role, gettext("Can see and change what is in it."))
            yield PartyItem(name=fact.calendar, says=text, link="")


def _lent(found: Party, facts: Iterable[Fact]) -> Iterable[PartyItem]:
    for fact in facts:
        if isinstance(fact, IncomingFile) and parties.party_of(fact) == (found.kind, found.content["identity"]):
            change = fact.role == "writer"
            text = gettext("You can open it and change it.") if change else gettext("You can open it.")
            yield PartyItem(name=fact.name, says=text, link=fact.link)


def _item(file: SharedFile) -> PartyItem:
    says = gettext("Picture or video") if file.picture else gettext("File")
    if file.has_location:
        says = gettext("Picture that carries the place where it was taken")
    return PartyItem(name=file.name, says=says, link=file.link)


def _rows(person: Person, found: Party) -> Iterable[Row]:
    """The checks in which this party appears."""
    checks = {
        "app": ("drive_wide_apps", "connected_apps"),
        "password": ("app_passwords",),
    }.get(found.kind, _FILE_CHECKS.get(found.kind, _FILE_CHECKS[""]))
    checks += tuple(check for counted, check in _COUNTED_CHECKS if found.content.get(counted))
    names = account_names(list(Connection.objects.filter(person=person)))
    for one in applying(current_findings(person)):
        if one.check.id in checks and one.finding.connection_id == found.connection_id:
            yield row_of(one.finding, one.check, names)
