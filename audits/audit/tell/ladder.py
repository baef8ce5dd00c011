"""How we know, as a ladder: the rung we stand on, those that answered in vain, those still open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext

from audits.audit.tell.shapes import RungCard
from audits.checks.catalogue import CHECKS, COMMON, Check
from audits.checks.words import RungWords
from audits.facts import CoverageState, Rung, Strength, VerdictState, Why
from audits.models import Finding, SourceRun

_OPEN_WHYS = frozenset({Why.NOT_ASKED, Why.UNTICKED, Why.NOBODY_NAMED, Why.NAMED_SINCE, Why.NOT_CONNECTED, Why.NOT_YET})
_UNOPENED = frozenset({Why.NOT_ASKED, Why.UNTICKED, Why.NOT_YET})
TOLD_US = "told_us"
BY_HAND = (Rung.PASTED, Rung.BROUGHT)
NOT_ABOUT_AN_ACCOUNT = frozenset(check.id for check in CHECKS.values() if check.about != "account")


def unopened(sources: Iterable[str], finding: Finding, runs: Mapping[str, SourceRun]) -> tuple[str, ...]:
    """Those of these sources that could say more if the Person opened a look. None without an account."""
    if finding.connection_id is None:
        return ()
    return tuple(name for name in sources if name != TOLD_US and _is_unopened(runs.get(name)))


def _is_unopened(run: SourceRun | None) -> bool:
    return run is None or (bool(run.why) and Why(run.why) in _UNOPENED)


def ladder(
    finding: Finding, check: Check, runs: Mapping[str, SourceRun], named: Collection[Rung] = ()
) -> tuple[RungCard, ...]:
    """Strongest rung first. Only rungs that this product can try are shown, and the one we stand on.

    `named`: how things came here that the Person named.
    """
    brought = {rung: _common_words(rung) for rung in BY_HAND if rung in named or rung == finding.rung}
    shown = {**brought, **check.words.rungs}
    return tuple(_card(rung, shown[rung], finding, runs, named) for rung in Rung if rung in shown)


def _common_words(rung: Rung) -> RungWords:
    words = COMMON.rungs[rung]
    return RungWords(
        sources=(TOLD_US,),
        strength=Strength.TOLD,
        stands=words.stands,
        tried=words.tried,
        open=words.open,
        none=words.none,
    )


def _card(
    rung: Rung, words: RungWords, finding: Finding, runs: Mapping[str, SourceRun], named: Collection[Rung]
) -> RungCard:
    state, why = _state(rung, words, finding, runs, named)
    return RungCard(
        id=rung.value,
        state=state,
        title=gettext(COMMON.rungs[rung].title),
        state_word=_state_word(state, words, why, runs, finding),
        text=_text(rung, state, why, words),
        strength=gettext(COMMON.strengths[words.strength]),
        unopened=unopened(words.sources, finding, runs),
        nobody_named=why is Why.NOBODY_NAMED,
    )


def _state_word(state: str, words: RungWords, why: Why | None, runs: Mapping[str, SourceRun], finding: Finding) -> str:
    """A rung that was tried either answered, answered in part, or gave nothing we can use."""
    if state == "none" and finding.check_id in NOT_ABOUT_AN_ACCOUNT:
        return gettext("Not read here")
    if state != "tried" or why is None:
        return gettext(COMMON.rung_states[state])
    partly = any(name in runs and runs[name].state == CoverageState.PARTIAL for name in words.sources)
    return gettext("Answered in part") if partly else gettext("Tried, without an answer we can use")


def _state(
    rung: Rung, words: RungWords, finding: Finding, runs: Mapping[str, SourceRun], named: Collection[Rung]
) -> tuple[str, Why | None]:
    settled = VerdictState(finding.verdict) in (VerdictState.NEEDS_LOOK, VerdictState.LOOKS_FINE)
    if settled and finding.rung == rung.value:
        return "stands", None
    if not words.sources:
        return "none", None
    if rung is Rung.TOLD:
        return ("open" if settled else "next"), None
    if words.sources == (TOLD_US,):  # a page that was pasted, a file that was brought
        return ("tried" if rung in named else "open"), None
    return _tried_state([runs[name] for name in words.sources if name in runs])


def _tried_state(runs: Iterable[SourceRun]) -> tuple[str, Why | None]:
    """From what the rung's sources managed: the best of them counts."""
    found = list(runs)
    whys = [Why(run.why) for run in found if run.why]
    if any(run.state in (CoverageState.COMPLETE, CoverageState.PARTIAL) for run in found):
        fell_short = (run for run in found if run.state in (CoverageState.PARTIAL, CoverageState.FAILED))
        return "tried", next((Why(run.why) for run in fell_short), None)
    if any(run.state == CoverageState.FAILED for run in found):
        return "tried", next((Why(run.why) for run in found if run.state == CoverageState.FAILED), None)
    if any(why in _OPEN_WHYS for why in whys) or not found:
        return "open", next(iter(whys), None)
    return "none", next(iter(whys), None)


def _text(rung: Rung, state: str, why: Why | None, words: RungWords) -> str:
    """The check's own words, then the rung's; a failure or a refusal always names its reason."""
    defaults = COMMON.rungs[rung]
    own = {
        "stands": words.stands,
        "tried": words.tried or defaults.tried,
        "open": words.open or defaults.open,
        "next": words.open or defaults.open,
        "none": words.none or defaults.none,
    }[state]
    if state == "tried" and why is not None:
        return gettext(COMMON.says[why.value].other)
    return gettext(own)
