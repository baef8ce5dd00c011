"""Words and rule must fit: a sentence for every reason, a value for every placeholder, a source for every rung.

A rule module says what it gives: `SOURCES`, `REASONS`, and where sentences need them `VALUES` (reason: names of values)
and `ITEM_SAYS` (code: names of values).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import ModuleType

from audits.checks import answers
from audits.checks.words import CommonWords, Words

TOLD_US = "told_us"


def sources_of(module: ModuleType | None, words: Words) -> tuple[str, ...]:
    """Every source a check looks at."""
    return (*(module.SOURCES if module else ()), *((TOLD_US,) if words.told else ()))


def problems(module: ModuleType | None, words: Words, common: CommonWords, reasons: frozenset[str]) -> Iterator[str]:
    yield from _reason_problems(module, words, common, reasons)
    yield from _item_problems(module, words, common)
    sources = sources_of(module, words)
    for rung, one in words.rungs.items():
        for source in sorted(set(one.sources) - set(sources)):
            yield f"rungs: {rung.value} names {source!r}, which this check does not look at"
    given = {value for reason in reasons for value in _given(module, reason)}
    unknown = words.first.title.placeholders - given
    if unknown:
        yield f"first: title names {', '.join(sorted(unknown))}, which no verdict of this check gives"


def _reason_problems(
    module: ModuleType | None, words: Words, common: CommonWords, reasons: frozenset[str]
) -> Iterator[str]:
    for reason in sorted(reasons - words.says.keys()):
        yield f"says: has no sentence for the reason {reason!r}"
    own = {reason for reason, sentence in words.says.items() if sentence is not common.says.get(reason)}
    for reason in sorted(own - reasons):
        yield f"says: {reason!r} is a reason that no verdict has"
    for reason in sorted(reasons & words.says.keys()):
        unknown = words.says[reason].placeholders - _given(module, reason)
        if unknown:
            yield f"says: {reason} names {', '.join(sorted(unknown))}, which the rule does not give"


def _given(module: ModuleType | None, reason: str) -> frozenset[str]:
    """The values that come with a verdict of this reason."""
    own: Mapping[str, frozenset[str]] = getattr(module, "VALUES", {})
    given = own.get(reason, frozenset())
    if reason == answers.SEEN or reason in answers.SETTLED_REASONS:
        given |= answers.COUNTS
    if reason.startswith("told_"):
        given |= {"told_at"}
    if reason in answers.NAMED_REASONS:
        given |= answers.NAMED_COUNTS | {"named_at"}
    if reason in (answers.TOLD_ODD_SEEN_FINE, answers.TOLD_FINE_SEEN_ODD):
        given |= {"proof_at"}
    return given


def _item_problems(module: ModuleType | None, words: Words, common: CommonWords) -> Iterator[str]:
    own: Mapping[str, frozenset[str]] = getattr(module, "ITEM_SAYS", {})
    given = {**dict.fromkeys(common.item_says, frozenset({"named_at"})), **own}
    for code in sorted(given.keys() ^ words.item_says.keys()):
        yield f"item_says: {code!r} is not both in the words and in the rule"
    for code in sorted(given.keys() & words.item_says.keys()):
        unknown = words.item_says[code].placeholders - given[code]
        if unknown:
            yield f"item_says: {code} names {', '.join(sorted(unknown))}, which the rule does not give"
    if own and not words.items_hint:
        yield "items_hint: is missing, though this check has items"
