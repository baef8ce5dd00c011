"""What a helper's page of a session shows beside a card: titles and states, the short list, where both are, the log.

Everything is filtered here: what is not in these shapes is sent to no helper. A title row holds words of the catalogue,
a mark and a day; what the Person said at the start chooses and orders the rows, as on their own page, and is not told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from audits.audit import young
from audits.audit.guided import due, place_of
from audits.audit.helping import short_list
from audits.audit.helping.openings import Openings, openings_of
from audits.audit.situation import Said, situation_of
from audits.audit.tell import help_log
from audits.audit.tell.overview import current_findings, first_of
from audits.audit.tell.plan import IN_VIEW, Wishes, everything, fitting, in_order, is_open
from audits.audit.tell.record import moment_of, name_of
from audits.audit.tell.rows import Found, mark_of, mark_word
from audits.audit.tell.shapes import Mark
from audits.checks.catalogue import PLATFORMS, Check
from audits.models import Connection, HelpSession, Person, Record, ShortListEntry

LINES = 12  # of the log
RECORDS = 25
PICTURES_AND_FILES = frozenset({"pictures", "files"})  # groups of checks
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


class NobodyThere(Exception):
    """The Person of this session is gone."""


@dataclass(frozen=True, kw_only=True)
class TitleRow:
    """`is_open`: its card can be read. `here`: the Person is on it now."""

    place: str
    title: str
    mark: Mark
    mark_word: str
    account: str = ""
    is_open: bool = False
    here: bool = False


@dataclass(frozen=True, kw_only=True)
class TitlePlace:
    id: str
    name: str
    icon: str
    rows: tuple[TitleRow, ...]


@dataclass(frozen=True, kw_only=True)
class ShortRow:
    place: str
    title: str
    done: bool
    another_day: bool
    here: bool


@dataclass(frozen=True, kw_only=True)
class OpenRecord:
    record: UUID
    title: str
    kept: str


@dataclass(frozen=True, kw_only=True)
class Aside:
    """`caller_at` and `pointing_at`: the title of a card, "" where there is none. `stamp` names the session.

    `more`: how many titles are not in it.
    """

    stamp: str
    young: bool
    next: tuple[TitleRow, ...]
    places: tuple[TitlePlace, ...]
    fine: tuple[TitleRow, ...]
    left: tuple[TitleRow, ...]
    more: int
    short_list: tuple[ShortRow, ...]
    records: tuple[OpenRecord, ...]
    log: tuple[help_log.LogLine, ...]
    caller_at: str
    pointing_at: str
    open_cards: int
    open_names: int

    @property
    def rest(self) -> int:
        return sum(len(place.rows) for place in self.places)


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What may be seen in a session, read once for a page. `accounts`: how each Connection is called, by its id."""

    session: HelpSession
    person: Person
    said: Said
    connections: Sequence[Connection]
    openings: Openings
    accounts: Mapping[int, str]

    def is_open(self, check: Check, place: str) -> bool:
        return self.openings.card(check, place)


def sight_of(session: HelpSession) -> Sight:
    """Three queries. Raises NobodyThere."""
    person = session.person
    if person is None:
        raise NobodyThere
    connections = list(Connection.objects.filter(person=person).order_by("pk"))
    said = situation_of(person)
    openings = _for_young(openings_of(session)) if said.young else openings_of(session)
    return Sight(
        session=session,
        person=person,
        said=said,
        connections=connections,
        openings=openings,
        accounts=_account_names(connections, openings),
    )


def _for_young(found: Openings) -> Openings:
    """What somebody opened before they said that they are under 18 is closed all the same."""
    return replace(found, all=False, groups=frozenset(), notes=frozenset(), records=frozenset())


def _account_names(connections: Sequence[Connection], openings: Openings) -> Mapping[int, str]:
    """An address that the Person opened; else a number, where there is more than one account."""
    names = {}
    for number, one in enumerate(connections, start=1):
        if str(one.public_id) in openings.accounts:
            names[one.pk] = one.email or ""
        elif len(connections) > 1:
            names[one.pk] = gettext("Google account {number}").format(number=number)
    return names


def is_for_helpers(check: Check, said: Said) -> bool:
    """Of somebody under 18 no helper is shown anything about pictures or files."""
    if not said.young:
        return True
    about_them = check.group in PICTURES_AND_FILES or young.holds_pictures(check.sources)
    return young.how(check) != young.NOT and not about_them


def aside(sight: Sight, *, whole: bool = False) -> Aside:
    """A constant number of queries. `whole`: with every title, not only those that come next."""
    session, listed = sight.session, short_list.entries(sight.session)
    found, wishes = _found(sight, listed), Wishes(sight.said, due(sight.person, timezone.localdate()))
    places = {_place(one): one for one in found}
    ordered = in_order(found, wishes)
    first, _ = first_of(ordered, wishes)
    waiting = [one for one in ordered if is_open(one, wishes) and one is not first]
    waiting = [first, *waiting] if first is not None else waiting
    settled = [one for one in ordered if whole and not is_open(one, wishes)]
    return Aside(
        stamp=stamp_of(session),
        young=sight.said.young,
        next=_rows(waiting[: IN_VIEW + 1], sight),
        places=_platforms(waiting[IN_VIEW + 1 :], sight) if whole else (),
        fine=_rows([one for one in settled if mark_of(one.finding) is Mark.FINE], sight),
        left=_rows([one for one in settled if mark_of(one.finding) is Mark.LEFT], sight),
        more=0 if whole else max(0, len(ordered) - IN_VIEW - 1),
        short_list=tuple(_short_list(session, listed, places)),
        records=tuple(_records(sight)),
        log=help_log.lines(session, LINES, for_helper=True),
        caller_at=_title(places.get(session.caller_place)),
        pointing_at=_title(places.get(session.pointing_place)),
        open_cards=sum(1 for place, one in places.items() if sight.is_open(one.check, place)),
        open_names=len(sight.openings.names),
    )


def _found(sight: Sight, listed: Iterable[ShortListEntry]) -> list[Found]:
    """The checks of the Person's plan, and those that somebody reached on another way."""
    whole = everything(sight.person, sight.connections, current_findings(sight.person))
    whole = [one for one in whole if is_for_helpers(one.check, sight.said)]
    plan = fitting(whole, sight.said, bool(sight.connections))
    known = {id(one) for one in plan}
    session = sight.session
    wanted = {session.caller_place, session.pointing_place, *sight.openings.cards, *(one.place for one in listed)}
    return plan + [one for one in whole if id(one) not in known and _place(one) in wanted]


def _place(one: Found) -> str:
    return place_of(one.check, one.finding.connection)


def _title(one: Found | None) -> str:
    return gettext(one.check.words.short) if one is not None else ""


def _rows(found: Iterable[Found], sight: Sight) -> tuple[TitleRow, ...]:
    return tuple(_row(one, sight) for one in found)


def _row(one: Found, sight: Sight) -> TitleRow:
    place = _place(one)
    return TitleRow(
        place=place,
        title=_title(one),
        mark=mark_of(one.finding),
        mark_word=mark_word(one.finding),
        account=sight.accounts.get(one.finding.connection_id or 0, ""),
        is_open=sight.is_open(one.check, place),
        here=place == sight.session.caller_place,
    )


def _platforms(found: Iterable[Found], sight: Sight) -> tuple[TitlePlace, ...]:
    """By the place of the catalogue that they are about."""
    by_place: dict[str, list[Found]] = {}
    for one in found:
        by_place.setdefault(one.check.platform.id, []).append(one)
    return tuple(
        TitlePlace(id=words.id, name=gettext(words.name), icon=words.icon, rows=_rows(by_place[words.id], sight))
        for words in PLATFORMS.values()
        if words.id in by_place
    )


def _short_list(
    session: HelpSession, listed: Iterable[ShortListEntry], places: Mapping[str, Found]
) -> Iterable[ShortRow]:
    for entry in listed:
        if entry.place in places:
            yield ShortRow(
                place=entry.place,
                title=_title(places[entry.place]),
                done=entry.done,
                another_day=entry.another_day,
                here=entry.place == session.caller_place,
            )


def _records(sight: Sight) -> Iterable[OpenRecord]:
    """Those that the Person opened, one by one. No query while there is none."""
    keys = sight.openings.records
    if not keys:
        return
    kept = Record.objects.filter(person=sight.person, public_id__in=keys).defer("content_sealed")
    for record in kept[:RECORDS]:
        yield OpenRecord(record=record.public_id, title=name_of(record), kept=moment_of(record.kept_at))


def stamp_of(session: HelpSession) -> str:
    """A short name of the session, such as R7-41-HN: it stands on every page, and on a photo of one."""
    number = session.public_id.int
    number, last = divmod(number, len(_LETTERS))
    number, middle = divmod(number, len(_LETTERS))
    number, digits = divmod(number, 100)
    number, digit = divmod(number, 10)
    return f"{_LETTERS[number % len(_LETTERS)]}{digit}-{digits:02}-{_LETTERS[middle]}{_LETTERS[last]}"
