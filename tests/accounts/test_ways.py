"""Something better than the code: each ends the code and every other window; the last way in is never lost."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from fido2.webauthn import AuthenticatorData

from audits.accounts import passkeys, passwords
from audits.accounts.ways import ways_of
from audits.models import Person, ReturnCode, TimelineEntry
from privacy_audit.security import webauthn
from tests.accounts.kept import everything_kept
from tests.accounts.soft_passkey import ADD, ASK, ASK_NEW, SHOW, Device
from tests.accounts.test_return_codes import BACK, NEW, begun, opens, shown

WAYS, PASSWORD, BY_NAME = "/account/ways/", "/account/ways/name/", "/back/name/"
CHOSEN = {"name": "Blue  Heron", "password": "seven quiet rivers", "again": "seven quiet rivers"}


@pytest.fixture
def code(client, db):
    """The code of a record begun in `client`."""
    return begun(client)


def forget_step_up(client):
    session = client.session
    session.pop("confirmed", None)
    session.save()


def signed_in(client):
    return client.get("/account/").status_code == 200


def with_name(name="blue heron", password=CHOSEN["password"], **more):
    client = Client(**more)
    return client, client.post(BY_NAME, {"name": name, "password": password})


# --------------------------------------------------------------------------- what a better way ends


@pytest.mark.parametrize("way", ["passkey", "password"])
def test_a_better_way_ends_the_code_and_every_other_window_and_says_so(client, code, way):
    other = Client()
    other.post(BACK, {"code": code})
    assert signed_in(other)
    before = client.session.session_key
    answer = Device().add(client) if way == "passkey" else client.post(PASSWORD, CHOSEN)
    assert answer.headers["Location"] == WAYS
    page = client.get(WAYS).text
    assert "return code no longer opens it" in page
    assert "closed now" in page
    assert client.session.session_key != before
    assert not signed_in(other)
    assert not ReturnCode.objects.exists()
    assert not opens(code)
    assert client.get("/code/").headers["Location"] == WAYS  # nor is it shown any more


@pytest.mark.parametrize("path", [PASSWORD, ADD, "/account/ways/name/remove/", "/account/ways/key/remove/", NEW])
def test_nobody_who_finds_the_page_open_changes_the_ways_in(client, code, path):
    forget_step_up(client)
    assert client.post(path, CHOSEN).headers["Location"] == WAYS
    assert "first show that it is you" in client.get(WAYS).text.lower()
    assert opens(code)
    assert client.post(ASK_NEW).status_code == 403


# --------------------------------------------------------------------------- name and password


def test_the_name_and_password_open_the_record_however_the_name_is_written(client, code):
    client.post(PASSWORD, CHOSEN)
    for name in ("Blue  Heron", " blue  heron "):
        other, answer = with_name(name)
        assert answer.headers["Location"] == "/overview/"
        assert signed_in(other)
    kept = everything_kept().lower()
    assert "heron" not in kept
    assert "quiet" not in kept


@pytest.mark.parametrize(
    "wrong",
    [{"name": "blue heron", "password": "wrong"}, {"name": "nobody"}, {"name": "\x00"}, {"password": "x" * 501}],
)
def test_a_wrong_name_or_password_gets_the_same_calm_sentence(client, code, wrong):
    client.post(PASSWORD, CHOSEN)
    other, answer = with_name(**{"name": "blue  heron", **wrong})
    assert answer.status_code == 403
    assert not signed_in(other)
    assert "seven" not in answer.text


def test_a_name_that_nobody_has_costs_as_much_as_a_wrong_password(db, monkeypatch):
    hashed = []
    monkeypatch.setattr(passwords, "make_password", hashed.append)
    assert passwords.person_with("nobody", "some words") is None
    assert hashed == ["some words"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "ab"},
        {"name": "x" * 101},
        {"password": "short", "again": "short"},
        {"password": "123456789012345", "again": "123456789012345"},
        {"password": "passwordpassword", "again": "passwordpassworD"},
        {"name": "seven quiet rivers"},
        {"again": ""},
    ],
)
def test_what_is_no_good_password_is_not_kept(client, code, wrong):
    answer = client.post(PASSWORD, {**CHOSEN, **wrong})
    assert answer.status_code == 400
    assert "field__error" in answer.text
    assert "seven quiet rivers" not in answer.text.replace('value="seven quiet rivers"', "")
    assert opens(code)


def test_a_name_that_is_taken_is_not_given_twice(client, code):
    client.post(PASSWORD, CHOSEN)
    other = Client()
    others_code = begun(other)
    answer = other.post(PASSWORD, {**CHOSEN, "password": "eight loud lakes", "again": "eight loud lakes"})
    assert answer.status_code == 400
    assert "another name" in answer.text
    assert opens(others_code)
    assert with_name("blue  heron")[1].status_code == 302


def test_one_name_is_not_tried_from_everywhere(client, code):
    client.post(PASSWORD, CHOSEN)
    found = [with_name(password="x", REMOTE_ADDR=f"203.0.113.{n}")[1].status_code for n in range(22)]
    assert found == [403] * 20 + [429] * 2


def test_the_step_up_of_who_has_a_password_is_the_password(client, code):
    client.post(PASSWORD, CHOSEN)
    forget_step_up(client)
    assert 'type="password"' in client.get(WAYS).text
    assert client.post("/account/confirm/", {"then": "ways", "code": code}).status_code == 403
    right = {"then": "ways", "password": "seven quiet rivers"}
    assert client.post("/account/confirm/", right).headers["Location"] == WAYS


# --------------------------------------------------------------------------- passkeys


def test_a_passkey_opens_the_record_without_any_name(client, code):
    device = Device()
    device.add(client)
    other = Client()
    assert device.sign_in(other).headers["Location"] == "/overview/"
    assert signed_in(other)
    assert Authenticator.objects.get().last_used_at is not None


def wrong_devices(right):
    other_key = Device(number=right.number, handle=right.handle)
    spoken = {"handle": right.handle, "number": right.number, "key": right.key}
    return {
        "another key": other_key,
        "another number": Device(handle=right.handle, key=right.key),
        "nobody's": Device(**{**spoken, "handle": b"x" * 16}),
        "no handle": Device(**{**spoken, "handle": b""}),
        "a long handle": Device(**{**spoken, "handle": b"x" * 200}),
        "another site": Device(**spoken, site="evil.test"),
        "another page": Device(**spoken, origin="http://evil.localhost"),
        "another port": Device(**spoken, origin="http://localhost:1"),
        "nobody there": Device(**spoken, flags=AuthenticatorData.FLAG.UP),
    }


def test_what_is_not_that_passkey_opens_nothing(client, code):
    right = Device()
    right.add(client)
    for what, device in wrong_devices(right).items():
        other = Client()
        assert device.sign_in(other).headers["Location"] == BACK, what
        assert not signed_in(other), what


@pytest.mark.parametrize("junk", ["", "x", "[]", "{}", "null", "[" * 5000, '{"response": 5}', "x" * 30_000, "\x00"])
def test_what_is_no_answer_of_a_device_changes_nothing(client, code, junk):
    Client().post(SHOW, {"passkey": junk})
    other = Client()
    other.post(ASK)
    assert other.post(SHOW, {"passkey": junk}).headers["Location"] == BACK
    client.post(ASK_NEW)
    assert client.post(ADD, {"passkey": junk}).headers["Location"] == WAYS
    assert not Authenticator.objects.exists()
    assert opens(code)


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature", "userHandle"])
@pytest.mark.parametrize("junk", [None, "", "AAAA", "%", 5, [], "A" * 4000])
def test_a_damaged_answer_opens_nothing(client, code, part, junk):
    device = Device()
    device.add(client)
    other = Client()
    said = json.loads(device.show(other.post(ASK).json()))
    said["response"][part] = junk
    assert other.post(SHOW, {"passkey": json.dumps(said)}).headers["Location"] == BACK
    assert not signed_in(other)


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(client, code):
    device = Device()
    device.add(client)
    asking, thief = Client(), Client()
    answer = device.show(asking.post(ASK).json())
    thief.post(ASK)
    assert thief.post(SHOW, {"passkey": answer}).headers["Location"] == BACK
    assert asking.post(SHOW, {"passkey": answer}).headers["Location"] == "/overview/"
    asking.post("/account/sign-out/")
    assert asking.post(SHOW, {"passkey": answer}).headers["Location"] == BACK


def test_a_question_for_a_new_passkey_is_for_one_person_alone(client, code):
    device = Device()
    made = device.make(client.post(ASK_NEW).json())
    bob = Client()
    begun(bob)
    session = bob.session
    session["passkey"] = client.session["passkey"]
    session.save()
    assert bob.post(ADD, {"passkey": made}).headers["Location"] == WAYS
    assert not Authenticator.objects.exists()


def test_the_passkey_of_another_person_is_no_step_up_and_is_not_removed(client, code):
    mine, other = Device(), Client()
    mine.add(client)
    begun(other)
    theirs = Device()
    theirs.add(other)
    forget_step_up(client)
    wrong = {"then": "delete", "passkey": theirs.show(client.post(ASK).json())}
    assert client.post("/account/confirm/", wrong).status_code == 403
    assert client.post("/account/delete/").status_code == 403
    right = {"then": "ways", "passkey": mine.show(client.post(ASK).json())}
    assert client.post("/account/confirm/", right).headers["Location"] == WAYS
    row = Authenticator.objects.exclude(user=client.session["_auth_user_id"]).get()
    client.post("/account/ways/key/remove/", {"which": row.pk})
    assert Authenticator.objects.count() == 2


def test_a_passkey_says_nothing_of_the_person_or_the_device(client, code):
    options = client.post(ASK_NEW).json()["publicKey"]
    assert options["user"]["name"] == options["user"]["displayName"] == options["rp"]["name"] == "Notes"
    assert options["rp"]["id"] == "localhost"
    Device().add(client)
    assert webauthn.credential_of(Authenticator.objects.get().data["credential"]).aaguid == bytes(16)
    assert not json.loads(Client().post(ASK).content)["publicKey"].get("allowCredentials")


def test_at_an_address_without_a_name_the_page_says_so(client, code):
    assert "Passkeys do not work at this address" in Client(headers={"host": "127.0.0.1"}).get(BACK).text


def test_no_more_passkeys_than_we_keep(client, code, monkeypatch):
    monkeypatch.setattr(passkeys, "MOST_PASSKEYS", 1)
    Device().add(client)
    Device().add(client)
    assert Authenticator.objects.count() == 1


# --------------------------------------------------------------------------- taking one away


def test_removing_the_last_way_in_makes_a_new_code(client, code):
    client.post(PASSWORD, CHOSEN)
    assert client.post("/account/ways/name/remove/").headers["Location"] == "/code/"
    assert opens(shown(client))
    assert with_name("blue  heron")[1].status_code == 403
    assert Person.objects.get().sign_in_key is None


def test_removing_one_of_two_ways_makes_none(client, code):
    client.post(PASSWORD, CHOSEN)
    device = Device()
    device.add(client)
    row = Authenticator.objects.get()
    assert client.post("/account/ways/key/remove/", {"which": row.pk}).headers["Location"] == WAYS
    assert not ReturnCode.objects.exists()
    assert device.sign_in(Client()).headers["Location"] == BACK
    assert with_name("blue  heron")[1].status_code == 302


@pytest.mark.parametrize("which", ["", "0", "x", "\x00", "9" * 40])
def test_a_passkey_that_is_none_changes_nothing(client, code, which):
    Device().add(client)
    assert client.post("/account/ways/key/remove/", {"which": which}).headers["Location"] == WAYS
    assert "no longer here" in client.get(WAYS).text
    assert Authenticator.objects.exists()


def test_a_new_code_is_only_for_who_has_nothing_better(client, code):
    client.post(PASSWORD, CHOSEN)
    client.post(NEW)
    assert not ReturnCode.objects.exists()


def test_what_was_done_to_the_ways_in_stands_in_the_timeline(client, code):
    Device().add(client)
    client.post(PASSWORD, CHOSEN)
    kinds = set(TimelineEntry.objects.values_list("kind", flat=True))
    assert {"code_made", "passkey_added", "password_set"} <= kinds
    text = client.get(reverse("timeline")).text
    assert "You added a passkey" in text
    assert "Something was noted" not in text


# --------------------------------------------------------------------------- beside Google


def test_with_a_passkey_google_still_signs_in_without_a_second_question(maya, dancer):
    maya.confirm("ways")
    Device().add(maya.client)
    assert maya.client.get(WAYS).status_code == 200
    again = dancer("maya@gmail.test")
    assert again.sign_in().headers["Location"] == "/overview/"
    assert signed_in(again.client)


def test_step_up_of_a_google_person_with_a_passkey_is_the_passkey(maya):
    maya.confirm("ways")
    device = Device()
    device.add(maya.client)
    forget_step_up(maya.client)
    assert "Show it at Google" not in maya.client.get("/account/delete/").text
    assert maya.client.post("/account/confirm/", {"then": "delete"}).status_code == 403
    right = {"then": "delete", "passkey": device.show(maya.client.post(ASK).json())}
    assert maya.client.post("/account/confirm/", right).headers["Location"] == "/account/delete/"


def test_ways_of_a_google_person(maya):
    ways = ways_of(Person.objects.get())
    assert (ways.google, ways.passkeys, ways.password, ways.code) == (True, (), False, None)
