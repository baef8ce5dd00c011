"""One check as a line: its mark, what was seen, and how we know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.utils.translation import get_language, gettext

from audits.audit.guided import place_of
from audits.audit.tell.sentences import day, looking_tells_nobody, minutes, say
from audits.audit.tell.shapes import Mark, Row
from audits.checks.catalogue import CHECKS, COMMON, Check, id_now
from audits.facts import Rung, VerdictState
from audits.models import Finding

_MARKS = {
    VerdictState.NEEDS_LOOK: Mark.LOOK,
    VerdictState.LOOKS_FINE: Mark.FINE,
    VerdictState.COULD_NOT_TELL: Mark.UNKNOWN,
    VerdictState.NOT_CHECKED: Mark.UNCHECKED,
    VerdictState.DOES_NOT_APPLY: Mark.UNCHECKED,
}


@dataclass(frozen=True, eq=False)
class Found:
    """A check with its finding, which is not saved where nobody has looked or answered yet."""

    finding: Finding
    check: Check

    @property
    def begun(self) -> bool:
        return self.finding.pk is not None


def mark_of(finding: Finding) -> Mark:
    """*Left for now* stands before every verdict but a proved or told *looks fine*."""
    mark = _MARKS[VerdictState(finding.verdict)]
    return Mark.LEFT if finding.left_at and mark is not Mark.FINE else mark


def mark_word(finding: Finding, date: Callable[[datetime], str] = day) -> str:
    mark = mark_of(finding)
    word = gettext(COMMON.marks[mark.value])
    if mark is not Mark.FINE or finding.seen_at is None or finding.rung in (Rung.TOLD, Rung.BROUGHT):
        return word
    return gettext("{word}, seen on {day}").format(word=word, day=date(finding.seen_at))


def reason_sentence(finding: Finding, date: Callable[[datetime], str] = day) -> str:
    """What the verdict says, in the words of its check."""
    check = CHECKS.get(id_now(finding.check_id))
    sentences = check.words.says if check else COMMON.says
    sentence = sentences.get(finding.reason) or COMMON.says.get(finding.reason)
    values = finding.values or {} if sentence is not None and sentence.placeholders else {}
    if sentence is None or not sentence.fits(values):
        return gettext("This was judged by an older version of the checklist. Look again to renew it.")
    return say(sentence, values, date)


def how_we_know(rung: str, seen_at: datetime | None, date: Callable[[datetime], str] = day) -> str:
    """ "Seen live, 23 November", or "" when nothing was learnt."""
    if not rung or seen_at is None:
        return ""
    return gettext(COMMON.rungs[Rung(rung)].how).replace("{date}", date(seen_at))


def row_of(finding: Finding, check: Check, accounts: Mapping[int, str]) -> Row:
    """`accounts`: e-mail by connection id, given only when there is more than one."""
    settled = finding.verdict in (VerdictState.NEEDS_LOOK, VerdictState.LOOKS_FINE)
    title, effort, notice, why = _fixed_words(check.id, settled, get_language() or "")
    return Row(
        finding=finding.public_id if finding.pk else None,
        place=place_of(check, finding.connection),
        check_id=check.id,
        title=title,
        mark=mark_of(finding),
        mark_word=mark_word(finding),
        group=check.group,
        saw=reason_sentence(finding) if finding.pk else why,
        minutes=effort,
        notice=notice,
        how=how_we_know(finding.rung, finding.seen_at) if settled else "",
        new=finding.new_count,
        account=accounts.get(finding.connection_id or 0, ""),
    )


@lru_cache(maxsize=1024)
def _fixed_words(check_id: str, settled: bool, language: str) -> tuple[str, str, str, str]:
    """Title, minutes, notice and why it matters: the same on every page in this language."""
    words = CHECKS[check_id].words
    effort = words.minutes if settled or not words.look_minutes else words.look_minutes
    notice = gettext(words.notice.short) if settled else looking_tells_nobody()
    return gettext(words.short), minutes(effort), notice, gettext(words.why_line)
