"""Steps as blocks: those for one system stand together, and the systems that the Person uses come first, open."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

from django.utils.translation import gettext

from audits.audit.tell.sentences import address_of, in_account
from audits.audit.tell.shapes import StepBlock, StepCard
from audits.checks.catalogue import COMMON
from audits.checks.words import StepWords

# What a device that somebody says they use can be called in a step.
SYSTEMS_OF = {
    "iphone": frozenset({"iphone"}),
    "android": frozenset({"android", "samsung", "pixel"}),
    "mac": frozenset({"mac"}),
    "windows": frozenset({"windows"}),
}
ANYWHERE = frozenset({"web", "app"})  # these are on no device alone

Steps = list[StepWords]


def systems_of(uses: Collection[str]) -> frozenset[str]:
    """The systems behind the devices a Person uses; none when they named no device."""
    return frozenset().union(*(SYSTEMS_OF[use] for use in uses if use in SYSTEMS_OF))


def step_blocks(
    steps: Sequence[StepWords], email: str, systems: frozenset[str] = frozenset(), after: int = 0
) -> tuple[StepBlock, ...]:
    """Steps for all keep their place. Where systems stand beside each other, each counts from the same number.

    `after`: how many steps stand in other lists of the same page before these.
    """
    points = {id(step): point for point, step in enumerate(steps, after + 1)}
    found: list[StepBlock] = []
    number = 1
    for for_all, group in groupby(steps, key=lambda step: not step.on):
        run = list(group)
        ways = [(None, run)] if for_all else list(_ways(run, systems))
        for is_open, way in ways:
            found.append(_block(way, number, email, is_open, points))
        number += max(len(way) for is_open, way in ways if is_open is not False)
    return tuple(found)


def _ways(steps: Steps, systems: frozenset[str]) -> Iterator[tuple[bool, Steps]]:
    """The ways of one run of steps, the Person's own first, each with whether it stands open."""
    ways = [list(way) for _, way in groupby(steps, key=lambda step: step.on)]
    own = [way for way in ways if way[0].on in systems]
    if not own:
        yield from ((True, way) for way in ways)
        return
    yield from ((True, way) for way in own)
    rest = [way for way in ways if way[0].on not in systems]
    yield from ((way[0].on in ANYWHERE, way) for way in sorted(rest, key=lambda way: way[0].on not in ANYWHERE))


def _block(
    steps: Sequence[StepWords], number: int, email: str, is_open: bool | None, points: Mapping[int, int]
) -> StepBlock:
    """`is_open` None: steps for all, which have no heading."""
    return StepBlock(
        name="" if is_open is None else gettext(COMMON.systems[steps[0].on]),
        folded=is_open is False,
        steps=tuple(step_card(step, email, number + place, points[id(step)]) for place, step in enumerate(steps)),
    )


def step_card(step: StepWords, email: str, number: int, point: int) -> StepCard:
    where = address_of(step.link)
    return StepCard(
        number=number,
        point=point,
        text=gettext(step.text),
        path=step.path,
        link=in_account(step.link, email) if step.account else step.link,
        link_label=gettext(step.link_label) if step.link_label else where,
        where=where,
    )
