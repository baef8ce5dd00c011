"""The catalogue: every check, loaded once.

What others use, and which keeps its name:

- `CHECKS: Mapping[str, Check]` by id, in the order of `first_rank`; `COMMON: CommonWords`; `problems() -> list[str]`.
- `Check(id, platform, group, words, rule, sources, reasons, judge)`. **`check.judge(evidence) -> Verdict` is the one
  door**: it works for every check, with or without a rule, and weighs in what the Person said of items and of the
  whole check (answers.py). `check.sources` names all that it looks at, `told_us` included.
- `Rule(sources, reasons, judge)`: what a machine can see. `rule.judge` is the same door as `check.judge`.
- `Words`: title, short, unknown, why_line, why, limit, minutes, look_minutes, notice(level, short, long, tried),
  undo_short, undo, lose, evidence, steps and look_steps (text, link, link_label, account, verified), told(question,
  choices by ToldAnswer) or None, rungs by Rung (sources, strength, stands, tried, open, none), says by reason code
  (common ones included), item_says, items_hint, first(title, plain, text, action; `fitting_title(values)`),
  first_rank, sources(title, url), checked_on, reviewed_by.
- `Sentence(other, one, count).fill(values, gettext, ngettext) -> str`; `.fits(values)`.
- `CommonWords`: says, marks, mark_notes, groups(name, icon), sources, rungs(title, how, tried, open, none),
  rung_states, strengths, item_answers, item_answered, item_tally, lines, verified_links.

Values named `..._at` in a Verdict are ISO 8601 times (UTC): make them dates before filling a sentence. The value
`why` is a Why (or "") for the judge, never for people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType

from audits.checks import answers, fitting
from audits.checks.reading import read_common, read_words
from audits.checks.sections import read_yaml
from audits.checks.words import CommonWords, Words
from audits.facts import Evidence, Verdict

FOLDER = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a machine can see of a check. `judge` has the Person's answers weighed in already."""

    sources: tuple[str, ...]
    reasons: frozenset[str]
    judge: Callable[[Evidence], Verdict]


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing worth looking at. `rule` is None where no machine can see; `judge` works all the same."""

    id: str
    platform: str
    group: str
    words: Words
    rule: Rule | None
    sources: tuple[str, ...]
    reasons: frozenset[str]
    judge: Callable[[Evidence], Verdict]


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    common: CommonWords
    checks: Mapping[str, Check]
    problems: list[str] = field(default_factory=list)


def load(folder: Path = FOLDER, package: str = "audits.checks") -> Catalogue:
    """Read every <platform>/<id>.yaml. A check with a problem is reported and still loaded as far as it goes."""
    found: list[str] = []
    common = read_common(read_yaml(folder / "common.yaml", "common.yaml", found))
    checks = [_load_check(path, package, common, found) for path in sorted(folder.glob("*/*.yaml"))]
    found.extend(_shared_problems(checks))
    ordered = sorted(checks, key=lambda check: (check.words.first_rank, check.id))
    return Catalogue(common=common, checks=MappingProxyType({c.id: c for c in ordered}), problems=found)


def _load_check(path: Path, package: str, common: CommonWords, found: list[str]) -> Check:
    platform, check_id = path.parent.name, path.stem
    section = read_yaml(path, f"{platform}/{path.name}", found)
    for key, name in (("id", check_id), ("platform", platform)):
        if section.text(key, 60) != name:
            section.report(key, f"is not {name!r}, as the file’s place says")
    group = section.choice("group", frozenset(common.groups))
    words = read_words(section, common)
    module = import_module(f"{package}.{platform}.{check_id}") if path.with_suffix(".py").exists() else None
    choices = words.told.choices if words.told else ()
    judge = partial(answers.judge_with_answers, module.judge if module else None, check_id, tuple(choices))
    reasons = _reasons(module, words)
    for problem in fitting.problems(module, words, common, reasons):
        section.report("", problem)
    return Check(
        id=check_id,
        platform=platform,
        group=group,
        words=words,
        rule=Rule(sources=tuple(module.SOURCES), reasons=reasons, judge=judge) if module else None,
        sources=fitting.sources_of(module, words),
        reasons=reasons,
        judge=judge,
    )


def _reasons(module: ModuleType | None, words: Words) -> frozenset[str]:
    """Every reason code a verdict of this check can have."""
    own: frozenset[str] = module.REASONS if module else frozenset()
    settled = answers.SETTLED_REASONS if answers.SEEN in own or answers.SEEN_PARTLY in own else frozenset()
    return own | settled | answers.told_reasons(words.told.choices if words.told else ())


def _shared_problems(checks: list[Check]) -> Iterator[str]:
    ranks: dict[int, str] = {}
    seen: dict[str, str] = {}
    for check in checks:
        if check.id in seen:
            yield f"{check.platform}/{check.id}.yaml: the id is also used by {seen[check.id]}"
        if check.words.first_rank in ranks:
            yield f"{check.platform}/{check.id}.yaml: first_rank is the same as in {ranks[check.words.first_rank]}"
        seen[check.id] = check.platform
        ranks[check.words.first_rank] = check.id


_CATALOGUE = load()
COMMON: CommonWords = _CATALOGUE.common
CHECKS: Mapping[str, Check] = _CATALOGUE.checks


def problems() -> list[str]:
    """What is wrong with words and rules: one plain sentence each, naming file and field. Empty when all is well."""
    return list(_CATALOGUE.problems)
