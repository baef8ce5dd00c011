"""Specimens made hard: hostile names, and as much as a page will ever hold."""

from __future__ import annotations

from dataclasses import replace

from audits.audit.tell.shapes import (
    Card,
    Day,
    Group,
    Kind,
    Mark,
    Overview,
    Page,
    PartyCard,
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
    return replace(specimens.OVERVIEW, groups=groups)


def full_card() -> Card:
    """One page of three thousand items."""
    items = tuple(specimens.item(number, f"{HOSTILE} {number}.jpg") for number in range(25))
    return replace(specimens.CARD, items=items, page=Page(number=2, count=120, total=3000))


def hostile_groups() -> tuple[WhoGroup, ...]:
    rows = tuple(replace(row, name=HOSTILE, text=HOSTILE) for row in specimens.PEOPLE.rows)
    return (replace(specimens.PEOPLE, rows=rows, total=60),)


def hostile_party() -> PartyCard:
    items = tuple(replace(item, name=HOSTILE) for item in specimens.PARTY.items)
    return replace(specimens.PARTY, name=HOSTILE, lead=HOSTILE, items=items)


def hostile_timeline() -> Timeline:
    entries = tuple(replace(line, name=HOSTILE) for line in specimens.CHANGES)
    return replace(specimens.TIMELINE, days=(Day(date="Monday 23 November", entries=entries),))


def hostile_list() -> WhoList:
    rows = tuple(replace(row, name=HOSTILE, text=HOSTILE) for row in specimens.PEOPLE.rows)
    return WhoList(id="people", name="People", rows=rows, page=Page(number=2, count=3, total=60))
