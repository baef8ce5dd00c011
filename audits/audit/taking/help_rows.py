"""Sessions with helplines as data: when, with whom, how they ended, what stayed of them, their logs, and the words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from audits.audit.helping.after import PARTS
from audits.checks.catalogue import by_code, id_now
from audits.models import CallWord, HelpSession, Person, SessionLog, SessionNote
from audits.models.sealing import SealBroken

MOST_SESSIONS, MOST_LINES, MOST_WORDS = 500, 10_000, 200
_NOTHING: Mapping[str, Any] = {**{part: [] for part in PARTS}, "note": ""}

Row = dict[str, Any]


class HelpRows:
    """Reads in four queries. `accounts`: what an account is called in the file, by its public id."""

    def __init__(self, person: Person, accounts: Mapping[str, str]) -> None:
        self.accounts = accounts
        self.all = HelpSession.objects.filter(person=person)
        self.lines: QuerySet[SessionLog] = SessionLog.objects.filter(session__person=person)
        shown = list(self.all.select_related("helper", "helpline")[:MOST_SESSIONS])
        self.shown = {one.pk: (f"help-{number}", one) for number, one in enumerate(shown, start=1)}
        self.notes = {one.session_id: one for one in SessionNote.objects.filter(person=person)}
        self.call_words = CallWord.objects.filter(person=person).select_related("helpline")

    def sessions(self) -> Iterator[Row]:
        for name, one in self.shown.values():
            content, reach = self._kept(self.notes.get(one.pk))
            yield {
                "id": name,
                "helpline": one.helpline.name,
                "helper": one.helper.name,
                "asked_at": _time(one.asked_at),
                "accepted_at": _time(one.accepted_at),
                "ended_at": _time(one.ended_at),
                "end": one.end,
                **{part: [self._place(place) for place in content[part]] for part in PARTS},
                "note": content["note"],
                "reach": reach,
            }

    def log(self) -> Iterator[Row]:
        rows = self.lines.filter(session__in=list(self.shown)).select_related("helper").order_by("-at", "-pk")
        for row in rows[:MOST_LINES]:
            yield {
                "helped": self.shown[row.session_id][0],
                "at": _time(row.at),
                "kind": row.kind,
                "by": row.by,
                "helper": row.helper.name,
                "what": row.what,
                "check": id_now(row.check_id) if row.check_id else "",
                "step": row.step,
            }

    def words(self) -> list[Row]:
        found = []
        for one in self.call_words[:MOST_WORDS]:
            found.append({"helpline": one.helpline.name, "word": str(one.word), "made_at": _time(one.made_at)})
        return found

    def _kept(self, note: SessionNote | None) -> tuple[Mapping[str, Any], Any]:
        """Nothing where nothing stayed, or where no key opens it any more."""
        try:
            return (note.content, note.reach) if note else (_NOTHING, None)
        except SealBroken:
            return _NOTHING, None

    def _place(self, place: str) -> Row:
        code, _, account = place.partition("-")
        check = by_code(code)
        return {"check": check.id if check else "", "account": self.accounts.get(account, "")}


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
