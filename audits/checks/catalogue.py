"""The catalogue: every check, loaded once.

What others use, and which keeps its name:

- `CHECKS: Mapping[str, Check]` by id, in the order of `first_rank`; `PLATFORMS` by id, in their order;
  `COMMON: CommonWords`; `problems() -> list[str]`.
- `RULED`: those that a machine can judge; only these are part of an audit. The others begin with an answer.
- `id_now(check_id)`: the id of today for one that may be an alias. Answers and findings are kept under the id of
  their day, so whatever reads them asks here.
- `by_code(code)`: the Check behind the neutral code in an address.
- `Check(id, code, platform, about, group, words, rule, sources, reasons, judge)`. **`check.judge(evidence) -> Verdict`
  is the one door**: it works for every check, with or without a rule, and weighs in what the Person said of items and
  of the whole check (answers.py). `check.sources` names all that it looks at, `told_us` included.
- `Rule(sources, reasons, judge)`: what a machine can see. `rule.judge` is the same door as `check.judge`.
- `Words`: title, short, unknown, why_line, why, limit, minutes, look_minutes, notice(level, short, long, tried),
  undo_short, undo, lose, evidence, steps and look_steps (text, link, link_label, account, verified), told(question,
  choices by ToldAnswer) or None, rungs by Rung (sources, strength, stands, tried, open, none), says by reason code
  (common ones included), item_says, items_hint, first(title, plain, text, action; `fitting_title(values)`),
  first_rank, sources(title, url), checked_on, reviewed_by.
- `Sentence(other, one, count).fill(values, gettext, ngettext) -> str`; `.fits(values)`.
- `CommonWords`: uses, worries, systems, says, marks, mark_notes, groups(name, icon), sources, rungs(title, how,
  stands, tried, open, none), rung_states, strengths, item_answers, item_answered, item_tally, lines, verified_links.

Values named `..._at` in a Verdict are ISO 8601 times (UTC): make them dates before filling a sentence. The value
`why` is a Why (or "") for the judge, never for people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType

from audits.checks import answers, fitting
from audits.checks.reading import ABOUT, read_common, read_platform, read_words
from audits.checks.sections import read_yaml
from audits.checks.words import CommonWords, PlatformWords, Words
from audits.facts import Evidence, Verdict
from privacy_audit.environment import read_list

FOLDER = Path(__file__).parent
PLATFORM = "platform.yaml"
MYTHS = "myth_cards"
HELPER_WORDS = "helper_words"
NO_PLACES = frozenset({MYTHS, HELPER_WORDS})


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a machine can see of a check. `judge` has the Person's answers weighed in already."""

    sources: tuple[str, ...]
    reasons: frozenset[str]
    judge: Callable[[Evidence], Verdict]


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing worth looking at. `rule` is None where no machine can see; `judge` works all the same.

    `code` stands for it in addresses, which stay in the browser's history and so say nothing. `about`: `account`, when
    it is about one connected account, or `person`; that of its platform unless its own file says otherwise.
    """

    id: str
    code: str
    platform: PlatformWords
    about: str
    group: str
    words: Words
    rule: Rule | None
    sources: tuple[str, ...]
    reasons: frozenset[str]
    judge: Callable[[Evidence], Verdict]


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    common: CommonWords
    platforms: Mapping[str, PlatformWords]
    checks: Mapping[str, Check]
    aliases: Mapping[str, str]
    problems: list[str] = field(default_factory=list)


def load(folders: Sequence[Path] = (FOLDER,), package: str = "audits.checks") -> Catalogue:
    """Read every <platform>/<id>.yaml of these folders; a later folder overrides an earlier one file by file.

    Rules are code and come from `package` alone. A check with a problem is reported and still loaded as far as it
    goes.
    """
    found: list[str] = [f"{folder}: is not a folder" for folder in folders if not folder.is_dir()]
    common = read_common(read_yaml(folders[0] / "common.yaml", "common.yaml", found))
    platforms = _load_platforms(folders, found)
    files = {(path.parent.name, path.stem): path for folder in folders for path in sorted(folder.glob("*/*.yaml"))}
    checks = [
        _load_check(path, package, common, platforms[place], found)
        for (place, stem), path in files.items()
        if place in platforms and f"{stem}.yaml" != PLATFORM
    ]
    found.extend(
        f"{place}/{stem}.yaml: its folder has no {PLATFORM}"
        for place, stem in files
        if place not in platforms and place not in NO_PLACES
    )
    aliases = {alias: check.id for check in checks for alias in check.words.aliases}
    found.extend(_shared_problems(checks))
    ordered = sorted(checks, key=lambda check: (check.words.first_rank, check.id))
    return Catalogue(
        common=common,
        platforms=platforms,
        checks=MappingProxyType({check.id: check for check in ordered}),
        aliases=MappingProxyType(aliases),
        problems=found,
    )


def _load_platforms(folders: Sequence[Path], found: list[str]) -> Mapping[str, PlatformWords]:
    """Folders with a platform.yaml; a folder that brings checks without one is none of ours, unless it adds to one."""
    files = {path.parent.name: path for folder in folders for path in sorted(folder.glob(f"*/{PLATFORM}"))}
    read = [
        read_platform(read_yaml(path, f"{name}/{PLATFORM}", found), name)
        for name, path in files.items()
        if name not in NO_PLACES
    ]
    return MappingProxyType({one.id: one for one in sorted(read, key=lambda one: (one.order, one.id))})


def _load_check(path: Path, package: str, common: CommonWords, platform: PlatformWords, found: list[str]) -> Check:
    check_id = path.stem
    section = read_yaml(path, f"{platform.id}/{path.name}", found)
    for key, name in (("id", check_id), ("platform", platform.id)):
        if section.text(key, 60) != name:
            section.report(key, f"is not {name!r}, as the file’s place says")
    group = section.choice("group", frozenset(common.groups))
    about = section.choice("about", ABOUT) if "about" in section else platform.about
    module = _rule_module(package, platform.id, check_id)
    words = read_words(section, common, platform, ruled=module is not None)
    choices = words.told.choices if words.told else ()
    judge = partial(answers.judge_with_answers, module.judge if module else None, check_id, tuple(choices))
    reasons = _reasons(module, words)
    for problem in fitting.problems(module, words, common, reasons):
        key, _, what = problem.partition(": ")
        section.report(key, what)
    return Check(
        id=check_id,
        code=code_of(check_id),
        platform=platform,
        about=about,
        group=group,
        words=words,
        rule=Rule(sources=tuple(module.SOURCES), reasons=reasons, judge=judge) if module else None,
        sources=fitting.sources_of(module, words),
        reasons=reasons,
        judge=judge,
    )


def _rule_module(package: str, platform: str, check_id: str) -> ModuleType | None:
    """The rule beside our own words. Words from another folder get it too, and none of their own."""
    if not check_id.isidentifier() or not (FOLDER / platform / f"{check_id}.py").exists():
        return None
    return import_module(f"{package}.{platform}.{check_id}")


def code_of(check_id: str) -> str:
    return sha256(check_id.encode()).hexdigest()[:10]


def _reasons(module: ModuleType | None, words: Words) -> frozenset[str]:
    """Every reason code a verdict of this check can have."""
    own: frozenset[str] = module.REASONS if module else frozenset()
    settled = answers.SETTLED_REASONS if answers.SEEN in own or answers.SEEN_PARTLY in own else frozenset()
    told = answers.told_reasons(words.told.choices if words.told else ())
    return own | settled | told | answers.NAMED_REASONS


def _shared_problems(checks: Sequence[Check]) -> Iterator[str]:
    ranks: dict[int, str] = {}
    owners: dict[str, str] = {}
    for check in checks:
        place = f"{check.platform.id}/{check.id}.yaml"
        for name in (check.id, *check.words.aliases):
            if name in owners:
                yield f"{place}: the id {name!r} is also used by {owners[name]}"
            owners[name] = place
        if check.words.first_rank in ranks:
            yield f"{place}: first_rank is the same as in {ranks[check.words.first_rank]}"
        ranks[check.words.first_rank] = check.id


def folders() -> tuple[Path, ...]:
    """Our own, then those that the operator brings: words of a helpline, changed or added without touching code."""
    return (FOLDER, *(Path(name) for name in read_list("CATALOGUE_DIRS")))


_CATALOGUE = load(folders())
COMMON: CommonWords = _CATALOGUE.common
CHECKS: Mapping[str, Check] = _CATALOGUE.checks
RULED: Mapping[str, Check] = MappingProxyType({check.id: check for check in CHECKS.values() if check.rule})
ALIASES: Mapping[str, str] = _CATALOGUE.aliases
PLATFORMS: Mapping[str, PlatformWords] = _CATALOGUE.platforms
# What was written down under an earlier name of a check still leads to it.
_CODES: Mapping[str, Check] = {
    code: check for check in CHECKS.values() for code in (check.code, *map(code_of, check.words.aliases))
}


def problems() -> list[str]:
    """What is wrong with words and rules: one plain sentence each, naming file and line. Empty when all is well."""
    return list(_CATALOGUE.problems)


def id_now(check_id: str) -> str:
    """The id of today: a check that was renamed keeps what people answered under its old one."""
    return _CATALOGUE.aliases.get(check_id, check_id)


def by_code(code: str) -> Check | None:
    return _CODES.get(code)
