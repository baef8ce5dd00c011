"""Our own share of Google's quota: never more in any minute, each in turn, for all workers, with or without Redis."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
import redis

from audits.facts import CoverageState, Why
from audits.sources.google import files, quota, retry
from audits.sources.google.errors import Busy, Forbidden, LimitReached, Stopped
from audits.sources.google.quota import LIMITS, Asker, Limit, Limiter, limits_from, units
from audits.sources.registry import SOURCES
from privacy_audit.environment import ConfigurationError
from tests.sources.conftest import Google, ask
from tests.sources.stub import Answering, Stub, reply

MAYA, ALEX = Asker("client", "maya"), Asker("client", "alex")
GMAIL = "gmail.users.messages.get"  # 20 units
LIST = "drive.files.list"  # 100 units


class Time:
    """Waits take no time, and the buckets' clock goes on by them."""

    def __init__(self) -> None:
        self.now = 1_000_000_000
        self.waits: list[float] = []

    def pause(self, seconds: float, stopped: Callable[[], bool]) -> None:
        if stopped():
            raise Stopped
        self.waits.append(round(seconds, 3))
        self.now += round(seconds * 1e6)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    clock = Time()
    monkeypatch.setattr(quota, "_now", lambda: clock.now)
    monkeypatch.setattr(retry, "pause", clock.pause)
    return clock


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """For buckets in Redis, which go by its clock: what would be waited, and nobody waits."""
    found: list[float] = []
    monkeypatch.setattr(retry, "pause", lambda seconds, stopped: found.append(seconds))
    return found


@pytest.fixture
def buckets(redis_url: str) -> Iterator[str]:
    yield redis_url
    with contextlib.suppress(redis.RedisError), redis.Redis.from_url(redis_url) as server:
        for key in server.scan_iter("privacy_audit:quota:*"):
            server.delete(key)


def alone(longest: float = 60, **limits: Limit) -> Limiter:
    return Limiter(limits or LIMITS, longest, "")


def turn(limiter: Limiter, asker: Asker = MAYA, *method_ids: str) -> None:
    limiter.wait_for_turn(asker, method_ids or (GMAIL,), lambda: False)


@pytest.mark.parametrize(
    ("method_id", "cost"),
    [
        (LIST, 100),
        ("drive.changes.list", 100),
        ("drive.changes.getStartPageToken", 5),
        ("drive.permissions.list", 5),
        (GMAIL, 20),
        ("gmail.users.messages.list", 5),
        ("gmail.users.history.list", 2),
        ("gmail.users.settings.filters.list", 1),
        ("gmail.users.threads.get", 20),
        ("calendar.events.list", 1),
        ("directory.users.get", 1),
        ("of.an.api.not.known", 1),
    ],
)
def test_what_a_call_costs(method_id: str, cost: int) -> None:
    assert units(method_id) == cost


def test_no_minute_holds_more_than_the_limit(time: Time) -> None:
    limiter, sent = alone(), []
    for _ in range(900):
        turn(limiter)
        sent.append(time.now)
    assert max(time.waits) == pytest.approx(20 / 75, abs=0.01)
    for at in sent:
        assert sum(20 for other in sent if at <= other < at + 60_000_000) <= 6_000
    assert 900 * 20 / ((sent[-1] - sent[0]) / 60e6) > 4_500, "and three quarters of it flow all the time"


def test_a_batch_costs_the_sum_of_its_parts(time: Time) -> None:
    limiter = alone()
    turn(limiter, MAYA, *[GMAIL] * 50)
    assert time.waits == []
    turn(limiter, MAYA, *[GMAIL] * 50)
    assert time.waits == [pytest.approx(500 / 75, abs=0.01)]


def test_more_than_may_ever_be_asked_at_once_still_gets_its_turn(time: Time) -> None:
    limiter = alone(gmail=Limit(None, 600))
    turn(limiter, MAYA, *[GMAIL] * 15)
    assert time.waits == [pytest.approx(20, abs=0.1)]


def test_who_used_up_their_own_waits_and_takes_nothing_from_the_others(time: Time) -> None:
    limiter = alone(gmail=Limit(1_000, 400), drive=Limit(1_000, 400))
    for _ in range(5):
        turn(limiter)
    assert time.waits == []
    with pytest.raises(Stopped):
        limiter.wait_for_turn(MAYA, [GMAIL], lambda: True)
    turn(limiter, ALEX)
    turn(limiter, MAYA, "drive.about.get")
    assert time.waits == [], "Alex has an account of her own, and Drive buckets of its own"


def test_those_who_ask_at_the_same_moment_come_in_turn(waits: list[float], buckets: str) -> None:
    limiter = Limiter({"gmail": Limit(400, None)}, 600, buckets)
    for number in range(30):
        turn(limiter, Asker("client", f"person {number}"))
    assert len(waits) == 25
    assert all(later - earlier == pytest.approx(4, abs=0.5) for earlier, later in pairwise(waits))


def test_a_turn_that_is_too_far_away_is_not_waited_for_and_not_taken(time: Time) -> None:
    limiter = alone(5, gmail=Limit(None, 400))
    for _ in range(6):
        turn(limiter)
    time.waits.clear()
    limiter.wait_for_turn(MAYA, [GMAIL], lambda: False)
    with pytest.raises(LimitReached):
        turn(limiter, MAYA, *[GMAIL] * 3)
    turn(limiter)
    assert sum(time.waits) == pytest.approx(8, abs=0.1)


def test_an_api_without_a_number_and_off_are_not_counted(time: Time) -> None:
    for limiter in (alone(), Limiter(limits_from("off"), 60, "")):
        for _ in range(50):
            turn(limiter, MAYA, *["driveactivity.activity.query"] * 50)
    assert time.waits == []


def test_workers_share_the_buckets_in_redis(waits: list[float], buckets: str) -> None:
    one, other = (Limiter({"gmail": Limit(None, 400)}, 600, buckets) for _ in range(2))
    for limiter in (one, other, one, other, one, other):
        turn(limiter)
    assert len(waits) == 1
    turn(other, ALEX)
    assert len(waits) == 1


def test_names_of_buckets_name_nobody(waits: list[float], buckets: str) -> None:
    turn(Limiter({"gmail": Limit(400, 400)}, 60, buckets))  # small limits: what is asked takes seconds to flow in
    with redis.Redis.from_url(buckets) as server:
        keys = [key.decode() for key in server.scan_iter("privacy_audit:quota:*")]
        assert len(keys) == 2
        assert not any("maya" in key or "client" in key for key in keys)
        assert all(0 < server.pttl(key) < 60_000 for key in keys)


def test_without_redis_each_process_counts_for_itself_and_says_so_once(
    waits: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    limiter = Limiter({"gmail": Limit(None, 400)}, 600, "unix:///nowhere/redis.sock")
    with caplog.at_level(logging.WARNING):
        for _ in range(6):
            turn(limiter)
    assert len(waits) == 1
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_redis_that_dies_is_no_fault(waits: list[float], redis_server: Any, buckets: str) -> None:
    limiter = Limiter({"gmail": Limit(None, 400)}, 600, buckets)
    turn(limiter)
    redis_server.kill()
    for _ in range(6):
        turn(limiter)
    assert len(waits) == 1


@pytest.mark.parametrize("where", ["alone", "in redis"])
def test_slow_down_holds_everybody_who_shares_the_limit(waits: list[float], buckets: str, where: str) -> None:
    limiter = Limiter(LIMITS, 60, buckets if where == "in redis" else "")
    limiter.heard(MAYA, GMAIL, Busy("403", reason="userRateLimitExceeded", retry_after=20))
    turn(limiter, ALEX)
    assert waits == []
    turn(limiter)
    assert waits.pop() == pytest.approx(20.3, abs=0.5)
    limiter.heard(MAYA, GMAIL, Busy("429", reason="rateLimitExceeded", retry_after=900))
    turn(limiter, ALEX)
    assert waits.pop() == pytest.approx(5, abs=0.5), "one account's trouble costs the others little"
    turn(limiter, MAYA)
    assert max(waits) == pytest.approx(32.3, abs=0.7), "and nobody is held longer than we wait between tries"


def test_other_refusals_hold_nobody(time: Time) -> None:
    limiter = alone()
    for fault in (Forbidden("403"), LimitReached("403", reason="dailyLimitExceeded")):
        limiter.heard(MAYA, GMAIL, fault)
    turn(limiter)
    assert time.waits == []


@pytest.mark.parametrize(
    ("text", "api", "limit"),
    [
        ("", "gmail", LIMITS["gmail"]),
        ("gmail=1200000/15000", "gmail", Limit(1_200_000, 15_000)),
        (" gmail = 1/2", "gmail", None),
        ("drive=/500, gmail=7/", "drive", Limit(None, 500)),
        ("drive=/500, gmail=7/", "gmail", Limit(7, None)),
        ("youtube=50000/", "youtube", Limit(50_000, None, quota.DAY)),
        ("gmail=15000", "gmail", None),
        ("gmail=0/5", "gmail", None),
        ("gmail=-1/5", "gmail", None),
        ("gmail=1e6/5", "gmail", None),
        ("fotos=1/2", "gmail", None),
        ("gmail", "gmail", None),
    ],
)
def test_other_numbers(text: str, api: str, limit: Limit | None) -> None:
    if limit is not None:
        assert limits_from(text)[api] == limit
        return
    with pytest.raises(ConfigurationError, match="GOOGLE_QUOTAS is written API=PROJECT/ACCOUNT"):
        limits_from(text)


def test_quotas_that_nobody_can_read_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    from audits.apps import quota_problems

    assert quota_problems(None) == []
    monkeypatch.setenv("GOOGLE_QUOTAS", "gmail=lots")
    assert [problem.id for problem in quota_problems(None)] == ["audits.E002"]


# --------------------------------------------------------------------------- a look, and a Google that counts


def small_pages(google: Google, monkeypatch: pytest.MonkeyPatch, quotas: str) -> None:
    """A look of more than ten lists, and a Google that gives a thousand units a minute."""
    monkeypatch.setattr(files, "PAGE_SIZE", 1)
    monkeypatch.setenv("GOOGLE_QUOTAS", quotas)
    monkeypatch.setenv("GOOGLE_QUOTA_WAIT_SECONDS", "61")
    monkeypatch.setenv("REDIS_URL", "")
    quota._limiter.cache_clear()
    google.sandbox.quota("drive", 1_000)


def test_a_look_that_counts_is_never_refused(google: Google, time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    small_pages(google, monkeypatch, "drive=/1000")

    def pause(seconds: float, stopped: Callable[[], bool]) -> None:
        google.sandbox.shift_clock(seconds)
        time.pause(seconds, stopped)

    monkeypatch.setattr(retry, "pause", pause)
    seen = google.look("drive_public")
    assert seen.coverage.complete
    assert len(seen.facts) == google.asked(LIST) == 13
    assert {one["status"] for one in google.sandbox.log().requests} == {200}
    assert sum(time.waits) > 60


def test_a_look_that_does_not_count_runs_into_it(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    small_pages(google, monkeypatch, "off")
    seen = google.look("drive_public")
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.BUSY)


def test_what_was_read_before_the_wait_got_too_long_stays(
    google: Google, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_pages(google, monkeypatch, "drive=/1000")
    monkeypatch.setenv("GOOGLE_QUOTA_WAIT_SECONDS", "5")
    seen = google.look("drive_public")
    assert (seen.coverage.state, seen.coverage.why) == (CoverageState.PARTIAL, Why.BUSY)
    assert 0 < len(seen.facts) < 13
    assert {one["status"] for one in google.sandbox.log().requests} == {200}


def test_a_refusal_by_google_slows_the_next_look_of_this_account(
    serve: Callable[[Answering], Stub], time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_QUOTAS", "")
    monkeypatch.setenv("REDIS_URL", "")
    monkeypatch.setenv("GOOGLE_TRIES", "1")
    quota._limiter.cache_clear()
    busy = {"error": {"code": 403, "errors": [{"reason": "userRateLimitExceeded"}]}}
    answers = iter([reply(busy, 403, {"Retry-After": "20"})])
    serve(lambda got: next(answers, reply({"kind": "drive#about", "storageQuota": {}})))
    assert SOURCES["drive_storage"].look(ask()).coverage.why is Why.BUSY
    SOURCES["drive_storage"].look(ask(connection="another"))
    assert time.waits == []
    SOURCES["drive_storage"].look(ask())
    assert time.waits == [pytest.approx(20, abs=0.1)]
