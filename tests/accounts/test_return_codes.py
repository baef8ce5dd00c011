"""A record without an account: the code is shown once, opens the record, and nothing else does."""

import re
import time

import pytest
from django.contrib.sessions.models import Session
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audits.accounts import return_codes
from audits.models import Person, RateCount, ReturnCode
from privacy_audit.security import counting, limits
from privacy_audit.security.limits import Limit
from tests.accounts.kept import everything_kept

BEGIN, CODE, KEPT, BACK, NEW = "/begin/", "/code/", "/code/kept/", "/back/", "/code/new/"


@pytest.fixture
def another(db):
    return Client


def begun(client):
    """A record begun in this browser; its digits."""
    assert client.post(BEGIN).headers["Location"] == CODE
    return shown(client)


def shown(client):
    found = re.findall(r"<span>(\d{4})</span>", client.get(CODE).text)
    assert len(found) == 5
    return "".join(found)


def opens(digits, **more):
    client = Client(**more)
    answer = client.post(BACK, {"code": digits})
    return answer.status_code == 302 and client.get("/names/").status_code == 200


def test_a_record_is_begun_and_opened_again(client, another):
    digits = begun(client)
    client.post(KEPT)
    client.post("/account/sign-out/")
    other = another()
    assert other.post(BACK, {"code": digits}).headers["Location"] == "/overview/"
    assert other.get("/account/").status_code == 200
    assert Person.objects.count() == 1
    assert ReturnCode.objects.get().used_on is not None


def test_it_is_shown_until_it_is_kept_and_then_never_again(client, db):
    digits = begun(client)
    assert shown(client) == digits
    assert client.post(KEPT).headers["Location"] == "/overview/"
    assert client.get(CODE).headers["Location"] == "/account/ways/"
    assert digits not in client.get("/account/ways/").text


@pytest.mark.parametrize("seconds", [-1, 15 * 60 + 5])
def test_it_is_shown_for_a_quarter_of_an_hour(client, db, seconds):
    begun(client)
    session = client.session
    session["to_show"] = {**session["to_show"], "until": time.time() + seconds}
    session.save()
    assert client.get(CODE).status_code == 302
    assert "to_show" not in client.session


@pytest.mark.parametrize("left", [True, "x", {}, {"sealed": "AAAA", "until": 9e12}, {"sealed": 5, "until": "soon"}])
def test_a_damaged_note_to_show_shows_nothing(client, db, left):
    begun(client)
    session = client.session
    session["to_show"] = left
    session.save()
    assert client.get(CODE).status_code == 302


def test_what_waits_to_be_shown_is_of_no_use_in_another_session(client, another):
    begun(client)
    other = another()
    begun(other)
    session = other.session
    session["to_show"] = client.session["to_show"]
    session.save()
    assert other.get(CODE).status_code == 302


def test_nothing_that_is_kept_or_logged_holds_the_digits(client, db, caplog):
    caplog.set_level(0)
    digits = begun(client)
    Client().post(BACK, {"code": digits})
    for found in (everything_kept(), caplog.text):
        assert digits not in found
        assert digits[:8] not in found


def test_the_printed_card_says_nothing_of_what_it_opens(client, db):
    begun(client)
    text = client.get(CODE).text
    main = text[text.index("<main") : text.index("</main>")]
    printed = re.sub(r'(?s)<(div|dl) class="[^"]*no-print.*?</\1>', "", main)
    assert re.sub(r"\s+", " ", re.sub(r"<[^>]*>|\d", "", printed)).strip() == "My number Keep this note."


# --------------------------------------------------------------------------- what is typed


@pytest.mark.parametrize(
    "typed",
    [
        "0123 4567 8901 2345 6789",
        "0123-4567-8901-2345-6789",
        " 01234567890123456789\n",
        "٠١٢٣ ٤٥٦٧ ٨٩٠١ ٢٣٤٥ ٦٧٨٩",
        "०१२३४५६७८९०१२३४५६७८९",
        "0123–4567\u00a08901.2345_6789",
    ],
)
def test_a_code_is_read_however_it_is_written(typed):
    assert return_codes.read(typed) == "01234567890123456789"


@pytest.mark.parametrize(
    "typed", ["", "1" * 19, "1" * 21, "x" * 20, "²" * 19 + "x", "1" * 5000, "1234567890123456789½"]
)
def test_what_is_no_code_is_none(typed):
    assert return_codes.read(typed) == ""


@pytest.mark.parametrize("typed", ["", "1" * 20, "1" * 19, "1" * 5000, "\x00", "<script>"])
def test_a_wrong_code_gets_a_calm_sentence_and_opens_nothing(client, db, typed):
    answer = client.post(BACK, {"code": typed})
    assert answer.status_code == 403
    assert "field__error" in answer.text
    assert "!" not in re.sub(r"<[^>]*>|<!doctype", "", answer.text)
    assert client.get("/account/").status_code == 302


def test_codes_that_are_none_all_cost_the_same(client, db):
    near = begun(client)
    wrong = ["0" * 20, near[:-1] + str((int(near[-1]) + 1) % 10)]
    asked = []
    for digits in wrong:
        with CaptureQueriesContext(database) as queries:
            Client().post(BACK, {"code": digits})
        asked.append([re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries])
    assert asked[0] == asked[1]


def test_an_old_code_and_one_of_a_deleted_or_inactive_person_open_nothing(client, db):
    old = begun(client)
    client.post(NEW)
    new = shown(client)
    assert new != old
    assert not opens(old)
    assert opens(new)
    Person.objects.update(is_active=False)
    assert not opens(new)
    Person.objects.all().delete()
    assert not opens(new)


# --------------------------------------------------------------------------- two people, two windows


def test_the_code_of_alice_typed_while_bob_is_signed_in_changes_nothing(client, another):
    alices = begun(client)
    bob = another()
    begun(bob)
    who = bob.session["_auth_user_id"]
    answer = bob.post(BACK, {"code": alices})
    assert answer.headers["Location"] == "/overview/"
    assert bob.session["_auth_user_id"] == who
    assert ReturnCode.objects.filter(used_on=None).count() == 2
    assert "signed in already" in bob.get("/account/").text


def test_beginning_twice_in_one_browser_makes_one_record(client, db):
    digits = begun(client)
    client.post(BEGIN)
    assert Person.objects.count() == 1
    assert shown(client) == digits


def test_two_windows_that_open_the_same_record_both_work(client, another):
    digits = begun(client)
    other = another()
    other.post(BACK, {"code": digits})
    assert client.get("/account/").status_code == other.get("/account/").status_code == 200


def test_a_session_that_somebody_planted_is_not_the_one_that_is_signed_in(client, another):
    digits = begun(client)
    victim = another()
    victim.post("/back/key/ask/")  # a session before signing in
    planted = victim.session.session_key
    victim.post(BACK, {"code": digits})
    assert victim.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()
    before = Client()
    before.post("/back/key/ask/")
    planted = before.session.session_key
    before.post(BEGIN)
    assert before.session.session_key != planted


@pytest.mark.parametrize("path", [BEGIN, BACK, KEPT, NEW, "/back/name/", "/back/key/", "/back/key/ask/"])
def test_forms_of_other_sites_are_refused(db, path):
    client = Client(enforce_csrf_checks=True)
    assert client.post(path, {"code": "1" * 20}).status_code == 403
    assert not Person.objects.exists()


def test_a_new_code_needs_step_up(client, db):
    old = begun(client)
    session = client.session
    del session["confirmed"]
    session.save()
    client.post(NEW)
    assert opens(old)
    wrong = client.post("/account/confirm/", {"then": "ways", "code": "1" * 20})
    assert wrong.status_code == 403
    assert "opens nothing here" in wrong.text
    assert client.post("/account/confirm/", {"then": "ways", "code": old}).headers["Location"] == "/account/ways/"
    client.post(NEW)
    assert not opens(old)


def test_somebody_elses_code_is_no_step_up(client, another):
    begun(client)
    other = begun(another())
    session = client.session
    del session["confirmed"]
    session.save()
    assert client.post("/account/confirm/", {"then": "delete", "code": other}).status_code == 403
    assert client.post("/account/delete/").status_code == 403


# --------------------------------------------------------------------------- how often


@pytest.fixture
def no_redis(settings, monkeypatch):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    monkeypatch.setattr(counting, "_resting_until", 0.0)


@pytest.mark.parametrize("redis", ["up", "down"])
def test_many_wrong_tries_from_one_network_lead_nowhere(client, db, request, redis):
    if redis == "down":
        request.getfixturevalue("no_redis")
    digits = begun(client)
    found = [Client(REMOTE_ADDR="203.0.113.7").post(BACK, {"code": f"{n:020d}"}).status_code for n in range(25)]
    assert found == [403] * 20 + [429] * 5
    assert not opens(digits, REMOTE_ADDR="203.0.113.7")
    assert opens(digits, REMOTE_ADDR="203.0.113.8")
    assert RateCount.objects.exists() is (redis == "down")


def test_many_networks_together_are_held_up_too(client, db, monkeypatch):
    monkeypatch.setattr(limits, "OVERALL", {"come-back": Limit(5, 600)})
    digits = begun(client)
    found = [Client(REMOTE_ADDR=f"203.0.113.{n}").post(BACK, {"code": "1" * 20}).status_code for n in range(7)]
    assert found == [403] * 5 + [429] * 2
    assert not opens(digits, REMOTE_ADDR="203.0.113.99")


def test_signing_in_again_and_again_gives_no_more_tries(db):
    for _ in range(25):
        client = Client(REMOTE_ADDR="203.0.113.9")
        client.post(BEGIN)
        last = client.post(BACK, {"code": "1" * 20}).status_code
    assert last == 429


def test_of_a_thousand_tries_twenty_are_looked_at(db):
    key, limit = limits.key_for("come-back", "address:203.0.113.7"), limits.LIMITS["come-back"]
    assert sum(limits.over(key, limit) == 0 for _ in range(1000)) == 20


def test_every_code_is_drawn_anew(db):
    drawn = {return_codes.make(Person.objects.create_user()) for _ in range(50)}
    assert len(drawn) == 50
    assert all(len(digits) == 20 for digits in drawn)
    assert not drawn & set(ReturnCode.objects.values_list("code_key", flat=True))
