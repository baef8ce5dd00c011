"""The text of a record, as record_text.py writes it: read whole before it is believed to be one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from audits.audit.record_text import FORMAT, MOST_ITEMS
from audits.audit.taking.shape import (
    Misshapen,
    empty_or,
    flag,
    maybe,
    moment,
    number,
    one_of,
    parsed,
    rows,
    text,
    whole,
    word,
)
from audits.audit.tell.shapes import Mark
from audits.facts import CoverageState, ItemAnswer, ItemKind, Rung, Strength, ToldAnswer, VerdictState, Why

LONGEST = 4_500_000
WORDS = whole(shown=text(100_000), english=text(100_000))
CODE = word("[a-z0-9_]{0,60}")


def record_text(now: datetime) -> Any:
    """A reader that gives the text back just as it came: its hash is of every letter of it."""
    reader = _shape(now)

    def read(value: Any) -> str:
        found: str = text(LONGEST)(value)
        reader(parsed(found.encode()))
        return found

    return read


def _shape(now: datetime) -> Any:
    at, when = moment(now), empty_or(moment(now))
    return whole(
        format=_format,
        program=whole(name=text(60), version=text(40)),
        kept_at=at,
        language=text(12),
        time_zone=text(64),
        account=text(254),
        audit=whole(id=text(36), began_at=when, finished_at=when, asked_for_by=text(40)),
        check=whole(id=CODE, name=WORDS, limit=WORDS),
        verdict=_verdict(at, when),
        told=maybe(whole(answer=one_of(ToldAnswer), answered_at=at, words=WORDS)),
        sources=rows(_source(when), 100),
        items=whole(counted=number(10_000_000), kept=number(MOST_ITEMS), list=rows(_item(at, when), MOST_ITEMS)),
    )


def _format(value: Any) -> int:
    if value != FORMAT:
        raise Misshapen("format of a record")
    return FORMAT


def _verdict(at: Any, when: Any) -> Any:
    return whole(
        state=one_of(VerdictState),
        reason=CODE,
        rung=_or_empty(one_of(Rung)),
        strength=_or_empty(one_of(Strength)),
        seen_at=when,
        judged_at=at,
        mark=one_of(Mark),
        word=WORDS,
        sentence=WORDS,
        how=WORDS,
        signs=WORDS,
    )


def _source(when: Any) -> Any:
    return whole(id=CODE, name=WORDS, state=_state, why=_or_empty(one_of(Why)), why_words=WORDS, seen_at=when)


def _state(value: Any) -> Any:
    return value if value == "not_run" else one_of(CoverageState)(value)


def _item(at: Any, when: Any) -> Any:
    return whole(
        kind=one_of(ItemKind),
        name=text(100_000),
        number=text(4_000),
        sentence=WORDS,
        link_host=text(300),
        first_seen_at=at,
        new=flag,
        answer=_or_empty(one_of(ItemAnswer)),
        answered_at=when,
    )


def _or_empty(reader: Any) -> Any:
    return lambda value: "" if value == "" else reader(value)
