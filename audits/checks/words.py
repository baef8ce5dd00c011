"""The reviewed words of the checks as frozen data. What reads them from YAML stands in reading.py."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from audits.facts import ItemAnswer, ItemKind, Rung, Strength, ToldAnswer

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def _english(text: str) -> str:
    return text


def _english_plural(one: str, other: str, number: int) -> str:
    return one if number == 1 else other


@dataclass(frozen=True)
class Sentence:
    """A sentence with `{name}` placeholders. `count` names the value that decides between `one` and `other`.

    Without `count` there is only `other`.
    """

    other: str
    one: str = ""
    count: str = ""

    @cached_property
    def placeholders(self) -> frozenset[str]:
        found = set(_PLACEHOLDER.findall(f"{self.one} {self.other}"))
        return frozenset(found | ({self.count} if self.count else set()))

    def fits(self, values: Mapping[str, str | int]) -> bool:
        """True when `values` hold everything this sentence names."""
        return self.placeholders <= values.keys()

    def fill(
        self,
        values: Mapping[str, str | int],
        gettext: Callable[[str], str] = _english,
        ngettext: Callable[[str, str, int], str] = _english_plural,
    ) -> str:
        """The finished sentence: plain text, to be escaped. Values are put in once and never read as placeholders.

        Values whose name ends in `_at` are ISO 8601 times; turn them into dates first. Raises KeyError for a value
        that is not there.
        """
        text = ngettext(self.one, self.other, int(values[self.count])) if self.count else gettext(self.other)
        return _PLACEHOLDER.sub(lambda found: str(values[found[1]]), text)


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Who may notice a change. `level`: nobody, maybe, told or unknown. `tried`: we have tried it ourselves."""

    level: str
    short: str
    long: str
    tried: bool


@dataclass(frozen=True, kw_only=True)
class StepWords:
    """One step. `link` is a plain https address; `account`: open it in the right account; `verified`: seen to work.

    `on` is the system or app version it is for ("" for all), a key of `CommonWords.systems`. `path` is the way through
    the menus, as their labels stand on the screen.
    """

    text: str
    on: str
    path: tuple[str, ...]
    link: str
    link_label: str
    account: bool
    verified: bool


@dataclass(frozen=True, kw_only=True)
class ToldWords:
    """The question of a guided check, and its choices in the order they are offered.

    `items`: what the Person may name when something is there that they do not know; None where names mean nothing.
    """

    question: str
    choices: Mapping[ToldAnswer, str]
    items: ItemKind | None


@dataclass(frozen=True, kw_only=True)
class PastedWords:
    """A page of the service that the Person may paste or bring as a saved file: `page` says which, `items` what it
    lists. `link` is its address."""

    page: str
    items: ItemKind
    link: str


@dataclass(frozen=True, kw_only=True)
class Fits:
    """For whom a check is chosen. `uses`: any of these apps or devices (none: for everybody); `worries`: comes
    earlier for these; `young`: how it is offered to somebody under 18 (`same`, `read`: words only, nothing is kept,
    `not`: left out, `only`: read, and in nobody else's plan)."""

    uses: frozenset[str]
    worries: frozenset[str]
    young: str


@dataclass(frozen=True, kw_only=True)
class RungWords:
    """One rung of the ladder: what is said when we stand on it, when it answered in vain, when it is open, when
    there is no such rung for this account. Without sources there never is one."""

    sources: tuple[str, ...]
    strength: Strength
    stands: str
    tried: str
    open: str
    none: str


@dataclass(frozen=True, kw_only=True)
class FirstWords:
    """For *one thing first*. `title` counts; `plain` is said when the values do not hold what it counts."""

    title: Sentence
    plain: str
    text: str
    action: str

    def fitting_title(self, values: Mapping[str, str | int]) -> Sentence:
        return self.title if self.title.fits(values) else Sentence(self.plain)


@dataclass(frozen=True, kw_only=True)
class Reference:
    title: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Words:
    """All that is said about one check.

    `title` states the good state, `short` names the thing (for lists and headings), `unknown` opens a could-not-tell.
    `says` holds the sentence of every reason code, the ones common to all checks included; `item_says` those of its
    items. `minutes` and `look_minutes` are whole minutes (0: no guided look). Lower `first_rank` is offered first.
    `aliases` are ids it had before; `myths` are ids of myth cards that belong to it.
    """

    title: str
    short: str
    unknown: str
    why_line: str
    why: str
    limit: str
    minutes: int
    look_minutes: int
    notice: Notice
    undo_short: str
    undo: str
    lose: str
    evidence: str
    steps: tuple[StepWords, ...]
    look_steps: tuple[StepWords, ...]
    told: ToldWords | None
    pasted: PastedWords | None
    fits: Fits
    aliases: tuple[str, ...]
    myths: tuple[str, ...]
    rungs: Mapping[Rung, RungWords]
    says: Mapping[str, Sentence]
    item_says: Mapping[str, Sentence]
    items_hint: str
    first: FirstWords
    first_rank: int
    sources: tuple[Reference, ...]
    checked_on: date
    reviewed_by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class GroupWords:
    name: str
    icon: str


@dataclass(frozen=True, kw_only=True)
class RungDefaults:
    """What a rung says when the check has no words of its own for it."""

    title: str
    how: str  # with {date}
    stands: str
    tried: str
    open: str
    none: str


@dataclass(frozen=True, kw_only=True)
class CommonWords:
    """The words every check shares: checks/common.yaml.

    `says` has a sentence for each Why and for the reasons that come from answers. `item_tally` has one for each answer
    and for "open", `item_says` one for each way in which a Person can name a thing. `lines` holds single lines by name.
    `uses` are the apps and devices that a Person can say they use, `worries` what may have brought them here, `systems`
    what steps can be for; `told_choices` are the choices of a guided check that has none of its own.
    `reference_hosts`: where `sources` may point besides the platform's own hosts.
    """

    says: Mapping[str, Sentence]
    marks: Mapping[str, str]
    mark_notes: Mapping[str, str]
    groups: Mapping[str, GroupWords]
    sources: Mapping[str, str]
    rungs: Mapping[Rung, RungDefaults]
    rung_states: Mapping[str, str]
    strengths: Mapping[Strength, str]
    item_answers: Mapping[ItemAnswer, str]
    item_answered: Mapping[ItemAnswer, str]
    item_tally: Mapping[str, Sentence]
    item_says: Mapping[str, Sentence]
    lines: Mapping[str, str]
    uses: Mapping[str, UseWords]
    worries: Mapping[str, str]
    systems: Mapping[str, str]
    told_choices: Mapping[ToldAnswer, str]
    reference_hosts: frozenset[str]
    verified_links: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class UseWords:
    """`kind`: `app` or `device`."""

    name: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class PlatformWords:
    """One place of the catalogue. `order` sorts the places. `about`: `account`, when its checks are about one connected
    Google account, or `person`. `hosts`: where links of its checks may lead; `verified_links`: those seen to exist."""

    id: str
    name: str
    icon: str
    order: int
    about: str
    hosts: frozenset[str]
    verified_links: frozenset[str]
