"""The page on which a Person chooses what they are reminded of, and the notice of what is new."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audits.audit import alert_post, alerting, name_list
from audits.audit.alert_mail import Outcome
from audits.audit.alerting import Chosen
from audits.models import Alert, AlertChoice, AlertState, Channel, Person
from privacy_audit.mail_server import MailServer
from tests.audit import scenes
from tests.dashboard.conftest import Scene, signed_in

HERE = {"kinds": ["app", "open"], "channel": "app", "address": "", "quiet_from": "22", "quiet_to": "8"}
BY_MAIL = {**HERE, "channel": "email", "address": "elsewhere@example.net"}


@pytest.fixture
def mail(settings: Any) -> None:
    settings.MAIL_SERVER = MailServer(host="127.0.0.1", port=9, tls="none", sender="notes@example.org")


def save(client: Client, form: dict[str, Any]) -> Any:
    return client.post("/reminders/", form)


def wanted() -> Any:
    return AlertChoice.objects.get().wanted


def test_at_first_they_are_off_and_e_mail_is_not_offered(alice: Scene) -> None:
    page = alice.client.get("/reminders/").text
    assert "They are off until you choose." in page
    assert "E-mail is not offered" in page
    assert 'value="email"' not in page
    assert not re.search(r'name="kinds"[^>]* checked', page)
    assert "This is the reminder that you asked for." in page
    assert "Your reminder" in page
    assert "alice@gmail.test" not in page
    assert save(alice.client, BY_MAIL).status_code == 400
    assert not AlertChoice.objects.exists()


def test_what_is_chosen_is_kept_and_turned_off(alice: Scene) -> None:
    answer = save(alice.client, HERE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/reminders/")
    assert wanted() == {"kinds": ["app", "open"], "address": "", "anyway": ""}
    page = alice.client.get("/reminders/").text
    assert "As it is now" in page
    assert len(re.findall(r'name="kinds"[^>]* checked', page)) == 2
    alice.client.post("/reminders/off/")
    assert not AlertChoice.objects.exists()
    assert "As it is now" not in alice.client.get("/reminders/").text


@pytest.mark.parametrize(
    "change",
    [
        {"kinds": []},
        {"kinds": ["app", "evil"]},
        {"channel": "pigeon"},
        {"channel": ""},
        {"address": ""},
        {"address": "no address"},
        {"address": "a@example.net\r\nBcc: b@example.net"},
        {"address": "a@example.net,b@example.net"},
        {"address": '"a b"@example.net'},
        {"address": "ü@example.net"},
        {"address": "a\x00@example.net"},
        {"address": "a" * 250 + "@example.net"},
        {"quiet_from": "24"},
        {"quiet_to": "-1"},
        {"quiet_to": ""},
    ],
)
def test_what_the_page_never_offered_is_not_taken(alice: Scene, mail: None, change: dict[str, Any]) -> None:
    answer = save(alice.client, {**BY_MAIL, **change})
    assert answer.status_code == 400
    assert "field__error" in answer.text
    assert not AlertChoice.objects.exists()


@pytest.mark.parametrize(
    ("address", "warning"),
    [("alice@gmail.test", "an account that we look at"), ("Ex@mail.test", "somebody you have in mind")],
)
def test_a_mailbox_that_others_open_is_warned_of_and_kept_on_a_yes(
    alice: Scene, mail: None, address: str, warning: str
) -> None:
    name_list.add_person(alice.person, "J.", "ex@mail.test")
    form = {**BY_MAIL, "address": address}
    answer = save(alice.client, form)
    assert answer.status_code == 400
    assert warning in answer.text
    assert save(alice.client, {**form, "anyway": "another@example.net"}).status_code == 400, (
        "the yes is for one address"
    )
    assert not AlertChoice.objects.exists()
    assert save(alice.client, {**form, "anyway": address}).status_code == 303
    assert wanted()["anyway"] in ("audited", "named")


def test_an_address_named_later_is_held_back_and_the_page_says_so(alice: Scene, mail: None) -> None:
    save(alice.client, BY_MAIL)
    assert "Send one now, to try it" in alice.client.get("/reminders/").text
    name_list.add_person(alice.person, "J.", BY_MAIL["address"])
    page = alice.client.get("/reminders/").text
    assert "nothing is sent to it" in page
    assert "Send one now, to try it" not in page
    assert alert_post.send_test(alice.person) is None


@pytest.mark.parametrize("outcome", [None, *Outcome])
def test_what_came_of_a_message_to_try_is_said(
    alice: Scene, mail: None, monkeypatch: pytest.MonkeyPatch, outcome: Outcome | None
) -> None:
    save(alice.client, BY_MAIL)
    monkeypatch.setattr(alert_post, "send_test", lambda person: outcome)
    page = alice.client.post("/reminders/try/", follow=True).text
    assert "message" in page
    assert 'role="status"' in page


def test_tries_are_counted(alice: Scene, mail: None) -> None:
    codes = [alice.client.post("/reminders/try/").status_code for _ in range(6)]
    assert codes == [303] * 5 + [429]


def test_after_a_refusal_the_page_says_so(alice: Scene, mail: None) -> None:
    save(alice.client, BY_MAIL)
    AlertChoice.objects.update(stopped_at=timezone.now())
    assert "The mail server refused your address" in alice.client.get("/reminders/").text
    save(alice.client, BY_MAIL)
    assert AlertChoice.objects.get().stopped_at is None


def test_without_an_account_there_is_nothing_to_be_reminded_of(db: None) -> None:
    client = signed_in(Person.objects.create_user())
    assert "It needs a connected account" in client.get("/reminders/").text
    assert save(client, HERE).status_code == 303
    assert not AlertChoice.objects.exists()


def test_the_file_for_a_calendar(alice: Scene) -> None:
    save(alice.client, {**HERE, "channel": "calendar"})
    assert "Save the file for your calendar" in alice.client.get("/reminders/").text
    answer = alice.client.get("/reminders/file/")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="reminder.ics"'
    assert b"SUMMARY:Your reminder" in answer.content


# --------------------------------------------------------------------------- on the overview


def something_new(alice: Scene) -> Alert:
    alerting.choose(alice.person, Chosen(kinds=tuple(alerting.KINDS), channel=Channel.APP))
    more = [*(scenes.app(str(n), name) for n, name in ((1, "PicPolish"), (2, "QuizTown"), (3, "Fresh")))]
    scenes.audit_with(alice.person, alice.connection, {"drive_apps": more})
    return Alert.objects.get()


def test_what_is_new_is_told_once_with_its_checks_until_it_is_seen(alice: Scene) -> None:
    alert = something_new(alice)
    page = alice.client.get("/overview/").text
    assert "An app that was not there before" in page
    assert f'href="/n/{alice.finding().public_id}/"' in page
    answer = alice.client.post("/reminders/seen/", {"until": str(alert.public_id)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/overview/")
    assert "An app that was not there before" not in alice.client.get("/overview/").text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (AlertState.SENDING, "do not know whether it arrived"),
        (AlertState.REFUSED, "The mail server refused your message"),
        (AlertState.SENT, ""),
        (AlertState.SHOWN, ""),
    ],
)
def test_what_became_of_the_message_is_said(alice: Scene, state: AlertState, said: str) -> None:
    something_new(alice)
    Alert.objects.update(state=state)
    page = alice.client.get("/overview/").text
    assert said in page
    assert said or not ("whether it arrived" in page or "refused your message" in page)


def test_after_its_account_has_left_only_the_kind_is_told(alice: Scene) -> None:
    something_new(alice)
    alice.connection.delete()
    page = alice.client.get("/overview/").text
    assert "What it was is no longer kept here." in page


@pytest.mark.parametrize("until", ["", "x", "3e564860-4055-4745-a391-92e448faa35f", "\x00"])
def test_a_reminder_that_is_none_of_theirs_is_404(alice: Scene, bob: Client, until: str) -> None:
    alert = something_new(alice)
    assert alice.client.post("/reminders/seen/", {"until": until}).status_code == 404
    assert bob.post("/reminders/seen/", {"until": str(alert.public_id)}).status_code == 404
    assert Alert.objects.get().read_at is None


def test_many_reminders_cost_as_many_queries_as_one(alice: Scene) -> None:
    something_new(alice)
    alice.client.get("/overview/")  # what is asked once
    counted = []
    for _ in range(2):
        with CaptureQueriesContext(database) as asked:
            alice.client.get("/overview/")
        counted.append(len(asked))
        for number in range(4, 9):
            more = [scenes.app(str(n), f"App {n}") for n in range(number + 1)]
            scenes.audit_with(alice.person, alice.connection, {"drive_apps": more})
    assert Alert.objects.count() > 3
    assert counted[0] == counted[1]
