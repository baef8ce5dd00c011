"""The sheet on paper: a PDF drawn from data. Nothing is fetched, nothing is rendered from HTML.

The font draws Latin script. What it cannot draw stands as its number, in the order in which it was written: so no
name is ever lost, turned around, or made to look like another one.
"""

from __future__ import annotations

import logging
import unicodedata
from datetime import datetime
from functools import cache

from django.utils import timezone
from django.utils.translation import get_language, gettext
from fontTools.ttLib import TTFont
from fpdf import FPDF

from audits.audit.taking.parts import Entry, Section, Sheet
from audits.audit.tell.sentences import FIRST_STRONG_ISOLATE, POP_ISOLATE
from privacy_audit.environment import BASE_DIR

FONT = "Hyperlegible"
PLAIN, BOLD = (
    BASE_DIR / "static" / "fonts" / f"atkinson-hyperlegible-next-latin-{weight}.ttf" for weight in (400, 700)
)
NAMED_NOTES = "Notes"
LONGEST_NAME, LONGEST_SENTENCE = 200, 2_000  # characters
MARGIN, INDENT, LINE = 18, 6, 5.2  # millimetres
_ISOLATES = {ord(FIRST_STRONG_ISOLATE): None, ord(POP_ISOLATE): None}

for _name in ("fontTools", "fpdf"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # they tell which letters a name has


class _Paper(FPDF):
    """A4, with a number and the day at the foot of each page."""

    def __init__(self, date: str) -> None:
        super().__init__(format="A4")
        self.date = date
        self.str_alias_nb_pages = ""  # else a name could hold the sign for the number of pages
        self.add_font(FONT, fname=PLAIN)
        self.add_font(FONT, style="B", fname=BOLD)
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, MARGIN + LINE)

    def footer(self) -> None:
        self.set_y(-MARGIN)
        self.set_font(FONT, size=9)
        self.cell(0, LINE, gettext("{day}, page {number}").format(day=self.date, number=self.page_no()), align="C")

    def line_of(
        self, text: str, size: float = 10.5, *, bold: bool = False, indent: float = 0, after: float = 0
    ) -> None:
        self.set_font(FONT, style="B" if bold else "", size=size)
        self.set_x(MARGIN + indent)
        self.multi_cell(0, LINE * size / 10.5, text, align="L", new_x="LMARGIN", new_y="NEXT")
        if after:
            self.ln(after)


def drawn(sheet: Sheet) -> bytes:
    """The PDF. Its title says nothing, and it names neither who made it nor with what."""
    paper = _Paper(sheet.date)
    paper.set_title(NAMED_NOTES)
    paper.set_producer(NAMED_NOTES)
    paper.set_lang(get_language() or "en")
    paper.set_creation_date(_midnight())
    paper.add_page()
    paper.line_of(drawable(sheet.title), 20, bold=True, after=2)
    for note in sheet.notes:
        paper.line_of(drawable(note), after=1)
    for section in sheet.sections:
        _section(paper, section)
    if sheet.records:
        _heading(paper, sheet.records_title)
        for record in sheet.records:
            paper.line_of(drawable(record))
    return bytes(paper.output())


def _midnight() -> datetime:
    """The hour at which somebody made this is nobody's business."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def _heading(paper: _Paper, text: str) -> None:
    paper.ln(4)
    paper.line_of(drawable(text), 15, bold=True, after=1)


def _section(paper: _Paper, section: Section) -> None:
    _heading(paper, section.title)
    if section.note:
        paper.line_of(drawable(section.note), after=1)
    for entry in section.entries:
        _entry(paper, entry)


def _entry(paper: _Paper, entry: Entry) -> None:
    if paper.will_page_break(4 * LINE):
        paper.add_page()
    paper.ln(1.5)
    paper.line_of(drawable(entry.title), 12, bold=True)
    paper.line_of(drawable(entry.mark), bold=True)
    for text in entry.lines:
        paper.line_of(drawable(text))
    for name, said in entry.items:
        paper.line_of(
            f"- {drawable(name, LONGEST_NAME)}: {drawable(said)}" if said else f"- {drawable(name)}", indent=INDENT
        )
    if entry.more:
        paper.line_of(drawable(entry.more), indent=INDENT)


def drawable(text: str, most: int = LONGEST_SENTENCE) -> str:
    """One line of what the font has; all else as its number. Cut to `most` characters, with how many there were."""
    whole = unicodedata.normalize("NFC", text.translate(_ISOLATES))
    has = _letters()
    shown = "".join(one if ord(one) in has else f"[U+{ord(one):04X}]" for one in whole[:most])
    if len(whole) <= most:
        return shown
    return gettext("{start}… ({count} characters)").format(start=shown, count=len(whole))


@cache
def _letters() -> frozenset[int]:
    """What both fonts can draw. Accents that stand alone would be drawn over their neighbours, so they are left out."""
    found = frozenset(TTFont(PLAIN).getBestCmap()) & frozenset(TTFont(BOLD).getBestCmap())
    return frozenset(one for one in found if unicodedata.category(chr(one)) not in ("Mn", "Cf", "Cc"))
