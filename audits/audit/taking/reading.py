"""A file that somebody brings, read strictly. What it holds of an earlier day's verdicts is read and let go."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from audits.audit import keeping, summing
from audits.audit.helping.after import LONGEST_NOTE, PARTS, REACH
from audits.audit.taking import content
from audits.audit.taking.help_rows import MOST_LINES, MOST_SESSIONS, MOST_WORDS
from audits.audit.taking.record_shape import record_text
from audits.audit.taking.shape import (
    Misshapen,
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
from audits.audit.taking.shape import day as day_of
from audits.facts import ItemAnswer, ItemKind, Rung, Strength, ToldAnswer, VerdictState
from audits.models import ChangeKind, Channel, ConnectionState, Every, HelpEnd, LoggedBy, LogKind, OpeningKind

CHECK_ID = word("[a-z][a-z0-9_]{0,59}")
ACCOUNT = word("(account-[1-9][0-9]{0,2})?")
PUBLIC_ID = word("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HELPED = word("help-[1-9][0-9]{0,3}")
HELPLINE, HELPER = text(80), text(60)
NAME, IDENTITY = text(200, least=1), text(4_000, least=1)
ADDRESS, LABEL = text(254), text(60)
MOST_FINDINGS, MOST_RECORDS, MOST_NAMES = 5_000, 200, 100
STAY_BEHIND = ("months", "findings", "items", "timeline", "changes", "helped", "helped_log", "call_words")


_LATER = ("months", "changes", "helped", "helped_log", "call_words")


class NewerVersion(Exception):
    """Made by a later version of this program than ours."""


@dataclass(frozen=True)
class Brought:
    """What a file brings: rows as `content.py` writes them, with words and times as our own types."""

    taken_at: datetime
    accounts: Mapping[str, str]  # address by its name in the file
    situation: Mapping[str, Any] | None
    people: tuple[Mapping[str, Any], ...]
    devices: tuple[Mapping[str, Any], ...]
    answers: tuple[Mapping[str, Any], ...]
    told_items: tuple[Mapping[str, Any], ...]
    item_answers: tuple[Mapping[str, Any], ...]
    records: tuple[Mapping[str, Any], ...]


def read(file: bytes) -> Brought:
    """Raises NewerVersion, or Misshapen for whatever is not exactly as we write it."""
    found = parsed(file)
    if not isinstance(found, dict) or found.get("format") != content.FORMAT:
        raise Misshapen("format")
    if number(10_000)(found.get("version")) > content.VERSION:
        raise NewerVersion
    now = timezone.now()
    value = _file(now)(_with_later_parts({"reminders": None, **found}))  # files from before they were there
    accounts = {one["id"]: one["address"] for one in value["accounts"]}
    for part in ("answers", "told_items", "records"):
        if any(one["account"] and one["account"] not in accounts for one in value[part]):
            raise Misshapen("an account that is not in the list")
    parts = {name: value[name] for name in Brought.__dataclass_fields__ if name != "accounts"}
    return Brought(accounts=accounts, **parts)


def without_verdicts(file: bytes) -> bytes:
    """The same file, read before, without the parts that never come in."""
    return json.dumps({**parsed(file), **{part: [] for part in STAY_BEHIND}}).encode()


def _with_later_parts(found: dict[str, Any]) -> dict[str, Any]:
    """A file from before these were there lacks them."""
    left_out = found.get("left_out")
    later = {"changes": 0, "helped": 0, "helped_log": 0}
    counts = {**later, **left_out} if isinstance(left_out, dict) else left_out
    return {**{part: [] for part in _LATER}, **found, "left_out": counts}


def _file(now: datetime) -> Any:
    at = moment(now)
    return whole(
        format=text(40),
        version=number(content.VERSION),
        program=text(60),
        taken_at=at,
        language=text(12),
        time_zone=text(64),
        accounts=rows(whole(id=ACCOUNT, address=ADDRESS, state=one_of(ConnectionState), connected_at=at), 100),
        situation=maybe(
            whole(said_at=at, uses=rows(text(40), 100), worries=rows(text(40), 100), young=flag, danger=flag)
        ),
        people=rows(whole(label=LABEL, address=ADDRESS, named_at=at), MOST_NAMES),
        devices=rows(whole(label=text(60, least=1), named_at=at), MOST_NAMES),
        schedule=maybe(
            whole(every=one_of(Every), weekday=maybe(number(6)), day=maybe(number(31)), hour=number(23), paused=flag)
        ),
        months=rows(whole(month=day_of, **dict.fromkeys(summing.NUMBERS, number(10_000_000))), content.MOST_MONTHS),
        reminders=maybe(_reminders(at)),
        answers=rows(_answer(at), content.MOST_ANSWERS),
        told_items=rows(_told_item(at), content.MOST_TOLD),
        item_answers=rows(
            whole(kind=one_of(ItemKind), identity=IDENTITY, answer=one_of(ItemAnswer), answered_at=at),
            content.MOST_ITEM_ANSWERS,
        ),
        records=rows(_record(at, now), MOST_RECORDS),
        findings=rows(_finding(at), MOST_FINDINGS),
        items=rows(_item(at), content.MOST_ITEMS),
        timeline=rows(
            whole(kind=word("[a-z0-9_]{1,40}"), at=at, account=ACCOUNT, about=text(60)), content.MOST_ENTRIES
        ),
        changes=rows(
            whole(check=CHECK_ID, account=ACCOUNT, kind=one_of(ChangeKind), at=at, name=text(100_000)),
            content.MOST_CHANGES,
        ),
        helped=rows(_help_session(at), MOST_SESSIONS),
        helped_log=rows(_help_line(at), MOST_LINES),
        call_words=rows(whole(helpline=HELPLINE, word=text(60), made_at=at), MOST_WORDS),
        left_out=whole(**dict.fromkeys(_PARTS, number(10_000_000))),
    )


def _reminders(at: Any) -> Any:
    return whole(
        kinds=rows(text(20), 20),
        channel=one_of(Channel),
        address=ADDRESS,
        quiet_from=number(23),
        quiet_to=number(23),
        chosen_at=at,
    )


_PARTS = (
    "answers",
    "told_items",
    "item_answers",
    "records",
    "findings",
    "timeline",
    "changes",
    "helped",
    "helped_log",
    "items",
)


def _help_session(at: Any) -> Any:
    place = whole(check=_or_none(CHECK_ID), account=ACCOUNT)
    return whole(
        id=HELPED,
        helpline=HELPLINE,
        helper=HELPER,
        asked_at=at,
        accepted_at=maybe(at),
        ended_at=maybe(at),
        end=_or_none(one_of(HelpEnd)),
        **{part: rows(place, 100) for part in PARTS},
        note=text(LONGEST_NOTE),
        reach=maybe(whole(**{name: text(400) for name in REACH})),
    )


def _help_line(at: Any) -> Any:
    return whole(
        helped=HELPED,
        at=at,
        kind=one_of(LogKind),
        by=one_of(LoggedBy),
        helper=HELPER,
        what=_or_none(one_of(OpeningKind)),
        check=_or_none(CHECK_ID),
        step=maybe(number(1_000)),
    )


def _answer(at: Any) -> Any:
    return whole(
        check=CHECK_ID,
        account=ACCOUNT,
        answer=one_of(ToldAnswer),
        answered_at=at,
        again_on=maybe(_coming),
        rung=one_of(Rung),
        overtaken=flag,
    )


def _coming(value: Any) -> date:
    """The day for which somebody asked to look again: at most some years off."""
    found = day_of(value)
    if found.year > timezone.now().year + 3:
        raise Misshapen("day")
    return found


def _told_item(at: Any) -> Any:
    return whole(
        check=CHECK_ID,
        account=ACCOUNT,
        kind=one_of(ItemKind),
        name=NAME,
        named_at=at,
        rung=one_of(Rung),
        answer=maybe(one_of(ItemAnswer)),
        answered_at=maybe(at),
    )


def _record(at: Any, now: datetime) -> Any:
    reader = whole(
        check=CHECK_ID,
        account=ACCOUNT,
        audit=maybe(PUBLIC_ID),
        kept_at=at,
        brought_at=maybe(at),
        sha256=word("[0-9a-f]{64}"),
        text=record_text(now),
    )

    def read_record(value: Any) -> Any:
        """Its hash is that of its text, and what stands beside the text stands in it as well."""
        found = reader(value)
        inside = parsed(found["text"].encode())
        kept_at = datetime.fromisoformat(inside["kept_at"])
        if keeping.sha256_of(found["text"]) != found["sha256"]:
            raise Misshapen("hash")
        if inside["check"]["id"] != found["check"] or kept_at != found["kept_at"].replace(microsecond=0):
            raise Misshapen("record")
        return found

    return read_record


def _finding(at: Any) -> Any:
    return whole(
        check=CHECK_ID,
        account=ACCOUNT,
        title=text(200),
        verdict=one_of(VerdictState),
        reason=word("[a-z0-9_]{1,60}"),
        sentence=text(20_000),
        rung=_or_none(one_of(Rung)),
        strength=_or_none(one_of(Strength)),
        seen_at=maybe(at),
        judged_at=at,
        left_at=maybe(at),
        counted=number(10_000_000),
    )


def _item(at: Any) -> Any:
    return whole(
        check=CHECK_ID,
        account=ACCOUNT,
        kind=one_of(ItemKind),
        identity=IDENTITY,
        name=text(100_000),
        sentence=text(100_000),
        link=text(4_000),
        first_seen_at=at,
    )


def _or_none(reader: Any) -> Any:
    """For what is "" where there is none."""
    return lambda value: "" if value == "" else reader(value)
