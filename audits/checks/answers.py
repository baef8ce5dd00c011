"""What the Person said, weighed against what was seen. The same for every check, so no rule repeats it.

A rule judges what was seen as if nobody had answered. It says NEEDS_LOOK with a Why in `values["why"]` when it saw
something but not the whole. Then, here:

- An item that the Person does not know always needs a look. When every item is known, or left for now, nothing is
  open: with the whole seen it looks fine, else we could not tell.
- An answer to the whole check decides where no machine can see. Where a machine can and failed, only an answer given
  since then counts: an older one may have been overtaken by what we could not read.
- Where something was proved, the proof stands. When the two disagree it needs a look with both dates, unless the
  proof is the newer one and good.
- *Leave it for now* changes no verdict.

What the Person named themselves (typed in, ticked on a page they pasted, brought in a file) is weighed last, and can
only ever say that something needs a look: while it waits for an answer, or when they do not know it. An answer that all
is well, given later than it was named, covers what waits. When every named thing is known, the verdict is what it would
be without them; and what nobody named says nothing at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from audits.checks.names import alike
from audits.facts import (
    Evidence,
    ItemAnswer,
    ItemKind,
    NamedThing,
    Rung,
    SeenItem,
    Strength,
    Told,
    ToldAnswer,
    Verdict,
    VerdictState,
    Why,
)

NOT_CHECKED = "not_checked"
SEEN = "seen"
SEEN_PARTLY = "seen_partly"
ALL_KNOWN = "all_known"
KNOWN_OR_LEFT = "known_or_left"
TOLD_ODD_SEEN_FINE = "told_odd_seen_fine"
TOLD_FINE_SEEN_ODD = "told_fine_seen_odd"
NAMED_UNKNOWN = "named_unknown"
NAMED_OPEN = "named_open"

COUNTS = frozenset({"items", "known", "unknown", "left", "open"})  # given with every verdict that has items
SETTLED_REASONS = frozenset({SEEN_PARTLY, ALL_KNOWN, KNOWN_OR_LEFT})  # given here, to checks with items

NAMED_REASONS = frozenset({NAMED_UNKNOWN, NAMED_OPEN})
NAMED_COUNTS = frozenset({"named_unknown", "named_open"})
# What is said of a named thing, by how it came here (checks/common.yaml).
NAMED_SAYS = {Rung.TOLD: "named_told", Rung.PASTED: "named_pasted", Rung.BROUGHT: "named_brought"}

# A machine could have seen it, and did not this time.
FAILURES = frozenset(
    {
        Why.NEEDS_RECONNECTING,
        Why.BUSY,
        Why.UNREACHABLE,
        Why.GOOGLE_ERROR,
        Why.UNREADABLE,
        Why.NOT_FOUND,
        Why.FORBIDDEN,
        Why.INCOMPLETE_LIST,
        Why.TOO_MANY,
        Why.STOPPED,
        Why.OUR_FAULT,
    }
)

_BAD = (ToldAnswer.SOMETHING_ODD, ToldAnswer.OFF)
_STATES = {
    ToldAnswer.AS_IT_SHOULD_BE: VerdictState.LOOKS_FINE,
    ToldAnswer.SOMETHING_ODD: VerdictState.NEEDS_LOOK,
    ToldAnswer.OFF: VerdictState.NEEDS_LOOK,
    ToldAnswer.NOT_FOUND: VerdictState.COULD_NOT_TELL,
}


def told_reason(answer: ToldAnswer) -> str:
    return f"told_{answer.value}"


def told_reasons(choices: Collection[ToldAnswer]) -> frozenset[str]:
    """Every reason code that answers to a guided check can give."""
    if not choices:
        return frozenset()
    answers = {told_reason(answer) for answer in choices if answer is not ToldAnswer.LEAVE}
    return frozenset(answers | {NOT_CHECKED, TOLD_ODD_SEEN_FINE, TOLD_FINE_SEEN_ODD})


def judge_with_answers(
    rule: Callable[[Evidence], Verdict] | None,
    check: str,
    choices: Collection[ToldAnswer],
    evidence: Evidence,
) -> Verdict:
    """The verdict of one check: what the rule saw (None: no machine can see), with the Person's answers weighed in."""
    if rule is None or (choices and not evidence.connected):
        seen = Verdict(state=VerdictState.NOT_CHECKED, reason=NOT_CHECKED)
    else:
        seen = with_item_answers(rule(evidence), evidence)
    told = newest_told(evidence, check, choices)
    return with_named(with_told(seen, told, evidence), told, named_for(check, evidence), evidence)


# --------------------------------------------------------------------------- items


def with_item_answers(seen: Verdict, evidence: Evidence) -> Verdict:
    """Count the answers, and settle the verdict when nothing is open any more."""
    if not seen.items:
        return seen
    said = Counter(_answer(item, evidence) for item in seen.items)
    counts = {
        "items": len(seen.items),
        "known": said[ItemAnswer.KNOWN],
        "unknown": said[ItemAnswer.UNKNOWN],
        "left": said[ItemAnswer.LEAVE],
        "open": said[None],
    }
    counted = replace(seen, values={**seen.values, **counts})
    if counts["unknown"] and seen.state is not VerdictState.NEEDS_LOOK:
        return replace(counted, state=VerdictState.NEEDS_LOOK, reason=SEEN_PARTLY)
    if counts["unknown"] or counts["open"] or seen.state is not VerdictState.NEEDS_LOOK:
        return counted
    return _settled(counted)


def is_named(says: str) -> bool:
    """Whether an item is one that the Person named, by the code of what is said of it."""
    return says in NAMED_SAYS.values()


def _answer(item: SeenItem, evidence: Evidence) -> ItemAnswer | None:
    return evidence.item_answers.get((item.kind, item.identity))


def _settled(seen: Verdict) -> Verdict:
    """Nothing is open. Fine rests on the Person's word for each item, so that is its strength."""
    why = seen.values.get("why")
    if why:
        return replace(seen, state=VerdictState.COULD_NOT_TELL, reason=str(why))
    reason = KNOWN_OR_LEFT if seen.values["left"] else ALL_KNOWN
    return replace(seen, state=VerdictState.LOOKS_FINE, reason=reason, strength=Strength.TOLD)


# --------------------------------------------------------------------------- the whole check


def newest_told(evidence: Evidence, check: str, choices: Collection[ToldAnswer]) -> Told | None:
    """The newest answer to this check, when it is one of its choices and says something."""
    told = [fact for fact in evidence.of(Told) if fact.check == check]
    newest = max(told, key=lambda fact: fact.seen_at, default=None)
    if newest is None or newest.answer is ToldAnswer.LEAVE or newest.answer not in choices:
        return None
    return newest


def with_told(seen: Verdict, told: Told | None, evidence: Evidence) -> Verdict:
    if told is None:
        return seen
    if seen.state in (VerdictState.COULD_NOT_TELL, VerdictState.NOT_CHECKED):
        return seen if _overtaken(seen, told, evidence) else _as_told(seen, told)
    good = told.answer is ToldAnswer.AS_IT_SHOULD_BE
    if seen.state is VerdictState.LOOKS_FINE and told.answer in _BAD and _is_newer(told, seen.seen_at):
        return _disagree(seen, told, TOLD_ODD_SEEN_FINE)
    if seen.state is VerdictState.NEEDS_LOOK and good and not seen.items:
        return _disagree(seen, told, TOLD_FINE_SEEN_ODD)
    return seen


def _is_newer(told: Told, seen_at: datetime | None) -> bool:
    return seen_at is None or told.seen_at > seen_at


def _overtaken(seen: Verdict, told: Told, evidence: Evidence) -> bool:
    """True when the answer cannot cover what came after it: a failure to read, or an open item seen since."""
    failed = (run for run in evidence.coverage.values() if run.why in FAILURES and run.why == seen.reason)
    if any(run.seen_at >= told.seen_at for run in failed):
        return True
    if told.answer is not ToldAnswer.AS_IT_SHOULD_BE:
        return False
    waiting = (item for item in seen.items if _answer(item, evidence) is None)
    return any(item.seen_at is not None and item.seen_at > told.seen_at for item in waiting)


def _as_told(seen: Verdict, told: Told) -> Verdict:
    """The answer decides; signs and items stay beside it."""
    known = told.answer is not ToldAnswer.NOT_FOUND
    return replace(
        seen,
        state=_STATES[told.answer],
        reason=told_reason(told.answer),
        values={**seen.values, "told_at": told.seen_at.isoformat()},
        rung=told.rung if known else seen.rung,
        strength=Strength.TOLD if known else seen.strength,
        seen_at=told.seen_at,
    )


def _disagree(seen: Verdict, told: Told, reason: str) -> Verdict:
    """Both are kept and both are dated. The rung stays the one of the proof."""
    proof_at = seen.seen_at.isoformat() if seen.seen_at else ""
    values = {**seen.values, "told_at": told.seen_at.isoformat(), "proof_at": proof_at}
    return replace(seen, state=VerdictState.NEEDS_LOOK, reason=reason, values=values)


# --------------------------------------------------------------------------- what the Person named


def named_for(check: str, evidence: Evidence) -> tuple[NamedThing, ...]:
    """What was named for this check, the first named first."""
    found = (thing for thing in evidence.of(NamedThing) if thing.check == check and thing.rung in NAMED_SAYS)
    return tuple(sorted(found, key=lambda thing: (thing.seen_at, thing.thing)))


def with_named(verdict: Verdict, told: Told | None, things: Collection[NamedThing], evidence: Evidence) -> Verdict:
    """The verdict with what was named beside it. It turns into a *needs a look* or stays as it is, never better."""
    if not things:
        return verdict
    seen = {(item.kind, alike(item.name)): item for item in verdict.items}
    answered = {key for key, item in seen.items() if _answer(item, evidence) is not None}
    # What the rule saw under the same name stands there once, and its answer counts.
    open_things = [thing for thing in things if _key(thing) not in answered]
    shown = [t for t in open_things if _key(t) not in seen or _said(t, evidence) is ItemAnswer.UNKNOWN]
    whole = replace(verdict, items=(*verdict.items, *map(_named_item, shown)))
    unknown = [thing for thing in open_things if _said(thing, evidence) is ItemAnswer.UNKNOWN]
    waiting = [t for t in open_things if _said(t, evidence) is None and not _covered(t, told)]
    if not unknown and not waiting:
        return whole
    counts = {"named_unknown": len(unknown), "named_open": len(waiting)}
    newest = max(unknown or waiting, key=lambda thing: thing.seen_at)
    whole = replace(whole, values={**whole.values, **counts, "named_at": newest.seen_at.isoformat()})
    if whole.state is VerdictState.NEEDS_LOOK:
        return whole
    return replace(
        whole,
        state=VerdictState.NEEDS_LOOK,
        reason=NAMED_UNKNOWN if unknown else NAMED_OPEN,
        rung=newest.rung,
        strength=newest.strength,
        seen_at=newest.seen_at,
    )


def _key(thing: NamedThing) -> tuple[ItemKind, str]:
    return thing.kind, alike(thing.name)


def _said(thing: NamedThing, evidence: Evidence) -> ItemAnswer | None:
    return evidence.item_answers.get((thing.kind, thing.thing))


def _covered(thing: NamedThing, told: Told | None) -> bool:
    """The Person said later that all is as it should be, with this in sight."""
    return told is not None and told.answer is ToldAnswer.AS_IT_SHOULD_BE and told.seen_at >= thing.seen_at


def _named_item(thing: NamedThing) -> SeenItem:
    return SeenItem(
        kind=thing.kind,
        identity=thing.thing,
        name=thing.name,
        says=NAMED_SAYS[thing.rung],
        values={"named_at": thing.seen_at.isoformat()},
        seen_at=thing.seen_at,
    )
