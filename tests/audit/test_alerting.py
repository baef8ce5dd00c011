"""Reminders: what is worth one, when it comes, and that nothing of it says anything."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as product
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from audits.audit import alerting, forget, name_list, work
from audits.audit.alert_mail import message, text_in
from audits.audit.alerting import Chosen
from audits.audit.calendar_file import calendar_file
from audits.audit.judge import judge
from audits.audit.quiet_hours import after_quiet
from audits.audit.tell.reminders import WORDS, unread
from audits.checks.catalogue import RULED
from audits.facts import MailForwarding, MailKind, Rung, SecurityMail, Strength, Why
from audits.models import (
    Alert,
    AlertChoice,
    AlertState,
    Audit,
    Change,
    ChangeKind,
    Channel,
    Connection,
    Every,
    Person,
    Schedule,
    TimelineEntry,
    Trigger,
)
from privacy_audit.environment import BASE_DIR
from privacy_audit.mail_server import MailServer
from tests.audit import scenes

pytestmark = pytest.mark.django_db
EVERYTHING = tuple(alerting.KINDS)
MINE = "elsewhere@example.net"


@pytest.fixture
def mail(settings: Any) -> MailServer:
    settings.MAIL_SERVER = MailServer(host="127.0.0.1", port=9, sender="notes@example.org")
    server: MailServer = settings.MAIL_SERVER
    return server


@pytest.fixture
def noor() -> tuple[Person, Connection]:
    return scenes.person_with_connection("noor@gmail.test")


def look(person: Person, connection: Connection, said: scenes.Said, trigger: Trigger = Trigger.SCHEDULE) -> Audit:
    """One finished audit, as when the schedule began it."""
    audit = work.start(person, trigger=trigger)
    held = work.claim(audit.pk)
    assert held is not None
    for source, one in said.items():
        why, facts = (one, ()) if isinstance(one, Why) else (None, one)
        scenes.keep_run(audit, connection, source, facts, why)  # type: ignore[arg-type]
    judge(held, audit)
    audit.refresh_from_db()
    return audit


def choose(person: Person, channel: Channel = Channel.APP, kinds: tuple[str, ...] = EVERYTHING, **more: Any) -> None:
    address = MINE if channel is Channel.EMAIL else ""
    quiet = {"quiet_from": 0, "quiet_to": 0}
    alerting.choose(person, Chosen(**{"kinds": kinds, "channel": channel, "address": address, **quiet, **more}))


def forwarding() -> MailForwarding:
    return MailForwarding(
        connection="", source="gmail_settings", seen_at=timezone.now(), rung=Rung.LIVE, strength=Strength.PROVES,
        address="ex@mail.test", way="all", keeps="inbox",
    )  # fmt: skip


def mail_of(kind: MailKind) -> SecurityMail:
    return SecurityMail(
        connection="", source="gmail_alerts", rung=Rung.LIVE, strength=Strength.SUGGESTS,
        seen_at=timezone.now() + timedelta(hours=1),
        at=timezone.now() + timedelta(hours=1), mail_id="m", kind=kind, name="Pixel",
    )  # fmt: skip


APPS: scenes.Said = {"drive_apps": [scenes.app("1")]}
MORE_APPS: scenes.Said = {"drive_apps": [scenes.app("1"), scenes.app("2", "QuizTown")]}

SEEN: Mapping[str, tuple[scenes.Said, scenes.Said, set[str]]] = {
    "a new app": (APPS, MORE_APPS, {"app"}),
    "mail that goes on": ({"gmail_settings": []}, {"gmail_settings": [forwarding()]}, {"forwarding"}),
    "a mail of a sign-in": ({"gmail_alerts": []}, {"gmail_alerts": [mail_of(MailKind.SIGN_IN)]}, {"device"}),
    "a mail of something else": ({"gmail_alerts": []}, {"gmail_alerts": [mail_of(MailKind.TWO_STEP_ON)]}, set()),
    "the second step off": (
        {"directory_user": [scenes.two_step(enrolled=True)]},
        {"directory_user": [scenes.two_step(enrolled=False)]},
        {"two_step"},
    ),
    "the second step on": (
        {"directory_user": [scenes.two_step(enrolled=False)]},
        {"directory_user": [scenes.two_step(enrolled=True)]},
        set(),
    ),
    "the second step no longer seen": (
        {"directory_user": [scenes.two_step(enrolled=True)]}, {"directory_user": Why.BUSY}, set(),
    ),
    "a file for all": ({"drive_public": []}, {"drive_public": [scenes.file("a", anyone=True)]}, {"open"}),
    "a picture for all": (
        {"drive_public": []}, {"drive_public": [scenes.file("a", anyone=True, picture=True)]}, {"open"},
    ),
    "nothing else": (APPS, APPS, set()),
    "an app that went": (MORE_APPS, APPS, set()),
    "an app that could not be seen before": ({"drive_apps": Why.BUSY}, APPS, set()),
    "an app that cannot be seen now": (APPS, {"drive_apps": Why.BUSY}, set()),
    "the first look at it": ({}, APPS, set()),
}  # fmt: skip


@pytest.mark.parametrize("name", SEEN)
def test_what_is_worth_a_reminder(noor: tuple[Person, Connection], name: str) -> None:
    before, now, kinds = SEEN[name]
    choose(noor[0])
    look(*noor, before)
    audit = look(*noor, now)
    found = Alert.objects.filter(audit=audit).first()
    assert set(found.content["kinds"] if found else {}) == kinds
    assert Alert.objects.count() == bool(kinds)


def test_what_was_gone_and_is_back_is_worth_one(noor: tuple[Person, Connection]) -> None:
    choose(noor[0])
    for said in (MORE_APPS, APPS, MORE_APPS):
        audit = look(*noor, said)
    assert Change.objects.filter(audit=audit, kind=ChangeKind.BACK).exists()
    assert Alert.objects.get().audit == audit


def test_every_watched_check_is_one_that_a_machine_judges() -> None:
    assert RULED.keys() >= alerting.WATCHED
    assert WORDS.keys() == alerting.KINDS.keys()
    for checks in alerting.KINDS.values():
        for check_id, codes in checks.items():
            if codes:
                rule = importlib.import_module(f"audits.checks.google.{check_id}")
                assert codes <= rule.ITEM_SAYS.keys()


def test_without_a_choice_there_is_none_and_one_query_is_asked(noor: tuple[Person, Connection]) -> None:
    look(*noor, APPS)
    audit = look(*noor, MORE_APPS)
    assert not Alert.objects.exists()
    with CaptureQueriesContext(database) as asked:
        assert alerting.make(audit) is None
    assert len(asked) == 1


def test_nothing_new_costs_one_query(noor: tuple[Person, Connection]) -> None:
    choose(noor[0])
    look(*noor, APPS)
    audit = look(*noor, APPS)
    with CaptureQueriesContext(database) as asked:
        assert alerting.make(audit) is None
    assert len(asked) == 1


def test_only_what_was_chosen(noor: tuple[Person, Connection]) -> None:
    choose(noor[0], kinds=("open",))
    look(*noor, APPS)
    look(*noor, MORE_APPS)
    assert not Alert.objects.exists()


def test_a_choice_that_does_not_open_holds_up_no_audit(noor: tuple[Person, Connection]) -> None:
    choose(noor[0])
    look(*noor, APPS)
    AlertChoice.objects.update(wanted_sealed=b"broken")
    assert look(*noor, MORE_APPS).state == "finished"
    assert not Alert.objects.exists()


# --------------------------------------------------------------------------- when it comes


@pytest.mark.parametrize(
    ("channel", "trigger", "state"),
    [
        (Channel.EMAIL, Trigger.SCHEDULE, AlertState.WAITING),
        (Channel.EMAIL, Trigger.OPERATOR, AlertState.WAITING),
        (Channel.EMAIL, Trigger.PERSON, AlertState.SHOWN),
        (Channel.EMAIL, Trigger.RECHECK, AlertState.SHOWN),
        (Channel.APP, Trigger.SCHEDULE, AlertState.SHOWN),
        (Channel.CALENDAR, Trigger.SCHEDULE, AlertState.SHOWN),
    ],
)
def test_a_message_goes_out_only_where_it_was_chosen_and_nobody_sits_there(
    noor: tuple[Person, Connection], mail: MailServer, channel: Channel, trigger: Trigger, state: AlertState
) -> None:
    choose(noor[0], channel)
    look(*noor, APPS)
    look(*noor, MORE_APPS, trigger)
    assert Alert.objects.get().state == state


def test_without_a_mail_server_or_after_a_refusal_it_is_in_the_app(
    noor: tuple[Person, Connection], settings: Any
) -> None:
    settings.MAIL_SERVER = None
    choose(noor[0], Channel.EMAIL)
    look(*noor, APPS)
    look(*noor, MORE_APPS)
    settings.MAIL_SERVER = MailServer(host="127.0.0.1", port=9, sender="notes@example.org")
    AlertChoice.objects.update(stopped_at=timezone.now())
    look(*noor, {"drive_apps": [scenes.app("3", "App 3")]})
    assert [one.state for one in Alert.objects.all()] == [AlertState.SHOWN] * 2


def test_one_is_on_its_way_at_a_time_and_one_a_day_is_sent(noor: tuple[Person, Connection], mail: MailServer) -> None:
    choose(noor[0], Channel.EMAIL)
    look(*noor, APPS)
    first = Alert.objects.get(audit=look(*noor, MORE_APPS))
    second = Alert.objects.get(audit=look(*noor, {"drive_apps": [scenes.app("3", "App 3")]}))
    assert (first.state, second.state) == (AlertState.WAITING, AlertState.SHOWN)
    sent_at = timezone.now() - timedelta(hours=1)
    Alert.objects.filter(pk=first.pk).update(state=AlertState.SENDING, sent_at=sent_at)
    third = Alert.objects.get(audit=look(*noor, {"drive_apps": [scenes.app("4", "App 4")]}))
    assert third.state == AlertState.WAITING
    assert third.due_at == sent_at + timedelta(days=1)


BERLIN, APIA, PAGO = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Apia"), ZoneInfo("Pacific/Pago_Pago")


@pytest.mark.parametrize(
    ("moment", "start", "end", "zone", "expected"),
    [
        (datetime(2026, 11, 23, 12, 0, tzinfo=UTC), 22, 8, UTC, datetime(2026, 11, 23, 12, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 21, 59, tzinfo=UTC), 22, 8, UTC, datetime(2026, 11, 23, 21, 59, tzinfo=UTC)),
        (datetime(2026, 11, 23, 22, 0, tzinfo=UTC), 22, 8, UTC, datetime(2026, 11, 24, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 7, 59, tzinfo=UTC), 22, 8, UTC, datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), 22, 8, UTC, datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 13, 5, tzinfo=UTC), 9, 17, UTC, datetime(2026, 11, 23, 17, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 3, 0, tzinfo=UTC), 5, 5, UTC, datetime(2026, 11, 23, 3, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 3, 0, tzinfo=UTC), 0, 0, UTC, datetime(2026, 11, 23, 3, 0, tzinfo=UTC)),
        # The night in which the clock is put forward, an end within the hour that is left out; and put back.
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), 22, 2, BERLIN, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (datetime(2026, 3, 28, 22, 30, tzinfo=UTC), 22, 8, BERLIN, datetime(2026, 3, 29, 6, 0, tzinfo=UTC)),
        (datetime(2026, 10, 24, 21, 0, tzinfo=UTC), 22, 8, BERLIN, datetime(2026, 10, 25, 7, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 10, 0, tzinfo=UTC), 22, 8, APIA, datetime(2026, 11, 23, 19, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 10, 0, tzinfo=UTC), 22, 8, PAGO, datetime(2026, 11, 23, 19, 0, tzinfo=UTC)),
    ],
)
def test_quiet_hours_end_on_the_clock_of_the_person(
    moment: datetime, start: int, end: int, zone: Any, expected: datetime
) -> None:
    assert after_quiet(moment, start, end, zone) == expected


# --------------------------------------------------------------------------- seen, turned off, changed


def waiting(noor: tuple[Person, Connection]) -> Alert:
    choose(noor[0], Channel.EMAIL)
    look(*noor, APPS)
    look(*noor, MORE_APPS)
    return Alert.objects.get()


def test_who_has_seen_it_needs_no_message(noor: tuple[Person, Connection], mail: MailServer) -> None:
    alert = waiting(noor)
    found = unread(noor[0])
    assert found is not None
    assert found.kinds == ("An app that was not there before",)
    assert {one.title for one in found.checks}
    alerting.have_seen(noor[0], alert)
    alert.refresh_from_db()
    assert (alert.state, alert.read_at is None) == (AlertState.SHOWN, False)
    assert unread(noor[0]) is None


def test_what_came_after_the_page_was_shown_stays_unseen(noor: tuple[Person, Connection]) -> None:
    choose(noor[0])
    look(*noor, APPS)
    first = Alert.objects.get(audit=look(*noor, MORE_APPS))
    look(*noor, {"drive_apps": [scenes.app("3", "App 3")]})
    alerting.have_seen(noor[0], first)
    assert Alert.objects.filter(read_at=None).count() == 1


@pytest.mark.parametrize("change", ["off", "app"])
def test_turned_off_nothing_waits_any_more(noor: tuple[Person, Connection], mail: MailServer, change: str) -> None:
    waiting(noor)
    alerting.turn_off(noor[0]) if change == "off" else choose(noor[0])
    assert Alert.objects.get().state == AlertState.SHOWN
    kinds = set(TimelineEntry.objects.filter(person=noor[0]).values_list("kind", flat=True))
    assert kinds >= {alerting.CHOSEN}
    assert (alerting.TURNED_OFF in kinds) == (change == "off")


def test_another_address_is_tried_where_one_refused(noor: tuple[Person, Connection], mail: MailServer) -> None:
    choose(noor[0], Channel.EMAIL)
    AlertChoice.objects.update(stopped_at=timezone.now(), tested_at=timezone.now())
    choose(noor[0], Channel.EMAIL, address="another@example.net")
    choice = AlertChoice.objects.get()
    assert choice.stopped_at is None
    assert choice.tested_at is not None, "another address is no way around the limit"


@pytest.mark.parametrize(
    ("address", "whose"),
    [
        ("noor@gmail.test", "audited"),
        ("NOOR@gmail.test", "audited"),
        ("noor+x@gmail.test", "audited"),
        ("ex@mail.test", "named"),
        ("Ex+me@Mail.test", "named"),
        ("some.one@googlemail.com", "named"),
        (MINE, ""),
        ("", ""),
    ],
)
def test_whose_mailbox_it_is(noor: tuple[Person, Connection], address: str, whose: str) -> None:
    name_list.add_person(noor[0], "J.", "ex@mail.test")
    name_list.add_person(noor[0], "K.", "someone@gmail.com")
    assert alerting.whose(noor[0], address) == whose


def test_under_18_nothing_stays_that_counted_pictures(noor: tuple[Person, Connection]) -> None:
    choose(noor[0])
    look(*noor, {"drive_public": []})
    look(*noor, {"drive_public": [scenes.file("a", anyone=True, picture=True)]})
    assert Alert.objects.exists()
    forget.forget_pictures(noor[0])
    assert not Alert.objects.exists()


# --------------------------------------------------------------------------- it says nothing

FORBIDDEN = re.compile(
    r"priva|audit|secur|google|gmail|drive|account|app\b|apps\b|alert|abus|safe|danger|check|found|saw|seen|new\b|"
    r"device|file|sign|password|https?:|www|//|@|\d|<|urgent|warning|change",
    re.IGNORECASE,
)
TEXTS = sorted((BASE_DIR / "templates" / "alerts").iterdir())
LANGUAGES = sorted(
    {code for code, _ in product.LANGUAGES}
    | {path.parent.parent.name for folder in product.LOCALE_PATHS for path in Path(folder).glob("*/LC_MESSAGES/*.po")}
)


def test_only_text_is_in_the_folder() -> None:
    assert [path.name for path in TEXTS] == ["body.txt", "sender.txt", "subject.txt"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_it_tells_anything_in_any_language(language: str) -> None:
    with translation.override(language):
        text = text_in(language)
    for part in (text.sender, text.subject, text.body):
        assert part
        assert FORBIDDEN.search(part) is None, (language, FORBIDDEN.search(part))
    assert "\n" not in text.sender + text.subject


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_no_template_can_say_more(path: Path) -> None:
    """No variable, no link, no other block: whatever is known, the text is the same."""
    source = path.read_text(encoding="utf-8")
    assert "{{" not in source
    assert set(re.findall(r"{% *(\w+)", source)) <= {"load", "translate"}
    said = " ".join(re.findall(r'translate "([^"]+)"', source))
    assert FORBIDDEN.search(said) is None


def test_the_head_of_a_message_tells_nothing(settings: Any) -> None:
    mail = message(text_in("en"), "notes@example.org", MINE)
    assert dict(mail.items()).keys() == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding",
        "MIME-Version",
    }  # fmt: skip
    assert mail["From"] == "Reminder <notes@example.org>"
    assert mail["Subject"] == "Your reminder"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@example.org>")
    assert mail.get_content_type() == "text/plain"
    assert not mail.is_multipart()
    for name in ("From", "Subject", "Message-ID", "Content-Type"):
        value = str(mail[name]).replace(mail["Message-ID"].partition("@")[0], "")
        assert re.search(r"priva|audit|secur|google|notes\b(?!@)", value, re.IGNORECASE) is None


def test_the_calendar_file_says_when_and_nothing_else(noor: tuple[Person, Connection]) -> None:
    text = calendar_file(noor[0], None, None, UTC).decode()
    assert "SUMMARY:Your reminder\r\n" in text
    assert "RRULE:FREQ=WEEKLY\r\n" in text
    assert text.endswith("END:VCALENDAR\r\n")
    assert re.search(r"priva|audit|secur|google|url|http|@|organizer|attendee|location", text, re.IGNORECASE) is None
    assert all(len(line) < 75 for line in text.split("\r\n"))


@pytest.mark.parametrize(
    ("every", "day", "hour", "quiet", "rule", "at"),
    [
        (Every.WEEK, None, 18, (22, 8), "FREQ=WEEKLY", "T190000"),
        (Every.WEEK, None, 23, (22, 8), "FREQ=WEEKLY", "T080000"),
        (Every.MONTH, 5, 18, (22, 8), "FREQ=MONTHLY", "T190000"),
        (Every.MONTH, 31, 18, (22, 8), "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", "T190000"),
        (Every.MONTH, 29, 18, (0, 0), "FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1", "T190000"),
    ],
)
def test_a_calendar_entry_comes_after_the_look(
    noor: tuple[Person, Connection],
    every: Every,
    day: int | None,
    hour: int,
    quiet: tuple[int, int],
    rule: str,
    at: str,
) -> None:
    choose(noor[0], Channel.CALENDAR, quiet_from=quiet[0], quiet_to=quiet[1])
    plan = Schedule(person=noor[0], every=every, weekday=0 if day is None else None, day=day, hour=hour)
    text = calendar_file(noor[0], plan, AlertChoice.objects.get(), UTC).decode()
    assert f"RRULE:{rule}\r\n" in text
    assert re.search(rf"DTSTART:\d{{8}}{at}\r\n", text)
