"""Records as pages: the list, and one record in the words that were frozen with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from audits.audit.keeping import brought_at, check, text_of
from audits.audit.record_text import MOST_ITEMS
from audits.audit.tell.shapes import Page
from audits.checks.catalogue import CHECKS, COMMON
from audits.facts import CoverageState, ItemAnswer
from audits.models import Person, Record
from audits.models.sealing import SealBroken

ROWS_A_PAGE = 25
ITEMS_A_PAGE = 50
MOST_SHOWN_TEXT = 60_000  # characters: beyond that a page would be too heavy
GROUP = 8
TOLD_US = "told_us"


@dataclass(frozen=True, kw_only=True)
class RecordRow:
    record: UUID
    title: str
    kept: str


@dataclass(frozen=True, kw_only=True)
class RecordList:
    rows: tuple[RecordRow, ...]
    page: Page


@dataclass(frozen=True, kw_only=True)
class RecordItem:
    name: str
    says: str
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RecordSource:
    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class RecordCard:
    """One record, whole but for its items, which come a page at a time."""

    title: str
    account: str
    mark: str
    word: str
    sentence: str
    signs: tuple[str, ...]
    how: str
    limit: str
    told: str
    sources: tuple[RecordSource, ...]
    items: tuple[RecordItem, ...]
    items_note: str
    page: Page
    audit: str
    audit_times: str
    audit_by: str
    program: str
    text: str  # what was hashed; "" when it is too long for a page
    rung: str = ""  # a Rung, or "" where nothing was learnt


@dataclass(frozen=True, kw_only=True)
class RecordPage:
    """`card` is None when the text cannot be opened. `fits`: the hash is still that of the text. `brought`: the day on
    which it came back in a file, whose hash is the file's own; "" for a record that was kept here."""

    record: UUID
    title: str
    kept: str
    groups: tuple[str, ...]
    fits: bool
    card: RecordCard | None
    brought: str = ""


def records(person: Person, number: int) -> RecordList:
    """Two queries. Nothing is opened for it."""
    kept = Record.objects.filter(person=person).defer("content_sealed")
    total = kept.count()
    count = max(1, -(-total // ROWS_A_PAGE))
    number = min(max(number, 1), count)
    rows = kept[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE]
    return RecordList(rows=tuple(map(_row, rows)), page=Page(number=number, count=count, total=total))


def _row(record: Record) -> RecordRow:
    return RecordRow(record=record.public_id, title=name_of(record), kept=moment_of(record.kept_at))


def name_of(record: Record) -> str:
    found = CHECKS.get(record.check_id)
    return gettext(found.words.short) if found else gettext("A check that this version no longer has")


def record_page(record: Record, number: int = 1, *, whole: bool = False, items: int = ITEMS_A_PAGE) -> RecordPage:
    """`whole`: all items on one page, to be printed. `items`: how many stand on a page."""
    card = _card(record, number, MOST_ITEMS if whole else items)
    return RecordPage(
        record=record.public_id,
        title=card.title if card else name_of(record),
        kept=moment_of(record.kept_at),
        groups=groups_of(record.sha256),
        fits=check(record),
        card=card,
        brought=_brought(record) if card else "",
    )


def groups_of(sha256: str) -> tuple[str, ...]:
    """Easier to compare by eye."""
    return tuple(sha256[start : start + GROUP] for start in range(0, len(sha256), GROUP))


def _brought(record: Record) -> str:
    at = brought_at(record)
    return moment_of(at) if at else ""


def _card(record: Record, number: int, items_a_page: int) -> RecordCard | None:
    """None for what does not open, and for a text that is not of the form we write."""
    try:
        text = text_of(record)
        return _read(text, json.loads(text), number, items_a_page)
    except (SealBroken, ValueError, KeyError, TypeError, AttributeError):
        return None


def _read(text: str, content: Mapping[str, Any], number: int, items_a_page: int) -> RecordCard:
    verdict, items, audit = content["verdict"], content["items"]["list"], content["audit"]
    count = max(1, -(-len(items) // max(1, items_a_page)))
    number = min(max(number, 1), count)
    start = (number - 1) * items_a_page
    return RecordCard(
        title=content["check"]["name"]["shown"],
        account=content["account"],
        mark=verdict["mark"],
        word=verdict["word"]["shown"],
        sentence=verdict["sentence"]["shown"],
        signs=tuple(verdict["signs"]["shown"].splitlines()),
        how=verdict["how"]["shown"],
        limit=content["check"]["limit"]["shown"],
        told=_told(content["told"]),
        sources=tuple(_source(one) for one in content["sources"] if one["id"] != TOLD_US),
        items=tuple(_item(one) for one in items[start : start + items_a_page]),
        items_note=_items_note(content["items"]),
        page=Page(number=number, count=count, total=len(items)),
        audit=audit["id"],
        audit_times=_from_to(audit["began_at"], audit["finished_at"]) if audit["id"] else "",
        audit_by=gettext("An operator of this installation started it.") if audit["asked_for_by"] == "operator" else "",
        program=f"{content['program']['name']} {content['program']['version']}",
        text=text if len(text) <= MOST_SHOWN_TEXT else "",
        rung=str(verdict["rung"]),
    )


def _told(told: Mapping[str, Any] | None) -> str:
    if told is None or not told["words"]["shown"]:
        return ""
    return gettext("{day}: {answer}").format(day=_when(told["answered_at"]), answer=told["words"]["shown"])


def _source(one: Mapping[str, Any]) -> RecordSource:
    return RecordSource(name=one["name"]["shown"], text=_managed(one))


def _managed(one: Mapping[str, Any]) -> str:
    """How far this place was read, and why no further."""
    if one["state"] == CoverageState.COMPLETE.value:
        return gettext("Read whole, {day}.").format(day=_when(one["seen_at"]))
    why = one["why_words"]["shown"]
    if one["state"] == CoverageState.PARTIAL.value:
        return gettext("Read in part, {day}. {why}").format(day=_when(one["seen_at"]), why=why)
    return gettext("Not read. {why}").format(why=why)


def _item(one: Mapping[str, Any]) -> RecordItem:
    return RecordItem(name=one["name"], says=one["sentence"]["shown"], lines=tuple(_lines(one)))


def _lines(one: Mapping[str, Any]) -> Iterable[str]:
    if one["number"]:
        yield gettext("Google’s number for it: {number}").format(number=one["number"])
    if one["link_host"]:
        yield gettext("Found at {host}").format(host=one["link_host"])
    yield gettext("First seen here: {day}").format(day=_when(one["first_seen_at"]))
    if one["answer"]:
        answered = gettext(COMMON.item_answered[ItemAnswer(one["answer"])])
        yield gettext("Your answer: {answer}").format(answer=answered.replace("{date}", _when(one["answered_at"])))


def _items_note(items: Mapping[str, int]) -> str:
    if items["counted"] <= items["kept"]:
        return ""
    return ngettext(
        "This record holds {kept} of {counted} thing that was counted.",
        "This record holds {kept} of {counted} things that were counted.",
        items["counted"],
    ).format(kept=items["kept"], counted=items["counted"])


def _from_to(began: str, finished: str) -> str:
    if not finished:
        return _when(began)
    return gettext("{began} to {finished}").format(began=_when(began), finished=_when(finished))


def _when(iso: str) -> str:
    return moment_of(datetime.fromisoformat(iso)) if iso else gettext("an unknown day")


def moment_of(moment: datetime) -> str:
    """With its year and the name of its zone: it may be read elsewhere and much later."""
    return date_format(timezone.localtime(moment), "j F Y, H:i e")
