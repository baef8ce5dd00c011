"""All records of a Person on one dated sheet, for somebody who helps: each as it was kept, and a list with its hash.

Nothing is said here that does not stand in a record. Bounded, and counted where cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC

from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from audits.audit.keeping import MOST_RECORDS, sha256_of
from audits.audit.taking.parts import Entry, Section, Sheet
from audits.audit.tell.record import RecordCard, RecordPage, groups_of, moment_of, name_of, record_page
from audits.facts import Rung
from audits.models import Person, Record

ITEMS_A_RECORD, ITEMS_IN_ALL = 40, 1_500
MOST_OPENED = 20_000_000  # bytes as they are kept: what is beyond is listed, and not opened
FITS, DIFFERS, NOT_OPENED = "fits", "does-not-fit", "not-opened"
TOLD = (Rung.TOLD, Rung.BROUGHT)


@dataclass(frozen=True, kw_only=True)
class RecordsSheet:
    """`listed` is exactly the text that `groups` is the SHA-256 of."""

    sheet: Sheet
    listed: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class _Kept:
    record: Record
    page: RecordPage | None  # None: too long for this sheet

    @property
    def state(self) -> str:
        if self.page is None:
            return NOT_OPENED
        return FITS if self.page.fits else DIFFERS


def records_sheet(person: Person, *, on_paper: bool = False) -> RecordsSheet:
    """The oldest first. Two queries. `on_paper`: for the PDF, whose font draws Latin script only."""
    kept = list(_opened(person))
    listed = "\n".join(_listed(kept))
    groups = groups_of(sha256_of(listed))
    sheet = Sheet(
        title=gettext("Records kept"),
        date=moment_of(timezone.now()),
        notes=tuple(_notes(kept, on_paper=on_paper)),
        sections=(Section(title=gettext("The records"), note="", entries=tuple(map(_entry, kept))),) if kept else (),
        records_title=gettext("List of these records"),
        records=(*listed.splitlines(), gettext("SHA-256 of this list: {hash}").format(hash=" ".join(groups))),
    )
    return RecordsSheet(sheet=sheet, listed=listed, groups=groups)


def _opened(person: Person) -> Iterator[_Kept]:
    rows = Record.objects.filter(person=person).order_by("kept_at", "pk").defer("content_sealed")
    found = list(rows.annotate(size=Length("content_sealed"))[:MOST_RECORDS])
    room, fitting = MOST_OPENED, []
    for record in found:
        if record.size <= room:
            room -= record.size
            fitting.append(record.pk)
    pages = _pages(fitting)
    return (_Kept(record, pages.get(record.pk)) for record in found)


def _pages(pks: Sequence[int]) -> dict[int, RecordPage]:
    left, pages = ITEMS_IN_ALL, {}
    for record in Record.objects.filter(pk__in=pks).order_by("kept_at", "pk").iterator(chunk_size=20):
        page = record_page(record, items=min(left, ITEMS_A_RECORD))
        left -= len(page.card.items) if page.card else 0
        pages[record.pk] = page
    return pages


def _listed(kept: Sequence[_Kept]) -> Iterator[str]:
    """In English and ASCII, so that everybody gets the same bytes: day of the list, then a line for each record."""
    yield f"Records kept, listed {timezone.now().astimezone(UTC).isoformat(timespec='seconds')}, {len(kept)} in all"
    for number, one in enumerate(kept, start=1):
        at = one.record.kept_at.astimezone(UTC).isoformat(timespec="seconds")
        yield f"{number} {one.record.public_id} {at} {one.record.sha256} {one.state}"


def _notes(kept: Sequence[_Kept], *, on_paper: bool) -> Iterator[str]:
    yield gettext("Prepared by the person who uses it, on {day}. Not verified by anyone else.").format(
        day=moment_of(timezone.now())
    )
    count = ngettext("{count} record, the oldest first.", "{count} records, the oldest first.", len(kept))
    yield count.format(count=len(kept))
    yield gettext(
        "Each record is what this program saw at one time, how it saw it, and what the person answered, in the words "
        "of that day. Where it says “told”, the person said so and this program did not see it. A record does not "
        "prove who did something, or that nothing else happened."
    )
    yield gettext(
        "The hash (SHA-256) is a number made from the exact text of a record. Whoever makes it anew from that text, in "
        "UTF-8 and without a line break at the end, gets the same number as long as nothing was changed. The texts "
        "stand on the page of each record, and in the file with all data. A hash noted elsewhere on that day says more."
    )
    if on_paper:
        yield gettext("A letter that this paper cannot draw stands as its number, like [U+0416].")


def _entry(kept: _Kept) -> Entry:
    page = kept.page
    card = page.card if page else None
    return Entry(
        title=card.title if card else name_of(kept.record),
        mark=card.word if card else gettext("Not shown here"),
        lines=(*(_seen(card) if card else ()), *_about(kept)),
        items=tuple((one.name, " ".join([one.says, "; ".join(one.lines)])) for one in card.items) if card else (),
        more=_more(card),
    )


def _seen(card: RecordCard) -> Iterator[str]:
    if card.rung in TOLD:
        yield gettext("Told: the person said so. This program did not see it.")
    yield card.sentence
    for sign in card.signs:
        yield gettext("A sign, not proof: {sign}").format(sign=sign)
    if card.how:
        yield gettext("How we know: {how}").format(how=card.how)
    if card.told:
        yield gettext("Told by the person, {told}").format(told=card.told)
    if card.account:
        yield gettext("Account: {account}").format(account=card.account)
    for source in card.sources:
        yield gettext("Where we looked: {name}. {text}").format(name=source.name, text=source.text)
    if card.limit:
        yield gettext("What this does not show: {limit}").format(limit=card.limit)
    if card.audit:
        yield gettext("From the look of {times}, number {number}.").format(times=card.audit_times, number=card.audit)


def _about(kept: _Kept) -> Iterator[str]:
    record, page = kept.record, kept.page
    yield gettext("Kept on {day}. Number of the record: {number}").format(
        day=moment_of(record.kept_at), number=record.public_id
    )
    yield gettext("SHA-256 of its text: {hash}").format(hash=" ".join(groups_of(record.sha256)))
    if page is None:
        yield gettext("It is too long for this sheet. Print it from its own page.")
    elif page.fits:
        yield gettext("Checked for this sheet: text and hash fit.")
    else:
        yield gettext("Do not rely on this record: text and hash do not fit, or the text can no longer be opened.")
    if page and page.brought:
        yield gettext(
            "It came back in a file that the person brought on {day}. We cannot tell whether it was changed before."
        ).format(day=page.brought)


def _more(card: RecordCard | None) -> str:
    if card is None:
        return ""
    missing = card.page.total - len(card.items)
    lines = [card.items_note] if card.items_note else []
    if missing > 0:
        words = "and {count} more, not listed here", "and {count} more, not listed here"
        lines.append(ngettext(*words, missing).format(count=missing))
    return " ".join(lines)
