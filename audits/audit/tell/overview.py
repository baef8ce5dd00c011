"""The overview: one thing first, then every check by its mark. A constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from django.utils import timezone
from django.utils.translation import gettext

from audits.audit import young
from audits.audit.guided import due, place_of
from audits.audit.situation import NOTHING, Said, situation_of
from audits.audit.tell import google_said
from audits.audit.tell.changes import change_line, lines_of
from audits.audit.tell.plan import (
    HELPS,
    Wishes,
    everything,
    fitting,
    in_order,
    is_open,
    meant,
    offered,
    places,
    plan_of,
    row_for,
)
from audits.audit.tell.progress import progress_of
from audits.audit.tell.rows import Found, mark_of, mark_word
from audits.audit.tell.sentences import (
    day,
    day_and_time,
    day_and_year,
    looking_changes_nothing,
    looking_tells_nobody,
    minutes,
    say,
    set_apart,
)
from audits.audit.tell.shapes import (
    AccountLine,
    ChangeLine,
    First,
    Group,
    Kind,
    Mark,
    Overview,
    Place,
    Row,
    Tally,
)
from audits.checks.catalogue import CHECKS, COMMON, id_now
from audits.facts import VerdictState
from audits.models import Audit, AuditState, Connection, ConnectionState, Finding, Person

SHORT = 5
LINES = 6


def overview(person: Person, skip: str = "") -> Overview:
    """`skip`: place of a check that shall not stand first (*show me another*)."""
    connections = list(Connection.objects.filter(person=person))
    return overview_of(person, connections, current_findings(person), (), skip)


def overview_of(
    person: Person,
    connections: Sequence[Connection],
    found: Sequence[Found],
    sorted_rows: Sequence[Group],
    skip: str,
    news: bool = True,
    said: Said | None = None,
) -> Overview:
    """What every page of the checks says, around the plan or around `sorted_rows`.

    Without `news` nothing is said of what changed, or of what Google told us. `said`: where it is at hand.
    """
    newest, last, whole_look, before = newest_audits(person)
    running = progress_of(newest) if newest else None
    changes, more = newest_changes(person, whole_look) if news else ((), False)
    said = situation_of(person) if said is None else said
    wishes = Wishes(said, due(person, timezone.localdate()))
    whole = everything(person, connections, found)
    mine = in_order(fitting(whole, said, bool(connections)), wishes)
    begin = last is None and bool(connections)
    first, another = (None, False) if begin else first_of(mine, wishes, skip)
    return Overview(
        heading=_heading(last),
        lead=_lead(last, connections),
        accounts=tuple(account_line(connection) for connection in connections),
        progress=running if running and (running.active or running.state != AuditState.FINISHED) else None,
        first=first_thing(first, another, wishes) if first else None,
        tally=tally(mine),
        groups=tuple(sorted_rows),
        since=_since(before) if news else "",
        changes=changes,
        more_changes=more,
        last_failed=_last_failed(running.state if running else ""),
        google_said=google_said.newest(person, {str(one.public_id): one.email or "" for one in connections})
        if news
        else "",
        plan=None
        if sorted_rows
        else plan_of(mine, wishes, first, account_names(connections), sum(meant(one, said) for one in whole)),
        looked=last is not None,
        begin=begin and not (running and running.active),
        asked=said != NOTHING,
        young=said.young,
        helps=tuple(row_for(one, wishes, {}) for one in mine if said.young and one.check.id in HELPS),
        today=day_and_year(timezone.now()),
    )


def all_checks(person: Person) -> tuple[Place, ...]:
    """Every check there is for this Person, by the place it is about, whether it is part of the plan or not."""
    connections = list(Connection.objects.filter(person=person))
    said = situation_of(person)
    wishes = Wishes(said, due(person, timezone.localdate()))
    whole = [one for one in everything(person, connections, current_findings(person)) if offered(one, said)]
    names = account_names(connections)
    return places((one.check.platform.id, row_for(one, wishes, names)) for one in in_order(whole, wishes))


def current_findings(person: Person) -> list[Found]:
    """What was found or answered, those that do not apply included: see `applying`."""
    findings = Finding.objects.filter(person=person, current=True).select_related("connection")
    findings = findings.defer("signs", "judged_at", "strength", "open_count")  # not on a row
    found = [Found(one, check) for one in findings if (check := CHECKS.get(id_now(one.check_id)))]
    return sorted(found, key=lambda one: (one.check.words.first_rank, one.check.id, one.finding.pk))


def applying(found: Iterable[Found]) -> list[Found]:
    return [one for one in found if one.finding.verdict != VerdictState.DOES_NOT_APPLY]


def newest_audits(person: Person) -> tuple[Audit | None, Audit | None, Audit | None, Audit | None]:
    """The newest audit, the last finished one, the last one that looked at everything, and the finished one before
    that. One query, two at most."""
    newest = list(Audit.objects.filter(person=person)[:10])
    finished = [audit for audit in newest if audit.state == AuditState.FINISHED]
    if len(newest) == 10 and len(finished) < 2:
        finished = list(Audit.objects.filter(person=person, state=AuditState.FINISHED)[:2])
    whole = next((place for place, audit in enumerate(finished) if not audit.only_checks), 0)
    last, base, before = [*finished[:1], None][0], *[*finished[whole:], None, None][:2]
    return newest[0] if newest else None, last, base, before


def account_names(connections: Sequence[Connection]) -> Mapping[int, str]:
    if len(connections) < 2:
        return {}
    return {connection.pk: connection.email or "" for connection in connections}


def account_line(connection: Connection) -> AccountLine:
    dead = connection.state != ConnectionState.WORKING
    return AccountLine(
        public_id=connection.public_id,
        email=connection.email or "",
        state=connection.state,
        state_sentence=gettext(
            "Google no longer lets us look. A new password, 2-step sign-in turned on, or access taken back at Google "
            "can be the reason. What we saw before is still here."
        )
        if dead
        else "",
        reconnect=dead,
    )


def _heading(last: Audit | None) -> str:
    if last is None:
        return gettext("Your plan")
    assert last.finished_at is not None  # noqa: S101  finished audits have it
    if timezone.localdate(last.finished_at) == timezone.localdate():
        return gettext("What we saw today")
    return gettext("What we saw on {day}").format(day=day(last.finished_at))


def _lead(last: Audit | None, connections: Sequence[Connection]) -> str:
    if last is None or last.finished_at is None:
        return gettext("One thing at a time, at your pace. Nothing changes unless you change it.")
    when = day_and_time(last.finished_at)
    if len(connections) == 1:
        return gettext("{when}, for {email}").format(when=when, email=set_apart(connections[0].email or ""))
    return when


def _since(before: Audit | None) -> str:
    if before is None or before.finished_at is None:
        return ""
    return gettext("Since {day}").format(day=day_and_time(before.finished_at))


def _last_failed(state: str) -> str:
    if state != AuditState.FAILED:
        return ""
    return gettext("The last look did not finish, because of a mistake on our side. You can start another one.")


def newest_changes(person: Person, since: Audit | None) -> tuple[tuple[ChangeLine, ...], bool]:
    """Of the last look at everything and of those that looked again at a part of it."""
    if since is None:
        return (), False
    found = list(lines_of(person).filter(audit__gte=since.pk)[: LINES + 1])
    return tuple(change_line(change) for change in found[:LINES]), len(found) > LINES


def tally(found: Sequence[Found]) -> Tally:
    counts = dict.fromkeys(Mark, 0)
    for one in found:
        counts[mark_of(one.finding)] += 1
    return Tally(
        look=counts[Mark.LOOK],
        fine=counts[Mark.FINE],
        unknown=counts[Mark.UNKNOWN],
        unchecked=counts[Mark.UNCHECKED],
        left=counts[Mark.LEFT],
    )


def first_of(mine: Sequence[Found], wishes: Wishes, skip: str = "") -> tuple[Found | None, bool]:
    """What stands first, the one after `skip` when there is one, and whether another could. It goes round."""
    order = [one for one in mine if is_open(one, wishes) and (one.check.words.told or _needs_look(one))]
    place = next((n for n, one in enumerate(order) if place_of(one.check, one.finding.connection) == skip), -1)
    order = [*order[place + 1 :], *order[: place + 1]]
    return (order[0], len(order) > 1) if order else (None, False)


def _needs_look(one: Found) -> bool:
    return mark_of(one.finding) is Mark.LOOK


def first_thing(one: Found, another: bool, wishes: Wishes) -> First:
    words, values = one.check.words, one.finding.values or {}
    settled = one.finding.verdict == VerdictState.NEEDS_LOOK
    title = say(words.first.fitting_title(values), values) if settled else gettext(words.short)
    effort = words.minutes if settled or not words.look_minutes else words.look_minutes
    return First(
        finding=one.finding.public_id if one.finding.pk else None,
        place=place_of(one.check, one.finding.connection),
        title=title,
        text=gettext(words.first.text) if settled else gettext(words.why_line),
        minutes=gettext("About {minutes}").format(minutes=minutes(effort)),
        notice=gettext(words.notice.short) if settled else looking_tells_nobody(),
        undo=gettext(words.undo_short) if settled else looking_changes_nothing(),
        action=_action(one, settled, wishes),
        another=another,
        mark=mark_of(one.finding),
        mark_word=mark_word(one.finding),
    )


def _action(one: Found, settled: bool, wishes: Wishes) -> str:
    if settled:
        return gettext(one.check.words.first.action)
    return gettext("Read this") if young.reads(one.check, wishes.said) else gettext("Look together")


_GROUP_IDS = {
    Mark.LOOK: "look",
    Mark.UNKNOWN: "unknown",
    Mark.FINE: "fine",
    Mark.UNCHECKED: "unchecked",
    Mark.LEFT: "left",
}


def groups(rows: Sequence[Row]) -> list[Group]:
    """By mark; what is open is sorted by kind, what is settled is a short list with the rest folded."""
    return [group for mark in _GROUP_IDS if (group := _group(mark, [r for r in rows if r.mark is mark])) is not None]


def _group(mark: Mark, rows: list[Row]) -> Group | None:
    if not rows:
        return None
    by_kind = mark in (Mark.LOOK, Mark.UNKNOWN)
    return Group(
        mark=mark,
        id=_GROUP_IDS[mark],
        title=gettext(COMMON.marks[mark.value]),
        note=gettext(COMMON.mark_notes[mark.value]) if COMMON.mark_notes.get(mark.value) else "",
        count=len(rows),
        kinds=tuple(_kinds(rows)) if by_kind else (),
        short=() if by_kind else tuple(islice(rows, SHORT)),
        more=() if by_kind else tuple(islice(rows, SHORT, None)),
    )


def _kinds(rows: Sequence[Row]) -> list[Kind]:
    found = []
    for kind, words in COMMON.groups.items():
        mine = tuple(row for row in rows if row.group == kind)
        if mine:
            found.append(Kind(id=kind, name=gettext(words.name), icon=words.icon, rows=mine))
    return found
