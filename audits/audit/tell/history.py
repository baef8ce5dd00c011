"""The timeline: what changed, what the Person decided, when we looked, what they opened and kept; the newest first.

What happened is kept in several tables. One query puts their moments in order, and what stands on the page is read by
its numbers: as many queries for the hundredth page as for the first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import CharField, F, Model, QuerySet, Value
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

from audits.audit.guided import place_of
from audits.audit.tell.changes import audit_text, change_line, entry_text, lines_of
from audits.audit.tell.shapes import ChangeLine, Choice, Day, Page, Timeline
from audits.checks.catalogue import CHECKS, COMMON, Check, id_now
from audits.facts import Rung, ToldAnswer
from audits.models import (
    AnswerToCheck,
    AnswerToItem,
    Audit,
    AuditState,
    Change,
    Connection,
    Item,
    NamedDevice,
    NamedPerson,
    Person,
    Record,
    TimelineEntry,
    ToldItem,
)

LINES_A_PAGE = 50
KINDS = {
    "": gettext_noop("Everything"),
    "changes": gettext_noop("What changed"),
    "decided": gettext_noop("What you decided"),
    "looks": gettext_noop("When we looked"),
    "kept": gettext_noop("What you opened or kept"),
}
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class About:
    """One check, and one account where it is about one; `connection` None: all of them."""

    check: Check
    connection: Connection | None = None

    @property
    def place(self) -> str:
        return place_of(self.check, self.connection)

    def narrow(self, rows: QuerySet[M]) -> QuerySet[M]:
        rows = rows.filter(check_id=self.check.id)
        return rows.filter(connection=self.connection) if self.connection else rows


@dataclass(frozen=True)
class Strand:
    """One table of what happened. `kind`: what a page can be narrowed to; `at`: its moment."""

    kind: str
    at: str
    rows: Callable[[Person], QuerySet[Any]]
    line: Callable[[Any, Scenery], ChangeLine]


@dataclass(frozen=True)
class Scenery:
    """Names that lines need, each read once and only where one of them asks."""

    person: Person
    keys: Sequence[str]

    @cached_property
    def accounts(self) -> Mapping[str, str]:
        """Addresses, by the public ids of Connections."""
        return {str(one.public_id): one.email or "" for one in Connection.objects.filter(person=self.person)}

    @cached_property
    def records(self) -> Collection[str]:
        """Public ids of the records that are there."""
        return {str(one) for one in Record.objects.filter(person=self.person).values_list("public_id", flat=True)}

    @cached_property
    def items(self) -> Mapping[str, str]:
        """Names of items that were answered, by key: from where they stand, or from the line that told of them."""
        told = lines_of(self.person).filter(item_key__in=self.keys)
        seen = Item.objects.filter(person=self.person, key__in=self.keys).order_by("-pk")[: 5 * LINES_A_PAGE]
        names = {line.item_key: str(line.content.get("item", {}).get("name", "")) for line in told[:LINES_A_PAGE]}
        return names | {item.key: item.content["name"] for item in seen}


def _audits(person: Person) -> QuerySet[Audit]:
    return Audit.objects.filter(person=person, state=AuditState.FINISHED).exclude(finished_at=None)


def _records(person: Person) -> QuerySet[Record]:
    return Record.objects.filter(person=person).defer("content_sealed")


def _of(model: type[Model]) -> Callable[[Person], QuerySet[Any]]:
    return lambda person: model._default_manager.filter(person=person)


# --------------------------------------------------------------------------- lines


def _event(at: datetime, text: str, kind: str = "event") -> ChangeLine:
    return ChangeLine(kind=kind, word=date_format(timezone.localtime(at), "H:i"), name="", text=text)


def _audit_line(audit: Audit, _: Scenery) -> ChangeLine:
    return _event(audit.finished_at or audit.created_at, audit_text(audit), "look")


def _entry_line(entry: TimelineEntry, scenery: Scenery) -> ChangeLine:
    line = _event(entry.at, entry_text(entry, scenery.accounts))
    record = str((entry.values or {}).get("record", ""))
    return replace(line, record=record) if record and record in scenery.records else line


def _record_line(record: Record, _: Scenery) -> ChangeLine:
    line = _event(record.kept_at, gettext("You kept a record: {name}.").format(name=_title(record.check_id)))
    return replace(line, record=str(record.public_id))


def _answer_line(answer: AnswerToCheck, _: Scenery) -> ChangeLine:
    return answer_line(answer)


def answer_line(answer: AnswerToCheck) -> ChangeLine:
    return ChangeLine(
        kind="decided",
        word=gettext("A file you brought said") if answer.rung == Rung.BROUGHT else gettext("You said"),
        name=_title(answer.check_id),
        text=_answer_words(answer),
        about=_code(answer.check_id),
    )


def _answer_words(answer: AnswerToCheck) -> str:
    if answer.answer is ToldAnswer.LEAVE:
        return gettext("Leave it for now.")
    check = CHECKS.get(id_now(answer.check_id))
    label = check.words.told.choices.get(answer.answer, "") if check and check.words.told else ""
    return gettext(label) if label else gettext("An answer that this check no longer has.")


def _item_answer_line(answer: AnswerToItem, scenery: Scenery) -> ChangeLine:
    return ChangeLine(
        kind="decided",
        word=gettext("You said"),
        name=scenery.items.get(answer.item_key, "") or gettext("Something that is no longer listed"),
        text=gettext(COMMON.item_answers[answer.answer]),
    )


def _named_thing_line(thing: ToldItem, _: Scenery) -> ChangeLine:
    return ChangeLine(
        kind="named",
        word=gettext("A file you brought named") if thing.rung == Rung.BROUGHT else gettext("You named"),
        name=str(thing.told["name"]),
        text=_title(thing.check_id),
        about=_code(thing.check_id),
    )


def _named_person_line(named: NamedPerson, _: Scenery) -> ChangeLine:
    name = " ".join(filter(None, [named.label, named.address]))
    return ChangeLine(kind="named", word=gettext("You named"), name=name, text=gettext("Somebody you have in mind"))


def _named_device_line(named: NamedDevice, _: Scenery) -> ChangeLine:
    text = gettext("A device you have in mind")
    return ChangeLine(kind="named", word=gettext("You named"), name=str(named.label), text=text)


def _change_line(change: Change, _: Scenery) -> ChangeLine:
    return change_line(change)


def _title(check_id: str) -> str:
    check = CHECKS.get(id_now(check_id))
    return gettext(check.words.short) if check else gettext("A check that this version no longer has")


def _code(check_id: str) -> str:
    check = CHECKS.get(id_now(check_id))
    return check.code if check else ""


# --------------------------------------------------------------------------- strands

STRANDS: Mapping[str, Strand] = {
    "change": Strand("changes", "at", lines_of, _change_line),
    "answer": Strand("decided", "answered_at", _of(AnswerToCheck), _answer_line),
    "item": Strand("decided", "answered_at", _of(AnswerToItem), _item_answer_line),
    "thing": Strand("decided", "named_at", _of(ToldItem), _named_thing_line),
    "person": Strand("decided", "created_at", _of(NamedPerson), _named_person_line),
    "device": Strand("decided", "created_at", _of(NamedDevice), _named_device_line),
    "audit": Strand("looks", "finished_at", _audits, _audit_line),
    "entry": Strand("kept", "at", _of(TimelineEntry), _entry_line),
    "record": Strand("kept", "kept_at", _records, _record_line),
}
OF_NO_CHECK = frozenset({"person", "device", "audit", "entry"})
BY_CHECK = ("change", "answer", "thing", "record")  # these carry the check they are about


def _rows(person: Person, kind: str, about: About | None) -> dict[str, QuerySet[Any]]:
    """What belongs on the page. An entry says of itself that a record was kept, so they do not stand there twice."""
    wanted = [name for name, strand in STRANDS.items() if kind in ("", strand.kind)]
    if about is None:
        return {name: STRANDS[name].rows(person) for name in wanted if name != "record"}
    rows = {name: about.narrow(STRANDS[name].rows(person)) for name in wanted if name in BY_CHECK}
    if "item" in wanted:
        items = Item.objects.filter(person=person, finding__check_id=about.check.id, finding__current=True)
        items = items.filter(finding__connection=about.connection) if about.connection else items
        rows["item"] = AnswerToItem.objects.filter(person=person, item_key__in=items.order_by().values("key"))
    return rows


def _in_order(rows: Mapping[str, QuerySet[Any]]) -> Any:
    """Name of the strand, number of the row and moment, of all of them."""
    columns = [
        found.order_by()
        .annotate(strand=Value(name, output_field=CharField()), moment=F(STRANDS[name].at))
        .values_list("strand", "pk", "moment")
        for name, found in rows.items()
    ]
    return columns[0].union(*columns[1:], all=True).order_by("-moment", "strand", "-pk")


def _days(person: Person, rows: Mapping[str, QuerySet[Any]], places: Sequence[tuple[str, int, datetime]]) -> list[Day]:
    """Lines by day. A query for each strand that stands there."""
    wanted: dict[str, list[int]] = {}
    for name, number, _ in places:
        wanted.setdefault(name, []).append(number)
    found: dict[tuple[str, int], Any] = {}
    for name, pks in wanted.items():
        found.update({(name, row.pk): row for row in STRANDS[name].rows(person).filter(pk__in=pks)})
    scenery = Scenery(person, [row.item_key for (name, _), row in found.items() if name == "item"])
    there = [place for place in places if place[:2] in found]  # what was deleted a moment ago is not
    return by_day((at, STRANDS[name].line(found[name, number], scenery)) for name, number, at in there)


def by_day(lines: Iterable[tuple[datetime, ChangeLine]]) -> list[Day]:
    """With the year: it may be read much later."""
    days: dict[str, list[ChangeLine]] = {}
    for moment, line in lines:
        days.setdefault(date_format(timezone.localtime(moment), "l j F Y"), []).append(line)
    return [Day(date=date, entries=tuple(entries)) for date, entries in days.items()]


# --------------------------------------------------------------------------- pages


def timeline(person: Person, number: int, kind: str = "", about: About | None = None) -> Timeline:
    """One page of everything, of one kind, or about one check. `kind`: one of KINDS, else everything."""
    kind = kind if kind in kinds_of(about) else ""
    rows = _rows(person, kind, about)
    total = sum(found.count() for found in rows.values()) if len(rows) == 1 else _in_order(rows).count()
    count = max(1, -(-total // LINES_A_PAGE))
    number = min(max(number, 1), count)
    places = list(_in_order(rows)[(number - 1) * LINES_A_PAGE : number * LINES_A_PAGE]) if total else []
    return Timeline(
        days=tuple(_days(person, rows, places)),
        page=Page(number=number, count=count, total=total),
        kinds=tuple(Choice(value=one, label=gettext(KINDS[one]), checked=one == kind) for one in kinds_of(about)),
        checks=tuple(_checks(person)),
        about=about.place if about else "",
        title=gettext(about.check.words.short) if about else "",
        account=(about.connection.email or "") if about and about.connection else "",
        query=_query(kind, about),
    )


def kinds_of(about: About | None) -> tuple[str, ...]:
    """A look is about everything, so there is none about one check."""
    return tuple(one for one in KINDS if about is None or one != "looks")


def _query(kind: str, about: About | None) -> str:
    values = {"kind": kind, "about": about.place if about else ""}
    wanted = {name: value for name, value in values.items() if value}
    return f"{urlencode(wanted)}&" if wanted else ""


def _checks(person: Person) -> Iterable[Choice]:
    """Checks of which something is to be told, by their names. One query."""
    told: Sequence[QuerySet[Any]] = [STRANDS[name].rows(person) for name in BY_CHECK]
    ids = [rows.order_by().values_list("check_id", flat=True) for rows in told]
    found = {id_now(one) for one in ids[0].union(*ids[1:])} & CHECKS.keys()
    named = sorted((gettext(CHECKS[one].words.short), CHECKS[one].code) for one in found)
    return (Choice(value=code, label=label, checked=False) for label, code in named)


def days_of(changes: Iterable[Change], answers: Iterable[AnswerToCheck]) -> tuple[Day, ...]:
    """What changed and what was answered, of one check, for its card."""
    lines = [(one.at, change_line(one)) for one in changes]
    lines += [(one.answered_at, answer_line(one)) for one in answers]
    return tuple(by_day(sorted(lines, key=lambda line: line[0], reverse=True)))
