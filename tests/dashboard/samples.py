"""Specimens made hard: hostile names, and as much as a page will ever hold."""

from __future__ import annotations

from dataclasses import replace

from audits.audit.tell.record import (
    ITEMS_A_PAGE,
    MOST_SHOWN_TEXT,
    RecordCard,
    RecordItem,
    RecordList,
    RecordPage,
    RecordRow,
    RecordSource,
)
from audits.audit.tell.shapes import (
    Card,
    Day,
    Group,
    Kind,
    Mark,
    Overview,
    Page,
    PartyCard,
    PartyItem,
    Place,
    Plan,
    Row,
    Timeline,
    WhoGroup,
    WhoList,
)
from audits.dashboard import specimens

HOSTILE = '<script>alert("x")</script> Google – verified ' + "W" * 120
REVERSED = "\u202egpj.exe"


def hostile_card() -> Card:
    names = (HOSTILE, "W" * 200, REVERSED)
    items = tuple(specimens.item(number, name) for number, name in enumerate(names))
    return replace(specimens.CARD, items=items, lead=HOSTILE, account=HOSTILE)


def hostile_overview() -> Overview:
    first = replace(specimens.FIRST, title=HOSTILE, text=HOSTILE)
    changes = tuple(replace(line, name=HOSTILE) for line in specimens.CHANGES)
    return replace(full_overview(6), first=first, changes=changes)


def full_overview(findings: int = 60) -> Overview:
    """A third needs a look, a third looks fine, a third was not checked; every sentence is long."""
    third = findings // 3
    saw = f"{HOSTILE} and {third} more can read every file in your Drive, pictures and scans included."
    rows = tuple(specimens.row(100 + n, f"Apps of kind number {n} that can read your files", saw) for n in range(third))
    shorts = tuple(specimens.short(300 + n, f"A check with a rather long name, number {n}") for n in range(third))
    groups = (
        Group(
            mark=Mark.LOOK,
            id="look",
            title="Needs a look",
            note="",
            count=third,
            kinds=(Kind(id="apps", name="Apps", icon="i-app", rows=rows),),
        ),
        replace(specimens.FINE, short=shorts[:5], more=shorts[5:], count=third),
        replace(specimens.UNCHECKED, short=shorts[:5], more=shorts[5:], count=third),
    )
    return replace(specimens.OVERVIEW, groups=groups, plan=full_plan(rows, shorts))


def full_places() -> tuple[Place, ...]:
    plan = full_overview().plan
    return plan.places if plan else ()


def full_plan(rows: tuple[Row, ...], shorts: tuple[Row, ...]) -> Plan:
    google, whatsapp = specimens.PLAN.places
    return Plan(
        next=(*rows, *shorts)[:7],
        places=(replace(google, rows=rows), replace(whatsapp, rows=shorts)),
        fine=shorts,
        left=shorts[:5],
        elsewhere=100,
    )


def full_card() -> Card:
    """One page of three thousand items."""
    items = tuple(specimens.item(number, f"{HOSTILE} {number}.jpg") for number in range(25))
    return replace(specimens.CARD, items=items, page=Page(number=2, count=120, total=3000))


def hostile_groups() -> tuple[WhoGroup, ...]:
    rows = tuple(replace(row, name=HOSTILE, text=HOSTILE) for row in specimens.PEOPLE.rows)
    return (replace(specimens.PEOPLE, rows=rows, total=60),)


def hostile_party() -> PartyCard:
    """Somebody in the list, so that every part of the page is there."""
    card = specimens.NAMED_PARTY
    ways = tuple(
        replace(way, items=tuple(hostile_item(item) for item in way.items), missing=HOSTILE) for way in card.ways
    )
    return replace(card, name=HOSTILE, lead=HOSTILE, ways=ways, addresses=(HOSTILE,), rule=HOSTILE)


def hostile_item(item: PartyItem) -> PartyItem:
    return replace(item, name=HOSTILE, says=HOSTILE, account=HOSTILE)


def hostile_timeline() -> Timeline:
    entries = tuple(replace(line, name=HOSTILE, check=HOSTILE, about="0123456789") for line in specimens.CHANGES)
    days = (Day(date="Monday 23 November", entries=entries),)
    return replace(specimens.TIMELINE, days=days, title=HOSTILE, account=HOSTILE, about="0123456789", query="x&")


def hostile_list() -> WhoList:
    rows = tuple(replace(row, name=HOSTILE, text=HOSTILE) for row in specimens.PEOPLE.rows)
    return WhoList(id="people", name="People", rows=rows, page=Page(number=2, count=3, total=60))


def record(names: tuple[str, ...] = ("PicPolish",), *, fits: bool = True, text: str = "{}") -> RecordPage:
    card = RecordCard(
        title="Apps that can open all your Drive files",
        account=names[0],
        mark=Mark.LOOK.value,
        word="Needs a look",
        sentence=f"We saw an app, {names[0]}, that can open every file in your Drive.",
        signs=("A mail of 3 May 2026 names an app.",),
        how="Seen live, 23 November 2026",
        limit="Apps that reach your Gmail, Photos or contacts but not your Drive.",
        told="23 November 2026, 07:42 UTC: There is one I do not know",
        sources=(RecordSource(name="Google Drive, list of apps", text="Read whole, 23 November 2026, 07:42 UTC."),),
        items=tuple(
            RecordItem(name=name, says="Can open every file in your Drive.", lines=(f"Found at {name}",))
            for name in names
        ),
        items_note="This record holds 3 of 5 things that were counted.",
        page=Page(number=1, count=2, total=len(names) * 2),
        audit=str(specimens.uid(1)),
        audit_times="23 November 2026, 07:42 UTC",
        audit_by="",
        program="Privacy Audit 0.1.0",
        text=text,
    )
    return RecordPage(
        record=specimens.uid(2),
        title=card.title,
        kept="23 November 2026, 07:42 UTC",
        groups=("541f700b",) * 8,
        fits=fits,
        card=card,
    )


def hostile_record() -> RecordPage:
    names = (HOSTILE, "W" * 200, REVERSED)
    return record(names, text=HOSTILE * 3)


def full_record() -> RecordPage:
    """One page of the longest record."""
    names = tuple(f"{number} {HOSTILE}" for number in range(ITEMS_A_PAGE))
    return record(names, text='"' * MOST_SHOWN_TEXT)


def records() -> RecordList:
    rows = tuple(
        RecordRow(record=specimens.uid(number), title=HOSTILE, kept="23 November 2026, 07:42 UTC")
        for number in range(25)
    )
    return RecordList(rows=rows, page=Page(number=2, count=8, total=200))
