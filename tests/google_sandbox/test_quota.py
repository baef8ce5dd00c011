"""Units a minute for each user, by the sandbox clock."""

import pytest

from google_sandbox import Limit, start
from google_sandbox.clock import Clock
from google_sandbox.errors import GoogleError
from google_sandbox.quota import GOOGLE, Quota, parse_limit, parse_limits
from tests.google_sandbox.caller import ALEX, MAYA, NOOR, SAM, Caller, reason

LIST, ABOUT = "/drive/v3/files", "/drive/v3/about?fields=user"


def statuses(call: Caller, count: int, account: str = MAYA, path: str = LIST) -> list[int]:
    return [call.get(account, path).status_code for _ in range(count)]


def test_a_list_costs_a_hundred_and_a_reading_five(call: Caller) -> None:
    call.google.quota("drive", 210)
    assert statuses(call, 3) == [200, 200, 403]
    assert statuses(call, 3, path=ABOUT) == [200, 200, 403]


@pytest.mark.parametrize(("status", "given"), [(403, "userRateLimitExceeded"), (429, "rateLimitExceeded")])
def test_refused_as_google_words_it(call: Caller, status: int, given: str) -> None:
    call.google.quota("drive", 100, status=status)
    call.get(MAYA, LIST)
    answer = call.get(MAYA, LIST)
    assert (answer.status_code, reason(answer)) == (status, given)
    assert answer.json()["error"]["errors"][0]["domain"] == "usageLimits"
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_the_next_minute_is_a_new_one(call: Caller) -> None:
    call.google.quota("drive", 100)
    assert statuses(call, 2) == [200, 403]
    call.google.shift_clock(30)
    assert statuses(call, 1) == [403]
    call.google.shift_clock(31)
    assert statuses(call, 2) == [200, 403]


def test_each_user_has_their_own(call: Caller) -> None:
    call.google.quota("drive", 100)
    assert statuses(call, 2, MAYA) == [200, 403]
    assert statuses(call, 1, ALEX) == [200]


def test_a_limit_for_one_user_goes_before_the_common_one(call: Caller) -> None:
    call.google.quota("drive", 100)
    call.google.quota("drive", 300, user=ALEX)
    assert statuses(call, 2, MAYA) == [200, 403]
    assert statuses(call, 4, ALEX) == [200, 200, 200, 403]


def test_each_api_has_its_own(call: Caller) -> None:
    call.google.quota("admin", 1)
    assert statuses(call, 2, SAM, f"/admin/directory/v1/users/{NOOR}") == [200, 403]
    assert statuses(call, 1, SAM) == [200]


def test_it_can_be_lifted(call: Caller) -> None:
    call.google.quota("drive", 0)
    assert statuses(call, 1) == [403]
    call.google.clear_quotas()
    assert statuses(call, 1) == [200]


def test_from_the_start() -> None:
    with start(quotas=["drive=100:429"]) as google, Caller(google) as call:
        assert statuses(call, 2) == [200, 429]
        google.clear_quotas()
        google.reset()
        call = Caller(google)
        assert statuses(call, 2) == [200, 429]


def test_a_project_has_one_for_all_its_users(call: Caller) -> None:
    call.google.quota("drive", 300, project=True)
    assert statuses(call, 2, MAYA) + statuses(call, 2, ALEX) == [200, 200, 200, 403]
    assert reason(call.get(ALEX, LIST)) == "rateLimitExceeded"
    call.google.quota("drive", 100, user=MAYA)
    call.google.shift_clock(61)
    assert statuses(call, 2, MAYA) + statuses(call, 3, ALEX) == [200, 403, 200, 200, 403]


def test_a_refused_call_costs_the_project_nothing(call: Caller) -> None:
    call.google.quota("drive", 200, project=True)
    call.google.quota("drive", 100, user=MAYA)
    assert statuses(call, 4, MAYA) == [200, 403, 403, 403]
    assert statuses(call, 1, ALEX) == [200]


def test_google_s_own_numbers() -> None:
    with start(quotas=["google"]) as google:
        assert [one["units"] for one in google.state()["quotas"]] == [limit.units for limit in GOOGLE]
    clock = Clock()
    quota = Quota(clock, GOOGLE)
    for _ in range(300):
        quota.spend("gmail", MAYA, 20)
    with pytest.raises(GoogleError) as refused:
        quota.spend("gmail", MAYA, 20)
    assert refused.value.status == 403
    quota.spend("gmail", ALEX, 20)
    clock.shift(61)
    quota.spend("gmail", MAYA, 20)


def test_a_daily_quota_does_not_begin_anew_after_a_minute() -> None:
    clock = Clock()
    quota = Quota(clock, GOOGLE)
    for _ in range(100):
        quota.spend("youtube", MAYA, 100)
    clock.shift(3600)
    with pytest.raises(GoogleError) as refused:
        quota.spend("youtube", ALEX, 1)
    assert "Retry-After" not in (refused.value.headers or {})
    clock.shift(86_400)
    quota.spend("youtube", ALEX, 1)


def test_written_limits() -> None:
    assert parse_limits("google") == GOOGLE
    assert parse_limits("drive=300") == (Limit("drive", 300),)
    assert parse_limit("drive/project=9:429") == Limit("drive", 9, None, 429, "rateLimitExceeded", project=True)
    assert parse_limit("drive=300") == Limit("drive", 300)
    assert parse_limit(f"drive/{MAYA}=300:429") == Limit("drive", 300, MAYA, 429)


@pytest.mark.parametrize("text", ["", "drive", "drive=", "drive=x", "=5", "drive=5:500"])
def test_unreadable_limits(text: str) -> None:
    with pytest.raises(ValueError, match="a quota is written"):
        parse_limit(text)
