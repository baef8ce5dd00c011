"""Disconnecting and deleting: every row goes, Google is asked, and nothing hangs on its answer."""

from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib.sessions.models import Session
from django.utils import timezone

from audits.audit import work
from audits.audit.answers import answer_check, answer_items
from audits.audit.helping import openings, short_list, words
from audits.checks.catalogue import CHECKS
from audits.facts import ItemAnswer, ToldAnswer
from audits.models import (
    AdministratorLook,
    Alert,
    AlertChoice,
    AnswerToCheck,
    AnswerToItem,
    Audit,
    Connection,
    Export,
    Finding,
    HelpCode,
    HelperPasskey,
    Helpline,
    HelpSession,
    HelpState,
    Item,
    NamedDevice,
    NamedPerson,
    OpeningKind,
    Person,
    PhotoPick,
    RateCount,
    ReceivedEvent,
    Record,
    ReturnCode,
    Schedule,
    Situation,
    SourceRun,
    Summary,
    TimelineEntry,
    ToldItem,
    Trigger,
    WaitingRevocation,
)
from audits.models.sealing import unseal
from privacy_audit.security import counting
from privacy_audit.security.limits import key_for, person_key
from tests.accounts.kept import everything_kept
from tests.audit import scenes
from tests.helpline import cast

DELETE = "/account/delete/"
NEVER_FILLED = {"socialaccount.SocialApp", "socialaccount.SocialToken"}
ABOUT_NOBODY = {
    "audits.AppList",
    "audits.Helper",
    "audits.HelperPasskey",
    "audits.Helpline",
    "audits.HelplineFigures",
    "audits.ListedApp",
}
# That a session with a helpline happened: test_every_table.py reads every column of what is left.
STAYS = {"audits.HelpSession": 2, "audits.SessionLog": 7}
NOT_OURS = {"auth", "contenttypes", "account"}


def granted(sandbox):
    return {grant["account"] for grant in sandbox.state()["grants"]}


def live_a_little(connection):
    """Two audits, answers, a name and an administrator look: rows in every table that knows people."""
    person = connection.person
    scenes.audit_with(person, connection, {"drive_apps": [scenes.app("1"), scenes.app("2")], "drive_public": [
        scenes.file("a", anyone=True, people=["ex@mail.test"])]})  # fmt: skip
    scenes.audit_with(person, connection, {"drive_apps": [scenes.app("1"), scenes.app("3")]})
    finding = Finding.objects.filter(person=person, current=True, items__isnull=False).first()
    item = finding.items.first()
    answer_items(person, finding, {item.key: ItemAnswer.KNOWN})
    answer_check(person, Finding.objects.filter(person=person, current=True).first(), ToldAnswer.LEAVE)
    named = NamedPerson(person=person, address_key="k")
    named.address = "ex@mail.test"
    named.save()
    look = AdministratorLook(person=person, connection=connection, expires_at=timezone.now() + timedelta(hours=1))
    look.access_token = "ya29.admin"
    look.save()
    now = timezone.now()
    PhotoPick.objects.create(person=person, connection=connection, created_at=now, expires_at=now, next_poll_at=now)
    Export.objects.create(person=person, connection=connection, created_at=now, expires_at=now, next_poll_at=now)
    ReceivedEvent.objects.create(person=person, jti_key=str(person.pk), kind="x", issued_at=now, received_at=now)
    device = NamedDevice(person=person, label_key="k")
    device.label = "Old phone"
    told = ToldItem(person=person, check_id="two_step", kind="app", rung="told", key="k", named_at=now)
    told.told = {"name": "Strange app"}
    situation = Situation(person=person, said_at=now)
    situation.said = {"young": False}
    choice = AlertChoice(person=person, chosen_at=now)
    choice.wanted = {"kinds": [], "address": "maya@mail.test"}
    alert = Alert(person=person, state="shown", made_at=now, due_at=now)
    alert.content = {"kinds": {}}
    for row in (device, told, situation, choice, alert):
        row.save()
    Schedule.objects.create(person=person, every="week", weekday=0, hour=9)
    Summary.objects.create(person=person, month=now.date())
    record = Record(person=person, check_id="two_step", audit_public_id=uuid4(), kept_at=now, sha256="0" * 64)
    record.content = "{}"
    record.save()
    RateCount.objects.create(key=key_for("any", person_key(person.pk)), ends_at=1, count=1)
    be_helped(person)


def be_helped(person):
    """A session that is over, one that goes on, a code in flight and a word."""
    line = Helpline.objects.first() or cast.line()
    hana = cast.hana(line, f"Hana {person.pk}")
    HelperPasskey.objects.create(helper=hana, credential="{}", made_at=timezone.now())
    cast.session_of(person, hana, HelpState.ENDED)
    words.word_of(person, line)
    session = cast.session_of(person, hana)
    openings.open_up(session, OpeningKind.CARD, CHECKS["two_step"].code)
    short_list.add(session, CHECKS["two_step"].code)
    HelpCode.objects.create(
        person=person, helpline=line, code_key=str(person.pk), made_at=timezone.now(), ends_at=timezone.now(),
        digits_sealed=b"",
    )  # fmt: skip


def every_way_in(person):
    ReturnCode.objects.create(person=person, code_key="k", made_at=timezone.now())
    Authenticator.objects.create(user=person, type="webauthn", data={"name": "", "credential": ""})


def confirmed(dancer):
    dancer.confirm("delete")
    return dancer.client


@pytest.fixture
def busy_maya(maya, connection):
    maya.open_look("drive_sharing")
    connection.refresh_from_db()
    live_a_little(connection)
    return maya


def test_deleting_everything_leaves_no_row_in_any_table(busy_maya, sandbox):
    client = confirmed(busy_maya)
    every_way_in(Person.objects.get())
    left_out = NEVER_FILLED | ABOUT_NOBODY
    tables = [m for m in apps.get_models() if not (m._meta.app_label in NOT_OURS or m._meta.label in left_out)]
    empty = [m._meta.label for m in tables if not m.objects.exists()]
    assert empty == ["audits.WaitingRevocation"], "live_a_little must fill every table"
    answer = client.post(DELETE)
    assert answer.status_code == 200
    assert "Everything is deleted" in answer.text
    assert "Google has ended our access" in answer.text
    assert "Google keeps its own records" in answer.text
    assert {m._meta.label: m.objects.count() for m in tables if m.objects.exists()} == STAYS
    assert not HelpSession.objects.exclude(person=None).exists()
    assert "maya@gmail.test" not in granted(sandbox)


def test_a_stranger_keeps_everything(busy_maya, dancer, sandbox):
    alex = dancer("alex@gmail.test")
    alex.sign_in()
    alex.open_look("drive_apps")
    live_a_little(Connection.objects.get(person=Person.objects.last()))
    before = {m._meta.label: m.objects.count() for m in apps.get_models()}
    confirmed(busy_maya).post(DELETE)
    for model in (Person, Connection, SocialAccount, NamedPerson, AnswerToItem, Audit, TimelineEntry, RateCount):
        assert 0 < model.objects.count() < before[model._meta.label]
    assert alex.client.get("/account/").status_code == 200
    assert "alex@gmail.test" in granted(sandbox)


def test_every_session_of_the_person_ends(busy_maya, dancer):
    other = dancer("maya@gmail.test")
    other.sign_in()
    confirmed(busy_maya).post(DELETE)
    assert not Session.objects.exists()
    assert other.client.get("/overview/").headers["Location"] == "/"
    assert busy_maya.client.get("/overview/").headers["Location"] == "/"


def test_the_browser_is_asked_to_forget_too(busy_maya):
    answer = confirmed(busy_maya).post(DELETE)
    assert answer.headers["Clear-Site-Data"] == '"cookies", "storage"'


@pytest.mark.parametrize("fault", [503, 500, 429, "reset"])
def test_when_google_does_not_answer_only_the_token_waits(busy_maya, sandbox, fault):
    connection = Connection.objects.get()
    sub, token, email = connection.sub, connection.refresh_token, connection.email
    client = confirmed(busy_maya)
    sandbox.fault("/revoke", fault)
    answer = client.post(DELETE)
    assert "Google does not answer just now" in answer.text
    assert "for up to 7 days" in answer.text
    assert not Person.objects.exists()
    assert WaitingRevocation.objects.count() == 2  # the lasting one, and the one of the administrator look
    kept = everything_kept()
    for secret in (sub, token, email, "maya", "ya29.admin"):
        assert secret not in kept
    tokens = [
        unseal(waiting.token_sealed, WaitingRevocation.OWNER)["token"] for waiting in WaitingRevocation.objects.all()
    ]
    assert "ya29.admin" in tokens


def test_it_works_with_google_and_redis_down(busy_maya, settings, monkeypatch):
    client = confirmed(busy_maya)
    monkeypatch.setenv("GOOGLE_REVOKE_URL", "http://127.0.0.1:9/revoke")
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    monkeypatch.setattr(counting, "_resting_until", 0.0)
    assert client.post(DELETE).status_code == 200
    assert not Person.objects.exists()


def test_a_crash_while_google_is_asked_leaves_nothing_but_waiting_tokens(busy_maya, monkeypatch):
    client = confirmed(busy_maya)

    def crash(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("audits.audit.revocations.revoke", crash)
    with pytest.raises(KeyboardInterrupt):
        client.post(DELETE)
    assert not Person.objects.exists()
    assert WaitingRevocation.objects.count() == 2


def test_somebody_who_never_opened_a_look_is_ended_at_google_too(maya, sandbox):
    answer = confirmed(maya).post(DELETE)
    assert "Google has ended our access" in answer.text
    assert "maya@gmail.test" not in granted(sandbox)


# --------------------------------------------------------------------------- disconnecting one account


def disconnect(dancer, connection):
    dancer.confirm("disconnect", str(connection.public_id))
    return dancer.client.post(f"/account/{connection.public_id}/disconnect/")


def test_disconnecting_deletes_what_came_from_the_account_and_keeps_the_person(busy_maya, sandbox):
    connection = Connection.objects.get()
    assert disconnect(busy_maya, connection).headers["Location"] == "/account/"
    for model in (Connection, SourceRun, Finding, Item, AdministratorLook, AnswerToItem, AnswerToCheck):
        assert not model.objects.filter().exists(), model
    assert Person.objects.count() == 1
    assert NamedPerson.objects.count() == 1
    assert "disconnected" in {entry.kind for entry in TimelineEntry.objects.all()}
    assert "maya@gmail.test" not in granted(sandbox)
    assert "disconnected here and at Google" in busy_maya.client.get("/account/").text


def test_after_disconnecting_the_person_can_sign_in_again_to_the_same_pages(busy_maya):
    person = Person.objects.get()
    disconnect(busy_maya, Connection.objects.get())
    assert busy_maya.sign_in().status_code == 302
    assert Connection.objects.get().person == person
    assert not Connection.objects.get().refresh_token


def test_disconnecting_one_of_two_accounts_leaves_the_other_whole(busy_maya, sandbox):
    busy_maya.go("/account/more/", account="alex@gmail.test")
    first, second = Connection.objects.all()
    scenes.audit_with(first.person, second, {"drive_apps": [scenes.app("1"), scenes.app("9")]})
    shared = Item.objects.filter(finding__connection=second).values_list("key", flat=True)
    AnswerToItem.objects.all().delete()
    finding = Finding.objects.filter(connection=second, current=True, items__isnull=False).first()
    answer_items(first.person, finding, dict.fromkeys(shared, ItemAnswer.KNOWN))
    kept = set(AnswerToItem.objects.values_list("item_key", flat=True))
    disconnect(busy_maya, first)
    assert set(AnswerToItem.objects.values_list("item_key", flat=True)) == kept
    assert set(Connection.objects.all()) == {second}
    assert granted(sandbox) == {"alex@gmail.test"}


def test_an_audit_that_runs_is_stopped_first(busy_maya):
    connection = Connection.objects.get()
    audit = work.start(connection.person, trigger=Trigger.PERSON)
    disconnect(busy_maya, connection)
    audit.refresh_from_db()
    assert audit.state == "cancelled"


def test_disconnecting_while_google_is_away_says_so(busy_maya, sandbox):
    connection = Connection.objects.get()
    busy_maya.confirm("disconnect", str(connection.public_id))
    sandbox.fault("/revoke", 503)
    busy_maya.client.post(f"/account/{connection.public_id}/disconnect/")
    page = busy_maya.client.get("/account/").text
    assert "Google does not answer just now" in page
    assert "myaccount.google.com/connections" in page


def test_a_token_that_google_no_longer_knows_is_done_with(busy_maya, sandbox):
    connection = Connection.objects.get()
    busy_maya.confirm("disconnect", str(connection.public_id))
    sandbox.revoke("maya@gmail.test")
    busy_maya.client.post(f"/account/{connection.public_id}/disconnect/")
    assert not WaitingRevocation.objects.exists()
