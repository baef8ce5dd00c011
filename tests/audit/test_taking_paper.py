"""The plan as a PDF: what stands in it, what does not stand in it blacked out, and names in any script."""

from __future__ import annotations

import io
import resource
import time
from typing import Any

import pytest
from pypdf import PdfReader

from audits.audit.taking import paper
from audits.audit.taking.parts import Entry, Section, Sheet
from audits.audit.taking.sheet import ITEMS_A_CHECK, ITEMS_IN_ALL, sheet_of
from audits.models import CallWord, Finding, Item, Person
from tests.audit.taking_world import (
    APP,
    EMAIL,
    FILE,
    HELPER,
    LINE,
    NAMED,
    NAMES,
    OWN_NOTE,
    REACHED_AT,
    person_with_everything,
)

MOST_SECONDS, MOST_MEGABYTES = 2.0, 60


def read(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def flat(pdf: bytes) -> str:
    return " ".join(read(pdf).split())


def streams(pdf: bytes) -> bytes:
    """Every stream of the file, unpacked, and all that stands outside of them."""
    reader = PdfReader(io.BytesIO(pdf))
    found = [pdf]
    for number in range(1, len(reader.xref[0]) + 1):
        one = reader.get_object(number)
        found.append(repr(one).encode())
        if hasattr(one, "get_data"):
            found.append(one.get_data())
    return b"\n".join(found)


def of(*names: str) -> bytes:
    entry = Entry(title="A check", mark="Needs a look", lines=("A line.",), items=tuple((name, "") for name in names))
    section = Section(title="Needs a look", note="", entries=(entry,))
    return paper.drawn(
        Sheet(title="Notes", date="23 November 2026", notes=(), sections=(section,), records_title="", records=())
    )


def counts(sheet: Sheet) -> list[object]:
    entries = [
        (section.title, one.title, len(one.items), one.more) for section in sheet.sections for one in section.entries
    ]
    return [*entries, sheet.notes[1:3], sheet.records]


@pytest.mark.django_db
def test_the_plan_stands_in_it() -> None:
    person, _ = person_with_everything()
    text = flat(paper.drawn(sheet_of(person, named=True)))
    for there in (
        EMAIL,
        APP,
        FILE,
        NAMED,
        "Needs a look",
        "Not checked yet",
        "Looks fine",
        "You know this",
        "You don’t know",
    ):
        assert there in text, there
    for there in (
        "Prepared by the person who uses it",
        "Not verified by anyone else.",
        "How we know: ",
        "Still open: ",
    ):
        assert there in text, there
    assert ", page 1" in text
    assert "Records kept" in text


@pytest.mark.django_db
def test_sessions_with_helplines_stand_in_it_without_what_opens_a_door() -> None:
    person, _ = person_with_everything()
    word = CallWord.objects.get().word
    text = flat(paper.drawn(sheet_of(person, named=True)))
    for there in (f"{HELPER} from {LINE}", OWN_NOTE, "Done: ", "Still open: ", "You ended it.", f"{HELPER} looked at"):
        assert there in text, there
    blacked = flat(paper.drawn(sheet_of(person, named=False)))
    assert "[name left out] looked at" in blacked
    for hidden in (word, REACHED_AT):
        assert hidden not in text + blacked


@pytest.mark.django_db
def test_blacked_out_no_name_stands_anywhere_and_counts_stay() -> None:
    person, _ = person_with_everything()
    bare = paper.drawn(sheet_of(person, named=False))
    text, whole = flat(bare).lower(), streams(bare).lower()
    for name in (*NAMES, "secret", "evil"):
        assert name.lower() not in text, name
        for written in (
            name.lower().encode(),
            name.lower().encode("utf-16-be"),
            name.lower().encode("utf-16-be").hex().encode(),
        ):
            assert written not in whole, name
    assert "[name left out]" in text
    assert counts(sheet_of(person, named=False)) == counts(sheet_of(person, named=True))


@pytest.mark.django_db
def test_neither_says_who_made_it_nor_with_what() -> None:
    person, _ = person_with_everything()
    for named in (True, False):
        pdf = paper.drawn(sheet_of(person, named=named))
        about = {str(key): str(value) for key, value in (PdfReader(io.BytesIO(pdf)).metadata or {}).items()}
        assert {about.pop("/Title"), about.pop("/Producer")} == {"Notes"}
        assert about.pop("/CreationDate").startswith("D:20")
        assert not about
        assert b"fpdf" not in streams(pdf).lower()


@pytest.mark.django_db
def test_the_plan_costs_a_constant_number_of_queries(django_assert_max_num_queries: Any) -> None:
    person, _ = person_with_everything()
    with django_assert_max_num_queries(17):
        sheet_of(person, named=True)


def test_a_person_without_anything_has_a_plan(db: None) -> None:
    text = flat(paper.drawn(sheet_of(Person.objects.create_user(), named=True)))
    assert "Nobody has looked yet." in text


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("Zoë’s Müller – “Fotos”", "Zoë’s Müller – “Fotos”"),
        ("محمد", "[U+0645][U+062D][U+0645][U+062F]"),
        ("日本", "[U+65E5][U+672C]"),
        ("a😀b", "a[U+1F600]b"),
        ("a\u202egnp.exe", "a[U+202E]gnp.exe"),
        ("a\x00b\nc", "a[U+0000]b[U+000A]c"),
        ("\ud800", "[U+D800]"),
        ("Google\u200b", "Google[U+200B]"),
        ("e\u0301", "é"),
        ("\u2068set apart\u2069", "set apart"),
        ("{nb} **bold** <b>&amp;", "{nb} **bold** <b>&amp;"),
        ("(\\) Tj ET", "(\\) Tj ET"),
        ("", ""),
    ],
)
def test_a_name_in_any_script_is_drawn_or_spelled_and_never_turned(name: str, drawn: str) -> None:
    assert paper.drawable(name) == drawn
    assert "".join(drawn.split()) in "".join(read(of(name)).split())


def test_a_name_of_ten_thousand_letters_is_cut_and_counted() -> None:
    shown = paper.drawable("x" * 10_000, paper.LONGEST_NAME)
    assert shown == "x" * 200 + "… (10000 characters)"
    assert "(10000 characters)" in flat(of("x" * 10_000, "\u0645" * 10_000))


@pytest.mark.django_db
def test_a_check_with_thousands_of_things_is_cut_with_a_count() -> None:
    person, _ = person_with_everything()
    finding = Finding.objects.filter(person=person, item_count__gt=0, current=True, audit__isnull=False).first()
    assert finding is not None
    item = Item.objects.filter(finding=finding).first()
    assert item is not None
    Item.objects.bulk_create(
        Item(
            finding=finding,
            person=person,
            kind=item.kind,
            key=f"{number:032}",
            place=number,
            first_seen_at=item.first_seen_at,
            content_sealed=item.content_sealed,
        )
        for number in range(10, 5_000)
    )
    Finding.objects.filter(pk=finding.pk).update(item_count=5_000)
    entries = [entry for section in sheet_of(person, named=True).sections for entry in section.entries]
    [cut] = [entry for entry in entries if entry.more]
    assert len(cut.items) <= ITEMS_A_CHECK
    assert cut.more == f"and {5_000 - len(cut.items)} more, not listed here"


def test_the_largest_plan_is_drawn_in_time_and_memory() -> None:
    """As many lines as a sheet can hold, with names that have to be spelled."""
    items = (("\u0645\u062d PicPolish" * 3, "It can open all files, since 3 May. No answer yet."),) * ITEMS_A_CHECK
    lines = ("We saw some things that you may want to see, on 3 May 2026, and a few words more to fill this line.",) * 4
    full = Entry(title="A check", mark="Needs a look", lines=lines, items=items, more="and 4960 more")
    bare = Entry(title="A check", mark="Not checked yet", lines=lines[:1])
    section = Section(title="All", note="", entries=(full,) * (ITEMS_IN_ALL // ITEMS_A_CHECK) + (bare,) * 150)
    records = ("A check, kept on 3 May 2026",) * 200
    sheet = Sheet(title="Notes", date="", notes=(), sections=(section,), records_title="Records", records=records)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    pdf = paper.drawn(sheet)
    assert time.process_time() - began < MOST_SECONDS
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024 < MOST_MEGABYTES
    assert len(pdf) < 1_000_000
