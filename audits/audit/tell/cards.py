"""Cards to read: what people believe of an app, and what is true. The same for all; what one uses comes first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from audits.audit.tell.sentences import checked_and_reviewed
from audits.checks.catalogue import COMMON
from audits.checks.myths import MYTHS, Myth
from audits.checks.words import Reference


@dataclass(frozen=True, kw_only=True)
class BeliefCard:
    """`about`: names of the apps and devices; none when it is about all."""

    claim: str
    truth: str
    why: str
    so: str
    about: tuple[str, ...]
    checked: str
    sources: tuple[Reference, ...]


@dataclass(frozen=True, kw_only=True)
class BeliefGroup:
    name: str
    cards: tuple[BeliefCard, ...]


@dataclass(frozen=True, kw_only=True)
class Beliefs:
    """Each card stands in one place only: `yours` for the apps the Person uses, `common` for all, or its group."""

    yours: tuple[BeliefCard, ...]
    common: tuple[BeliefCard, ...]
    groups: tuple[BeliefGroup, ...]


def beliefs(uses: Collection[str] = ()) -> Beliefs:
    """`uses`: keys of COMMON.uses."""
    common = [myth for myth in MYTHS.values() if not myth.uses]
    yours = [myth for myth in MYTHS.values() if not myth.uses.isdisjoint(uses)]
    rest = [myth for myth in MYTHS.values() if myth.uses and myth.uses.isdisjoint(uses)]
    return Beliefs(yours=_cards(yours), common=_cards(common), groups=tuple(_groups(rest)))


def _groups(rest: Sequence[Myth]) -> list[BeliefGroup]:
    """By app; what is about several apps stands in a group of its own, before them."""
    several = [myth for myth in rest if len(myth.uses) > 1]
    found = [BeliefGroup(name=gettext("Several apps"), cards=_cards(several))]
    for use, words in COMMON.uses.items():
        found.append(
            BeliefGroup(
                name=gettext(words.name), cards=_cards([myth for myth in rest if myth.uses == frozenset({use})])
            )
        )
    return [group for group in found if group.cards]


def _cards(found: Sequence[Myth]) -> tuple[BeliefCard, ...]:
    return tuple(_card(myth) for myth in found)


def _card(myth: Myth) -> BeliefCard:
    return BeliefCard(
        claim=gettext(myth.claim),
        truth=gettext(myth.truth),
        why=gettext(myth.why),
        so=gettext(myth.so),
        about=tuple(gettext(words.name) for use, words in COMMON.uses.items() if use in myth.uses),
        checked=checked_and_reviewed(myth.checked_on, myth.reviewed_by),
        sources=myth.sources,
    )
