"""From YAML to Words, with every problem reported. What a field means stands in words.py and docs/checks.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import TypeVar, cast

from audits.checks import language
from audits.checks.answers import NAMED_SAYS
from audits.checks.sections import Section
from audits.checks.words import (
    CommonWords,
    FirstWords,
    Fits,
    GroupWords,
    Notice,
    PastedWords,
    PlatformWords,
    Reference,
    RungDefaults,
    RungWords,
    Sentence,
    StepWords,
    ToldWords,
    UseWords,
    Words,
)
from audits.facts import ItemAnswer, ItemKind, Rung, Strength, ToldAnswer, Why

Name = TypeVar("Name", bound=str)

MOST_STEPS = 24
NOTICE_LEVELS = frozenset({"nobody", "maybe", "told", "unknown"})
MARKS = frozenset({"look", "fine", "unknown", "unchecked", "left"})
RUNG_STATES = frozenset({"stands", "tried", "open", "none", "next"})
ANSWERS = frozenset(ToldAnswer)
NEEDED_ANSWERS = (ToldAnswer.AS_IT_SHOULD_BE, ToldAnswer.SOMETHING_ODD, ToldAnswer.NOT_FOUND, ToldAnswer.LEAVE)
ABOUT = frozenset({"account", "person"})
YOUNG = frozenset({"same", "read", "not", "only"})
USE_KINDS = frozenset({"app", "device"})
TOLD_US = "told_us"
UNSURE = "does not open"  # the words of an unverified link say what to do when the address does not open


def plain(section: Section, key: str, most: int, needed: bool = True) -> str:
    """A text that people read: right length, right words, no placeholder."""
    text = _worded(section, key, most, needed)
    if Sentence(text).placeholders:
        section.report(key, "has a placeholder where none is filled")
    return text


def _worded(section: Section, key: str, most: int, needed: bool = True) -> str:
    text = section.text(key, most, needed)
    for problem in language.text_problems(text):
        section.report(key, problem)
    return text


def sentence(section: Section, key: str, most: int = 320) -> Sentence:
    """Either one text, or {count, one, other}."""
    if not isinstance(section.raw(key), Mapping):
        return Sentence(_worded(section, key, most))
    forms = section.section(key)
    found = Sentence(_worded(forms, "other", most), _worded(forms, "one", most), forms.text("count", 20))
    forms.close()
    return found


def dated(section: Section, key: str, most: int = 80) -> str:
    """A text with the one placeholder {date}."""
    text = _worded(section, key, most)
    if Sentence(text).placeholders != {"date"}:
        section.report(key, "needs {date} and no other placeholder")
    return text


def _link(section: Section, key: str, hosts: frozenset[str]) -> str:
    link = section.text(key, 200)
    for problem in language.link_problems(link, hosts):
        section.report(key, problem)
    return link


def _names(section: Section, key: str, allowed: Iterable[str] | None = None) -> tuple[str, ...]:
    """A list of ids. `allowed`: the ids there are; None where that is looked at elsewhere."""
    found = section.texts(key, 60, needed=False)
    for name in sorted(set(found) - set(allowed)) if allowed is not None else ():
        section.report(key, f"names {name!r}, which is not known")
    return found


# --------------------------------------------------------------------------- one check


def read_words(section: Section, common: CommonWords, platform: PlatformWords, ruled: bool) -> Words:
    """`ruled`: a machine can judge this check, so that it needs words for what a machine may say."""
    short = plain(section, "short", 50)
    why_line = plain(section, "why_line", 120)
    told = _told(section.section("told"), common) if "told" in section else None
    if not ruled and told is None:
        section.report("told", "is missing, and there is no rule either")
    pasted = _pasted(section.section("pasted"), platform) if "pasted" in section else None
    words = Words(
        title=_title(section),
        short=short,
        unknown=plain(section, "unknown", 120, needed=ruled),
        why_line=why_line,
        why=plain(section, "why", 500),
        limit=plain(section, "limit", 320),
        minutes=section.number("minutes", 1, 60),
        look_minutes=section.number("look_minutes", 1, 30) if told else 0,
        notice=_notice(section.section("notice")),
        undo_short=plain(section, "undo_short", 60),
        undo=plain(section, "undo", 320),
        lose=plain(section, "lose", 320),
        evidence=plain(section, "evidence", 320),
        steps=_steps(section, "steps", common, platform),
        look_steps=_steps(section, "look_steps", common, platform) if told else (),
        told=told,
        pasted=pasted,
        fits=_fits(section.section("fits", needed=False), common),
        aliases=_names(section, "aliases"),
        myths=_names(section, "myths"),
        rungs=_rungs(section.section("rungs", needed=ruled), common, ruled, pasted),
        says=MappingProxyType({**common.says, **section.section("says", needed=ruled).every(sentence)}),
        item_says=MappingProxyType({**common.item_says, **section.section("item_says", needed=False).every(sentence)}),
        items_hint=plain(section, "items_hint", 200, needed=False),
        first=_first(section.section("first"))
        if ruled or "first" in section
        else FirstWords(title=Sentence(short), plain=short, text=why_line, action=common.lines.get("first_action", "")),
        first_rank=section.number("first_rank", 1, 999),
        sources=references(section, platform.hosts | common.reference_hosts),
        checked_on=section.typed("checked_on", date, date.min),
        reviewed_by=section.texts("reviewed_by", 80),
    )
    section.close()
    return words


def _title(section: Section) -> str:
    title = plain(section, "title", 70)
    for problem in language.title_problems(title):
        section.report("title", problem)
    return title


def _fits(section: Section, common: CommonWords) -> Fits:
    found = Fits(
        uses=frozenset(_names(section, "uses", common.uses)),
        worries=frozenset(_names(section, "worries", common.worries)),
        young=section.choice("young", YOUNG) if "young" in section else "same",
    )
    section.close()
    return found


def _pasted(section: Section, platform: PlatformWords) -> PastedWords:
    found = PastedWords(
        page=plain(section, "page", 120),
        items=_item_kind(section, "items"),
        link=_link(section, "link", platform.hosts) if "link" in section else "",
    )
    section.close()
    return found


def _item_kind(section: Section, key: str) -> ItemKind:
    value = section.choice(key, frozenset(ItemKind))
    return ItemKind(value) if value in frozenset(ItemKind) else ItemKind.OTHER


def _notice(section: Section) -> Notice:
    found = Notice(
        level=section.choice("level", NOTICE_LEVELS),
        short=plain(section, "short", 50),
        long=plain(section, "long", 320),
        tried=section.typed("tried", bool, False),
    )
    section.close()
    return found


def _steps(section: Section, key: str, common: CommonWords, platform: PlatformWords) -> tuple[StepWords, ...]:
    found = tuple(_step(one, common, platform) for one in section.sections(key, MOST_STEPS))
    if not found and key in section:
        section.report(key, "has no step")
    return found


def _step(section: Section, common: CommonWords, platform: PlatformWords) -> StepWords:
    linked = "link" in section
    step = StepWords(
        text=plain(section, "text", 280),
        on=section.choice("on", frozenset(common.systems)) if "on" in section else "",
        path=_path(section),
        link=_link(section, "link", platform.hosts) if linked else "",
        link_label=plain(section, "link_label", 60) if linked else "",
        account=section.typed("account", bool, False, needed=linked),
        verified=section.typed("verified", bool, False, needed=linked),
    )
    if linked and step.verified and step.link not in common.verified_links | platform.verified_links:
        section.report("link", "is marked verified, but does not stand in verified_links of platform.yaml")
    if linked and not step.verified and UNSURE not in step.text:
        section.report("text", f"belongs to an unverified link, so it says what to do if the address {UNSURE}")
    section.close()
    return step


def _path(section: Section) -> tuple[str, ...]:
    """Labels as they stand on a screen: quoted, so they may be in any words but no markup."""
    labels = section.texts("path", 60, needed=False)
    if any("<" in label or ">" in label or not label.strip() for label in labels):
        section.report("path", "has markup or an empty label in it")
    if len(labels) > 8:
        section.report("path", f"has {len(labels)} labels, at most 8")
    return labels


def _told(section: Section, common: CommonWords) -> ToldWords:
    choices = _choices(section.section("choices")) if "choices" in section else common.told_choices
    found = ToldWords(
        question=plain(section, "question", 160),
        choices=choices,
        items=_item_kind(section, "items") if "items" in section else None,
    )
    section.close()
    return found


def _choices(offered: Section) -> Mapping[ToldAnswer, str]:
    choices = {ToldAnswer(key): plain(offered, key, 90) for key in offered.names() if key in ANSWERS}
    offered.close()
    for answer in sorted(set(NEEDED_ANSWERS) - choices.keys()):
        offered.report(answer.value, "is missing")
    return MappingProxyType(choices)


def _rungs(section: Section, common: CommonWords, ruled: bool, pasted: PastedWords | None) -> Mapping[Rung, RungWords]:
    """In the ladder's order, the strongest first. Without a rule the Person's word always stands on it."""
    found = {rung: _rung(section.section(rung.value), rung, common) for rung in Rung if rung.value in section}
    if pasted is not None:
        found.setdefault(Rung.PASTED, _default_rung(Rung.PASTED, common, (TOLD_US,), Strength.SUGGESTS))
    if not ruled:
        found.setdefault(Rung.TOLD, _default_rung(Rung.TOLD, common, (TOLD_US,), Strength.TOLD))
    if not found:
        section.report("", "has no rung")
    section.close()
    return MappingProxyType({rung: found[rung] for rung in Rung if rung in found})


def _default_rung(rung: Rung, common: CommonWords, sources: tuple[str, ...], strength: Strength) -> RungWords:
    words = common.rungs[rung]
    return RungWords(
        sources=sources, strength=strength, stands=words.stands, tried=words.tried, open=words.open, none=words.none
    )


def _rung(section: Section, rung: Rung, common: CommonWords) -> RungWords:
    defaults = common.rungs.get(rung)
    none = plain(section, "none", 320, needed=False) or (defaults.none if defaults else "")
    sources = section.texts("sources", 40, needed=False)
    found = RungWords(
        sources=sources,
        strength=_strength(section) if sources else Strength.TOLD,
        stands=plain(section, "stands", 320, needed="stands" in section),
        tried=plain(section, "tried", 320, needed=False) or (defaults.tried if defaults else ""),
        open=plain(section, "open", 320, needed=False) or (defaults.open if defaults and sources else none),
        none=none,
    )
    section.raw("strength", needed=False)
    for source in sorted(set(found.sources) - common.sources.keys()):
        section.report("sources", f"names {source!r}, which is not a known source")
    if found.sources and not found.stands and found.strength is not Strength.SUGGESTS:
        section.report("stands", "is missing, though this rung can settle the check")
    section.close()
    return found


def _strength(section: Section) -> Strength:
    value = section.choice("strength", frozenset(Strength))
    return Strength(value) if value in frozenset(Strength) else Strength.TOLD


def _first(section: Section) -> FirstWords:
    found = FirstWords(
        title=sentence(section, "title", 90),
        plain=plain(section, "plain", 90),
        text=plain(section, "text", 320),
        action=plain(section, "action", 40),
    )
    section.close()
    return found


def references(section: Section, hosts: frozenset[str]) -> tuple[Reference, ...]:
    """Where the words come from: titles and addresses on these hosts."""
    found = []
    for one in section.sections("sources", 6):
        found.append(Reference(title=plain(one, "title", 80), url=_link(one, "url", hosts)))
        one.close()
    if not found and "sources" in section:
        section.report("sources", "names no source")
    return tuple(found)


# --------------------------------------------------------------------------- common.yaml


def read_common(section: Section) -> CommonWords:
    words = CommonWords(
        says=MappingProxyType(section.section("says").every(sentence)),
        marks=_each(section.section("marks"), MARKS, 40),
        mark_notes=_each(section.section("mark_notes"), MARKS, 160),
        groups=MappingProxyType(section.section("groups").every(_group)),
        sources=_each(section.section("sources"), None, 80),
        rungs=_rung_defaults(section.section("rungs")),
        rung_states=_each(section.section("rung_states"), RUNG_STATES, 40),
        strengths=_each(section.section("strengths"), Strength, 40),
        item_answers=_each(section.section("item_answers"), ItemAnswer, 40),
        item_answered=_each(section.section("item_answered"), ItemAnswer, 60, dated),
        item_tally=MappingProxyType(section.section("item_tally").every(sentence)),
        item_says=MappingProxyType(section.section("item_says").every(sentence)),
        lines=_each(section.section("lines"), None, 320),
        uses=MappingProxyType(section.section("uses").every(_use)),
        worries=_each(section.section("worries"), None, 80),
        systems=_each(section.section("systems"), None, 40),
        told_choices=_choices(section.section("told_choices")),
        reference_hosts=frozenset(section.texts("reference_hosts", 80)),
        verified_links=frozenset(section.texts("verified_links", 200)),
    )
    section.close()
    for why in sorted(set(Why) - words.says.keys()):
        section.report("says", f"has no sentence for {why.value}")
    for code in sorted(set(NAMED_SAYS.values()) ^ words.item_says.keys()):
        section.report("item_says", f"{code!r} is not both here and a way to name a thing")
    for code, named in words.item_says.items():
        if named.placeholders - {"named_at"}:
            section.report("item_says", f"{code} names more than named_at")
    for tally in sorted({*ItemAnswer, "open"} - words.item_tally.keys()):
        section.report("item_tally", f"has no sentence for {tally}")
    return words


def _each(
    section: Section,
    names: Iterable[Name] | None,
    most: int,
    read: Callable[[Section, str, int], str] = plain,
) -> Mapping[Name, str]:
    """One text for each of these names, and no other; None: whatever names there are."""
    wanted = list(names) if names is not None else cast(list[Name], section.names())
    found = {name: read(section, str(name), most) for name in wanted}
    section.close()
    return MappingProxyType(found)


def _group(section: Section, key: str) -> GroupWords:
    group = section.section(key)
    found = GroupWords(name=plain(group, "name", 40), icon=group.text("icon", 30))
    group.close()
    return found


def _use(section: Section, key: str) -> UseWords:
    one = section.section(key)
    found = UseWords(name=plain(one, "name", 40), kind=one.choice("kind", USE_KINDS))
    one.close()
    return found


def read_platform(section: Section, platform_id: str) -> PlatformWords:
    found = PlatformWords(
        id=platform_id,
        name=plain(section, "name", 40),
        icon=section.text("icon", 30),
        order=section.number("order", 1, 999),
        about=section.choice("about", ABOUT),
        hosts=frozenset(section.texts("hosts", 80)),
        verified_links=frozenset(section.texts("verified_links", 200)),
    )
    section.close()
    return found


def _rung_defaults(section: Section) -> Mapping[Rung, RungDefaults]:
    found = {}
    for rung in Rung:
        one = section.section(rung.value)
        found[rung] = RungDefaults(
            title=plain(one, "title", 50),
            how=dated(one, "how"),
            stands=plain(one, "stands", 200),
            tried=plain(one, "tried", 200),
            open=plain(one, "open", 200),
            none=plain(one, "none", 200),
        )
        one.close()
    section.close()
    return MappingProxyType(found)
