"""What a record says: one finding and all that stands behind it, as the text that is hashed and kept.

The text is JSON with sorted keys and a space of one, in UTF-8; numbers are whole numbers; times are ISO 8601 in UTC.
Words stand twice: as they were shown to the Person, and in English, which is how they were reviewed. Days in them
have their year. No token, no answer to another check, no full link and nothing from inside a file is in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext, override

from audits.audit.tell.card import lead_of, signs_of
from audits.audit.tell.rows import how_we_know, mark_of, mark_word
from audits.audit.tell.sentences import day_and_year, say
from audits.audit.tell.told import newest_told
from audits.checks.answers import is_named
from audits.checks.catalogue import CHECKS, COMMON, Check
from audits.facts import ItemKind, Why
from audits.models import AnswerToItem, Audit, AuditState, Finding, Item, SourceRun
from privacy_audit import __version__

FORMAT = 1
MOST_ITEMS = 5_000
ENGLISH = "en"
# An app is known by its number, for anybody may choose its name. The number of a file could open it.
KNOWN_BY_NUMBER = frozenset({ItemKind.APP})

Words = Mapping[str, str]


def text_for(finding: Finding, kept_at: datetime) -> str:
    """The text of a record of this finding. Its check must still be in the catalogue (else KeyError)."""
    content = _content(finding, CHECKS[finding.check_id], kept_at)
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)


def _content(finding: Finding, check: Check, kept_at: datetime) -> dict[str, Any]:
    account = finding.connection
    return {
        "format": FORMAT,
        "program": {"name": "Privacy Audit", "version": __version__},
        "kept_at": _time(kept_at),
        "language": get_language() or ENGLISH,
        "time_zone": timezone.get_current_timezone_name(),
        "account": (account.email or "") if account else "",
        "audit": _audit(finding.audit),
        "check": {"id": check.id, "name": _both(lambda: gettext(check.words.short)), "limit": _limit(check)},
        "verdict": _verdict(finding, check),
        "told": _told(finding, check),
        "sources": _sources(finding, check),
        "items": _items(finding, check),
    }


def _audit(audit: Audit | None) -> dict[str, str]:
    """Empty texts for what the Person told us outside any audit."""
    if audit is None:
        return {"id": "", "began_at": "", "finished_at": "", "asked_for_by": ""}
    return {
        "id": str(audit.public_id),
        "began_at": _time(audit.created_at),
        "finished_at": _time(audit.finished_at),
        "asked_for_by": audit.trigger,
    }


def _verdict(finding: Finding, check: Check) -> dict[str, Any]:
    return {
        "state": finding.verdict,
        "reason": finding.reason,
        "rung": finding.rung,
        "strength": finding.strength,
        "seen_at": _time(finding.seen_at),
        "judged_at": _time(finding.judged_at),
        "mark": mark_of(finding).value,
        "word": _both(lambda: mark_word(finding, day_and_year)),
        "sentence": _both(lambda: lead_of(finding, check, day_and_year)),
        "how": _both(lambda: how_we_know(finding.rung, finding.seen_at, day_and_year)),
        "signs": _both(lambda: "\n".join(signs_of(finding, check, day_and_year))),
    }


def _limit(check: Check) -> Words:
    return _both(lambda: gettext(check.words.limit) if check.words.limit else "")


def _told(finding: Finding, check: Check) -> dict[str, Any] | None:
    """What the Person last answered about the whole check, with its time."""
    told = newest_told(finding)
    if told is None:
        return None
    choices = check.words.told.choices if check.words.told else {}
    label = choices.get(told.answer, "")
    return {
        "answer": told.answer.value,
        "answered_at": _time(told.answered_at),
        "words": _both(lambda: gettext(label) if label else ""),
    }


# --------------------------------------------------------------------------- what the sources managed


def _sources(finding: Finding, check: Check) -> list[dict[str, Any]]:
    runs = {run.source: run for run in _runs(finding, check)}
    return [_source(name, runs.get(name), finding) for name in check.sources]


def _runs(finding: Finding, check: Check) -> Iterable[SourceRun]:
    """The runs that the finding was judged from, the newest of each source last."""
    known_then = Q(audit=finding.audit) | Q(audit__state=AuditState.FINISHED, audit__finished_at__lte=finding.judged_at)
    return SourceRun.objects.filter(
        known_then, person=finding.person_id, connection=finding.connection_id, source__in=check.sources
    ).order_by("audit_id")


def _source(name: str, run: SourceRun | None, finding: Finding) -> dict[str, Any]:
    why = run.why if run else (Why.NOT_ASKED if finding.connection_id else Why.NOT_CONNECTED).value
    return {
        "id": name,
        "name": _both(lambda: gettext(COMMON.sources[name])),
        "state": run.state if run else "not_run",
        "why": why,
        "why_words": _both(lambda: gettext(COMMON.says[why].other) if why else ""),
        "seen_at": _time(run.seen_at) if run else "",
    }


# --------------------------------------------------------------------------- items


def _items(finding: Finding, check: Check) -> dict[str, Any]:
    """`counted`: how many the verdict counted; `kept`: how many stand in this record."""
    items = list(Item.objects.filter(finding=finding)[:MOST_ITEMS])
    keys = Item.objects.filter(finding=finding).values("key")
    given = AnswerToItem.objects.filter(person=finding.person_id, item_key__in=keys)
    answers = {answer.item_key: answer for answer in given}
    listed = [_item(item, check, answers.get(item.key)) for item in items]
    return {"counted": max(finding.item_count, len(listed)), "kept": len(listed), "list": listed}


def _item(item: Item, check: Check, answer: AnswerToItem | None) -> dict[str, Any]:
    content = item.content
    sentence, values = check.words.item_says.get(content["says"]), content["values"]
    fits = sentence is not None and sentence.fits(values)
    return {
        "kind": item.kind,
        "name": content["name"],
        "number": content["identity"] if item.kind in KNOWN_BY_NUMBER and not is_named(content["says"]) else "",
        "sentence": _both(lambda: say(sentence, values, day_and_year) if sentence and fits else ""),
        "link_host": urlsplit(content["link"]).hostname or "",
        "first_seen_at": _time(item.first_seen_at),
        "new": item.new,
        "answer": answer.answer.value if answer else "",
        "answered_at": _time(answer.answered_at) if answer else "",
    }


# --------------------------------------------------------------------------- words and times


def _both(words: Callable[[], str]) -> Words:
    shown = words()
    if get_language() == ENGLISH:
        return {"shown": shown, "english": shown}
    with override(ENGLISH):
        return {"shown": shown, "english": words()}


def _time(moment: datetime | None) -> str:
    """ "2026-11-23T07:30:00+00:00", or "" when there is none."""
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else ""
