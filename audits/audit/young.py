"""The gentler road of somebody under 18: pictures and files are not looked at, and nothing of them is kept.

How a check is offered then: `same` as to everybody, `read` (words only, nothing is kept) or `not` at all. `only` is
read too, and stands in nobody else's plan.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from audits.audit.situation import Said, situation_of
from audits.checks.catalogue import CHECKS, Check
from audits.facts import Coverage, CoverageState, ItemKind, Why
from audits.models import Person
from audits.sources.contract import Ask, Seen, Source

SAME, READ, NOT, ONLY = "same", "read", "not", "only"

# Sources whose facts name, count or describe pictures and files.
OF_PICTURES_AND_FILES = frozenset(
    {
        "drive_public",
        "drive_outsiders",
        "drive_named",
        "drive_trash",
        "drive_incoming",
        "drive_shared_drives",
        "drive_activity",
        "photos_picker",
    }
)
PICTURES_AND_FILES = frozenset({ItemKind.FILE.value, ItemKind.PICTURE.value})


@dataclass(frozen=True)
class LeftOut:
    """Stands for a source that is not asked, and says why."""

    source: Source

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def scope(self) -> str:
        return self.source.scope

    @property
    def calls(self) -> tuple[str, ...]:
        return ()

    def asks_google(self, ask: Ask) -> bool:
        return False

    def look(self, ask: Ask) -> Seen:
        coverage = Coverage(
            connection=ask.connection,
            source=self.source.name,
            state=CoverageState.REFUSED,
            why=Why.UNDER_18,
            seen_at=timezone.now(),
        )
        return Seen(facts=(), coverage=coverage)


def holds_pictures(sources: Iterable[str]) -> bool:
    return not OF_PICTURES_AND_FILES.isdisjoint(sources)


def how(check: Check) -> str:
    """What stands on pictures or files is at most read, whatever its words say."""
    said = check.words.fits.young
    return READ if said == SAME and holds_pictures(check.sources) else said


def kept_back() -> list[str]:
    """Ids of the checks of which nothing is kept, those of earlier days included."""
    return [name for check in CHECKS.values() if how(check) != SAME for name in (check.id, *check.words.aliases)]


def left_out(person: Person, check: Check) -> bool:
    """Whether this check is not for this Person. One query, and none for most checks."""
    return how(check) == NOT and situation_of(person).young


def reads_only(person: Person, check: Check) -> bool:
    """Whether this Person may only read this check. One query, and none for most checks."""
    return how(check) != SAME and situation_of(person).young


def reads(check: Check, said: Said) -> bool:
    """The same, where what the Person said is at hand."""
    return said.young and how(check) != SAME
