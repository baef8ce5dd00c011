"""All that is kept about a Person and is theirs, as data: docs/record-format.md says what each part means.

No token, no key, no hash that finds somebody again, and nothing that only this installation could read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Length
from django.utils import timezone

from audits.audit import keeping, summing
from audits.audit.alerting import choice_of
from audits.audit.schedule import schedule_of
from audits.audit.taking.help_rows import HelpRows
from audits.audit.tell.card import lead_of
from audits.audit.tell.changes import lines_of
from audits.audit.tell.sentences import day_and_year, say
from audits.checks.catalogue import CHECKS, id_now
from audits.models import (
    AnswerToCheck,
    AnswerToItem,
    Change,
    Connection,
    Finding,
    Item,
    NamedDevice,
    NamedPerson,
    Person,
    Record,
    Situation,
    TimelineEntry,
    ToldItem,
)
from audits.models.sealing import SealBroken
from privacy_audit import __version__

FORMAT, VERSION = "privacy-audit-record", 1
MOST_ANSWERS, MOST_ITEM_ANSWERS, MOST_TOLD, MOST_ENTRIES, MOST_ITEMS = 1_000, 20_000, 2_000, 2_000, 10_000
MOST_CHANGES, MOST_MONTHS = 2_000, 240
FOR_THE_LOCKED_FILE = 4_800_000  # bytes: with what age adds it can be brought back
FOR_DATA = 20_000_000
NEXT_TO_NOTHING = 300  # bytes: what follows is not even opened

Row = dict[str, Any]


@dataclass
class _Room:
    """How many bytes are left. `left_out` counts by part what did not fit, or was more than we take."""

    bytes: int
    left_out: dict[str, int] = field(default_factory=dict)

    def fitting(self, part: str, rows: Iterable[Row], total: int) -> list[Row]:
        taken = []
        for row in rows:
            size = len(_json(row)) + 2
            if size <= self.bytes:
                self.bytes -= size
                taken.append(row)
            if self.bytes < NEXT_TO_NOTHING:
                break
        self.left_out[part] = total - len(taken)
        return taken


def as_json(person: Person, most: int = FOR_DATA) -> bytes:
    """`most`: bytes, about. What matters most when it is brought back goes in first."""
    return _json(content_of(person, most))


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def content_of(person: Person, most: int = FOR_DATA) -> Row:
    accounts = {one.pk: (f"account-{number}", one) for number, one in enumerate(_connections(person), start=1)}
    names = {pk: name for pk, (name, _) in accounts.items()}
    room = _Room(most - 10_000)
    told = list(ToldItem.objects.filter(person=person)[:MOST_TOLD])
    item_answers = _answers_by_identity(person)
    content: Row = {
        "format": FORMAT,
        "version": VERSION,
        "program": f"Privacy Audit {__version__}",
        "taken_at": _time(timezone.now()),
        "language": person.language,
        "time_zone": person.time_zone,
        "accounts": [_account(name, one) for name, one in accounts.values()],
        "situation": _situation(person),
        "people": [_person(one) for one in NamedPerson.objects.filter(person=person)],
        "devices": [_device(one) for one in NamedDevice.objects.filter(person=person)],
        "schedule": _schedule(person),
        "months": _months(person),
        "reminders": _reminders(person),
    }
    checks = AnswerToCheck.objects.filter(person=person)
    content["answers"] = room.fitting("answers", (_answer(one, names) for one in checks[:MOST_ANSWERS]), checks.count())
    content["told_items"] = room.fitting(
        "told_items", (_told(one, names, item_answers) for one in told), ToldItem.objects.filter(person=person).count()
    )
    content["item_answers"] = room.fitting("item_answers", item_answers.values(), len(item_answers))
    records = Record.objects.filter(person=person)
    content["records"] = room.fitting("records", _records(records, names, room), records.count())
    findings = list(Finding.objects.filter(person=person, current=True).select_related("connection"))
    content["findings"] = room.fitting("findings", (_finding(one, names) for one in findings), len(findings))
    entries = TimelineEntry.objects.filter(person=person)
    known = {str(one.public_id): name for name, one in accounts.values()}
    content["timeline"] = room.fitting(
        "timeline", (_entry(one, known) for one in entries[:MOST_ENTRIES]), entries.count()
    )
    changes = lines_of(person).select_related(None)
    content["changes"] = room.fitting(
        "changes", (_change(one, names) for one in changes[:MOST_CHANGES]), changes.count()
    )
    helped = HelpRows(person, known)
    content["helped"] = room.fitting("helped", helped.sessions(), helped.all.count())
    content["helped_log"] = room.fitting("helped_log", helped.log(), helped.lines.count())
    content["call_words"] = helped.words()
    items = Item.objects.filter(finding__in=[one.pk for one in findings])
    content["items"] = room.fitting("items", _items(items[:MOST_ITEMS], findings, names), items.count())
    content["left_out"] = room.left_out
    return content


def _connections(person: Person) -> Iterable[Connection]:
    return Connection.objects.filter(person=person)


def _account(name: str, one: Connection) -> Row:
    return {"id": name, "address": one.email or "", "state": one.state, "connected_at": _time(one.created_at)}


def _situation(person: Person) -> Row | None:
    row = Situation.objects.filter(person=person).first()
    if row is None:
        return None
    said = row.said
    return {
        "said_at": _time(row.said_at),
        "uses": list(said.get("uses", ())),
        "worries": list(said.get("worries", ())),
        "young": bool(said.get("young")),
        "danger": bool(said.get("danger")),
    }


def _person(one: NamedPerson) -> Row:
    return {"label": one.label or "", "address": one.address or "", "named_at": _time(one.created_at)}


def _device(one: NamedDevice) -> Row:
    return {"label": one.label, "named_at": _time(one.created_at)}


def _schedule(person: Person) -> Row | None:
    row = schedule_of(person)
    if row is None:
        return None
    return {"every": row.every, "weekday": row.weekday, "day": row.day, "hour": row.hour, "paused": bool(row.paused_by)}


def _reminders(person: Person) -> Row | None:
    row = choice_of(person)
    if row is None:
        return None
    wanted = row.wanted
    return {
        "kinds": list(wanted["kinds"]),
        "channel": row.channel,
        "address": wanted["address"],
        "quiet_from": row.quiet_from,
        "quiet_to": row.quiet_to,
        "chosen_at": _time(row.chosen_at),
    }


def _months(person: Person) -> list[Row]:
    """Numbers of months whose rows are gone; a number that was not counted then is 0."""
    kept = summing.months_of(person)[:MOST_MONTHS]
    return [
        {"month": month.isoformat(), **{name: int(numbers.get(name, 0)) for name in summing.NUMBERS}}
        for month, numbers in kept
    ]


def _answer(one: AnswerToCheck, names: Mapping[int, str]) -> Row:
    return {
        "check": id_now(one.check_id),
        "account": names.get(one.connection_id or 0, ""),
        "answer": one.answer.value,
        "answered_at": _time(one.answered_at),
        "again_on": one.again_on.isoformat() if one.again_on else None,
        "rung": one.rung,
        "overtaken": one.overtaken,
    }


def _answers_by_identity(person: Person) -> dict[str, Row]:
    """By the identity of their item, the newest first."""
    found: dict[str, Row] = {}
    for row in AnswerToItem.objects.filter(person=person).order_by("-answered_at")[:MOST_ITEM_ANSWERS]:
        meaning = row.meaning
        found[f"{meaning['kind']} {meaning['identity']}"] = {
            "kind": meaning["kind"],
            "identity": meaning["identity"],
            "answer": meaning["answer"],
            "answered_at": _time(row.answered_at),
        }
    return found


def _told(one: ToldItem, names: Mapping[int, str], answers: dict[str, Row]) -> Row:
    """With its answer, which is taken out of the others: it hangs on an id that means nothing elsewhere."""
    given = answers.pop(f"{one.kind} {one.public_id}", None)
    return {
        "check": id_now(one.check_id),
        "account": names.get(one.connection_id or 0, ""),
        "kind": one.kind,
        "name": one.told["name"],
        "named_at": _time(one.named_at),
        "rung": one.rung,
        "answer": given["answer"] if given else None,
        "answered_at": given["answered_at"] if given else None,
    }


def _records(records: QuerySet[Record], names: Mapping[int, str], room: _Room) -> Iterator[Row]:
    """Those whose text opens. One that is too large is not even fetched."""
    sized = records.annotate(size=Length("content_sealed")).values_list("pk", "size")
    for pk, size in list(sized):
        if size > room.bytes:
            continue
        one = records.get(pk=pk)
        try:
            text, brought_at = keeping.text_of(one), keeping.brought_at(one)
        except SealBroken:
            continue
        yield {
            "check": one.check_id,
            "account": names.get(one.connection_id or 0, ""),
            "audit": str(one.audit_public_id) if one.audit_public_id else None,
            "kept_at": _time(one.kept_at),
            "brought_at": _time(brought_at) if brought_at else None,
            "sha256": one.sha256,
            "text": text,
        }


def _finding(one: Finding, names: Mapping[int, str]) -> Row:
    check = CHECKS.get(id_now(one.check_id))
    return {
        "check": id_now(one.check_id),
        "account": names.get(one.connection_id or 0, ""),
        "title": check.words.short if check else "",
        "verdict": one.verdict,
        "reason": one.reason,
        "sentence": lead_of(one, check, day_and_year) if check else "",
        "rung": one.rung,
        "strength": one.strength,
        "seen_at": _time(one.seen_at),
        "judged_at": _time(one.judged_at),
        "left_at": _time(one.left_at),
        "counted": one.item_count,
    }


def _items(items: Iterable[Item], findings: Iterable[Finding], names: Mapping[int, str]) -> Iterator[Row]:
    owners = {one.pk: one for one in findings}
    for item in items:
        owner, content = owners[item.finding_id], item.content
        check = CHECKS.get(id_now(owner.check_id))
        sentence, values = check.words.item_says.get(content["says"]) if check else None, content["values"]
        yield {
            "check": id_now(owner.check_id),
            "account": names.get(owner.connection_id or 0, ""),
            "kind": item.kind,
            "identity": content["identity"],
            "name": content["name"],
            "sentence": say(sentence, values, day_and_year) if sentence and sentence.fits(values) else "",
            "link": content["link"],
            "first_seen_at": _time(item.first_seen_at),
        }


def _change(one: Change, names: Mapping[int, str]) -> Row:
    return {
        "check": id_now(one.check_id),
        "account": names.get(one.connection_id or 0, ""),
        "kind": one.kind,
        "at": _time(one.at),
        "name": str(one.content.get("item", {}).get("name", "")),
    }


def _entry(one: TimelineEntry, known: Mapping[str, str]) -> Row:
    values = one.values or {}
    return {
        "kind": one.kind,
        "at": _time(one.at),
        "account": known.get(str(values.get("connection", "")), ""),
        "about": str(values.get("look") or values.get("check") or ""),
    }


def _time(moment: datetime | None) -> str | None:
    """Whole to the microsecond: an answer is known again by its time."""
    return moment.isoformat() if moment else None
