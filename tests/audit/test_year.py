"""A year of weekly audits of an account that changes: the timeline says exactly what happened, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from audits.audit import answers, collect, run, tell, work
from audits.audit.unseen import SILENT, WAITING
from audits.facts import ItemAnswer
from audits.models import AuditState, Change, Finding, Item, Trigger
from audits.sources.google import scopes
from audits.sources.registry import SOURCES
from tests.audit.scenes import person_with_connection

pytestmark = pytest.mark.django_db

WHO = "noor@shelter.test"
LOOKS = [scopes.DRIVE_APPS, scopes.DRIVE_METADATA]
ASKED = ("drive_apps", "drive_public")
BEGAN = datetime(2027, 1, 4, 9, tzinfo=UTC)  # a Monday
WIDE, ALL, FILES = "drive_wide_apps", "connected_apps", "open_files"
PICTURES = ("open_pictures", "pictures_with_location")
PICPOLISH = "1000001"

Edit = Callable[["Year"], object]
Line = tuple[str, str, str, str]  # check, kind, name (or the new verdict), and since when (week), where it says so


class Year:
    """Noor's account, and the week it is."""

    def __init__(self, google: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.google, self.now = google, BEGAN
        monkeypatch.setattr(timezone, "now", lambda: self.now)
        self.person, self.connection = person_with_connection(WHO)
        tokens = google.tokens(WHO, LOOKS)
        self.connection.access_token, self.connection.refresh_token = tokens["access_token"], tokens["refresh_token"]
        self.connection.access_expires_at = BEGAN + timedelta(days=4000)
        self.grant(*LOOKS)

    def grant(self, *granted: str) -> None:
        self.connection.granted = self.connection.asked = list(granted)
        self.connection.save()

    def look(self) -> None:
        audit = work.start(self.person, trigger=Trigger.SCHEDULE)
        assert run.run(audit.pk) is AuditState.FINISHED

    def finding(self, check: str) -> Finding:
        return Finding.objects.get(person=self.person, check_id=check, current=True)

    def item(self, check: str, name: str) -> Item:
        return next(one for one in self.finding(check).items.all() if one.content["name"] == name)


def app(name: str, **words: Any) -> Edit:
    return lambda year: year.google.add_app(WHO, name, drive_wide=True, **words)


def without(name: str) -> Edit:
    return lambda year: year.google.remove_app(WHO, name)


def file(name: str) -> Edit:
    return lambda year: year.google.add_file(WHO, name, link="reader")


def link(name: str, role: str | None) -> Edit:
    return lambda year: year.google.change_file(WHO, name, link=role)


def fault(match: str) -> Edit:
    return lambda year: year.google.fault(match, 500, user=WHO)


def partly(match: str) -> Edit:
    return lambda year: year.google.fault(match, "incomplete", user=WHO)


def healthy(year: Year) -> None:
    year.google.clear_faults()


def granted(*looks: str) -> Edit:
    return lambda year: year.grant(*looks)


def known(check: str, name: str) -> Edit:
    def answer(year: Year) -> None:
        item = year.item(check, name)
        assert answers.answer_items(year.person, year.finding(check), {item.key: ItemAnswer.KNOWN}) == 1

    return answer


def both(kind: str, name: str, since: str = "") -> set[Line]:
    """An app that opens all files stands in two lists."""
    return {(WIDE, kind, name, since), (ALL, kind, name, since)}


def verdicts(verdict: str, *checks: str) -> set[Line]:
    return {(check, "verdict", verdict, "") for check in checks}


# By week: what happens before the look of that week, and what the look then says. It says nothing in all others.
SCRIPT: dict[int, tuple[list[Edit], set[Line]]] = {
    0: ([app("PicPolish", id=PICPOLISH), app("Quiz Town")], set()),
    1: ([known(WIDE, "PicPolish")], set()),
    2: ([app("Filter Fun")], both("new", "Filter Fun")),
    4: ([without("Filter Fun")], both("gone", "Filter Fun")),
    6: ([app("Filter Fun")], both("back", "Filter Fun", "week 4")),
    # The list of apps fails twice, and one app leaves meanwhile.
    7: (
        [fault("drive.apps.list"), without("Quiz Town")],
        {*verdicts("could_not_tell", WIDE), (WIDE, "blind", "3", ""), (ALL, "blind", "4", "")},
    ),
    9: ([healthy], {*verdicts("needs_look", WIDE), *both("gone", "Quiz Town", "week 6")}),
    10: ([file("Rent letter")], {*verdicts("needs_look", FILES), (FILES, "new", "Rent letter", "")}),
    11: ([link("Rent letter", None)], {*verdicts("looks_fine", FILES), (FILES, "gone", "Rent letter", "")}),
    # The looks are closed for three weeks: an app comes, another leaves, the file is opened.
    12: (
        [granted()],
        {
            *verdicts("could_not_tell", WIDE, FILES, *PICTURES),
            (WIDE, "blind", "2", ""),
            (ALL, "blind", "3", ""),
        },
    ),
    13: ([app("While Away"), link("Rent letter", "reader")], set()),
    14: ([without("Filter Fun")], set()),
    15: (
        [granted(*LOOKS)],
        {
            *verdicts("needs_look", WIDE, FILES),
            *verdicts("looks_fine", *PICTURES),
            *both("gone", "Filter Fun", "week 11"),
            *both("new", "While Away", "week 11"),
            (FILES, "back", "Rent letter", "week 11"),
        },
    ),
    # The same app by another name; then one by the same name under another id.
    18: ([without("PicPolish"), app("PicPolish Pro", id=PICPOLISH)], both("changed", "PicPolish Pro")),
    22: ([without("While Away"), app("While Away", id="2000002")], both("changed", "While Away")),
    # Two apps of one name: which of them another one follows cannot be said.
    26: ([app("Notes", id="31"), app("Notes", id="32")], both("new", "Notes")),
    28: ([without("31"), app("Notes", id="33")], both("gone", "Notes") | both("new", "Notes")),
    31: ([link("Rent letter", "writer")], {(FILES, "changed", "Rent letter", "")}),
    # A part of the list of files: what is not in it is not gone, until the list is whole.
    35: (
        [partly("drive.files.list"), link("Rent letter", None)],
        {*verdicts("could_not_tell", FILES, *PICTURES), (FILES, "blind", "1", "")},
    ),
    36: (
        [healthy],
        {*verdicts("looks_fine", FILES, *PICTURES), (FILES, "gone", "Rent letter", "week 34")},
    ),
    38: ([link("Rent letter", "reader")], {*verdicts("needs_look", FILES), (FILES, "back", "Rent letter", "week 36")}),
    # What was there all the time is neither new nor back.
    40: (
        [fault("drive.files.list")],
        {*verdicts("could_not_tell", FILES, *PICTURES), (FILES, "blind", "1", "")},
    ),
    43: ([healthy], {*verdicts("needs_look", FILES), *verdicts("looks_fine", *PICTURES)}),
}


def test_a_year(sandbox: Any, monkeypatch: pytest.MonkeyPatch, quiet_heartbeat: None) -> None:
    monkeypatch.setenv("GOOGLE_TRIES", "1")
    monkeypatch.setattr(collect, "SOURCES", {name: SOURCES[name] for name in ASKED})
    year = Year(sandbox, monkeypatch)
    for week in range(52):
        year.now = BEGAN + timedelta(weeks=week)
        edits, said = SCRIPT.get(week, ([], set()))
        for edit in edits:
            edit(year)
        year.now += timedelta(hours=1)
        year.look()
        assert lines(year) == said, f"week {week}"
    picpolish = year.item(WIDE, "PicPolish Pro")
    assert picpolish.first_seen_at == BEGAN + timedelta(hours=1)
    assert year.finding(WIDE).open_count == len(year.finding(WIDE).items.all()) - 1, "the answer still counts"
    assert not Change.objects.filter(person=year.person, item_key=WAITING).exists(), "nothing waits any more"
    the_timeline_tells_all_of_it(year)


def the_timeline_tells_all_of_it(year: Year) -> None:
    first = tell.timeline(year.person, 1)
    pages = [tell.timeline(year.person, number) for number in range(1, first.page.count + 1)]
    told = [line for page in pages for day in page.days for line in day.entries]
    changes = Change.objects.filter(person=year.person).exclude(item_key=SILENT)
    assert len(told) == first.page.total == changes.count() + 52 + 1, "52 looks and one answer"
    assert pages[-1].days[-1].date == "Monday 4 January 2027"
    texts = {f"{line.word}: {line.name} {line.text}" for line in told}
    assert any("It came after 22 March. We could not look in between." in text for text in texts)
    assert any("We last saw it on 22 March" in text and "Filter Fun" in text for text in texts)
    assert any("It was called \u2068PicPolish\u2069 before." in text for text in texts)
    assert any("Back again: Filter Fun" in text and "On 1 February it was not there." in text for text in texts)
    assert "You said: PicPolish Pro I know this" in texts


def lines(year: Year) -> set[Line]:
    """What the newest look said."""
    found = Change.objects.filter(person=year.person, at__gte=year.now).exclude(item_key=SILENT)
    return {(one.check_id, one.kind, *told(one)) for one in found}


def told(change: Change) -> tuple[str, str]:
    content = change.content
    name = content.get("item", {}).get("name") or content.get("to") or str(content.get("count"))
    since = content.get("since") or content.get("gone_at")
    return name, f"week {(datetime.fromisoformat(since) - BEGAN).days // 7}" if since else ""
