"""Sessions with helplines on paper: when, with whom, what stayed, and who looked at what. Cut with a count.

Neither call-back words nor how to be reached stand on it: whoever finds the paper could use them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext, ngettext

from audits.audit.helping.after import PARTS
from audits.audit.taking.parts import Entry, Section, left_out
from audits.audit.tell.help_after import PART_TITLES, SessionLine, session_line
from audits.audit.tell.help_log import sentence_of
from audits.audit.tell.help_places import PlaceLine, lines_of
from audits.audit.tell.record import moment_of
from audits.models import HelpSession, Person, SessionLog, SessionNote

MOST_SESSIONS, LINES_A_SESSION, LINES_IN_ALL = 20, 40, 200


def sections_of(person: Person, *, named: bool) -> Iterator[Section]:
    """One, or none where there was no session. A constant number of queries."""
    every = HelpSession.objects.filter(person=person)
    total = every.count()
    if not total:
        return
    shown = list(every.select_related("helper", "helpline")[:MOST_SESSIONS])
    notes = {one.session_id: one.content for one in SessionNote.objects.filter(person=person, session__in=shown)}
    titles = lines_of(person, [place for content in notes.values() for part in PARTS for place in content[part]])
    logs = _logs(shown)
    entries = tuple(
        _entry(one, notes.get(one.pk), titles, logs[one.pk], named=named, has_note=one.pk in notes) for one in shown
    )
    title = gettext("Sessions with a helpline ({count})").format(count=total)
    yield Section(title=title, note=_more(total - len(shown)), entries=entries)


def _more(count: int) -> str:
    if count <= 0:
        return ""
    return ngettext("and {count} earlier one", "and {count} earlier ones", count).format(count=count)


def _logs(shown: Iterable[HelpSession]) -> Mapping[int, list[SessionLog]]:
    """The newest lines of each, in the order in which they were written."""
    found: dict[int, list[SessionLog]] = defaultdict(list)
    rows = SessionLog.objects.filter(session__in=shown).select_related("helper").order_by("-at", "-pk")
    for row in rows[:LINES_IN_ALL]:
        if len(found[row.session_id]) < LINES_A_SESSION:
            found[row.session_id].insert(0, row)
    return found


def _entry(
    session: HelpSession,
    content: Mapping[str, list[str]] | None,
    titles: Mapping[str, PlaceLine],
    log: Iterable[SessionLog],
    *,
    named: bool,
    has_note: bool,
) -> Entry:
    if not named:
        session.helper.name = session.helpline.name = left_out()
    line = session_line(session, has_note=has_note)
    return Entry(
        title=line.when,
        mark=gettext("{helper} from {helpline}").format(helper=line.helper, helpline=line.helpline),
        lines=tuple(_lines(line, content, titles, named=named)),
        items=tuple((moment_of(row.at), _sentence(row, session, named=named)) for row in log),
    )


def _lines(
    line: SessionLine, content: Mapping[str, list[str]] | None, titles: Mapping[str, PlaceLine], *, named: bool
) -> Iterator[str]:
    if said := " ".join(filter(None, (line.length, line.ended))):
        yield said
    for part in PARTS:
        if content and content[part]:
            told = "; ".join(titles[place].title for place in content[part])
            yield f"{gettext(PART_TITLES[part])}: {told}"
    if content and content["note"]:
        note = " ".join(str(content["note"]).split())
        yield gettext("Your note: {note}").format(note=note if named else left_out())


def _sentence(row: SessionLog, session: HelpSession, *, named: bool) -> str:
    if not named:
        row.helper.name = left_out()
    return sentence_of(row, session.end)
