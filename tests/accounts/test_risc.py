"""What security events do: to the Person they are about, once, and to nobody else."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from datetime import timedelta

import pytest
from django.db import DatabaseError, connections
from django.test import Client
from django.utils import timezone

from audits.accounts.risc import effects, keys
from audits.audit import keep, tell
from audits.models import (
    AdministratorLook,
    Connection,
    Export,
    Person,
    PhotoPick,
    ReceivedEvent,
    TimelineEntry,
    WaitingRevocation,
)
from audits.models.sealing import lookup_key
from privacy_audit.security import limits
from privacy_audit.security.limits import Limit
from tests.accounts import risc
from tests.accounts.risc import about, about_token, post
from tests.accounts.risc import tell as say
from tests.audit import scenes

REFRESH = {"alice": "1//0aliceTokenOfHers-4567", "bob": "1//0bobTokenOfHis-4567890"}
# The event, more of its details, whether sessions end, whether our access ends, and the kind of its entry.
EVENTS = [
    ("sessions-revoked", {}, True, False, "google_ended_sessions"),
    ("tokens-revoked", {}, True, True, "google_ended_access"),
    ("account-disabled", {"reason": "hijacking"}, True, True, "google_disabled_ended"),
    ("account-disabled", {"reason": "bulk-account"}, False, False, "google_disabled"),
    ("account-disabled", {}, False, False, "google_disabled"),
    ("account-enabled", {}, False, False, "google_enabled"),
    ("account-credential-change-required", {}, False, False, "google_asks_for_change"),
    ("account-credential-change-required", {"reason": "hijacking"}, False, False, "google_asks_for_change"),
    ("account-purged", {}, True, True, "google_purged"),
]


@pytest.fixture(autouse=True)
def new_ring(monkeypatch, sandbox):
    monkeypatch.setattr(keys, "RING", keys.KeyRing())


class Somebody:
    """A signed-in Person with one account and every kind of token."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.person, self.connection = scenes.person_with_connection(f"{name}@shelter.test", "shelter.test")
        self.connection.sub_key = lookup_key("sub", name)
        self.connection.refresh_token = REFRESH[name]
        self.connection.granted_at = timezone.now() - timedelta(minutes=5)
        self.connection.save()
        Connection.objects.filter(pk=self.connection.pk).update(created_at=timezone.now() - timedelta(days=1))
        self.client = Client()
        self.client.force_login(self.person, backend="django.contrib.auth.backends.ModelBackend")
        self._tokens_for_one_time()

    def _tokens_for_one_time(self) -> None:
        now = timezone.now()
        rows = {"person": self.person, "connection": self.connection, "expires_at": now + timedelta(hours=1)}
        look = AdministratorLook(**rows)
        look.access_token = "ya29.admin"
        look.save()
        pick = PhotoPick(**rows, created_at=now, next_poll_at=now)
        pick.access_token = "ya29.pick"
        pick.save()
        export = Export(**rows, created_at=now, next_poll_at=now)
        export.tokens = {"access_token": "ya29.export", "refresh_token": "1//export", "expires_at": now.isoformat()}
        export.save()

    def state(self) -> dict[str, object]:
        connection = Connection.objects.get(pk=self.connection.pk)
        mine = {"connection": connection}
        return {
            "signed_in": self.client.get("/names/").status_code == 200,
            "state": connection.state,
            "tokens": bool(connection.access_token or connection.refresh_token),
            "for_one_time": tuple(
                model.objects.filter(**mine).exists() for model in (AdministratorLook, PhotoPick, Export)
            ),
            "kinds": list(TimelineEntry.objects.filter(person=self.person).values_list("kind", flat=True)),
        }


UNTOUCHED = {"signed_in": True, "state": "working", "tokens": True, "for_one_time": (True,) * 3, "kinds": []}


@pytest.fixture
def alice(db):
    return Somebody("alice")


@pytest.fixture
def bob(db):
    return Somebody("bob")


@pytest.mark.parametrize(("name", "more", "signs_out", "ends_access", "kind"), EVENTS)
def test_each_event_does_what_google_asks_for_and_only_to_alice(alice, bob, name, more, signs_out, ends_access, kind):
    assert say(name, about("alice", **more)).status_code == 202
    found = alice.state()
    assert found["kinds"] == [kind]
    assert found["signed_in"] is not signs_out
    assert found["tokens"] is not ends_access
    assert found["state"] == ("needs_reconnecting" if ends_access else "working")
    assert found["for_one_time"] == (not ends_access,) * 3
    assert bob.state() == UNTOUCHED
    assert ReceivedEvent.objects.get().person == alice.person


def test_permissions_with_clients_of_their_own_are_also_ended_at_google(alice):
    say("tokens-revoked", about("alice"))
    assert WaitingRevocation.objects.count() == 2  # the administrator look's and the export's


@pytest.mark.parametrize("subject_type", ["iss-sub", "id_token_claims"])
def test_both_ways_of_naming_an_account(alice, subject_type):
    details = about("alice")
    details["subject"] |= {"subject_type": subject_type, "email": "somebody@gmail.test"}
    say("sessions-revoked", details)
    assert not alice.state()["signed_in"]


@pytest.mark.parametrize(
    "subject",
    [
        {"subject_type": "iss-sub", "iss": "https://evil.test", "sub": "alice"},
        {"subject_type": "phone", "sub": "alice"},
        {"subject_type": "id_token_claims", "email": "alice@shelter.test"},
        {"subject_type": "iss-sub", "iss": "https://accounts.google.com/", "sub": ["alice"]},
        {"subject_type": "iss-sub", "iss": "https://accounts.google.com/", "sub": "ALICE"},
        {"subject_type": ["iss-sub"], "sub": "alice"},
    ],
    ids=str,
)
def test_an_account_that_is_named_in_another_way_is_nobody(alice, subject):
    try:
        assert say("tokens-revoked", {"subject": subject}).status_code == 202
    finally:
        assert alice.state() == UNTOUCHED
    assert ReceivedEvent.objects.get().person is None


# --------------------------------------------------------------------------- one refresh token


def hashed(token: str) -> str:
    return base64.b64encode(hashlib.sha512(hashlib.sha512(token.encode()).digest()).digest()).decode()


@pytest.mark.parametrize(
    ("form", "named"),
    [
        ("prefix", REFRESH["alice"][:16]),
        ("hash_base64_sha512_sha512", hashed(REFRESH["alice"])),
        ("hash_base64_sha512_sha512", hashed(REFRESH["alice"]).rstrip("=").replace("+", "-").replace("/", "_")),
    ],
)
def test_one_token_is_found_by_either_form(alice, bob, form, named):
    say("token-revoked", about_token(named, form))
    assert (alice.state()["tokens"], alice.state()["state"]) == (False, "needs_reconnecting")
    assert bob.state() == UNTOUCHED


@pytest.mark.parametrize(
    ("form", "named"),
    [
        ("prefix", "1//0someoneElses"),
        ("prefix", REFRESH["alice"][:4]),
        ("prefix", REFRESH["alice"]),
        ("prefix", ""),
        ("plain", REFRESH["alice"]),
        ("hash_base64_sha512_sha512", ""),
        ("hash_base64_sha512_sha512", hashed("1//another")),
        ("", REFRESH["alice"][:16]),
    ],
)
def test_a_token_that_is_not_ours_is_nobodys(alice, bob, form, named):
    assert say("token-revoked", about_token(named, form)).status_code == 202
    assert alice.state() == UNTOUCHED
    assert bob.state() == UNTOUCHED


def test_a_beginning_that_two_tokens_share_is_nobodys(alice, bob):
    bob.connection.refresh_token = REFRESH["alice"][:16] + "-but-his"
    bob.connection.save()
    say("token-revoked", about_token(REFRESH["alice"][:16], "prefix"))
    assert alice.state() == UNTOUCHED
    assert bob.state() == UNTOUCHED


def test_a_token_names_nobody_in_events_of_another_kind(alice):
    say("sessions-revoked", about_token(REFRESH["alice"][:16], "prefix"))
    assert alice.state() == UNTOUCHED


# --------------------------------------------------------------------------- our own endings come back as events


@pytest.mark.parametrize(("client", "left"), [(risc.ADMIN, (False, True, True)), (risc.EXPORTS, (True, True, False))])
def test_an_ended_permission_of_another_client_ends_only_that(alice, client, left):
    """We end the administrator's permission after each audit, and Google tells us so."""
    say("tokens-revoked", about("alice"), aud=client)
    assert alice.state() == {**UNTOUCHED, "for_one_time": left}


def test_an_older_event_leaves_what_was_begun_since(alice):
    for client in (risc.ADMIN, risc.EXPORTS):
        say("tokens-revoked", about("alice"), aud=client, iat=int(time.time()) - 60)
    assert alice.state() == UNTOUCHED


def test_an_event_from_before_reconnecting_signs_out_but_keeps_the_new_token(alice):
    say("tokens-revoked", about("alice"), iat=int(time.time()) - 600)
    found = alice.state()
    assert (found["signed_in"], found["tokens"], found["state"]) == (False, True, "working")


def test_hijacking_from_before_reconnecting_does_not_say_that_access_ended(alice):
    say("account-disabled", about("alice", reason="hijacking"), iat=int(time.time()) - 600)
    found = alice.state()
    assert (found["signed_in"], found["tokens"], found["kinds"]) == (False, True, ["google_disabled"])


def test_an_event_from_before_the_account_was_connected_here_is_about_an_earlier_time(alice):
    say("tokens-revoked", about("alice"), iat=int(time.time()) - 2 * 86_400)
    assert alice.state() == UNTOUCHED


# --------------------------------------------------------------------------- once


def test_the_same_token_twice_is_answered_twice_and_acted_on_once(alice):
    made = risc.token({risc.address("tokens-revoked"): about("alice")})
    assert post(made).status_code == 202
    alice.connection.refresh_from_db()
    alice.connection.refresh_token, alice.connection.state = "1//new", "working"
    alice.connection.save()
    rounds = Person.objects.get(pk=alice.person.pk).session_round
    assert post(made).status_code == 202
    assert Person.objects.get(pk=alice.person.pk).session_round == rounds
    assert alice.state()["tokens"]
    assert ReceivedEvent.objects.count() == 1
    assert TimelineEntry.objects.count() == 1


def test_a_replay_after_deleting_everything_and_coming_back_does_nothing(alice):
    made = risc.token({risc.address("tokens-revoked"): about("alice")}, iat=int(time.time()) - 60)
    post(made)
    alice.person.delete()
    assert not ReceivedEvent.objects.exists()
    again = Somebody("alice")
    Connection.objects.update(created_at=timezone.now())
    assert post(made).status_code == 202
    assert again.state() == UNTOUCHED


def test_the_row_and_its_effect_are_one(alice, monkeypatch):
    """The database goes away in the middle: nothing is kept, Google is asked to send again, and then it counts."""
    made = risc.token({risc.address("tokens-revoked"): about("alice")})
    real = effects.note

    def break_down(*args, **kwargs):
        raise DatabaseError("gone")

    monkeypatch.setattr(effects, "note", break_down)
    assert post(made).status_code == 503
    assert not ReceivedEvent.objects.exists()
    assert alice.state() == UNTOUCHED
    monkeypatch.setattr(effects, "note", real)
    assert post(made).status_code == 202
    assert alice.state()["kinds"] == ["google_ended_access"]


def test_a_mistake_of_ours_leaves_nothing_half_done(alice, monkeypatch):
    made = risc.token({risc.address("tokens-revoked"): about("alice")})
    monkeypatch.setattr(effects, "end_sessions", lambda person: 1 / 0)
    assert post(made).status_code == 500
    assert not ReceivedEvent.objects.exists()
    assert alice.state() == UNTOUCHED


def test_several_events_are_kept_together_or_not_at_all(alice, bob, monkeypatch):
    events = {risc.address("sessions-revoked"): about("alice"), risc.address("account-purged"): about("bob")}
    assert post(risc.token(events)).status_code == 202
    assert set(ReceivedEvent.objects.values_list("person", flat=True)) == {alice.person.pk, bob.person.pk}
    assert not alice.state()["signed_in"]
    assert alice.state()["tokens"]
    assert not bob.state()["tokens"]


@pytest.mark.django_db(transaction=True)
def test_the_same_token_many_times_at_once_counts_once():
    alice = Somebody("alice")
    made = risc.token({risc.address("sessions-revoked"): about("alice")})
    found, gate = [], threading.Barrier(6)

    def send() -> None:
        gate.wait()
        try:
            found.append(post(made).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [202] * 6
    assert ReceivedEvent.objects.count() == 1
    assert TimelineEntry.objects.count() == 1
    assert Person.objects.get(pk=alice.person.pk).session_round == 1


# --------------------------------------------------------------------------- what people read


@pytest.mark.parametrize(("name", "more", "signs_out", "ends_access", "kind"), EVENTS)
def test_it_is_told_with_its_day_and_account_and_without_a_reason(alice, name, more, signs_out, ends_access, kind):
    say(name, about("alice", **more))
    lines = [line.text for day in tell.timeline(alice.person, 1).days for line in day.entries]
    assert len(lines) == 1
    assert lines[0].startswith("Google told us on ")
    assert "alice@shelter.test" in lines[0]
    assert not {"hijack", "2-step", "reason", "attack"} & set(lines[0].lower().split())
    assert tell.overview(alice.person).google_said == lines[0]


def test_the_overview_shows_it_while_it_is_new(alice):
    say("account-enabled", about("alice"))
    assert "is enabled again" in alice.client.get("/overview/").text
    TimelineEntry.objects.update(at=timezone.now() - timedelta(days=15))
    assert "is enabled again" not in alice.client.get("/overview/").text
    assert "is enabled again" in alice.client.get("/changes/").text


def test_an_account_that_is_gone_is_told_of_without_its_name(alice):
    say("account-purged", about("alice"))
    alice.connection.delete()
    lines = [line.text for day in tell.timeline(alice.person, 1).days for line in day.entries]
    assert "a Google account of yours was deleted" in lines[0]


def test_a_stranger_reads_nothing_of_it(alice, bob):
    say("account-enabled", about("alice"))
    assert "enabled again" not in bob.client.get("/changes/").text
    assert "enabled again" not in bob.client.get("/overview/").text


def test_logs_name_nobody(alice, caplog):
    caplog.set_level("INFO")
    made = risc.token({risc.address("tokens-revoked"): about("alice")}, jti="the-id-of-this-one")
    post(made)
    post(made + "x")
    for secret in ("alice", "the-id-of-this-one", made):
        assert secret not in caplog.text
    assert "tokens-revoked" in caplog.text


# --------------------------------------------------------------------------- keeping and limits


def test_what_is_old_is_forgotten(alice, settings):
    say("account-enabled", about("alice"))
    assert keep.forget_events() == 0
    ReceivedEvent.objects.update(received_at=timezone.now() - timedelta(days=settings.KEEP_EVENT_DAYS + 2))
    assert keep.forget_events() == 1


def test_nothing_of_the_token_is_kept(alice):
    say("account-enabled", about("alice"), jti="the-id-of-this-one")
    row = ReceivedEvent.objects.values().get()
    assert "the-id-of-this-one" not in repr(row)
    assert set(row) == {"id", "jti_key", "person_id", "kind", "issued_at", "received_at"}


def test_it_has_a_limit_of_its_own(db, monkeypatch):
    monkeypatch.setattr(limits, "ANY_POST", Limit(1, 60))
    monkeypatch.setattr(limits, "LIMITS", {**limits.LIMITS, "security-events": Limit(3, 60)})
    assert [post("x").status_code for _ in range(4)] == [400, 400, 400, 429]
    assert post("x", REMOTE_ADDR="203.0.113.8").status_code == 400


# --------------------------------------------------------------------------- the whole way


def test_from_the_sandbox_google_to_a_signed_out_browser(live, dancer, sandbox):
    maya, alex = dancer("maya@gmail.test"), dancer("alex@gmail.test")
    for one in (maya, alex):
        one.sign_in()
        one.open_look("drive_apps")
    to = f"{live}{risc.WHERE}"
    told = sandbox.risc("tokens-revoked", to, "maya@gmail.test")
    assert told["status"] == 202
    assert maya.client.get("/account/").status_code == 302
    assert alex.client.get("/account/").status_code == 200
    assert maya.sign_in().status_code == 302
    assert "all sessions" not in maya.client.get("/overview/").text
    assert "our access to" in maya.client.get("/overview/").text
    assert "Connect it again" in maya.client.get("/account/").text
    assert sandbox.risc("", to, token=told["token"])["status"] == 202
    assert ReceivedEvent.objects.count() == 1
