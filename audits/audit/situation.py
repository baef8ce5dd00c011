"""What the Person said when they started. It chooses and orders their checks, and it can be changed or taken back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from audits.checks.catalogue import COMMON
from audits.models import Person, Situation


@dataclass(frozen=True, kw_only=True)
class Said:
    """`uses` and `worries`: keys of the common words. Nothing said is the same as an answer left out."""

    uses: frozenset[str] = frozenset()
    worries: frozenset[str] = frozenset()
    young: bool = False
    danger: bool = False


NOTHING = Said()


def situation_of(person: Person) -> Said:
    """What is kept of this Person; NOTHING when there is nothing. One query."""
    row = Situation.objects.filter(person=person).first()
    return said_from(row.said) if row is not None else NOTHING


def said_from(kept: dict[str, Any]) -> Said:
    """Words that the catalogue no longer has are left out."""
    return said(
        uses=kept.get("uses", ()),
        worries=kept.get("worries", ()),
        young=bool(kept.get("young")),
        danger=bool(kept.get("danger")),
    )


def said(*, uses: Collection[str], worries: Collection[str], young: bool, danger: bool) -> Said:
    return Said(
        uses=frozenset(uses) & COMMON.uses.keys(),
        worries=frozenset(worries) & COMMON.worries.keys(),
        young=young,
        danger=danger,
    )


def keep(person: Person, what: Said) -> None:
    """Nothing said keeps nothing."""
    if what == NOTHING:
        forget(person)
        return
    row = Situation.objects.filter(person=person).first() or Situation(person=person)
    row.said_at = timezone.now()
    row.said = {
        "uses": sorted(what.uses),
        "worries": sorted(what.worries),
        "young": what.young,
        "danger": what.danger,
    }
    row.save()


def forget(person: Person) -> None:
    Situation.objects.filter(person=person).delete()
