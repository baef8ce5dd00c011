"""The beat: what it costs, what it tells to whom, and how it heals. Redis is real."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from redis import Redis

from audits.audit.guided import place_of
from audits.audit.helping import live, openings, pointing, sessions
from audits.checks.catalogue import CHECKS
from audits.helpline import beat
from audits.models import HelpEnd, HelpSession, HelpState, LoggedBy, OpeningKind, Person
from privacy_audit.security.spaces import DESK_COOKIE
from tests.helpline import cast


@pytest.fixture(autouse=True)
def nothing_is_kept(redis_url, monkeypatch):
    """Session 1 is another one in each test. A test is one transaction: what follows its end comes at once."""
    with Redis.from_url(redis_url) as redis:
        if keys := redis.keys("privacy_audit:help:*"):
            redis.delete(*keys)
    monkeypatch.setattr(live, "_resting_until", 0.0)
    monkeypatch.setattr(transaction, "on_commit", lambda then: then())
    beat._asked.clear()


@pytest.fixture
def place():
    return place_of(CHECKS["passkeys"], None)


@pytest.fixture
def on(crew, caller):
    return cast.session_of(caller, crew.hana)


def of_caller(session):
    return live.sign(live.Ticket(session.pk, live.CALLER))


def of_helper(session, helper=None):
    return live.sign(live.Ticket(session.pk, live.HELPER, helper.pk if helper else session.helper_id))


def ask(ticket, client=None):
    return (client or Client()).get(beat.PATH, headers={"X-Ticket": ticket})


def told(ticket):
    answer = ask(ticket)
    assert answer.status_code == 200
    return answer.json()


def commands(redis):
    """How often each command was run, but for what we ask ourselves."""
    return {name: one["calls"] for name, one in redis.info("commandstats").items() if name != "cmdstat_info"}


# --------------------------------------------------------------------------- what it costs


def test_with_a_fresh_copy_a_beat_costs_one_read_and_no_query(on, redis_url, caller, hana_client):
    caller_client = Client()
    caller_client.force_login(caller, backend="django.contrib.auth.backends.ModelBackend")
    for ticket, client in ((of_caller(on), caller_client), (of_helper(on), hana_client)):
        ask(ticket, client)
        with Redis.from_url(redis_url) as redis, CaptureQueriesContext(connection) as asked:
            before = commands(redis)
            answer = ask(ticket, client)
            after = commands(redis)
        assert {name: times - before.get(name, 0) for name, times in after.items() if times != before.get(name)} == {
            "cmdstat_get": 1
        }
        assert not asked.captured_queries
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_without_a_copy_it_is_one_query_and_the_next_has_none(on, redis_url):
    with Redis.from_url(redis_url) as redis:
        redis.flushdb()
    with CaptureQueriesContext(connection) as asked:
        told(of_caller(on))
        told(of_helper(on))
    assert len(asked) == 1


def test_a_copy_ends_by_itself_within_seconds(on, redis_url):
    with Redis.from_url(redis_url) as redis:
        assert 0 < redis.ttl(f"privacy_audit:help:{on.pk}") <= live.COPY_SECONDS <= 5


def test_it_stands_above_everything_that_looks_anybody_up():
    above = settings.MIDDLEWARE[: settings.MIDDLEWARE.index("audits.helpline.beat.Beats")]
    assert above == ["django.middleware.security.SecurityMiddleware"]
    assert reverse("live") == beat.PATH


# --------------------------------------------------------------------------- what it tells


def test_pointing_reaches_both_pages_with_the_next_beat(on, place):
    before = told(of_caller(on))
    assert (before["s"], before["p"], before["n"], before["again"]) == ("open", "", None, beat.CALLER_MS)
    pointing.point(on, place, 2)
    after = told(of_caller(on))
    assert (after["p"], after["n"]) == (place, 2)
    assert after["v"] > before["v"]
    assert "c" not in after
    pointing.caller_is_at(on, place)
    helper = told(of_helper(on))
    assert (helper["p"], helper["n"], helper["c"], helper["again"]) == (place, 2, place, beat.HELPER_MS)
    pointing.stop_pointing(on)
    assert told(of_caller(on))["p"] == ""


def test_while_it_is_paused_a_helper_learns_nothing_more(on, place):
    sessions.pause(on)
    first = told(of_helper(on))
    pointing.caller_is_at(on, place)
    assert told(of_helper(on)) == first == {"v": 0, "s": "paused", "again": beat.PAUSED_MS}
    assert told(of_caller(on))["s"] == "paused"
    sessions.go_on(on)
    assert told(of_helper(on))["s"] == "open"


def test_asked_for_and_not_let_in_yet(crew, caller):
    asked = cast.session_of(caller, crew.hana, HelpState.ASKED)
    assert told(of_helper(asked)) == {"v": 1, "s": "asked", "p": "", "n": None, "c": "", "again": beat.HELPER_MS}
    sessions.refuse(asked)
    assert told(of_helper(asked)) == told(of_caller(asked)) == {"s": "ended"}


def test_asked_for_and_not_answered_is_over_on_both_pages_after_ten_minutes(crew, caller):
    asked = cast.session_of(caller, crew.hana, HelpState.ASKED)
    late = timezone.now() - timedelta(minutes=11)
    HelpSession.objects.filter(pk=asked.pk).update(asked_at=late, version=asked.version + 1)
    asked.refresh_from_db()
    live.publish(asked)
    assert told(of_helper(asked)) == told(of_caller(asked)) == {"s": "ended"}


@pytest.mark.parametrize(
    "over",
    [
        lambda on: sessions.end(on, HelpEnd.CALLER),
        lambda on: sessions.caller_leaves(on.person),
        lambda on: sessions.helper_goes(on.helper),
        lambda on: sessions.helpline_closes(on.helpline),
        lambda on: sessions.erase(on.person),
        lambda on: HelpSession.objects.filter(pk=on.pk).update(touched_at=timezone.now() - timezone.timedelta(hours=2)),
    ],
    ids=["ended", "left", "helper gone", "helpline closed", "deleted", "quiet"],
)
def test_ended_is_told_to_both_and_nothing_else(on, over, redis_url):
    quiet = over(on)
    if quiet is not None:  # nobody wrote that down: the copy is renewed within seconds
        with Redis.from_url(redis_url) as redis:
            redis.flushdb()
    assert told(of_caller(on)) == told(of_helper(on)) == {"s": "ended"}


def test_a_copy_itself_knows_when_it_is_over(on, monkeypatch):
    told(of_caller(on))
    later = time.time() + 3601
    monkeypatch.setattr(live.time, "time", lambda: later)
    kept, _ = live.now(on.pk)
    assert kept.state == "open"
    assert live.is_over(kept)


def test_after_a_hand_over_it_is_over_for_the_former_helper_alone(on, crew, place):
    nora = cast.hana(crew.line, "Nora")
    former, caller = of_helper(on), of_caller(on)
    assert told(of_helper(on, nora)) == {"s": "ended"}, "not before the yes"
    sessions.offer(on, nora)
    assert told(of_helper(on, nora)) == {"s": "ended"}
    on.refresh_from_db()
    sessions.hand_over(on, cover=True)
    assert told(former) == {"s": "ended"}
    assert told(of_helper(on, nora))["s"] == told(caller)["s"] == "open"


def test_no_answer_holds_a_name_or_a_key_of_one(on, caller, place, redis_url):
    openings.open_up(on, OpeningKind.ALL)
    openings.open_up(on, OpeningKind.ACCOUNT, "11111111-2222-4333-8444-555555555555")
    pointing.point(on, place, 1)
    with Redis.from_url(redis_url) as redis:
        kept = redis.get(f"privacy_audit:help:{on.pk}").decode()
    for text in (kept, ask(of_helper(on)).text, ask(of_caller(on)).text):
        for never in ("alice", "shelter", "Hana", "Riverside", "5555", str(on.public_id)):
            assert never not in text
    assert set(json.loads(kept.partition("\n")[2])) == {"version", "state", "helper", "place", "step", "caller", "ends"}


def test_headers_are_those_of_a_page_that_nobody_keeps(on):
    answer = ask(of_caller(on))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["Content-Type"] == "application/json"


# --------------------------------------------------------------------------- bad tickets, floods


def forged(on):
    good = of_caller(on)
    return ["", "x", "::", good[:-1], good.replace(":", ";"), "9" + good, good + "0", "a" * 5000, "é"]


def test_a_ticket_that_we_did_not_sign_is_none_and_costs_nothing(on, redis_url, db):
    with Redis.from_url(redis_url) as redis, CaptureQueriesContext(connection) as asked:
        before = commands(redis)
        for ticket in forged(on):
            answer = ask(ticket)
            assert (answer.status_code, answer.json()) == (401, {}), ticket
        assert Client().get(beat.PATH).status_code == 401
        assert commands(redis) == before
    assert not asked.captured_queries
    assert not beat._asked


def test_an_old_ticket_is_none(on, monkeypatch):
    ticket = of_caller(on)
    monkeypatch.setattr(live, "TICKET_SECONDS", -1)
    assert ask(ticket).status_code == 401


def test_a_signature_made_for_something_else_is_none(on):
    from django.core import signing

    assert ask(signing.TimestampSigner().sign(f"{on.pk}:c:0")).status_code == 401


def test_a_session_that_there_is_not_is_over(db):
    assert told(live.sign(live.Ticket(4_000_000, live.CALLER))) == {"s": "ended"}


@pytest.mark.parametrize("method", ["post", "put", "delete", "options", "head"])
def test_it_is_only_asked(on, method):
    assert getattr(Client(), method)(beat.PATH, headers={"X-Ticket": of_caller(on)}).status_code == 405


def test_another_name_of_this_server_is_refused(on):
    answer = Client().get(beat.PATH, headers={"X-Ticket": of_caller(on), "host": "elsewhere.test"})
    assert answer.status_code == 400


def test_who_asks_too_often_is_told_to_slow_down_for_nothing(on, redis_url, monkeypatch, caplog):
    monkeypatch.setattr(beat, "_asked_since", time.monotonic() + 1000)  # this window does not end meanwhile
    flood, other = of_caller(on), of_helper(on)
    for _ in range(beat.MOST):
        assert ask(flood).status_code == 200
    with Redis.from_url(redis_url) as redis, CaptureQueriesContext(connection) as asked:
        before = commands(redis)
        answer = ask(flood)
        renewed = ask(of_caller(on))
        assert commands(redis) == before
    assert (answer.status_code, answer.json()) == (200, {"again": beat.TOO_OFTEN_MS})
    assert renewed.json() == answer.json(), "another ticket of the same page counts too"
    assert not asked.captured_queries
    assert not caplog.records
    assert told(other)["s"] == "open"
    monkeypatch.setattr(beat, "_asked_since", 0.0)
    assert told(flood)["s"] == "open"


# --------------------------------------------------------------------------- Redis goes and comes back


def test_without_redis_the_database_answers_slower_and_redis_is_found_again(on, place, redis_server, monkeypatch):
    redis_server.kill()
    pointing.point(on, place, 3)
    with CaptureQueriesContext(connection) as asked:
        answer = told(of_caller(on))
    assert (answer["p"], answer["n"], answer["again"]) == (place, 3, beat.WITHOUT_REDIS_MS)
    assert len(asked) == 1
    assert live._resting_until - time.monotonic() <= live.REST_SECONDS, "asked again within a second"
    redis_server.start()
    monkeypatch.setattr(live, "_resting_until", 0.0)
    assert told(of_caller(on))["again"] == beat.CALLER_MS
    assert live.REST_SECONDS * 1000 + beat.WITHOUT_REDIS_MS < 5000


def test_without_redis_and_database_it_says_so_and_asks_for_patience(on, redis_server, monkeypatch):
    redis_server.kill()

    def broken(*args, **kwargs):
        raise DatabaseError("gone")

    monkeypatch.setattr(HelpSession.objects, "filter", broken)
    answer = ask(of_caller(on))
    assert (answer.status_code, answer.json()) == (503, {"again": beat.TOO_OFTEN_MS})


def test_a_copy_of_before_shows_nothing_that_was_ended_or_hidden(on, caller, hana_client, redis_url):
    """The copy says that the session is open; whatever a page shows comes from the database."""
    openings.open_up(on, OpeningKind.ALL)
    with Redis.from_url(redis_url) as redis:
        name = f"privacy_audit:help:{on.pk}"
        before = redis.get(name)
        openings.hide_all(on)
        sessions.end(on, HelpEnd.CALLER, LoggedBy.CALLER)
        redis.set(name, before, ex=live.COPY_SECONDS)
    assert told(of_helper(on))["s"] == "open", "this is the copy of before"
    assert hana_client.get(reverse("desk-ticket")).json() == {"ticket": ""}
    assert openings.openings_of(on) == openings.Openings()


def test_an_older_version_never_takes_the_place_of_a_newer_one(on, place):
    old = HelpSession.objects.get(pk=on.pk)
    pointing.point(on, place, 1)
    live.publish(old)
    assert told(of_caller(on))["n"] == 1


# --------------------------------------------------------------------------- new tickets


def test_a_new_ticket_for_both_and_no_sign_of_life(on, caller, hana_client):
    long_ago = timezone.now() - timezone.timedelta(minutes=30)
    HelpSession.objects.filter(pk=on.pk).update(touched_at=long_ago)
    client = Client()
    client.force_login(caller, backend="django.contrib.auth.backends.ModelBackend")
    for name, who in (("help-ticket", client), ("desk-ticket", hana_client)):
        answer = who.get(reverse(name), headers={"X-Part": "1"})
        assert told(answer.json()["ticket"])["s"] == "open"
        assert answer.headers["Cache-Control"] == "no-store"
    on.refresh_from_db()
    assert on.touched_at == long_ago


def test_no_new_ticket_without_a_session_or_after_it(on, caller, crew, hana_client):
    stranger = Client()
    stranger.force_login(Person.objects.create_user(), backend="django.contrib.auth.backends.ModelBackend")
    assert stranger.get(reverse("help-ticket")).json() == {"ticket": ""}
    other = cast.desk_client(cast.hana(crew.line, "Nora"))
    assert other.get(reverse("desk-ticket")).json() == {"ticket": ""}
    sessions.end(on, HelpEnd.HELPER)
    assert hana_client.get(reverse("desk-ticket")).json() == {"ticket": ""}


def test_once_a_sign_in_is_over_the_whole_page_goes(on, crew):
    client = cast.desk_client(crew.hana)
    crew.hana.session_round += 1
    crew.hana.save()
    answer = client.get(reverse("desk-ticket"), headers={"X-Part": "1"})
    assert (answer.status_code, answer.headers["X-Go"]) == (204, reverse("desk-sign-in"))
    assert Client().get(reverse("help-ticket")).status_code == 302


def test_what_a_script_asks_for_keeps_nobody_signed_in(on, crew):
    client = aged(crew.hana, minutes=10)
    before = seen(client)
    client.get(reverse("desk-ticket"), headers={"X-Part": "1"})
    assert seen(client) == before
    client.get(reverse("desk-ticket"))
    assert seen(client) > before


def aged(helper, minutes):
    client = cast.desk_client(helper)
    store = store_of(client)
    store["desk"] = {**store["desk"], "seen": store["desk"]["seen"] - minutes * 60}
    store.save()
    return client


def seen(client):
    return store_of(client)["desk"]["seen"]


def store_of(client):
    return import_module(settings.SESSION_ENGINE).SessionStore(client.cookies[DESK_COOKIE].value)
