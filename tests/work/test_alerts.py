"""Messages against a real mail server: each fault at each step, processes that die, and several at once."""

from __future__ import annotations

import logging
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection as database
from django.utils import timezone

from audits import tasks
from audits.audit import alert_mail, alert_post, alerting, name_list
from audits.audit.alert_mail import Outcome
from audits.audit.alerting import Chosen
from audits.models import Alert, AlertChoice, AlertState, Channel, Person, TimelineEntry
from privacy_audit import mail_server as configured
from privacy_audit.environment import ConfigurationError
from privacy_audit.mail_server import MailServer
from tests.services import processes
from tests.services.mail_server import DROP, SILENT, Post, mail_server
from tests.services.worker import OWN_SETTINGS, database_url

pytestmark = [pytest.mark.work, pytest.mark.django_db(transaction=True)]

MINE = "elsewhere@example.net"
WAITING, SENDING, SENT = AlertState.WAITING, AlertState.SENDING, AlertState.SENT
SHOWN, REFUSED = AlertState.SHOWN, AlertState.REFUSED


def a_person(address: str = MINE, **more: Any) -> Person:
    person = Person.objects.create_user()
    quiet = {"quiet_from": 0, "quiet_to": 0}
    alerting.choose(
        person, Chosen(**{"kinds": ("app",), "channel": Channel.EMAIL, "address": address, **quiet, **more})
    )
    return person


def due(person: Person, **more: Any) -> Alert:
    now = timezone.now()
    alert = Alert(person=person, **{"state": WAITING, "made_at": now, "due_at": now, **more})
    alert.content = {"kinds": {"app": 1}}
    alert.save()
    return alert


def state(alert: Alert) -> str:
    return Alert.objects.get(pk=alert.pk).state


def now_due() -> None:
    Alert.objects.filter(state=WAITING).update(due_at=timezone.now())


def test_what_is_due_is_sent_once_and_says_nothing(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    alert = due(a_person())
    with mail_server() as post:
        settings.MAIL_SERVER = post.server
        tasks.send_reminders()
        tasks.send_reminders()
    assert state(alert) == SENT
    [(sender, to, raw)] = post.taken
    assert (sender, to) == ("notes@example.org", MINE)
    [mail] = post.mails
    assert mail["Subject"] == "Your reminder"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert "the reminder that you asked for" in mail.get_content()
    assert post.greeted == ["example.org"], "the name of this machine stays here"
    assert b"http" not in raw
    assert MINE not in "".join(record.getMessage() for record in caplog.records if record.name.startswith("audits"))


FAULTS = {
    "busy at the door": ({"EHLO": "421 busy"}, WAITING, False),
    "gone at the door": ({"EHLO": DROP}, WAITING, False),
    "our sender is not taken": ({"MAIL": "550 no"}, WAITING, False),
    "our sender later": ({"MAIL": "451 later"}, WAITING, False),
    "gone at the sender": ({"MAIL": DROP}, WAITING, False),
    "no such mailbox": ({"RCPT": "550 no such mailbox"}, REFUSED, True),
    "mailbox full": ({"RCPT": "452 full"}, WAITING, False),
    "greylisted and closed": ({"RCPT": "421 come again"}, WAITING, False),
    "gone at the address": ({"RCPT": DROP}, WAITING, False),
    "no text wanted": ({"DATA": "554 no"}, REFUSED, True),
    "text later": ({"DATA": "451 later"}, WAITING, False),
    "gone before the text": ({"DATA": DROP}, WAITING, False),
    "text refused": ({"END": "554 no"}, REFUSED, True),
    "text not taken now": ({"END": "451 later"}, WAITING, False),
    "gone after the text": ({"END": DROP}, SENDING, False),
    "silent after the text": ({"END": SILENT}, SENDING, False),
    "silent before the text": ({"RCPT": SILENT}, WAITING, False),
    "nonsense after the text": ({"END": "354 what"}, SENDING, False),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_at_each_step(settings: Any, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Only what was surely not taken waits; nothing is ever handed over twice."""
    answers, expected, stopped = FAULTS[name]
    monkeypatch.setattr(alert_mail, "PATIENCE", 0.3 if SILENT in answers.values() else 5.0)
    person = a_person()
    alert = due(person)
    with mail_server(**answers) as post:
        settings.MAIL_SERVER = post.server
        alert_post.send_due()
        assert state(alert) == expected
        assert (AlertChoice.objects.get().stopped_at is not None) == stopped
        assert TimelineEntry.objects.filter(kind=alerting.STOPPED).count() == stopped
        alert_post.send_due()
        assert post.talks <= 1, "not again at once"
        post.answers.clear()
        now_due()
        alert_post.send_due()
    assert len(post.taken) == (expected == WAITING)
    assert state(alert) == (SENT if expected == WAITING else expected)


def test_a_server_that_is_away_is_asked_once_and_holds_up_nobody(settings: Any) -> None:
    alerts = [due(a_person()) for _ in range(3)]
    settings.MAIL_SERVER = MailServer(host="127.0.0.1", port=9, tls="none", sender="notes@example.org")
    assert alert_post.send_due() == 0
    later = Alert.objects.filter(due_at__gt=timezone.now())
    assert [one.pk for one in later] == [alerts[0].pk]
    assert later[0].sent_at is None
    with mail_server() as post:
        settings.MAIL_SERVER = post.server
        now_due()
        assert alert_post.send_due() == 3


def test_without_the_encryption_that_was_set_nothing_is_said(settings: Any) -> None:
    alert = due(a_person())
    with mail_server() as post:
        settings.MAIL_SERVER = MailServer(host="127.0.0.1", port=post.port, sender="notes@example.org")
        alert_post.send_due()
    assert state(alert) == WAITING
    assert not post.taken


def test_for_days_and_without_a_server_it_stays_in_the_app(settings: Any) -> None:
    old = due(a_person(), made_at=timezone.now() - timedelta(days=4))
    with mail_server() as post:
        settings.MAIL_SERVER = post.server
        alert_post.send_due()
    settings.MAIL_SERVER = None
    young = due(a_person())
    alert_post.send_due()
    assert (state(old), state(young)) == (SHOWN, SHOWN)
    assert not post.taken


@pytest.mark.parametrize("change", ["off", "app", "stopped", "inactive", "named", "broken"])
def test_what_changed_while_it_waited_counts(settings: Any, change: str) -> None:
    person = a_person()
    alert = due(person)
    if change == "off":
        AlertChoice.objects.all().delete()
    elif change == "app":
        AlertChoice.objects.update(channel=Channel.APP)
    elif change == "stopped":
        AlertChoice.objects.update(stopped_at=timezone.now())
    elif change == "inactive":
        Person.objects.update(is_active=False)
    elif change == "named":
        name_list.add_person(person, "J.", MINE)
    else:
        AlertChoice.objects.update(wanted_sealed=b"broken")
    with mail_server() as post:
        settings.MAIL_SERVER = post.server
        alert_post.send_due()
    assert not post.talks
    assert state(alert) == SHOWN


def test_an_address_that_is_wanted_all_the_same_gets_it(settings: Any) -> None:
    person = a_person(anyway="named")
    name_list.add_person(person, "J.", MINE)
    due(person)
    with mail_server() as post:
        settings.MAIL_SERVER = post.server
        assert alert_post.send_due() == 1


def test_within_quiet_hours_it_waits_for_their_end(settings: Any) -> None:
    hour = timezone.now().hour
    person = a_person(quiet_from=hour, quiet_to=(hour + 2) % 24)
    alert = due(person)
    with mail_server() as post:
        settings.MAIL_SERVER = post.server
        alert_post.send_due()
    assert not post.talks
    waiting = Alert.objects.get(pk=alert.pk)
    assert waiting.state == WAITING
    assert waiting.due_at > timezone.now()


def test_another_address_chosen_meanwhile_is_not_stopped(settings: Any) -> None:
    person = a_person()
    due(person)
    with mail_server(END="554 no") as post:
        settings.MAIL_SERVER = post.server
        choice = AlertChoice.objects.get()
        alerting.choose(person, Chosen(kinds=("app",), channel=Channel.EMAIL, address="another@example.net"))
        alert_post.stop(choice)
    assert AlertChoice.objects.get().stopped_at is None


def test_deleting_everything_while_it_is_sent(settings: Any) -> None:
    person = a_person()
    due(person)
    with mail_server(RCPT="550 no") as post:
        settings.MAIL_SERVER = post.server
        real = alert_post.post

        def deleted_meanwhile(*arguments: Any) -> Outcome:
            outcome = real(*arguments)
            Person.objects.all().delete()
            return outcome

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(alert_post, "post", deleted_meanwhile)
            alert_post.send_due()
    assert not TimelineEntry.objects.exists()


# --------------------------------------------------------------------------- the message to try


def test_one_message_to_try_and_no_second_one_for_a_while(settings: Any) -> None:
    person = a_person()
    with mail_server() as post:
        settings.MAIL_SERVER = post.server
        assert [alert_post.send_test(person) for _ in range(3)] == [Outcome.TAKEN, None, None]
        AlertChoice.objects.update(tested_at=timezone.now() - timedelta(minutes=11))
        assert alert_post.send_test(person) is Outcome.TAKEN
    assert len(post.taken) == 2


def test_a_refused_try_stops_the_channel_too(settings: Any) -> None:
    person = a_person()
    alert = due(person)
    with mail_server(RCPT="550 no") as post:
        settings.MAIL_SERVER = post.server
        assert alert_post.send_test(person) is Outcome.REFUSED
        assert alert_post.send_test(person) is None
    assert AlertChoice.objects.get().stopped_at is not None
    assert state(alert) == SHOWN


# --------------------------------------------------------------------------- processes


def sender(post: Post, *words: str, log: Path) -> subprocess.Popen[bytes]:
    immediate = "?transaction_mode=IMMEDIATE" if database.vendor == "sqlite" else ""  # as in the product's settings
    values = {**OWN_SETTINGS, "DATABASE_URL": database_url() + immediate}
    return processes.start([sys.executable, "-m", "tests.work.mail_sender", str(post.port), *words], log, values)


def test_one_that_is_killed_after_the_text_was_handed_over_never_sends_it_again(settings: Any, tmp_path: Path) -> None:
    alert = due(a_person())
    with mail_server(END=SILENT) as post:
        killed = sender(post, log=tmp_path / "log")
        handed_over: list[str] = []
        post.before_end = lambda: handed_over.append("text")
        try:
            processes.wait_for(lambda: handed_over, f"the text to be handed over; {tmp_path / 'log'}", 60)
        finally:
            processes.kill(killed)
        assert state(alert) == SENDING
        post.answers.clear()
        settings.MAIL_SERVER = post.server
        assert alert_post.send_due() == 0
    assert state(alert) == SENDING
    assert len(handed_over) == 1


def test_two_at_once_send_each_once(tmp_path: Path) -> None:
    for number in range(20):
        due(a_person(f"n{number}@example.net"))
    with mail_server() as post:
        logs = [tmp_path / f"{number}.log" for number in range(2)]
        started = [sender(post, str(tmp_path), str(number), log=log) for number, log in enumerate(logs)]
        try:
            processes.wait_for(lambda: len(list(tmp_path.glob("ready-*"))) == 2, "two senders to be ready", 60)
            (tmp_path / "go").touch()
            assert [one.wait(60) for one in started] == [0, 0], [log.read_text()[-2000:] for log in logs]
        finally:
            for one in started:
                processes.kill(one)
    assert len({to for _, to, _ in post.taken}) == len(post.taken) == 20
    assert set(Alert.objects.values_list("state", flat=True)) == {SENT}


# --------------------------------------------------------------------------- settings

GOOD = {"EMAIL_HOST": "mail.example.org", "EMAIL_FROM": "notes@example.org"}


@pytest.mark.parametrize(
    ("values", "port", "tls"),
    [
        ({}, 587, "starttls"),
        ({"EMAIL_TLS": "tls"}, 465, "tls"),
        ({"EMAIL_PORT": "2525", "EMAIL_TLS": ""}, 2525, "starttls"),
    ],
)
def test_settings_that_fit(monkeypatch: pytest.MonkeyPatch, values: dict[str, str], port: int, tls: str) -> None:
    for name, value in {**GOOD, **values}.items():
        monkeypatch.setenv(name, value)
    found = configured.from_environment("production")
    assert found == MailServer(host="mail.example.org", port=port, tls=tls, sender="notes@example.org")


def test_none_set_none_offered() -> None:
    assert configured.from_environment("production") is None


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"EMAIL_FROM": ""}, "belong together"),
        ({"EMAIL_HOST": ""}, "belong together"),
        ({"EMAIL_TLS": "ssl"}, "EMAIL_TLS must be one of"),
        ({"EMAIL_TLS": "none"}, "only for a mail server on this machine"),
        ({"EMAIL_USER": "x"}, "EMAIL_USER and EMAIL_PASSWORD"),
        ({"EMAIL_PORT": "70000"}, "port number"),
        ({"EMAIL_PORT": "x"}, "port number"),
        ({"EMAIL_FROM": "Notes <notes@example.org>"}, "one plain e-mail address"),
        ({"EMAIL_FROM": "notes@privacy-audit.example"}, "gives? nothing away"),
        ({"EMAIL_FROM": "security@example.org"}, "gives? nothing away"),
    ],
)
def test_settings_that_do_not_fit(monkeypatch: pytest.MonkeyPatch, values: dict[str, str], said: str) -> None:
    for name, value in {**GOOD, **values}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=said):
        configured.from_environment("production")


def test_the_password_is_in_no_text() -> None:
    server = MailServer(host="h", port=1, user="u", password="hush", sender="notes@example.org")
    assert "hush" not in repr(server)
