"""What a printed sheet is made of."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One check. `lines` are whole sentences; `more`: how many things are not listed."""

    title: str
    mark: str
    lines: tuple[str, ...]
    items: tuple[tuple[str, str], ...] = ()  # its name, and what is said of it
    more: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    title: str
    note: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    title: str
    date: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    records_title: str
    records: tuple[str, ...]


def left_out() -> str:
    return gettext("[name left out]")
