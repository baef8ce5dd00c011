"""Before I send a picture: the steps, and the short list from what was ticked. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext

from audits.audit.guided import place_of
from audits.audit.tell.sentences import checked_and_reviewed
from audits.audit.tell.shapes import Choice
from audits.checks.catalogue import CHECKS, COMMON
from audits.checks.sending import SENDING, Part, Shows
from audits.checks.words import Reference, StepWords


@dataclass(frozen=True, kw_only=True)
class WayStep:
    """`path`: labels of the menus on the way, as they stand on the screen."""

    text: str
    path: tuple[str, ...]
    link: str
    link_label: str


@dataclass(frozen=True, kw_only=True)
class SystemWays:
    """`name` is "" where the steps are for all."""

    name: str
    steps: tuple[WayStep, ...]


@dataclass(frozen=True, kw_only=True)
class Ways:
    """How a check of the catalogue looks at something or changes it. `place` names it in an address."""

    title: str
    place: str
    systems: tuple[SystemWays, ...]


@dataclass(frozen=True, kw_only=True)
class SendingPart:
    title: str
    text: str
    ways: tuple[Ways, ...]
    ticks: tuple[Choice, ...]
    says: tuple[str, ...]  # the list, for what was ticked


@dataclass(frozen=True, kw_only=True)
class SendingCard:
    """`steps` and `list` for grown-ups; `list` holds the steps in which something was ticked."""

    steps: tuple[SendingPart, ...]
    list: tuple[SendingPart, ...]
    talk: tuple[Ways, ...]
    asks_for_help: bool
    checked: str
    sources: tuple[Reference, ...]


def before_sending(ticked: Collection[str] = ()) -> SendingCard:
    """`ticked`: ids of ticks; those we do not know are nothing."""
    steps = tuple(_part(part, ticked) for part in SENDING.steps)
    ticks = (tick for part in SENDING.steps for tick in part.ticks)
    return _card(
        steps, asks_for_help=any(tick.help and tick.id in ticked for tick in ticks), talk=tuple(_ways(SENDING.talk))
    )


def under_18() -> SendingCard:
    """The other page: no ticks, and where to talk."""
    return _card(tuple(_part(part, ()) for part in SENDING.young), asks_for_help=False, talk=())


def _card(steps: tuple[SendingPart, ...], *, asks_for_help: bool, talk: tuple[Ways, ...]) -> SendingCard:
    return SendingCard(
        steps=steps,
        list=tuple(part for part in steps if part.says),
        talk=talk,
        asks_for_help=asks_for_help,
        checked=checked_and_reviewed(SENDING.checked_on, SENDING.reviewed_by),
        sources=SENDING.sources,
    )


def _part(part: Part, ticked: Collection[str]) -> SendingPart:
    return SendingPart(
        title=gettext(part.title),
        text=gettext(part.text),
        ways=tuple(_ways(part.shows)),
        ticks=tuple(Choice(value=tick.id, label=gettext(tick.text), checked=tick.id in ticked) for tick in part.ticks),
        says=tuple(gettext(tick.says) for tick in part.ticks if tick.id in ticked),
    )


def _ways(shows: Shows) -> Iterable[Ways]:
    for name, way in shows.items():
        check = CHECKS[name]
        steps = check.words.look_steps if way == "look" else check.words.steps
        yield Ways(title=gettext(check.words.short), place=place_of(check, None), systems=tuple(_systems(steps)))


def _systems(steps: Iterable[StepWords]) -> Iterable[SystemWays]:
    """Steps for one system stand next to each other in the catalogue."""
    for system, found in groupby(steps, key=lambda step: step.on):
        name = gettext(COMMON.systems[system]) if system else ""
        yield SystemWays(name=name, steps=tuple(_step(step) for step in found))


def _step(step: StepWords) -> WayStep:
    label = gettext(step.link_label) if step.link_label else ""
    return WayStep(text=gettext(step.text), path=step.path, link=step.link, link_label=label)
