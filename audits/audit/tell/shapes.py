"""Cards as data: what templates are handed. Every string is a finished, translated sentence.

Names from outside (apps, files, addresses) are plain text: templates escape them and wrap them in <bdi>.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Mark(StrEnum):
    LOOK = "look"
    FINE = "fine"
    UNKNOWN = "unknown"
    UNCHECKED = "unchecked"
    LEFT = "left"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One check on the overview. `finding` is None until it is answered; `place` names it till then."""

    finding: UUID | None
    place: str
    check_id: str
    title: str
    mark: Mark
    mark_word: str
    group: str
    saw: str
    minutes: str
    notice: str
    how: str
    new: int = 0
    account: str = ""
    due: bool = False  # the Person asked to see it again by today
    reading: bool = False  # words only: nothing of it is kept


@dataclass(frozen=True, kw_only=True)
class Place:
    """Rows about one place, such as an app. `look`: how many of them need a look."""

    id: str
    name: str
    icon: str
    rows: tuple[Row, ...]
    look: int = 0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is open: `next` in view, the rest folded by place; then what looks fine and what was left.

    `elsewhere`: how many checks are not part of it, because they are about what the Person does not use.
    """

    next: tuple[Row, ...]
    places: tuple[Place, ...]
    fine: tuple[Row, ...]
    left: tuple[Row, ...]
    elsewhere: int = 0

    @property
    def rest(self) -> int:
        return sum(len(place.rows) for place in self.places)


@dataclass(frozen=True, kw_only=True)
class Kind:
    id: str
    name: str
    icon: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """LOOK and UNKNOWN use `kinds`; FINE, UNCHECKED and LEFT use `short`, and `more` which is folded."""

    mark: Mark
    id: str
    title: str
    note: str
    count: int
    kinds: tuple[Kind, ...] = ()
    short: tuple[Row, ...] = ()
    more: tuple[Row, ...] = ()


@dataclass(frozen=True, kw_only=True)
class First:
    """One thing first. `place` names it where another one is asked for."""

    finding: UUID | None
    place: str
    title: str
    text: str
    minutes: str
    notice: str
    undo: str
    action: str
    another: bool
    mark: Mark = Mark.UNCHECKED
    mark_word: str = ""


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    """`kind`: new, gone, back, changed, verdict, blind; decided, named, look or event.

    `check` is the title of the check it is about, where the line does not say it yet; `about` names it in an address.
    `record`: one that was kept, while it is there.
    """

    kind: str
    word: str
    name: str
    text: str
    about: str = ""
    check: str = ""
    record: str = ""


@dataclass(frozen=True, kw_only=True)
class Tally:
    look: int
    fine: int
    unknown: int
    unchecked: int
    left: int

    @property
    def total(self) -> int:
        return self.look + self.fine + self.unknown + self.unchecked + self.left

    @property
    def begun(self) -> bool:
        """Something was looked at or answered."""
        return self.total > self.unchecked


@dataclass(frozen=True, kw_only=True)
class Progress:
    state: str
    done: int
    total: int
    sentence: str
    active: bool
    waiting_long: bool
    can_cancel: bool


@dataclass(frozen=True, kw_only=True)
class AccountLine:
    public_id: UUID
    email: str
    state: str
    state_sentence: str
    reconnect: bool


@dataclass(frozen=True, kw_only=True)
class Overview:
    heading: str
    lead: str
    accounts: tuple[AccountLine, ...]
    progress: Progress | None
    first: First | None
    tally: Tally | None
    groups: tuple[Group, ...]
    since: str
    changes: tuple[ChangeLine, ...]
    more_changes: bool
    last_failed: str
    google_said: str = ""
    plan: Plan | None = None
    looked: bool = False  # an audit has finished
    begin: bool = False  # an account is connected, and nothing was looked at yet
    asked: bool = False  # the Person has said something at the start
    young: bool = False
    helps: tuple[Row, ...] = ()  # for somebody under 18: whom to turn to, before everything else
    today: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    number: int
    count: int
    total: int

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.count else None


@dataclass(frozen=True, kw_only=True)
class PartyRow:
    """`page` is the name of its page's address, which takes `key`."""

    key: str
    kind: str
    name: str
    text: str
    tags: tuple[str, ...] = ()
    named: bool = False
    page: str = "party"


@dataclass(frozen=True, kw_only=True)
class WhoGroup:
    id: str
    name: str
    icon: str
    rows: tuple[PartyRow, ...]
    total: int
    none_text: str
    none_finding: UUID | None


@dataclass(frozen=True, kw_only=True)
class WhoList:
    """All parties of one group, a page at a time."""

    id: str
    name: str
    rows: tuple[PartyRow, ...]
    page: Page
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ByItself:
    """`next`: day and time, "" while it rests. It was `paused` by the Person, or rests because access was `lost`."""

    rhythm: str
    next: str
    paused: bool
    lost: bool


@dataclass(frozen=True, kw_only=True)
class WhoView:
    overview: Overview
    groups: tuple[WhoGroup, ...]
    by_itself: ByItself | None = None


@dataclass(frozen=True, kw_only=True)
class Choice:
    value: str
    label: str
    checked: bool


@dataclass(frozen=True, kw_only=True)
class ItemCard:
    key: str
    name: str
    says: str
    link: str
    new: bool
    answer: str
    answered: str
    choices: tuple[Choice, ...]
    removable: bool = False  # there is a page from which it can be removed
    told_item: str = ""  # the Person named it: the id under which it can be taken out again


@dataclass(frozen=True, kw_only=True)
class RungCard:
    """`state`: stands, tried, open, none or next. `unopened`: its sources that wait for a look to be opened."""

    id: str
    state: str
    title: str
    state_word: str
    text: str
    strength: str
    unopened: tuple[str, ...] = ()
    nobody_named: bool = False


@dataclass(frozen=True, kw_only=True)
class StepCard:
    """`number` stands beside it; ways for several systems share numbers. `point` is this step's alone on its page: by
    it a helper points. `path`: labels of the menus on the way, as they stand on the screen."""

    text: str
    number: int = 1
    point: int = 1
    path: tuple[str, ...] = ()
    link: str = ""
    link_label: str = ""
    where: str = ""


@dataclass(frozen=True, kw_only=True)
class StepBlock:
    """Steps that belong together. `name`: the system they are for, "" for all; `folded`: not one the Person uses."""

    name: str
    folded: bool
    steps: tuple[StepCard, ...]


@dataclass(frozen=True, kw_only=True)
class PasteCard:
    """A page whose text can be pasted: which, and where it is."""

    page: str
    link: str
    where: str


@dataclass(frozen=True, kw_only=True)
class Belief:
    """What people say of an app, and what is true, in short."""

    claim: str
    truth: str
    so: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """One check, whole. `finding` is None, and `place` stands for it, until the Person answers it."""

    finding: UUID | None
    place: str
    check_id: str
    title: str
    mark: Mark
    mark_word: str
    lead: str
    signs: tuple[str, ...]
    account: str
    minutes: str
    notice: str
    undo_short: str
    how: str
    items: tuple[ItemCard, ...]
    page: Page | None
    items_hint: str
    rungs: tuple[RungCard, ...]
    ladder_hint: str
    limit: str
    why: str
    notice_long: str
    notice_tried: bool
    lose: str
    evidence: str
    steps: tuple[StepBlock, ...]
    undo: str
    told: tuple[Choice, ...]
    told_question: str
    told_note: str
    look_steps: tuple[StepBlock, ...]
    can_look_again: bool
    left: bool
    left_text: str
    source_line: str
    changes: tuple[ChangeLine, ...]
    progress: Progress | None
    unopened: tuple[str, ...] = ()  # sources of the whole check that wait for a look to be opened
    at_google: bool = True  # it is about a Google account
    machine: bool = True  # a machine can judge it, or a part of it
    items_title: str = ""  # where the Person named some of the items
    can_name: bool = False  # what was found there can be named
    again: tuple[Choice, ...] = ()  # when to look again
    again_note: str = ""
    pasted: PasteCard | None = None
    myths: tuple[Belief, ...] = ()
    read_only: bool = False  # for somebody under 18: words alone, and nothing of it is kept
    connection: str = ""  # the Connection's public id
    days: tuple[Day, ...] = ()  # what changed and was decided here, the newest first


@dataclass(frozen=True, kw_only=True)
class PartyItem:
    """`how`: how we know, where it is not the same for all of its Way. `row`: the check in which it stands."""

    name: str
    says: str
    link: str = ""
    how: str = ""
    account: str = ""
    row: Row | None = None


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way in which a party reaches the Person's things, or theirs stand open to the Person.

    `missing`: what could not be looked at, and why; with no items it stands alone, never *none*. `row`: the check where
    to look at it, or to open a look. `page`: for what goes on over several pages; else `more` are not shown.
    """

    id: str
    title: str
    items: tuple[PartyItem, ...] = ()
    how: str = ""
    none: str = ""
    missing: str = ""
    row: Row | None = None
    page: Page | None = None
    more: int = 0


@dataclass(frozen=True, kw_only=True)
class PartyCard:
    """`rule`: what made us put things here; `offline`: no Google account is connected that could be asked."""

    key: str
    kind: str
    name: str
    named: bool
    lead: str
    ways: tuple[Way, ...]
    findings: tuple[Row, ...] = ()
    addresses: tuple[str, ...] = ()
    rule: str = ""
    offline: bool = False


@dataclass(frozen=True, kw_only=True)
class Day:
    date: str
    entries: tuple[ChangeLine, ...]


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """`kinds` and `checks`: what it can be narrowed to. `title`: of the check it is narrowed to, at `about`.

    `query` keeps both in the addresses of its pages.
    """

    days: tuple[Day, ...]
    page: Page
    kinds: tuple[Choice, ...] = ()
    checks: tuple[Choice, ...] = ()
    about: str = ""
    title: str = ""
    account: str = ""
    query: str = ""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A rectangle of a picture, with the number it stands for. `kind`: seen, decided or changed."""

    kind: str
    x: int
    y: int
    width: int
    height: int
    number: int

    @property
    def end(self) -> int:
        """Where its number is written."""
        return self.x + self.width + 4

    @property
    def foot(self) -> int:
        return self.y + self.height - 1


@dataclass(frozen=True, kw_only=True)
class Month:
    """`y`: where its name is written in the picture."""

    name: str
    short: str
    looks: int
    seen: int
    decided: int
    changed: int
    bars: tuple[Bar, ...] = ()
    y: int = 0


@dataclass(frozen=True, kw_only=True)
class OverTime:
    """Both with the newest first. `older`: what is left of the months before. `width` and `height`: of the picture."""

    months: tuple[Month, ...]
    older: tuple[Month, ...]
    width: int
    height: int
    title: str
