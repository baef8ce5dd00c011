"""By who: the addresses, apps and app passwords that can reach the account, gathered from the same facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from audits.facts import AppPassword, CalendarAccess, ConnectedApp, DriveMember, Fact, IncomingFile, SharedFile
from audits.models import Connection, Party, Person
from audits.models.sealing import lookup_key

MOST_PARTIES = 2000
ANYONE = "anyone"
NAMED_FIRST = 1_000_000


@dataclass
class Reach:
    """What one party reaches. `kind`: user, group, domain, link, app, password.

    `calendars` it can see, `drives` it belongs to, and files of its own that it `lends` to the Person.
    """

    kind: str
    identity: str
    name: str
    named: bool = False
    files: int = 0
    pictures: int = 0
    located: int = 0
    drive_wide: bool = False
    calendars: int = 0
    drives: int = 0
    lends: int = 0

    @property
    def weight(self) -> int:
        reached = self.files + self.calendars + self.drives + self.lends
        return (NAMED_FIRST if self.named else 0) + reached + (500_000 if self.drive_wide else 0)


def write(person: Person, connection: Connection | None, facts: Sequence[Fact]) -> None:
    """Replace the parties of this Connection."""
    Party.objects.filter(person=person, connection=connection).delete()
    found = sorted(reaches(facts), key=lambda reach: -reach.weight)[:MOST_PARTIES]
    Party.objects.bulk_create([_row(person, connection, reach) for reach in found], batch_size=500)


def _row(person: Person, connection: Connection | None, reach: Reach) -> Party:
    row = Party(
        person=person,
        connection=connection,
        kind=reach.kind,
        key=party_key(person.pk, reach.kind, reach.identity),
        weight=reach.weight,
    )
    row.content = asdict(reach)
    return row


def party_key(person_id: int, kind: str, identity: str) -> str:
    return lookup_key("party", str(person_id), kind, identity)


def reaches(facts: Sequence[Fact]) -> Iterable[Reach]:
    found: dict[tuple[str, str], Reach] = {}
    files: dict[str, SharedFile] = {}
    for fact in facts:
        if isinstance(fact, ConnectedApp) and (fact.authorized or fact.via == "directory"):
            app = found.setdefault(("app", fact.app_id), Reach("app", fact.app_id, fact.name))
            app.drive_wide = app.drive_wide or bool(fact.drive_wide)
        elif isinstance(fact, AppPassword):
            found.setdefault(("password", fact.code_id), Reach("password", fact.code_id, fact.name))
        elif isinstance(fact, SharedFile):
            files[fact.file_id] = merge(files.get(fact.file_id), fact)
    for file in files.values():
        for kind, address in openers(file):
            reach = found.setdefault((kind, address), Reach(kind, address, address))
            count(reach, file)
    _count_the_rest(found, facts)
    return found.values()


def _count_the_rest(found: dict[tuple[str, str], Reach], facts: Sequence[Fact]) -> None:
    """Calendars, shared drives and files the other way round, each once for each address."""
    calendars = {(party_of(f), f.calendar_id): f for f in facts if isinstance(f, CalendarAccess) and f.address}
    drives = {(party_of(f), f.drive_id): f for f in facts if isinstance(f, DriveMember) and f.address}
    lent = {(party_of(f), f.file_id): f for f in facts if isinstance(f, IncomingFile) and f.owner}
    for (party, _), access in calendars.items():
        reach = found.setdefault(party, Reach(*party, party[1]))
        reach.calendars += 1
        reach.named = reach.named or access.named
    for party, _ in drives:
        found.setdefault(party, Reach(*party, party[1])).drives += 1
    for party, _ in lent:
        reach = found.setdefault(party, Reach(*party, party[1]))
        reach.lends, reach.named = reach.lends + 1, True


def party_of(fact: CalendarAccess | DriveMember | IncomingFile) -> tuple[str, str]:
    """The kind and address whom this fact is about."""
    if isinstance(fact, IncomingFile):
        return "user", fact.owner.lower()
    return fact.kind, fact.address.lower()


def merge(known: SharedFile | None, fact: SharedFile) -> SharedFile:
    """The same file from two sources: everyone that either of them saw."""
    if known is None:
        return fact
    return replace(
        fact,
        access=tuple(dict.fromkeys(known.access + fact.access)),
        named=tuple(dict.fromkeys(known.named + fact.named)),
        open_to_anyone=known.open_to_anyone or fact.open_to_anyone,
        has_location=known.has_location if fact.has_location is None else fact.has_location,
    )


def openers(file: SharedFile) -> set[tuple[str, str]]:
    """Who can open this file, as (kind, address in lower case)."""
    who = {(access.kind, access.address.lower()) for access in file.access if access.address}
    who |= {("user", name.lower()) for name in file.named if ("group", name.lower()) not in who}
    if file.open_to_anyone:
        who.add(("link", ANYONE))
    return who


def count(reach: Reach, file: SharedFile) -> None:
    reach.files += 1
    reach.pictures += file.picture
    reach.located += bool(file.has_location)
    reach.named = reach.named or reach.identity in {name.lower() for name in file.named}


def files_of(kind: str, identity: str, facts: Iterable[Fact]) -> list[SharedFile]:
    """Every file that one party can open, pictures first, by name."""
    files: dict[str, SharedFile] = {}
    for fact in facts:
        if isinstance(fact, SharedFile):
            files[fact.file_id] = merge(files.get(fact.file_id), fact)
    mine = [file for file in files.values() if (kind, identity) in openers(file)]
    return sorted(mine, key=lambda file: (not file.picture, file.name.lower(), file.file_id))
