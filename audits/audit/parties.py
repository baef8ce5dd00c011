"""By who: the addresses, apps and app passwords that can reach the account, gathered from the same facts.

Devices are gathered from the items of findings (tell/devices.py), as many of them are named by the Person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from audits.facts import (
    AppPassword,
    AskedAbout,
    CalendarAccess,
    ConnectedApp,
    DriveMember,
    Fact,
    IncomingFile,
    MailForwarding,
    SendAs,
    SharedFile,
)
from audits.models import Connection, Party, Person
from audits.models.sealing import lookup_key

MOST_PARTIES = 2000
ANYONE = "anyone"
NAMED_FIRST = 1_000_000
_MAIL_WEIGHS = {"": 0, "allowed": 1, "some": 100_000, "all": 400_000}


@dataclass
class Reach:
    """What one party reaches. `kind`: user, group, domain, link, app, password.

    `calendars` it can see, `drives` it belongs to, and files of its own that it `lends` to the Person. `mail` says how
    much new mail goes on to it: all, some, allowed (none now), or ""; `replies`: answers to the Person's mail go there.
    `asked`: the sources that asked about this named address and were answered whole.
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
    mail: str = ""
    replies: bool = False
    asked: tuple[str, ...] = ()

    @property
    def weight(self) -> int:
        reached = self.files + self.calendars + self.drives + self.lends + _MAIL_WEIGHS[self.mail]
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
    _note_mail(found, facts)
    for fact in facts:
        if isinstance(fact, AskedAbout):
            asked = found.setdefault(("user", fact.address), Reach("user", fact.address, fact.address))
            asked.named, asked.asked = True, (*asked.asked, fact.source)
    return found.values()


def _note_mail(found: dict[tuple[str, str], Reach], facts: Sequence[Fact]) -> None:
    for fact, address in mail_goes_on(facts):
        reach = found.setdefault(("user", address), Reach("user", address, address))
        if isinstance(fact, MailForwarding):
            reach.mail = max(reach.mail, how_much(fact), key=_MAIL_WEIGHS.__getitem__)
        else:
            reach.replies = True


def mail_goes_on(facts: Sequence[Fact]) -> Iterator[tuple[MailForwarding | SendAs, str]]:
    """Each fact that says mail goes on to an address, with that address in lower case."""
    own = {(fact.connection, fact.address) for fact in facts if isinstance(fact, SendAs) and fact.primary}
    for fact in facts:
        if isinstance(fact, MailForwarding) and fact.address:
            yield fact, fact.address.lower()
        elif isinstance(fact, SendAs) and fact.reply_to and not returns(fact, own):
            yield fact, fact.reply_to.lower()


def returns(fact: SendAs, own: Collection[tuple[str, str]]) -> bool:
    """Whether answers come back to the account itself, or to the address the mail was written as."""
    return fact.reply_to == fact.address or (fact.connection, fact.reply_to) in own


def how_much(fact: MailForwarding) -> str:
    """all, some or allowed. A filter that looks for nothing catches every mail."""
    if fact.way == "filter":
        return "some" if fact.matches else "all"
    return "allowed" if fact.way == "allowed" else "all"


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


def files_of(who: Collection[tuple[str, str]], facts: Iterable[Fact]) -> list[SharedFile]:
    """Every file that one of these (kind and address) can open, pictures first, by name."""
    files: dict[str, SharedFile] = {}
    for fact in facts:
        if isinstance(fact, SharedFile):
            files[fact.file_id] = merge(files.get(fact.file_id), fact)
    mine = [file for file in files.values() if not openers(file).isdisjoint(who)]
    return sorted(mine, key=lambda file: (not file.picture, file.name.lower(), file.file_id))
