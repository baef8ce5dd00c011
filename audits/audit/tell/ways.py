"""The ways in which an address reaches the Person's things: what was seen of each, how we know, and what is missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext

from audits.audit import parties
from audits.audit.evidence import facts_of
from audits.audit.named_looks import ASKED
from audits.audit.tell.rows import Found, how_we_know, row_of
from audits.audit.tell.sentences import day, set_apart
from audits.audit.tell.shapes import Page, PartyItem, Row, Way
from audits.audit.young import OF_PICTURES_AND_FILES
from audits.checks.catalogue import COMMON
from audits.facts import (
    AskedAbout,
    CalendarAccess,
    CoverageState,
    DriveMember,
    Fact,
    IncomingFile,
    MailForwarding,
    SendAs,
    SharedFile,
    Why,
)
from audits.models import Connection, Person, SourceRun

A_PAGE = 25
SOURCES = (
    "drive_named",
    "drive_public",
    "drive_outsiders",
    "drive_shared_drives",
    "drive_incoming",
    "calendar_sharing",
    "gmail_settings",
)
Who = Collection[tuple[str, str]]  # kind and address in lower case


@dataclass(frozen=True, kw_only=True)
class Look:
    """What one source last managed for one account."""

    state: str
    why: str
    seen_at: datetime


Looks = Mapping[tuple[int | None, str], Look]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """All that was seen of who reaches what, over every account."""

    connections: Sequence[Connection]
    accounts: Mapping[str, str]  # e-mail by the public id of a Connection, when there are several
    found: Sequence[Found]
    looks: Looks
    facts: Sequence[Fact]
    asked: Mapping[tuple[int | None, str], frozenset[str]]  # by account and source: addresses answered whole
    young: bool = False

    def row(self, check_id: str, connections: Collection[int | None]) -> Row | None:
        """The check in the first of these accounts that has it."""
        for one in self.found:
            if one.check.id == check_id and one.finding.connection_id in connections:
                return row_of(one.finding, one.check, {})
        return None


def seen_of(person: Person, connections: Sequence[Connection], found: Sequence[Found], young: bool) -> Seen:
    """One query for what was looked at; facts are opened here."""
    looks: dict[tuple[int | None, str], Look] = {}
    facts: list[Fact] = []
    asked: dict[tuple[int | None, str], frozenset[str]] = {}
    for run in SourceRun.objects.filter(person=person, current=True, source__in=SOURCES):
        place, own = (run.connection_id, run.source), facts_of(run)
        looks[place] = Look(state=run.state, why=run.why, seen_at=run.seen_at)
        asked[place] = frozenset(fact.address for fact in own if isinstance(fact, AskedAbout))
        facts.extend(own)
    several = len(connections) > 1
    accounts = {str(one.public_id): one.email or "" for one in connections} if several else {}
    return Seen(
        connections=connections, accounts=accounts, found=found, looks=looks, facts=facts, asked=asked, young=young
    )


@dataclass(frozen=True, kw_only=True)
class Sort:
    id: str
    title: str
    source: str  # that would have to be read whole to say that there is none
    check: str
    kind: type[Fact]


def sorts() -> tuple[Sort, ...]:
    """Mail first: what goes out by itself, day by day."""
    return (
        Sort(
            id="mail",
            title=gettext("Your mail that goes to them"),
            source="gmail_settings",
            check="mail_forwarding",
            kind=Fact,
        ),
        Sort(
            id="files",
            title=gettext("Files of yours they can open"),
            source="drive_named",
            check="files_one_person",
            kind=SharedFile,
        ),
        Sort(
            id="calendars",
            title=gettext("Calendars of yours they can see"),
            source="calendar_sharing",
            check="calendar_sharing",
            kind=CalendarAccess,
        ),
        Sort(
            id="drives",
            title=gettext("Shared drives of yours they belong to"),
            source="drive_shared_drives",
            check="shared_drives",
            kind=DriveMember,
        ),
        Sort(
            id="lends",
            title=gettext("Files of theirs that you can open"),
            source="drive_incoming",
            check="files_from_person",
            kind=IncomingFile,
        ),
    )


def ways(seen: Seen, who: Who, number: int) -> tuple[Way, ...]:
    """Those ways of which something was seen; `number` is the page of files."""
    return tuple(way for sort in sorts() if (way := _way(seen, sort, who, number)).items)


def all_ways(seen: Seen, who: Who, number: int) -> tuple[Way, ...]:
    """Every way that these accounts have: where nothing was seen it says whether we could look."""
    return tuple(
        _with_missing(seen, sort, who, way)
        for sort in sorts()
        if (way := _way(seen, sort, who, number)).items or not _cannot_have(seen, sort)
    )


def _way(seen: Seen, sort: Sort, who: Who, number: int) -> Way:
    facts = _facts(seen, sort, who)
    page = _page(len(facts), number) if sort.id == "files" else None
    start = (page.number - 1) * A_PAGE if page else 0
    shown = facts[start : start + A_PAGE]
    items = [_placed(_item(fact), fact, seen.accounts) for fact in shown]
    hows = {item.how for item in items}
    here = {one.pk for one in seen.connections}
    return Way(
        id=sort.id,
        title=sort.title,
        items=tuple(replace(item, how="") if len(hows) == 1 else item for item in items),
        how=hows.pop() if len(hows) == 1 else "",
        row=seen.row(sort.check, here),
        page=page if page and page.count > 1 else None,
        more=0 if page else len(facts) - len(shown),
    )


def _page(total: int, number: int) -> Page:
    count = max(1, -(-total // A_PAGE))
    return Page(number=min(max(number, 1), count), count=count, total=total)


def _facts(seen: Seen, sort: Sort, who: Who) -> list[Fact]:
    if sort.id == "files":
        return list(parties.files_of(who, seen.facts))
    if sort.id == "mail":
        return [fact for fact, address in parties.mail_goes_on(seen.facts) if ("user", address) in who]
    found = (fact for fact in seen.facts if isinstance(fact, CalendarAccess | DriveMember | IncomingFile))
    mine = [fact for fact in found if isinstance(fact, sort.kind) and parties.party_of(fact) in who]
    return list({_identity(fact): fact for fact in mine}.values())


def _identity(fact: Fact) -> tuple[str, ...]:
    """The same file, calendar or drive of one address, however many looks saw it."""
    if isinstance(fact, CalendarAccess):
        return fact.connection, fact.calendar_id, fact.kind, fact.address
    if isinstance(fact, DriveMember):
        return fact.connection, fact.drive_id, fact.kind, fact.address
    return (fact.connection, fact.file_id) if isinstance(fact, IncomingFile) else ()


def _placed(item: PartyItem, fact: Fact, accounts: Mapping[str, str]) -> PartyItem:
    return replace(item, how=how_we_know(fact.rung.value, fact.seen_at), account=accounts.get(fact.connection, ""))


def _with_missing(seen: Seen, sort: Sort, who: Who, way: Way) -> Way:
    """Say *none* only when every account was read whole for every address."""
    short = [one for one in seen.connections if not _whole(seen, sort, who, one)]
    if seen.connections and not short:
        oldest = min(seen.looks[one.pk, sort.source].seen_at for one in seen.connections)
        none = gettext("We looked on {day}, and saw none.").format(day=day(oldest))
        return way if way.items else replace(way, none=none)
    why = why_not(seen.looks, short[0] if short else None, sort.source, young=seen.young)
    if short and seen.accounts:
        why = gettext("{where}: {text}").format(where=set_apart(short[0].email or ""), text=why)
    row = seen.row(sort.check, {one.pk for one in short}) or way.row
    return replace(way, missing=f"{_how_little(seen, sort, way, short)} {why}", row=row)


def _how_little(seen: Seen, sort: Sort, way: Way, short: Sequence[Connection]) -> str:
    if way.items:
        return gettext("There may be more.")
    partly = sort.source not in ASKED and any(
        look.state == CoverageState.PARTIAL for one in short if (look := seen.looks.get((one.pk, sort.source)))
    )
    if partly or len(short) < len(seen.connections):
        return gettext("We saw none, but could not look at everything.")
    return gettext("We could not look.")


def _whole(seen: Seen, sort: Sort, who: Who, connection: Connection) -> bool:
    place = (connection.pk, sort.source)
    if sort.source in ASKED:
        return place in seen.looks and all(address in seen.asked[place] for _, address in who)
    return place in seen.looks and seen.looks[place].state == CoverageState.COMPLETE


def why_not(looks: Looks, connection: Connection | None, source: str, *, young: bool) -> str:
    """Why this source did not say all of this account."""
    if connection is None:
        why = Why.NOT_CONNECTED
    elif look := looks.get((connection.pk, source)):
        asked_before = source in ASKED and look.why in ("", Why.NOBODY_NAMED)
        why = Why.NAMED_SINCE if asked_before else Why(look.why or Why.NOT_ASKED)
    else:
        why = Why.UNDER_18 if young and source in OF_PICTURES_AND_FILES else Why.NOT_ASKED
    return gettext(COMMON.says[why.value].other)


def _cannot_have(seen: Seen, sort: Sort) -> bool:
    """Shared drives are for organisations: of a personal account there is nothing to say."""
    whys = {look.why for one in seen.connections if (look := seen.looks.get((one.pk, sort.source)))}
    return sort.id == "drives" and (not whys or whys <= {Why.CONSUMER_ACCOUNT.value, Why.NO_SERVICE.value})


def _item(fact: Fact) -> PartyItem:
    match fact:
        case SharedFile():
            return PartyItem(name=fact.name, says=_file_says(fact), link=fact.link)
        case IncomingFile():
            says = gettext("You can open it and change it.") if fact.role == "writer" else gettext("You can open it.")
            return PartyItem(name=fact.name, says=says, link=fact.link)
        case CalendarAccess():
            return PartyItem(name=fact.calendar, says=_calendar_says(fact.role))
        case DriveMember():
            says = gettext("A file in a shared drive. They can open all that lies in that drive.")
            return PartyItem(name=fact.holds, says=says)
        case MailForwarding():
            return PartyItem(name=fact.address, says=_mail_says(parties.how_much(fact)))
        case SendAs():
            says = gettext("Answers to mail that you write as {address} go there.")
            return PartyItem(name=fact.reply_to, says=says.format(address=set_apart(fact.address)))
        case _:
            raise TypeError(f"{type(fact).__name__} says nothing of who reaches what")


def _file_says(file: SharedFile) -> str:
    if file.has_location:
        return gettext("Picture that carries the place where it was taken")
    return gettext("Picture or video") if file.picture else gettext("File")


def _calendar_says(role: str) -> str:
    says = {
        "freeBusyReader": gettext("They see when you are busy, but not with what."),
        "reader": gettext("They see what is in it."),
        "owner": gettext("They see and change it, and decide who else can see it."),
    }
    return says.get(role, gettext("They see and change what is in it."))


def _mail_says(how_much: str) -> str:
    return {
        "all": gettext("All new mail goes there."),
        "some": gettext("Some new mail goes there, by a filter."),
        "allowed": gettext("Mail may be sent on there. None goes there by this now."),
    }[how_much]
