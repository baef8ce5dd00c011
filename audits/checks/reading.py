"""From YAML to Words, with every problem reported. What a field means stands in words.py and docs/checks.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import TypeVar, cast

from audits.checks import language
from audits.checks.sections import Section
from audits.checks.words import (
    CommonWords,
    FirstWords,
    GroupWords,
    Notice,
    Reference,
    RungDefaults,
    RungWords,
    Sentence,
    StepWords,
    ToldWords,
    Words,
)
from audits.facts import ItemAnswer, Rung, Strength, ToldAnswer, Why

Name = TypeVar("Name", bound=str)

NOTICE_LEVELS = frozenset({"nobody", "maybe", "told", "unknown"})
MARKS = frozenset({"look", "fine", "unknown", "unchecked", "left"})
RUNG_STATES = frozenset({"stands", "tried", "open", "none", "next"})
ANSWERS = frozenset(ToldAnswer)
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


def _link(section: Section, key: str) -> str:
    link = section.text(key, 200)
    for problem in language.link_problems(link):
        section.report(key, problem)
    return link


# --------------------------------------------------------------------------- one check


def read_words(section: Section, common: CommonWords) -> Words:
    title = plain(section, "title", 70)
    for problem in language.title_problems(title):
        section.report("title", problem)
    told = _told(section.section("told")) if "told" in section else None
    words = Words(
        title=title,
        short=plain(section, "short", 50),
        unknown=plain(section, "unknown", 120),
        why_line=plain(section, "why_line", 120),
        why=plain(section, "why", 500),
        limit=plain(section, "limit", 320),
        minutes=section.number("minutes", 1, 60),
        look_minutes=section.number("look_minutes", 1, 30) if told else 0,
        notice=_notice(section.section("notice")),
        undo_short=plain(section, "undo_short", 60),
        undo=plain(section, "undo", 320),
        lose=plain(section, "lose", 320),
        evidence=plain(section, "evidence", 320),
        steps=_steps(section, "steps", common),
        look_steps=_steps(section, "look_steps", common) if told else (),
        told=told,
        rungs=_rungs(section.section("rungs"), common),
        says=MappingProxyType({**common.says, **section.section("says").every(sentence)}),
        item_says=MappingProxyType(section.section("item_says", needed=False).every(sentence)),
        items_hint=plain(section, "items_hint", 200, needed=False),
        first=_first(section.section("first")),
        first_rank=section.number("first_rank", 1, 999),
        sources=_references(section),
        checked_on=section.typed("checked_on", date, date.min),
        reviewed_by=section.texts("reviewed_by", 80),
    )
    section.close()
    return words


def _notice(section: Section) -> Notice:
    found = Notice(
        level=section.choice("level", NOTICE_LEVELS),
        short=plain(section, "short", 50),
        long=plain(section, "long", 320),
        tried=section.typed("tried", bool, False),
    )
    section.close()
    return found


def _steps(section: Section, key: str, common: CommonWords) -> tuple[StepWords, ...]:
    found = tuple(_step(one, common) for one in section.sections(key, 9))
    if not found and key in section:
        section.report(key, "has no step")
    return found


def _step(section: Section, common: CommonWords) -> StepWords:
    linked = "link" in section
    step = StepWords(
        text=plain(section, "text", 280),
        link=_link(section, "link") if linked else "",
        link_label=plain(section, "link_label", 60) if linked else "",
        account=section.typed("account", bool, False, needed=linked),
        verified=section.typed("verified", bool, False, needed=linked),
    )
    if linked and step.verified and step.link not in common.verified_links:
        section.report("link", "is marked verified, but does not stand in verified_links of common.yaml")
    if linked and not step.verified and UNSURE not in step.text:
        section.report("text", f"belongs to an unverified link, so it says what to do if the address {UNSURE}")
    section.close()
    return step


def _told(section: Section) -> ToldWords:
    offered = section.section("choices")
    choices = {ToldAnswer(key): plain(offered, key, 90) for key in offered.names() if key in ANSWERS}
    offered.close()
    needed = {ToldAnswer.AS_IT_SHOULD_BE, ToldAnswer.SOMETHING_ODD, ToldAnswer.NOT_FOUND, ToldAnswer.LEAVE}
    for answer in sorted(needed - choices.keys()):
        offered.report(answer.value, "is missing")
    found = ToldWords(question=plain(section, "question", 160), choices=MappingProxyType(choices))
    section.close()
    return found


def _rungs(section: Section, common: CommonWords) -> Mapping[Rung, RungWords]:
    """In the ladder's order, the strongest first."""
    found = {rung: _rung(section.section(rung.value), rung, common) for rung in Rung if rung.value in section}
    if not found:
        section.report("", "has no rung")
    section.close()
    return MappingProxyType(found)


def _rung(section: Section, rung: Rung, common: CommonWords) -> RungWords:
    defaults = common.rungs.get(rung)
    none = plain(section, "none", 320, needed=False) or (defaults.none if defaults else "")
    sources = section.texts("sources", 40)
    found = RungWords(
        sources=sources,
        strength=_strength(section),
        stands=plain(section, "stands", 320, needed="stands" in section),
        tried=plain(section, "tried", 320, needed=False) or (defaults.tried if defaults else ""),
        open=plain(section, "open", 320, needed=False) or (defaults.open if defaults and sources else none),
        none=none,
    )
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


def _references(section: Section) -> tuple[Reference, ...]:
    found = []
    for one in section.sections("sources", 6):
        found.append(Reference(title=plain(one, "title", 80), url=_link(one, "url")))
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
        lines=_each(section.section("lines"), None, 320),
        verified_links=frozenset(section.texts("verified_links", 200)),
    )
    section.close()
    for why in sorted(set(Why) - words.says.keys()):
        section.report("says", f"has no sentence for {why.value}")
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


def _rung_defaults(section: Section) -> Mapping[Rung, RungDefaults]:
    found = {}
    for rung in Rung:
        one = section.section(rung.value)
        found[rung] = RungDefaults(
            title=plain(one, "title", 50),
            how=dated(one, "how"),
            tried=plain(one, "tried", 200),
            open=plain(one, "open", 200),
            none=plain(one, "none", 200),
        )
        one.close()
    section.close()
    return MappingProxyType(found)
